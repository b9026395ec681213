import { judgeWithSeahorn, type AskedFile, type SeahornAnswer } from '../../../contracts/seahorn/judge.ts';
import type { Harness } from '../../../contracts/seahorn/harness/prepare.ts';
import type { Translated, Verdict } from '../../../contracts/verdict.ts';
import type { Settings } from '../../../settings.ts';
import type { Target } from '../../../target/target.ts';
import type { OtherEngine } from '../prover.ts';
import type { OwnC } from './own-c.ts';
import { runSea, type SeaOutcome } from './sea.ts';

export interface SeahornOptions {
  /** This machine. */
  readonly local: Target;
  readonly settings: () => Pick<Settings, 'seahorn.command' | 'seahorn.timeoutSeconds' | 'seahorn.events'>;
  /** Makes of BPF C what SeaHorn reads; without it C is made of its instructions. */
  readonly own?: OwnC;
}

export interface SeahornRequest {
  readonly translated: Translated;
  readonly file: string;
  readonly text: string;
  /** Where programs are checked: SeaHorn is looked for there when this machine has none. */
  readonly target: Target;
  readonly signal?: AbortSignal | undefined;
  /** Seconds of processor time for one run, when more than the setting says. */
  readonly seconds?: number;
  /** The program's own C. */
  readonly own?: Harness;
}

export type SeahornVerdicts = { readonly verdicts: readonly Verdict[]; /** Why something was asked of the compiled program. */ readonly notes?: readonly string[] } | { readonly skipped: string };

/** Rounds that SeaHorn unrolls loops for at least: all of a printed program have fewer. */
const MIN_BOUND = 10;
/** Milliseconds beside the solver's processor time: compiling, a container's start, a slow machine. */
const AROUND_MS = 20_000;
/** Runs that a program may take as long as one in the worst case. */
const PATIENCE = 6;

/** SeaHorn as an engine beside Z3. */
export function seahornEngine(options: SeahornOptions): OtherEngine {
  return async (translated, program, context, timeoutMs, instrumented) => {
    const { target, signal } = context;
    const prepared = instrumented && (await options.own?.(program, instrumented, context));
    const request = { translated, file: fileName(program.uri), text: program.text, target, signal, seconds: Math.ceil(timeoutMs / 1000) };
    const made = await verifyWithSeahorn(prepared?.kind === 'ready' ? { ...request, own: prepared.harness } : request, options);
    return 'verdicts' in made && prepared?.kind === 'unsupported' ? { ...made, notes: [...(made.notes ?? []), compiled(prepared.why)] } : made;
  };
}

const compiled = (why: string): string => `SeaHorn was given C made of the compiled program, not the program’s own: ${why.replace(/\.$/, '')}.`;

const fileName = (uri: string): string => decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1));

/** SeaHorn's verdict for each property of a program, each violation replayed; or why SeaHorn cannot be asked. */
export async function verifyWithSeahorn(request: SeahornRequest, { local, settings }: SeahornOptions): Promise<SeahornVerdicts> {
  const { 'seahorn.command': front, 'seahorn.timeoutSeconds': seconds, 'seahorn.events': events } = settings();
  const limit = Math.max(seconds, request.seconds ?? 0);
  const until = Date.now() + limit * 1000 * PATIENCE;
  const search = new Search(front === '' ? [...new Set([local, request.target])].filter(({ kind }) => kind !== 'none') : [local]);
  const run = async (file: AskedFile): Promise<SeahornAnswer> => {
    const answer = await search.run((on) => runSea(on, { text: file.text, front, limits: { bound: Math.max(MIN_BOUND, file.rounds + 1), seconds: limit }, timeoutMs: limit * 1000 + AROUND_MS, signal: request.signal }));
    if (answer.kind === 'missing') throw new NoSeahorn(missing(front, answer.detail, search.asked));
    if (answer.kind === 'cancelled') throw new NoSeahorn('Cancelled.');
    return answer;
  };
  try {
    const notes = new Set<string>();
    const verdicts = await judgeWithSeahorn(request.translated, { file: request.file, text: request.text }, { run, events, mayRun: () => Date.now() < until, onCompiled: (why) => notes.add(compiled(why)), ...(request.own && { own: request.own }) });
    return notes.size === 0 ? { verdicts } : { verdicts, notes: [...notes] };
  } catch (error) {
    if (error instanceof NoSeahorn) return { skipped: error.message };
    throw error;
  }
}

class NoSeahorn extends Error {}

/** The machines SeaHorn may be on; the first that has it is asked from then on. */
class Search {
  readonly asked: string[] = [];
  readonly #machines: Target[];

  constructor(machines: readonly Target[]) {
    this.#machines = [...machines];
  }

  async run(ask: (on: Target) => Promise<SeaOutcome>): Promise<SeaOutcome> {
    let last: SeaOutcome = { kind: 'missing', detail: '' };
    for (let on = this.#machines[0]; on; on = this.#machines[0]) {
      last = await ask(on);
      // A machine that is not Linux, or is not there, has none either.
      if (last.kind !== 'missing' && !(last.kind === 'failed' && this.#machines.length > 1)) return last;
      this.asked.push(on.name === 'local' ? 'this machine' : on.name);
      this.#machines.shift();
    }
    return last;
  }
}

function missing(front: string, detail: string, asked: readonly string[]): string {
  const container = 'docker run --rm -i --network none seahorn/seahorn-llvm14:nightly';
  if (front !== '') return detail === '' ? `What kgent.seahorn.command starts (${front}) has no program sea.` : `kgent.seahorn.command (${front}) cannot be run: ${detail}`;
  return `SeaHorn is not installed on ${asked.join(' or ')}: put its program sea on the PATH, set kgent.seahorn.command to a container that has it (${container}), or choose the engine z3.`;
}
