import type { Solver } from '../../solver/solver.ts';
import type { IrProgram } from '../ir/ir.ts';
import { Terms } from '../terms/terms.ts';
import type { Translated, Unknown, Verdict } from '../verdict.ts';
import { Asker } from './ask.ts';
import { remembered, type ProofCache } from './cache.ts';
import { GroupProof, type Known } from './group.ts';
import { groupsOf } from './uses.ts';

export type { ProofCache };

export interface ProveOptions {
  /** Milliseconds for each question to the solver; 2,000 when not given. */
  readonly timeoutMs?: number;
  /** Milliseconds for the whole program; 20,000 when not given. */
  readonly totalMs?: number;
  /** Length of the longest sequences of events that are looked at; 5 when not given. */
  readonly events?: number;
  readonly signal?: AbortSignal | undefined;
  /** Verdicts by what they depend on: what was proved before and did not change is not proved again. Bounded here. */
  readonly cache?: ProofCache;
}

const TIMEOUT_MS = 2_000;
const TOTAL_MS = 20_000;
const EVENTS = 5;

/** A verdict for each assertion and invariant of a program, in the order of the source. Rejects only for defects. */
export async function prove(translated: Translated, solver: Solver, options: ProveOptions = {}): Promise<readonly Verdict[]> {
  const program = withOwnNames(translated.program);
  const until = performance.now() + (options.totalMs ?? TOTAL_MS);
  const known: Known[] = [];
  for (const group of groupsOf(program)) known.push(...(await proveGroup(group, translated, solver, options, until)));
  for (const { span, only, what } of translated.unsupported) if (only) known.push({ ...only, span, result: { kind: 'unknown', reason: 'unsupported', detail: what } });
  return merged(known);
}

/** `until`: the time, as `performance.now()` has it, at which all ends. */
function proveGroup(group: IrProgram, { unsupported }: Translated, solver: Solver, { timeoutMs = TIMEOUT_MS, events = EVENTS, signal, cache }: ProveOptions, until: number): Promise<readonly Known[]> {
  const whole = unsupported.filter(({ only }) => !only);
  const concerns = (name: string, handler: string | undefined): boolean => handler === undefined || name === handler || name.startsWith(`${handler} (`);
  const whys = group.handlers.map(({ name }): [string, string] => [name, whole.filter(({ handler }) => concerns(name, handler)).map(({ what }) => what).join('; ')]);
  const lacking = whys.filter(([, what]) => what !== '');
  return remembered(cache, group, [lacking, events], () => new GroupProof(group, new Asker(new Terms(), solver, { timeoutMs, until, signal }), { unsupported: new Map(lacking), events }).run());
}

/** Handlers by which events are told apart: a program may have two probes of one name. */
export function withOwnNames(program: IrProgram): IrProgram {
  const seen = new Map<string, number>();
  const handlers = program.handlers.map((handler) => {
    const n = (seen.get(handler.name) ?? 0) + 1;
    seen.set(handler.name, n);
    return n === 1 ? handler : { ...handler, name: `${handler.name} (${n})` };
  });
  return { ...program, handlers };
}

/** What stands in several handlers is one assertion: it must hold in each, and is got to when it is in one. */
function merged(known: readonly Known[]): readonly Verdict[] {
  const places = new Map<string, Known[]>();
  for (const one of known) {
    const id = `${one.property} ${one.span.start} ${one.span.end}`;
    places.set(id, [...(places.get(id) ?? []), one]);
  }
  const verdicts = [...places.values()].flatMap((ones): Verdict[] => {
    const [worst] = [...ones].sort((a, b) => rank(a) - rank(b));
    const ms = ones.reduce((sum, one) => sum + (one.ms ?? 0), 0);
    return worst ? [{ property: worst.property, span: worst.span, says: worst.says, result: worst.result, ms }] : [];
  });
  return verdicts.sort((a, b) => a.span.start - b.span.start);
}

const NOTHING_PROVED: ReadonlySet<Unknown['reason']> = new Set(['vacuous', 'contradictory']);

function rank({ result }: Known): number {
  if (result.kind === 'refuted') return 0;
  if (result.kind === 'unknown') return NOTHING_PROVED.has(result.reason) ? 4 : 1;
  return result.by === 'induction' ? 2 : 3;
}
