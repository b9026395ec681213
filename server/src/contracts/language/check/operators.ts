import { isCountable, isInteger, isPointer, isUnknown } from '../../../language/bpftrace/analysis/check/relations.ts';
import { typeOfBinary, typeOfTernary, typeOfUnary } from '../../../language/bpftrace/analysis/check/operators.ts';
import { fault } from '../../../language/bpftrace/analysis/check/state.ts';
import { say } from '../../../language/bpftrace/analysis/check/words.ts';
import { describeType, unknown, type BtType } from '../../../language/bpftrace/analysis/types.ts';
import { bare, type Binary, type Expr, type Ternary, type Unary } from '../ast.ts';
import { cBinary, cUnary } from './c-operators.ts';
import { asHost, type Checker } from './checker.ts';

export const bool: BtType = { kind: 'bool' };

const LOGICAL = new Set(['&&', '||', '==>']);

export function typeOfOperation(checker: Checker, node: Binary): BtType {
  if (LOGICAL.has(node.op)) {
    requireTruth(checker, node.left);
    requireTruth(checker, node.right);
    return bool;
  }
  return checker.host.language === 'c' ? cBinary(checker, node) : typeOfBinary(checker.state, asHost<'binary'>(node));
}

export function typeOfSign(checker: Checker, node: Unary): BtType {
  if (node.op === '!') {
    requireTruth(checker, node.operand);
    return bool;
  }
  return checker.host.language === 'c' ? cUnary(checker, node) : typeOfUnary(checker.state, asHost<'unary'>(node));
}

export function typeOfChoice(checker: Checker, node: Ternary): BtType {
  if (checker.host.language === 'bpftrace') return typeOfTernary(checker.state, asHost<'ternary'>(node));
  requireTruth(checker, node.condition);
  const then = checker.visit(node.then ?? node.condition);
  const otherwise = checker.visit(node.otherwise);
  return describeType(then) === describeType(otherwise) ? then : unknown;
}

/** What is true or false: a bool, or a number or pointer, which is true when it is not 0. */
export function requireTruth({ state, visit }: Checker, node: Expr): void {
  const type = visit(node);
  if (isUnknown(type) || type.kind === 'bool' || isInteger(type) || isPointer(type) || isCountable(type)) return;
  const hint = type.kind === 'string' ? ' Compare it with something: == "…".' : type.kind === 'record' || type.kind === 'array' ? ' Name one of its parts.' : '';
  fault(state, 'type-mismatch', bare(node), `A condition is true or false, or a number that is not 0; this is ${say(type)}.${hint}`);
}
