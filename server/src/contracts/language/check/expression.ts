import { typeOfCast } from '../../../language/bpftrace/analysis/check/casts.ts';
import { typeOfField, typeOfIndex, typeOfSizeOf } from '../../../language/bpftrace/analysis/check/fields.ts';
import { literalType } from '../../../language/bpftrace/analysis/check/literals.ts';
import { typeOfRef } from '../../../language/bpftrace/analysis/check/type-refs.ts';
import { int64, uint64, unknown, type BtType } from '../../../language/bpftrace/analysis/types.ts';
import type { Integer } from '../../../language/bpftrace/syntax/ast.ts';
import type { Cast, Expr, Field, Index, SizeOf } from '../ast.ts';
import { cIndex, cLiteral } from './c-operators.ts';
import { typeOfCalled } from './calls.ts';
import { asHost, type Checker, type Named } from './checker.ts';
import { bool, typeOfChoice, typeOfOperation, typeOfSign } from './operators.ts';
import { typeOfQuantifier } from './quantifiers.ts';

/** The type of an expression; reports what is wrong inside it. */
export function typeOfExpr(checker: Checker, node: Expr): BtType {
  const { host, visit } = checker;
  switch (node.kind) {
    case 'integer':
      return literal(checker, node);
    case 'string':
      return { kind: 'string', size: new TextEncoder().encode(node.value).length + 1 };
    case 'bool':
      return bool;
    case 'positional':
      return int64;
    case 'identifier': {
      const bound = checker.bound.findLast(({ name }) => name === node.name);
      return named(checker, node, bound ?? host.word(checker, node));
    }
    case 'variable':
      return named(checker, node, host.variable(checker, node));
    case 'map':
      return named(checker, node, host.map(checker, node));
    case 'call':
      return typeOfCalled(checker, node);
    case 'sizeof':
      return sizeOf(checker, node);
    case 'unary':
      return typeOfSign(checker, node);
    case 'binary':
      return typeOfOperation(checker, node);
    case 'ternary':
      return typeOfChoice(checker, node);
    case 'field':
      return field(checker, node);
    case 'index':
      return index(checker, node);
    case 'cast':
      return cast(checker, node);
    case 'tuple':
      return { kind: 'tuple', elements: node.elements.map(visit) };
    case 'paren':
      return visit(node.inner);
    case 'quantifier':
      return typeOfQuantifier(checker, node);
    case 'missing':
      return unknown;
  }
}

function named(checker: Checker, node: Expr, { type, meaning }: Named): BtType {
  checker.meanings.set(node, meaning);
  return type;
}

function literal({ state, host }: Checker, node: Integer): BtType {
  if (host.language === 'c') return cLiteral(node);
  return node.duration ? uint64 : literalType(state, node.value);
}

function sizeOf(checker: Checker, node: SizeOf): BtType {
  if (checker.host.language === 'bpftrace') return typeOfSizeOf(checker.state, asHost<'sizeof'>(node));
  if (node.of.kind === 'type') typeOfRef(checker.state, node.of);
  else checker.visit(node.of);
  return uint64;
}

/** In C `.` and `->` mean different things, as they did in older versions of bpftrace. */
function field(checker: Checker, node: Field): BtType {
  const { state, host } = checker;
  return typeOfField(host.language === 'c' ? { ...state, rules: { ...state.rules, modern: false } } : state, asHost<'field'>(node));
}

function index(checker: Checker, node: Index): BtType {
  if (checker.host.language === 'bpftrace') return typeOfIndex(checker.state, asHost<'index'>(node));
  const element = cIndex(checker, node);
  return checker.host.entry(checker, node) ?? element;
}

function cast(checker: Checker, node: Cast): BtType {
  if (checker.host.language === 'bpftrace') return typeOfCast(checker.state, asHost<'cast'>(node));
  checker.visit(node.operand);
  return typeOfRef(checker.state, node.type);
}

