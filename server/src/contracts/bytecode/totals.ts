import type { Term } from '../terms/term.ts';
import type { Terms } from '../terms/terms.ts';
import { MOST_AT_ONCE } from '../ir/ir.ts';
import type { Value } from './value.ts';

/**
 * What has to hold before a value is stored at an address: totals of 64 bits in maps and variables do not run over while a machine lasts, as long as
 * little is added at each event. Undefined for what is no total. `old`: what the address holds.
 */
export function totalStays(terms: Terms, address: Value, old: Term, value: Term): Term | undefined {
  const [a, b] = value.args;
  const by = value.op !== 'add' ? undefined : a === old ? b : b === old ? a : undefined;
  if (by?.sort !== 64 || !address.places.some(({ region }) => region.kind === 'entry' || region.kind === 'variable')) return undefined;
  const little = terms.order('ult', by, terms.bits(MOST_AT_ONCE, 64));
  // Of a total above half of what 64 bits hold it is not known whether it has a sign.
  return terms.implies(little, terms.order('slt', old, terms.bits((1n << 63n) - MOST_AT_ONCE, 64)));
}
