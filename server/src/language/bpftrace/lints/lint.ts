import type { Analysis } from '../analysis/analysis.ts';
import type { Problem } from '../problem.ts';
import { addressSpace } from './address-space.ts';
import { missingArgument } from './arguments.ts';
import { byteOrder } from './byte-order.ts';
import { dataLoc } from './data-loc.ts';
import { interruptContext } from './interrupt-context.ts';
import { ipv4Only } from './ipv4-only.ts';
import { mixedKeys, pidKeyedStart } from './keys.ts';
import { renamedFunction } from './renamed.ts';
import { signedReturn, unsignedRetval, voidRetval } from './returns.ts';
import { syscallWrapper } from './syscall-wrapper.ts';
import { timeUnit } from './time-unit.ts';
import { unboundedMap } from './unbounded-map.ts';
import { uncheckedStart } from './unchecked-start.ts';
import { commTooLong, durationAsDate, percentOfIntegers } from './values.ts';
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
