import { findField } from '../../kernel/ctype.ts';
import { argsOf } from '../../language/bpftrace/analysis/probes/args.ts';
import { fromC, sizeOf } from '../../language/bpftrace/analysis/ctypes/convert.ts';
import { describeType, type BtType } from '../../language/bpftrace/analysis/types.ts';
import type { BinaryOp, Block, Expr as HostExpr, IfExpr, OffsetOf, TypeRef } from '../../language/bpftrace/syntax/ast.ts';
import { apply, bits, type IrExpr, type IrStmt } from '../ir/ir.ts';
import { operands as operandsOf } from '../../language/bpftrace/syntax/walk.ts';
import { builtinValue, isBuiltin } from './builtins.ts';
import { call } from './calls.ts';
import { collect, no, read, spanOf, stringNumber, temporary, textOf, variable, yes, type AnyExpr, type Cx } from './context.ts';
import { encodeKey, entryOf, type MapLayout } from './maps.ts';
import { addressOf, dereference, elementOf, fieldOf, whole } from './memory.ts';
import { NoMeaning } from './no-meaning.ts';
import { binary, castInteger, unary } from './operators.ts';
import { assertSites } from './sites.ts';
import { block, update } from './statements.ts';
import { choose, decode, encode, literal, toBits, toTruth, widthOfType, type Value } from './values.ts';

/** The value of an expression; what it does besides is added to the statements. Throws NoMeaning with its place. */
export function evaluate(cx: Cx, node: AnyExpr): Value {
  try {
    const value = cx.words.special?.(cx, node) ?? evaluateNode(cx, node as HostExpr);
    assertSites(cx, node as HostExpr);
    return value;
  } catch (error) {
    if (error instanceof NoMeaning) error.span ??= spanOf(cx, node);
    throw error;
  }
}

function evaluateNode(cx: Cx, node: HostExpr): Value {
  switch (node.kind) {
    case 'integer':
      return literal(node.value);
    case 'string':
      return { kind: 'bits', ir: stringNumber(cx.program, node.value), bits: 64, signed: false, type: { kind: 'string', size: 0 } };
    case 'bool':
      return { kind: 'truth', ir: node.value ? yes : no };
    case 'identifier':
      return cx.words.word(node) ?? bareMacro(cx, node) ?? builtinValue(cx, node.name, cx.words.typeOf(node));
    case 'variable':
      return readVariable(cx.words.variable(node));
    case 'map':
      return readMap(cx, node);
    case 'positional':
      return { kind: 'bits', ir: read(cx, textOf(cx, node), textOf(cx, node), 64, undefined, { signed: true }), bits: 64, signed: true, type: { kind: 'integer', bits: 64, signed: true } };
    case 'call':
      return isBuiltin(node) ? builtinValue(cx, node.callee.text, cx.words.typeOf(node)) : call(cx, node);
    case 'sizeof':
      return literal(BigInt(sizeOf(typeMeant(cx, node.of))));
    case 'offsetof':
      return offsetOf(cx, node);
    case 'unary':
      return unaryValue(cx, node);
    case 'update':
      return update(cx, node);
    case 'binary':
      return node.op === '&&' || node.op === '||' ? shortCircuit(cx, node.op, node.left, node.right) : binaryOf(cx, node.op, node.left, node.right);
    case 'ternary':
      return ternary(cx, node);
    case 'field':
      return field(cx, node);
    case 'index': {
      const [object, index] = evaluateAll(cx, [node.object, node.index]);
      return elementOf(cx, object ?? nothing, index ?? nothing, node);
    }
    case 'cast':
      return cast(evaluate(cx, node.operand), cx.words.typeOf(node));
    case 'tuple':
      return { kind: 'tuple', elements: evaluateAll(cx, node.elements) };
    case 'record':
      return { kind: 'tuple', elements: evaluateAll(cx, node.fields.map(({ value }) => value)), names: node.fields.map(({ name }) => name.text) };
    case 'paren':
      return evaluate(cx, node.inner);
    case 'comptime':
      return evaluate(cx, node.operand);
    case 'block-expr':
      return blockValue(cx, node.body);
    case 'if-expr':
      return ifValue(cx, node);
    default:
      throw new NoMeaning(`${node.kind === 'missing' ? 'something is missing' : `${node.kind} is not understood`} here`);
  }
}

