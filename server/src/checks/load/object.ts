import type { Facts } from '../../kernel/facts.ts';
import type { ClangBuilder } from '../compile/clang/build.ts';
import type { Finding } from '../finding.ts';
import type { Check, CheckContext, CheckResult } from '../pipeline.ts';
import type { Program } from '../program.ts';
import { lastLines, skipReason, toolOf } from '../skip.ts';
import { explanationsOfLoad, findingsOfLoad, wantsVerbose, type RefusedLoad } from './findings.ts';
import { loadJobs, trips, type ProgramJob } from './jobs.ts';
import { ALL, loadRequest, type LoadResult } from './loader.ts';
import type { RefusedLog } from './refused.ts';

/** Has the target's kernel verify every program of the object, each by itself; nothing is attached, nothing stays. */
export function objectLoad(builder: ClangBuilder): Check {
  return {
    name: 'load',
    languages: ['c'],
    afterErrors: 'skip',
    async run(program, context) {
      const have = toolOf('bpftool', context);
      if ('skipped' in have) return { findings: [], ...have };
      const { facts, tool } = have;
      if (facts.root === 'none') return { findings: [], skipped: `Loading needs root on ${context.target.name}.` };
      const built = await builder.build(program, context);
      if (built.kind !== 'built') return { findings: [], skipped: built.kind === 'skipped' ? built.reason : 'The compile check found errors first.' };
      return loadObject(built.object, program, tool.command, facts, context);
    },
  };
}

/** Loads an object's programs on the context's target. */
export async function loadObject(object: Uint8Array, program: Program, bpftool: string, facts: Facts, context: CheckContext): Promise<CheckResult> {
  const { refused, skipped } = await refusedLoads(object, bpftool, facts, context);
  const judged: { readonly found: readonly Finding[]; readonly log: RefusedLog }[] = [];
  for (const each of refused) {
    const explanations = await explanationsOfLoad(each, program.text, context.signal).catch(() => undefined);
    if (context.signal?.aborted) return { findings: [], skipped: 'Cancelled.' };
    // The thread that reads long logs may lack memory; the loader's last words are left then.
    const found = findingsOfLoad(each, explanations ?? [], program);
    judged.push({ found, log: { program: each.program ?? '', text: each.verbose ?? each.said, lines: found.map(({ range }) => range.start.line), explanations: explanations ?? [], object } });
  }
  return { findings: unique(judged.flatMap(({ found }) => found)), logs: judged.map(({ log }) => log), ...(skipped === undefined ? {} : { skipped }) };
}

export interface ObjectLoad {
  readonly refused: readonly RefusedLoad[];
  /** Why not every program was judged. */
  readonly skipped: string | undefined;
}

/** The programs of an object that the context's target does not load. `brief`: without asking again for a longer log. */
export async function refusedLoads(object: Uint8Array, bpftool: string, facts: Facts, context: CheckContext, brief = false): Promise<ObjectLoad> {
  const jobs = loadJobs(object);
  const loads = new Loads(bpftool, facts, context);
  const results = await loads.run(jobs);
  const refused = refusals(jobs, results);
  // What more the kernel would say is worth a second question, but the answer stands without it.
  const wanting = brief ? [] : refused.filter(({ job, said }) => wantsVerbose({ program: job.program, said })).map(({ job }) => job);
  const longer = await new Loads(bpftool, facts, context).run(wanting, true);
  const verbose = new Map(longer.filter(({ outcome }) => outcome === 'refused').map(({ id, said }) => [id, said]));
  return { refused: refused.map(({ job, said }) => ({ program: job.program, said, verbose: verbose.get(job.id), object })), skipped: loads.skipped ?? notJudged(jobs, results, context) };
}

/** The loads of one check: as few round trips as the size allows. */
class Loads {
  /** Why not everything was loaded. */
  skipped: string | undefined;
  readonly #bpftool: string;
  readonly #facts: Facts;
  readonly #context: CheckContext;

