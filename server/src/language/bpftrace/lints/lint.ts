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

const lints: readonly ((view: View) => readonly Problem[])[] = [
  byteOrder, ipv4Only, timeUnit, uncheckedStart, unboundedMap, signedReturn, unsignedRetval, voidRetval,
  addressSpace, mixedKeys, pidKeyedStart, interruptContext, renamedFunction, dataLoc, syscallWrapper, missingArgument, percentOfIntegers, commTooLong, durationAsDate,
];

/**
 * What compiles and gives wrong answers. Each code has its page in `docs/findings/`. Nothing is said where something
 * is not known: a type that did not resolve, a function the inventory lacks.
 */
export function lint(analysis: Analysis): readonly Problem[] {
  const view = viewOf(analysis);
  return lints.flatMap((find) => find(view)).toSorted((a, b) => a.span.start - b.span.start);
}
