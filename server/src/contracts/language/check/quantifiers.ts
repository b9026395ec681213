import { fault } from '../../../language/bpftrace/analysis/check/state.ts';
import { typeOfRef } from '../../../language/bpftrace/analysis/check/type-refs.ts';
import { int64, uint64, unknown, type BtType } from '../../../language/bpftrace/analysis/types.ts';
import type { Expr, Quantifier, RangeDomain } from '../ast.ts';
import type { Checker } from './checker.ts';
import { constantOf } from './constants.ts';
import { bool, requireTruth } from './operators.ts';

/** More cases are not looked at one by one. */
const MAX_CASES = 4_096n;

export function typeOfQuantifier(checker: Checker, node: Quantifier): BtType {
  const { over, variable, body } = node;
  const type = over.kind === 'enum-domain' ? typeOfRef(checker.state, over.enum) : typeOfRange(checker, over);
  checker.bound.push({ name: variable.text, type, meaning: { kind: 'bound', quantifier: node } });
  requireTruth(checker, body);
  checker.bound.pop();
  return bool;
}

function typeOfRange(checker: Checker, range: RangeDomain): BtType {
  const from = bound(checker, range.from);
  const to = bound(checker, range.to);
  if (from === undefined || to === undefined) return unknown;
  const { state, host } = checker;
  if (to <= from) fault(state, 'contract-range', range, `There is nothing between ${from} and ${to}: the second one does not count.`, { severity: 'warning' });
  else if (to - from > MAX_CASES) fault(state, 'contract-range', range, `These are ${to - from} cases; up to ${MAX_CASES} are looked at.`);
  // As one would declare it in a loop.
  if (host.language === 'c') return to <= 0x8000_0000n && from >= -0x8000_0000n ? { kind: 'integer', bits: 32, signed: true } : int64;
  return from < 0n ? int64 : uint64;
}

function bound(checker: Checker, node: Expr): bigint | undefined {
  checker.visit(node);
  const value = constantOf(checker, node);
  if (value === undefined && node.kind !== 'missing' && checker.meanings.get(node)?.kind !== 'unknown') fault(checker.state, 'contract-range', node, 'The bounds must be constants: numbers, enumerators or names that are #defined as one.');
  return value;
}