const nothing: Value = { kind: 'nothing' };

/** A macro without parameters needs no parentheses. */
function bareMacro(cx: Cx, node: Extract<HostExpr, { kind: 'identifier' }>): Value | undefined {
  if (cx.program.analysis.shared.names.globals.get(node.name)?.kind !== 'macro') return undefined;
  const { start, end, name: text } = node;
  return call(cx, { kind: 'call', callee: { kind: 'name', text, start, end }, args: [], argSpan: { start: end, end }, start, end });
}

export function readVariable({ name, type }: { readonly name: string; readonly type: BtType }): Value {
  if (type.kind === 'none' || type.kind === 'unknown') throw new NoMeaning(`${name} has no type`);
  if (type.kind === 'record' && type.args) return { kind: 'place', type, owner: 'args', offset: 0 };
  if (type.kind === 'record') return { kind: 'place', type, owner: `${type.struct.kind} ${type.struct.name}`, offset: 0, base: variable(name, 64) };
  return decode(variable(name, widthOfType(type)), type);
}

/** As it is kept in a variable: a record by its address, since memory does not change within an event. */
export function keepable(cx: Cx, value: Value, type: BtType, at: AnyExpr): IrExpr {
  if (value.kind === 'place' && value.type.kind === 'record') return value.type.args ? bits(0, 64) : addressOf(value);
  return encode(whole(cx, value, at), type);
}

export function layoutFor(cx: Cx, name: string): MapLayout {
  const layout = cx.program.maps.get(cx.words.maps?.get(name) ?? name);
  if (!layout) throw new NoMeaning(`${name} is no map of the program`);
  return layout;
}

type Access = Extract<HostExpr, { kind: 'map' }>;

export function keyOf(cx: Cx, layout: MapLayout, keys: readonly AnyExpr[]): IrExpr {
  return encodeKey(layout, evaluateAll(cx, keys).map((value, i) => whole(cx, value, keys[i] ?? NOWHERE)));
}

const NOWHERE = { start: 0, end: 0 };

function readMap(cx: Cx, node: Access): Value {
  const layout = layoutFor(cx, node.name);
  const key = keyOf(cx, layout, node.keys ?? []);
  return decode(entryOf(layout, key), layout.value);
}

/** Several operands, left to right: what one does is not seen by those before it. */
export function evaluateAll(cx: Cx, nodes: readonly AnyExpr[]): Value[] {
  const values: Value[] = [];
  for (const node of nodes) {
    const mark = cx.out.length;
    const value = evaluate(cx, node);
    if (cx.out.slice(mark).some(changes)) {
      const frozen: IrStmt[] = collect(cx, () => values.forEach((one, i) => (values[i] = freeze(cx, one))));
      cx.out.splice(mark, 0, ...frozen);
    }
    values.push(value);
  }
  return values;
}

/** Whether a statement changes what expressions read. */
function changes(statement: IrStmt): boolean {
  if (statement.kind === 'set') return !statement.name.startsWith('%');
  if (statement.kind === 'if') return statement.then.some(changes) || statement.otherwise.some(changes);
  return statement.kind === 'put' || statement.kind === 'remove' || statement.kind === 'clear' || statement.kind === 'loop';
}

/** A value as it is now. */
export function freeze(cx: Cx, value: Value): Value {
  if (value.kind === 'tuple') return { ...value, elements: value.elements.map((element) => freeze(cx, element)) };
  if (value.kind !== 'bits' && value.kind !== 'truth') return value;
  if (value.ir.kind === 'const' || value.ir.kind === 'read') return value;
  return { ...value, ir: keep(cx, value.ir, value.kind === 'truth' ? 'bool' : value.bits) };
}

export function keep(cx: Cx, value: IrExpr, width: number | 'bool'): IrExpr {
  const name = temporary(cx, 'value');
  cx.out.push({ kind: 'set', name, value, span: { start: cx.words.base, end: cx.words.base } });
  return variable(name, width);
}

export function binaryOf(cx: Cx, op: BinaryOp, left: AnyExpr, right: AnyExpr): Value {
  const [a, b] = evaluateAll(cx, [left, right]);
  return binary(op, a ?? nothing, b ?? nothing, cx.words.rules);
}

