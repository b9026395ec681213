import { atLeast } from '../../../../base/version.ts';
import type { Expr } from '../../syntax/ast.ts';
import { int64, none, unknown, type BtType } from '../types.ts';
import { isExpr } from '../../syntax/walk.ts';
import { blockValue, typeOfIfExpr } from './blocks.ts';
import { typeOfIdentifier } from './builtins.ts';
import { typeOfCall } from './calls.ts';
import { typeOfCast } from './casts.ts';
import { typeOfField, typeOfIndex, typeOfMeta, typeOfOffsetOf, typeOfSizeOf } from './fields.ts';
import { literalType, textType } from './literals.ts';
import { typeOfParameter } from './macros.ts';
import { assignMap, mapName, readMap } from './maps.ts';
import { typeOfBinary, typeOfTernary, typeOfUnary, typeOfUpdate, updated } from './operators.ts';
import { isInteger, isUnknown } from './relations.ts';
import { fault, mapState, type State } from './state.ts';
import { typeOfRef } from './type-refs.ts';
import { assignVariable, readVariable } from './variables.ts';

/** Type of an expression; reports what is wrong inside it. */
export function typeOfExpr(state: State, expr: Expr): BtType {
  switch (expr.kind) {
    case 'integer':
      return integerLiteral(state, expr);
    case 'string':
      return stringLiteral(state, expr);
    case 'bool':
      return state.rules.modern ? { kind: 'bool' } : int64;
    case 'identifier':
      return typeOfParameter(state, expr.name) ?? typeOfIdentifier(state, expr);
    case 'variable':
      return readVariable(state, expr);
    case 'map':
      return readMap(state, expr, true);
    case 'positional':
      if (expr.index === 0) fault(state, 'wrong-arguments', expr, 'Parameters of the program are numbered from $1.');
      return int64;
    case 'call':
      return typeOfCall(state, expr);
    case 'sizeof':
      return typeOfSizeOf(state, expr);
    case 'offsetof':
      return typeOfOffsetOf(state, expr);
    case 'typeinfo':
      if (isExpr(expr.of)) typeOfMeta(state, expr.of);
      else typeOfRef(state, expr.of);
      return TYPE_INFO;
    case 'unary':
      return expr.op === '&' && expr.operand.kind === 'map' ? addressOf(state, readMap(state, expr.operand, expr.operand.keys !== undefined)) : typeOfUnary(state, expr);
    case 'update':
      return update(state, expr);
    case 'binary':
      return typeOfBinary(state, expr);
    case 'ternary':
      return typeOfTernary(state, expr);
    case 'field':
      return typeOfField(state, expr);
    case 'index':
      return typeOfIndex(state, expr);
    case 'cast':
      return typeOfCast(state, expr);
    case 'tuple':
    case 'record':
      return tuple(state, expr);
    case 'block-expr':
      return blockValue(state, expr.body);
    case 'if-expr':
      return typeOfIfExpr(state, expr);
    case 'comptime':
      return state.visit(expr.operand);
    case 'paren':
      return state.visit(expr.inner);
    case 'missing':
      return unknown;
  }
}

const MAX_UINT64 = 0xffff_ffff_ffff_ffffn;

function integerLiteral(state: State, expr: Extract<Expr, { kind: 'integer' }>): BtType {
  if (expr.value > MAX_UINT64) fault(state, 'constant-expression', expr, `${expr.text} is larger than any integer; 64 bits hold up to ${MAX_UINT64}.`);
  return expr.duration ? { kind: 'integer', bits: 64, signed: false } : literalType(state, expr.value);
}

/** What `typeinfo` tells of a type. */
const TYPE_INFO: BtType = { kind: 'tuple', elements: [int64, { kind: 'string', size: 0 }, { kind: 'string', size: 0 }], names: ['btf_id', 'base_type', 'full_type'] };

function addressOf(state: State, type: BtType): BtType {
  return isUnknown(type) ? unknown : { kind: 'pointer', to: () => type, space: state.place.space };
}

function stringLiteral(state: State, expr: Extract<Expr, { kind: 'string' }>): BtType {
  const type = textType(expr.value);
  const { size } = type;
  const { maxStrlen } = state.settings;
  if (size > maxStrlen && state.format !== expr) {
    const how = atLeast(state.rules.version, 0, 20) ? `config = { max_strlen = ${size} }` : `BPFTRACE_STRLEN=${size} in the environment`;
    fault(state, 'string-too-long', expr, `This text has ${size - 1} bytes; ${maxStrlen - 1} are possible. Allow more with ${how}.`);
  }
  return type;
}

function tuple(state: State, expr: Extract<Expr, { kind: 'tuple' | 'record' }>): BtType {
  const values = expr.kind === 'tuple' ? expr.elements : expr.fields.map((f) => f.value);
  const elements = values.map((value) => {
    const type = state.visit(value);
    if (state.rules.tupleKeys && type.kind === 'aggregation' && ['hist', 'lhist', 'stats', 'tseries'].includes(type.of)) fault(state, 'type-mismatch', value, `A ${type.of}() value cannot be part of a tuple.`);
    else if (type.kind === 'void') fault(state, 'type-mismatch', value, 'This gives no value that a tuple could hold.');
    return type;
  });
  // One element that is not known yet leaves the whole open.
  if (elements.some((e) => e.kind === 'unknown')) return unknown;
  if (elements.some((e) => e.kind === 'none')) return none;
  return { kind: 'tuple', elements, ...(expr.kind === 'record' ? { names: expr.fields.map((f) => f.name.text) } : {}) };
}

/** `++` and `--` assign an integer to what nobody assigned before. */
function update(state: State, expr: Extract<Expr, { kind: 'update' }>): BtType {
  const { operand } = expr;
  if (operand.kind === 'map') {
    const name = mapName(state, operand);
    const fresh = name !== undefined && mapState(state, name).value === undefined;
    if (fresh) assignMap(state, operand, int64, operand);
  }
  const type = state.visit(operand);
  if (isInteger(type) && operand.kind === 'variable') assignVariable(state, operand, updated(state, expr, type), operand);
  else if (isInteger(type) && operand.kind === 'map' && state.rules.modern) assignMap(state, operand, updated(state, expr, type), operand);
  return typeOfUpdate(state, expr, type);
}