  constructor(bpftool: string, facts: Facts, context: CheckContext) {
    this.#bpftool = bpftool;
    this.#facts = facts;
    this.#context = context;
  }

  async run(jobs: readonly ProgramJob[], verbose = false): Promise<readonly LoadResult[]> {
    const results: LoadResult[] = [];
    for (const trip of trips(jobs)) {
      if (this.skipped !== undefined || results.some(({ id, outcome }) => id === ALL && outcome === 'loaded')) break;
      results.push(...(await this.#trip(trip, verbose)));
    }
    return results;
  }

  async #trip(jobs: readonly ProgramJob[], verbose: boolean): Promise<readonly LoadResult[]> {
    const { target, timeoutMs, signal } = this.#context;
    const { request, results } = loadRequest(jobs, { bpftool: this.#bpftool, timeoutMs, signal, verbose });
    const outcome = await target.exec(request);
    if (outcome.kind === 'missing') this.skipped = `unshare is not installed on ${target.name}; it keeps what is loaded for a check apart from the machine. Install the package util-linux.`;
    else this.skipped = skipReason(outcome, 'bpftool', target.name, this.#facts);
    if (outcome.kind !== 'ran' && outcome.kind !== 'timed-out') return [];
    const told = results(outcome.stdout);
    // unshare: unshare failed: Operation not permitted   |   mount: /sys/fs/bpf: permission denied.
    if (outcome.truncated) this.skipped ??= `The kernel of ${target.name} says too much of these programs to be read at once.`;
    if (told.length === 0) this.skipped ??= `Programs cannot be loaded on ${target.name}: ${lastLines(outcome.stderr, 2)}`;
    return told;
  }
}

interface Refusal {
  readonly job: ProgramJob;
  readonly said: string;
}

/**
 * The programs that were refused. The whole object speaks where none of its programs was refused by itself, and instead of
 * those that could not be opened by themselves while the whole could.
 */
function refusals(jobs: readonly ProgramJob[], results: readonly LoadResult[]): readonly Refusal[] {
  const refused = results.flatMap(({ id, outcome, said }): Refusal[] => {
    const job = jobs.find((each) => each.id === id);
    return job && outcome === 'refused' ? [{ job, said }] : [];
  });
  const whole = refused.filter(({ job }) => job.id === ALL);
  const wholeOpens = whole.some(({ said }) => !cannotBeOpened(said));
  const programs = refused.filter(({ job, said }) => job.id !== ALL && !(wholeOpens && cannotBeOpened(said)));
  return programs.length === 0 ? whole : programs;
}

function cannotBeOpened(said: string): boolean {
  return said.includes('Error: failed to open object file');
}

/** Why not every program was judged. How the whole object fared says nothing when each was judged by itself. */
function notJudged(jobs: readonly ProgramJob[], results: readonly LoadResult[], { target, timeoutMs }: CheckContext): string | undefined {
  const programs = jobs.filter(({ id }) => id !== ALL || jobs.length === 1);
  const names = (outcome: LoadResult['outcome']): string | undefined => {
    const these = programs.filter(({ id }) => results.some((result) => result.id === id && result.outcome === outcome));
    return these.length === 0 ? undefined : these.map(({ program }) => program ?? 'the program').join(', ');
  };
  const [late, crashed] = [names('timed-out'), names('crashed')];
  if (late !== undefined) return `The kernel of ${target.name} did not judge ${late} within ${timeoutMs / 1000} s.`;
  return crashed === undefined ? undefined : `bpftool on ${target.name} crashed or was killed while loading ${crashed}; the kernel's log there may say why (dmesg).`;
}

/** What is wrong with the object as a whole is said of each of its programs. */
function unique(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ code, message, range }) => {
    const key = JSON.stringify([code, message, range]);
    return !seen.has(key) && seen.add(key);
  });
}
