import { createHash } from 'node:crypto';
import { UserError } from '../../../base/error.ts';
import type { Log } from '../../../base/log.ts';
import { plural } from '../../../base/text.ts';
import { withOwnNames } from '../../../contracts/prove/prove.ts';
import type { Counterexample, RealRun, Refuted, Translated, Verdict } from '../../../contracts/verdict.ts';
import type { ClangBuilder } from '../../compile/clang/build.ts';
import type { CheckContext } from '../../pipeline.ts';
import type { Program } from '../../program.ts';
import { lastLines, skipReason, toolOf } from '../../skip.ts';
import { differenceOf, pinnedName, resultText } from './compare.ts';
import { inputOf } from './input.ts';
import { kindOf, whyNot } from './kinds.ts';
import { loadable, MARKS_SECTION, type MarkedText } from './marked.ts';
import { onlyAbout } from './narrowed.ts';
import { readRealObject, type RealObject } from './object.ts';
import type { Job, JobResult } from './plan.ts';
import { possibilityOf, settingOf, withLimits, type Possible, type Setting } from './possible.ts';
import { runRequest } from './script.ts';

export interface ReplayerOptions {
  /** Compiles the user's own program; may be the one whose objects are loaded. */
  readonly builder: ClangBuilder;
  /** Compiles the program that tells what did not hold. */
  readonly marked: ClangBuilder;
  readonly log: Log;
}

export interface ReplayRequest {
  readonly program: Program;
  readonly context: CheckContext;
  readonly translated: Translated;
  readonly marked: MarkedText | undefined;
  readonly verdicts: readonly Verdict[];
  /** Proves a program that is like the translated one. */
  readonly prove: (translated: Translated) => Promise<readonly Verdict[]>;
}

/** A violation that the real program can be led to. */
interface Case {
  readonly verdict: Verdict;
  readonly counterexample: Counterexample;
  readonly possible: Possible;
}

/** The program that tells what did not hold, as it is loaded. */
type Loaded = Pick<MarkedText, 'object' | 'marks'>;

/** Violations of one program that are tried. */
const MAX_CASES = 16;
const MAX_CACHED = 50;
/** Lines of what bpftool says. */
const SAID_LINES = 2;

/** Has the real program do what refutes a condition, on the context's target, where it can be made to: loaded, run on made-up input, unloaded; never attached. */
export class Replayer {
  readonly #options: ReplayerOptions;
  /** What came of the same jobs before, by their content. */
  readonly #known = new Map<string, readonly JobResult[]>();

  constructor(options: ReplayerOptions) {
    this.#options = options;
  }

  /** The verdicts, with what the real program did where they are refuted. What it did otherwise is unknown. Rejects only for defects. */
  async replayed(request: ReplayRequest): Promise<readonly Verdict[]> {
    const { verdicts, context, marked, translated } = request;
    const proved = marked && readable(marked.object);
    if (!proved || !verdicts.some(({ result }) => result.kind === 'refuted')) return verdicts;
    const neverRun = neverRunIn(proved, verdicts);
    if (neverRun) return neverRun;
    const have = toolOf('bpftool', context);
    if ('skipped' in have) return notRun(verdicts, have.skipped);
    if (have.facts.root === 'none') return notRun(verdicts, `that needs root on ${context.target.name}.`);
    const setting = settingOf(withOwnNames(translated.program), translated.results ?? new Map(), proved);
    const tried = await this.#cases(request, setting);
    const runs = new Map(tried.map(({ verdict, run }) => [verdict, run]));
    const cases = tried.flatMap(({ run }) => ('possible' in run ? [run] : []));
    const result = cases.length === 0 ? { judged: new Map<Verdict, Verdict>() } : await this.#run(request, setting, cases, have.tool.command);
    if (context.signal?.aborted) return verdicts;
    return 'why' in result ? notRun(verdicts, result.why) : verdicts.map((verdict) => result.judged.get(verdict) ?? noted(verdict, runs.get(verdict)));
  }