/** The right side counts where the left one does not decide. */
export function shortCircuit(cx: Cx, op: '&&' | '||', left: AnyExpr, right: AnyExpr): Value {
  const first = toTruth(evaluate(cx, left));
  let second: IrExpr = no;
  const statements = collect(cx, () => (second = toTruth(evaluate(cx, right))));
  if (statements.length === 0) return { kind: 'truth', ir: apply(op === '&&' ? 'conj' : 'disj', 'bool', first, second) };
  const name = temporary(cx, 'truth');
  const span = spanOf(cx, left);
  const set = (value: IrExpr): IrStmt => ({ kind: 'set', name, value, span });
  const more = [...statements, set(second)];
  cx.out.push({ kind: 'if', condition: first, then: op === '&&' ? more : [set(yes)], otherwise: op === '&&' ? [set(no)] : more, span });
  return { kind: 'truth', ir: variable(name, 'bool') };
}

function ternary(cx: Cx, node: Extract<HostExpr, { kind: 'ternary' }>): Value {
  const condition = evaluate(cx, node.condition);
  const { then } = node;
  return branches(cx, node, toTruth(condition), () => (then ? evaluate(cx, then) : condition), () => evaluate(cx, node.otherwise));
}

function branches(cx: Cx, node: HostExpr, condition: IrExpr, left: () => Value, right: () => Value): Value {
  let [a, b]: [Value, Value] = [nothing, nothing];
  const then = collect(cx, () => (a = left()));
  const otherwise = collect(cx, () => (b = right()));
  const given = cx.words.typeOf(node);
  if (a.kind === 'nothing' || b.kind === 'nothing') {
    if (then.length + otherwise.length > 0) cx.out.push({ kind: 'if', condition, then, otherwise, span: spanOf(cx, node) });
    return a.kind === 'nothing' ? b : a;
  }
  if (then.length + otherwise.length === 0) return chosen(condition, a, b, given);
  // What a branch does may hang on what it asked: both keep their values.
  const type = a.kind === 'truth' && b.kind === 'truth' ? ({ kind: 'bool' } as const) : given;
  const name = temporary(cx, 'choice');
  const set = (value: Value): IrStmt => ({ kind: 'set', name, value: keepable(cx, value, type, node), span: spanOf(cx, node) });
  cx.out.push({ kind: 'if', condition, then: [...then, set(a)], otherwise: [...otherwise, set(b)], span: spanOf(cx, node) });
  return readVariable({ name, type });
}

function chosen(condition: IrExpr, a: Value, b: Value, type: BtType): Value {
  if (a.kind === 'truth' && b.kind === 'truth') return { kind: 'truth', ir: choose(condition, a.ir, b.ir, 'bool') };
  if (type.kind === 'unknown' || type.kind === 'none') throw new NoMeaning('this has no type');
  return decode(choose(condition, encode(a, type), encode(b, type), widthOfType(type)), type);
}

function unaryValue(cx: Cx, node: Extract<HostExpr, { kind: 'unary' }>): Value {
  if (node.op === '&') {
    const value = evaluate(cx, node.operand);
    if (value.kind !== 'place') throw new NoMeaning('the address of a value is taken');
    return { kind: 'bits', ir: addressOf(value), bits: 64, signed: false, type: { kind: 'pointer', to: () => value.type, space: 'kernel' } };
  }
  const value = evaluate(cx, node.operand);
  return node.op === '*' ? dereference(cx, value, node) : unary(node.op, value, cx.words.rules);
}

function field(cx: Cx, node: Extract<HostExpr, { kind: 'field' }>): Value {
  const object = evaluate(cx, node.object);
  const name = node.name.text;
  if (object.kind === 'tuple') {
    const element = object.elements[/^\d+$/.test(name) ? Number(name) : (object.names?.indexOf(name) ?? -1)];
    if (!element) throw new NoMeaning(`the tuple has no ${name}`);
    return element;
  }
  const place = followed(cx, object, node.object);
  if (place.owner === 'args') sameInAll(cx, name);
  return fieldOf(cx, place, name, node);
}

