import type { Analysis, ProbeInfo } from '../analysis/analysis.ts';
import { anchorOf, spanAt, startsOf, type Anchor, type Starts } from '../analysis/places.ts';
import { withPlaces, type Problem, type ProblemAt } from '../problem.ts';
import { addressSpace } from './address-space.ts';
import { commTooLong } from './comm-too-long.ts';
import { connected } from './connected.ts';
import { dataLoc } from './data-loc-string.ts';
import { durationAsDate } from './duration-as-date.ts';
import { interruptContext } from './interrupt-context.ts';
import { ipv4Only } from './ipv4-only.ts';
import { missingArgument } from './missing-argument.ts';
import { mixedKeys } from './mixed-keys.ts';
import { byteOrder } from './network-byte-order.ts';
import { percentOfIntegers } from './percent-of-integers.ts';
import { pidKeyedStart } from './pid-keyed-start.ts';
import { renamedFunction } from './renamed-function.ts';
import { signedReturn } from './signed-return.ts';
import { syscallWrapper } from './syscall-wrapper.ts';
import { timeUnit } from './time-unit.ts';
import { unboundedMap } from './unbounded-map.ts';
import { uncheckedStart } from './unchecked-start.ts';
import { unsignedRetval } from './unsigned-retval.ts';
import { voidRetval } from './void-retval.ts';
import { viewOf, type View } from './view.ts';

/** By code. What these say of a probe depends on that probe alone. */
const withinProbes: Readonly<Record<string, Lint>> = {
  'comm-too-long': commTooLong,
  'data-loc-string': dataLoc,
  'duration-as-date': durationAsDate,
  'interrupt-context': interruptContext,
  'ipv4-only': ipv4Only,
  'missing-argument': missingArgument,
  'percent-of-integers': percentOfIntegers,
  'renamed-function': renamedFunction,
  'signed-return': signedReturn,
  'syscall-wrapper': syscallWrapper,
  'unsigned-retval': unsignedRetval,
  'void-retval': voidRetval,
};

/** These look from probe to probe, through maps. */
const acrossProbes: Readonly<Record<string, Lint>> = {
  'address-space': addressSpace,
  'mixed-keys': mixedKeys,
  'network-byte-order': byteOrder,
  'pid-keyed-start': pidKeyedStart,
  'time-unit': timeUnit,
  'unbounded-map': unboundedMap,
  'unchecked-start': uncheckedStart,
};

type Lint = (view: View) => readonly Problem[];

/** The codes of these findings: each has a page `docs/findings/<code>.md`. */
export const explainedCodes: ReadonlySet<string> = new Set([...Object.keys(withinProbes), ...Object.keys(acrossProbes)]);

/**
 * What compiles and gives wrong answers. Nothing is said where something is not known: a type that did not resolve, a
 * function the inventory lacks.
 */
export function lint(analysis: Analysis): readonly Problem[] {
  const { document } = analysis;
  const context: Context = { analysis, starts: startsOf(document), readable: document.items.every(({ faults }) => faults.length === 0) };
  const within = analysis.probes.flatMap((probe) => remembered(withinProbes, context, [probe]));
  const across = connected(analysis.probes).flatMap((probes) => remembered(acrossProbes, context, probes));
  return [...within, ...across].toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

/** What was found in probes, as long as they and what is known of them stay the same. */
interface Remembered {
  readonly lints: object;
  readonly pieces: readonly (object | undefined)[];
  readonly readable: boolean;
  readonly problems: readonly ProblemAt<Anchor | undefined>[];
}

const known = new WeakMap<object, readonly Remembered[]>();
/** Two tables of lints, on what is being typed and what was before. */
const MAX_REMEMBERED = 4;

interface Context { readonly analysis: Analysis; readonly starts: Starts; /** All of the text could be read. */ readonly readable: boolean }

function remembered(lints: Readonly<Record<string, Lint>>, { analysis, starts, readable }: Context, probes: readonly ProbeInfo[]): readonly Problem[] {
  const pieces = probes.map(({ probe }) => analysis.pieceOf(probe));
  const [first] = pieces;
  const of = (first && known.get(first)) ?? [];
  const before = of.find((r) => r.lints === lints && r.readable === readable && r.pieces.length === pieces.length && r.pieces.every((piece, i) => piece === pieces[i]));
  if (before) return before.problems.map((problem) => withPlaces(problem, (anchor) => (anchor && spanAt(starts, anchor)) ?? { start: 0, end: 0 }));
  const view = viewOf(analysis, probes, readable);
  const problems = Object.values(lints).flatMap((find) => find(view));
  const anchored = problems.map((problem) => withPlaces(problem, (span) => anchorOf(analysis.document, span)));
  if (first) known.set(first, [{ lints, pieces, readable, problems: anchored }, ...of.slice(0, MAX_REMEMBERED - 1)]);
  return problems;
}