  /** What is to be said instead of each verdict, or why nothing was run. */
  async #run(request: ReplayRequest, proved: Setting, cases: readonly Case[], bpftool: string): Promise<{ readonly judged: ReadonlyMap<Verdict, Verdict> } | { readonly why: string }> {
    const { program, context } = request;
    const [built, marked] = await Promise.all([this.#options.builder.build(program, context), this.#marked(request)]);
    const object = built.kind === 'built' ? readable(built.object) : undefined;
    if (built.kind !== 'built' || !object) return { why: built.kind === 'skipped' ? built.reason : 'it does not compile.' };
    const setting = { ...proved, object };
    const jobs = cases.flatMap((one) => [jobOf(setting, one, built.object), ...(marked ? [jobOf(setting, one, marked.object)] : [])]);
    const results = await this.#results(jobs, bpftool, context);
    if ('why' in results) return results;
    const each = marked ? 2 : 1;
    return { judged: new Map(cases.map((one, i) => [one.verdict, this.#judged(setting, one, results.results[i * each], marked && { ...marked, result: results.results[i * each + 1] }, request)])) };
  }

  /** Whether each violation can be made to happen; where it cannot with the values that were found, with others. */
  async #cases({ verdicts, translated, prove, context }: ReplayRequest, setting: Setting): Promise<readonly { readonly verdict: Verdict; readonly run: RealRun | Case }[]> {
    const refuted = verdicts.filter(({ result }) => result.kind === 'refuted').slice(0, MAX_CASES);
    const first = refuted.map((verdict) => ({ verdict, possibility: caseOf(setting, verdict, verdict) }));
    const others = first.flatMap(({ verdict, possibility }) => ('why' in possibility && possibility.others ? [verdict] : []));
    const again = others.length === 0 ? [] : await prove({ ...translated, program: onlyAbout(withLimits(setting), others) });
    const { acting } = setting.object;
    return first.map(({ verdict, possibility }) => {
      if (acting.length > 0) return { verdict, run: impossible(`it calls ${acting.join(', ')}, whose effects would be real`) };
      if (!('why' in possibility)) return { verdict, run: possibility };
      const other = again.find(({ property, span }) => property === verdict.property && span.start === verdict.span.start && span.end === verdict.span.end);
      const second = possibility.others && other && !context.signal?.aborted ? caseOf(setting, verdict, other) : possibility;
      return { verdict, run: 'why' in second ? impossible(second.why || possibility.why) : second };
    });
  }

  async #marked({ program, marked, context }: ReplayRequest): Promise<Loaded | undefined> {
    if (!marked) return undefined;
    const built = await this.#options.marked.build({ ...program, text: loadable(marked) }, context);
    return built.kind === 'built' ? { object: built.object, marks: marked.marks } : undefined;
  }

  async #results(jobs: readonly Job[], bpftool: string, context: CheckContext): Promise<{ readonly results: readonly JobResult[] } | { readonly why: string }> {
    const { target, facts, timeoutMs, signal } = context;
    const key = createHash('sha256').update(`${target.name} ${facts?.release ?? ''}`);
    for (const { object, presets, runs } of jobs) for (const part of [object, JSON.stringify([presets, runs])]) key.update(part).update('\n');
    const digest = key.digest('hex');
    const known = this.#known.get(digest);
    if (known) return { results: known };
    const { request, results } = runRequest(jobs, { bpftool, timeoutMs, signal });
    const outcome = await target.exec(request);
    if (outcome.kind === 'missing') return { why: `unshare is not installed on ${target.name}; it keeps what is loaded apart from the machine. Install the package util-linux.` };
    if (outcome.kind !== 'ran') return { why: skipReason(outcome, 'bpftool', target.name, facts) ?? '' };
    if (!outcome.stdout.includes('KGENT-RUN-')) return { why: `programs cannot be run on ${target.name}: ${lastLines(outcome.stderr, SAID_LINES)}` };
    const read = results(outcome.stdout);
    const [oldest] = this.#known.keys();
    if (this.#known.size >= MAX_CACHED && oldest !== undefined) this.#known.delete(oldest);
    if (read.every(({ failed }) => failed === undefined)) this.#known.set(digest, read);
    return { results: read };
  }

  #judged(setting: Setting, one: Case, result: JobResult | undefined, marked: (Loaded & { readonly result: JobResult | undefined }) | undefined, { context, program }: ReplayRequest): Verdict {
    const { verdict, possible, counterexample } = one;
    const { name } = context.target;
    if (!result) return withRun(verdict, impossible('nothing is known of its run'));
    if (result.failed !== undefined) return withRun(verdict, impossible(result.returned.length === 0 && result.maps.size === 0 ? `${name} does not run it: ${plain(result.failed)}` : plain(result.failed)));
    const difference = differenceOf(setting, possible, result) ?? (marked && heldInstead(marked, verdict));
    if (difference === undefined) {
      const kind = setting.handlers.get(possible.events.at(-1)?.handler ?? '')?.kind;
      const before = possible.from > 0 ? `, with maps as ${plural(possible.from, 'event')} left them` : '';
      return { ...verdict, result: { kind: 'refuted', counterexample: { ...counterexample, real: { outcome: 'ran', says: `the real program did the same on ${name}: it returned ${resultText(result.returned.at(-1) ?? 0n, kind)}${before}` } } } };
    }
    // It may be for want of that.
    if (result.scattered && possible.events.length - possible.from > 1) return withRun(verdict, impossible(`the runs cannot be kept on one processor of ${name} (taskset)`));
    if (possible.unchosen.length > 0) return withRun(verdict, impossible(`nobody can choose ${possible.unchosen.join(', ')}`));
    this.#options.log.warn(`${program.uri}: the real program on ${name} does not do what was computed: ${difference} (${verdict.property}: ${verdict.says})`);
    return { ...verdict, result: { kind: 'unknown', reason: 'disagreement', detail: `the real program on ${name} does not do what was computed for the same input: ${difference}. Please report this program.` } };
  }
}

/** The verdicts where none of them is about a type of program that the kernel runs on made-up input. */
function neverRunIn(object: RealObject, verdicts: readonly Verdict[]): readonly Verdict[] | undefined {
  const sectionOf = ({ result }: Verdict): string => (result.kind === 'refuted' ? object.sections.get(result.counterexample.events.at(-1)?.handler ?? '') : undefined) ?? '';
  return verdicts.some((verdict) => kindOf(sectionOf(verdict))) ? undefined : verdicts.map((verdict) => withRun(verdict, impossible(whyNot(sectionOf(verdict)))));
}

function readable(object: Uint8Array): RealObject | undefined {
  try {
    return readRealObject(object);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** The verdict's violation as `found` shows it. */
function caseOf(setting: Setting, verdict: Verdict, { result }: Verdict): Case | { readonly why: string; readonly others: boolean } {
  if (result.kind !== 'refuted') return { why: '', others: false };
  const { counterexample } = result;
  const possibility = possibilityOf(setting, counterexample.events.map(({ handler, reads }) => ({ handler, reads: new Map(reads) })), verdict);
  return possibility.kind === 'possible' ? { verdict, counterexample, possible: possibility } : possibility;
}

function jobOf({ handlers }: Setting, { possible }: Case, object: Uint8Array): Job {
  const { events, from, presets } = possible;
  return {
    object,
    presets,
    runs: events.slice(from).flatMap(({ handler, reads }) => {
      const real = handlers.get(handler);
      return real ? [{ program: handler, input: inputOf(real.kind, real.reads, reads) }] : [];
    }),
  };
}

/** Said where the condition did hold in the program that tells of it. */
function heldInstead({ object, marks, result }: Loaded & { readonly result: JobResult | undefined }, { property, span }: Verdict): string | undefined {
  const failed = readable(object)?.variables.get('kgent_failed');
  const [bytes] = result?.maps.get(pinnedName(MARKS_SECTION))?.[0]?.values ?? [];
  const own = [...marks.entries()].filter(([, mark]) => mark.kind === 'assert' && mark.property === property && mark.span.start === span.start && mark.span.end === span.end);
  if (!failed || !bytes || result?.failed !== undefined || own.length === 0) return undefined;
  return own.some(([n]) => bytes[failed.offset + n] === 1) ? undefined : 'the condition held there';
}

const impossible = (why: string): RealRun => ({ outcome: 'not-possible', says: `no test run can make it happen: ${why}` });

const notRun = (verdicts: readonly Verdict[], why: string): readonly Verdict[] => verdicts.map((verdict) => withRun(verdict, { outcome: 'no-machine', says: `the real program was not run: ${why}` }));

function withRun(verdict: Verdict, real: RealRun): Verdict {
  if (verdict.result.kind !== 'refuted') return verdict;
  const result: Refuted = { ...verdict.result, counterexample: { ...verdict.result.counterexample, real } };
  return { ...verdict, result };
}

function noted(verdict: Verdict, run: RealRun | Case | undefined): Verdict {
  return run && 'outcome' in run ? withRun(verdict, run) : verdict;
}

/** What bpftool says, of `{"error":"…"}` that alone. */
function plain(said: string): string {
  return lastLines(/"error":\s*"((?:[^"\\]|\\.)*)"/.exec(said)?.[1] ?? said, SAID_LINES);
}
