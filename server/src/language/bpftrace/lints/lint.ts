import type { Analysis } from '../analysis/analysis.ts';
import type { Problem } from '../problem.ts';
import { addressSpace } from './address-space.ts';
import { commTooLong } from './comm-too-long.ts';
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

/** By code. */
const lints: Readonly<Record<string, (view: View) => readonly Problem[]>> = {
  'address-space': addressSpace,
  'comm-too-long': commTooLong,
  'data-loc-string': dataLoc,
  'duration-as-date': durationAsDate,
  'interrupt-context': interruptContext,
  'ipv4-only': ipv4Only,
  'missing-argument': missingArgument,
  'mixed-keys': mixedKeys,
  'network-byte-order': byteOrder,
  'percent-of-integers': percentOfIntegers,
  'pid-keyed-start': pidKeyedStart,
  'renamed-function': renamedFunction,
  'signed-return': signedReturn,
  'syscall-wrapper': syscallWrapper,
  'time-unit': timeUnit,
  'unbounded-map': unboundedMap,
  'unchecked-start': uncheckedStart,
  'unsigned-retval': unsignedRetval,
  'void-retval': voidRetval,
};

/** The codes of these findings: each has a page `docs/findings/<code>.md`. */
export const explainedCodes: ReadonlySet<string> = new Set(Object.keys(lints));

/**
 * What compiles and gives wrong answers. Nothing is said where something is not known: a type that did not resolve, a
 * function the inventory lacks.
 */
export function lint(analysis: Analysis): readonly Problem[] {
  const view = viewOf(analysis);
  return Object.values(lints).flatMap((find) => find(view)).toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}