/** One probe may be attached to several events, whose arguments may differ. */
function sameInAll(cx: Cx, name: string): void {
  const { inventory } = cx.program.analysis.options;
  const types = (cx.info?.attachPoints ?? []).flatMap((point) => {
    const args = argsOf([point], inventory);
    const found = args?.kind === 'record' ? findField(args.struct, name) : undefined;
    return found ? [describeType(fromC(found.type(), 'kernel'))] : [];
  });
  if (new Set(types).size > 1) throw new NoMeaning(`args.${name} is not of the same type in all events of the probe: ${[...new Set(types)].join(', ')}`);
}

/** A pointer to a pointer is followed to the record. */
function followed(cx: Cx, value: Value, at: HostExpr): Extract<Value, { kind: 'place' }> {
  let of = value;
  for (let depth = 0; of.kind === 'bits' && of.type.kind === 'pointer' && depth < 8; depth++) of = dereference(cx, of, at);
  if (of.kind !== 'place') throw new NoMeaning('fields are read of what is no record');
  return of;
}

export function cast(value: Value, to: BtType): Value {
  switch (to.kind) {
    case 'integer':
      return { ...castInteger(value, to.bits, to.signed), type: to };
    case 'bool':
      return { kind: 'truth', ir: toTruth(value) };
    case 'pointer': {
      // An array is known by where it begins.
      const ir = value.kind === 'place' ? addressOf(value) : toBits(value, 64);
      return { kind: 'bits', ir, bits: 64, signed: false, type: to };
    }
    case 'string':
      return value;
    case 'array': {
      const width = sizeOf(to) * 8;
      return { kind: 'vector', ir: toBits(value, width), element: to.of(), length: to.length };
    }
    default:
      throw new NoMeaning(`a cast to ${describeType(to)} is not understood`);
  }
}

function typeMeant(cx: Cx, of: TypeRef | HostExpr): BtType {
  if (of.kind !== 'type') return cx.words.typeOf(of);
  const { types } = cx.program.analysis.shared;
  const { tag, pointers, name } = of;
  if (pointers > 0) return { kind: 'integer', bits: 64, signed: false };
  const integer = /^(?:u|s)?(?:u?int)?(8|16|32|64)(?:_t)?$/.exec(name.text);
  const c = tag === 'struct' ? types.struct(name.text) : tag === 'union' ? types.union(name.text) : tag === 'enum' ? types.enum(name.text) : (types.typedef(name.text) ?? types.struct(name.text));
  const element: BtType | undefined = c ? fromC(c, 'kernel') : integer ? { kind: 'integer', bits: Number(integer[1]) as 8, signed: false } : undefined;
  if (!element || of.arrays.some((length) => length === null)) throw new NoMeaning(`the size of ${name.text} is not known`);
  return of.arrays.reduce<BtType>((type, length) => ({ kind: 'array', of: () => type, length: length ?? 0 }), element);
}

function offsetOf(cx: Cx, node: OffsetOf): Value {
  let type = typeMeant(cx, node.of);
  let at = 0;
  for (const { text } of node.path) {
    const found = type.kind === 'record' ? findField(type.struct, text) : undefined;
    if (!found) throw new NoMeaning(`it is not known where ${text} lies`);
    at += found.bitOffset / 8;
    type = fromC(found.type(), 'kernel');
  }
  return literal(BigInt(at));
}

/** The value of a block is that of its last expression. */
export function blockValue(cx: Cx, body: Block): Value {
  const last = body.statements.at(-1);
  if (last?.kind !== 'expr-stmt' || last.terminated) {
    block(cx, body);
    return nothing;
  }
  block(cx, body, body.statements.length - 1);
  return evaluate(cx, last.expr);
}

function ifValue(cx: Cx, node: IfExpr): Value {
  const condition = toTruth(evaluate(cx, node.condition));
  const { otherwise } = node;
  return branches(cx, node, condition, () => blockValue(cx, node.then), () => (!otherwise ? nothing : otherwise.kind === 'block' ? blockValue(cx, otherwise) : ifValue(cx, otherwise)));
}

/** Only for what it does and for what is asserted of it: its value is dropped. */
export function evaluateFor(cx: Cx, node: HostExpr): void {
  const done: IrStmt[] = [];
  try {
    done.push(...collect(cx, () => void evaluate(cx, node)));
  } catch (error) {
    if (!(error instanceof NoMeaning)) throw error;
    // What is printed has no meaning for a proof; what is inside of it may have.
    for (const operand of operandsOf(node)) evaluateFor(cx, operand);
  }
  cx.out.push(...done);
}
