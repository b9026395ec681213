import { resolve, type CStruct, type CType } from '../../../kernel/ctype.ts';
import { helperNamed } from '../../../language/bpfc/catalogue/helpers.ts';
import { child, type Cst } from '../../../language/bpftrace/syntax/cst.ts';
import { computed, HOST, NOTHING } from '../../properties/quality.ts';
import { called } from './calls.ts';
import { isExpression, operatorOf, textOf, type Piece } from './piece.ts';
import { argumentOfProgram, isLength, qualityOfKernelField, registerInContext } from './sources.ts';
import { elementOf, numberOfType, pointerTo } from './types.ts';
import { copied, either, NO_VALUE, type CValue, type Origin } from './value.ts';
import { underName, type World } from './world.ts';

export type Env = Map<string, CValue>;

/** One walk over one piece. */
export interface Frame {
  readonly world: World;
  readonly piece: Piece;
  readonly env: Env;
  /** What a macro's parameters stand for. */
  readonly bound: ReadonlyMap<string, CValue> | undefined;
  /** What a function of the program's is given is seen by all its callers together. */
  readonly depth: number;
  /** Carries out what stands in `({ … })`. */
  readonly statements: (frame: Frame, block: Cst) => CValue;
}

const number = (name: 'int' | 'unsigned int' | 'unsigned long' | 'long', size: 4 | 8): CType => ({ kind: 'int', name, size, signed: !name.startsWith('unsigned') });
const INT = number('int', 4);

/** What is known of an expression, which is noted for it and for all inside. */
export function value(frame: Frame, node: Cst): CValue {
  const made = compute(frame, node);
  const { found } = frame.world;
  found.set(node, frame.piece.kind === 'macro' ? either(found.get(node), made) : made);
  return made;
}

const text = ({ piece }: Frame, node: Cst | undefined): string => textOf(piece, node);

function compute(frame: Frame, node: Cst): CValue {
  const inner = (field: string): CValue => {
    const at = child(node, field);
    return at ? value(frame, at) : NO_VALUE;
  };
  switch (node.type) {
    case 'identifier':
      return named(frame, node);
    case 'number_literal':
    case 'char_literal':
      return literal(text(frame, node));
    case 'cast_expression': {
      const type = frame.world.types.written(text(frame, child(node, 'type')));
      const of = copied(inner('value'));
      return { ...of, type: type ?? of.type, ...(of.points && { points: of.points }) };
    }
    case 'sizeof_expression':
      return { quality: { order: HOST }, type: number('unsigned long', 8) };
    case 'pointer_expression':
      return operatorOf(node) === '&' ? addressOf(inner('argument')) : pointedTo(frame, inner('argument'));
    case 'field_expression':
      return field(frame, inner('argument'), text(frame, child(node, 'field')), (path) => `(${text(frame, child(node, 'argument'))})${operatorOf(node)}${path}`);
    case 'subscript_expression': {
      inner('index');
      const array = inner('argument');
      const type = elementOf(array.type);
      return array.points?.place === undefined ? { ...NO_VALUE, quality: array.quality, type, ...(array.origin && { origin: array.origin }), ...(array.place !== undefined && { place: array.place }) } : { ...pointedTo(frame, array), type };
    }
    case 'binary_expression':
      return binary(operatorOf(node), inner('left'), inner('right'));
    case 'unary_expression':
      return operatorOf(node) === '!' ? (inner('argument'), { ...NO_VALUE, type: INT }) : negated(operatorOf(node), inner('argument'));
    case 'update_expression':
      return updated(frame, inner('argument'), operatorOf(node));
    case 'assignment_expression':
      return assigned(frame, node);
    case 'conditional_expression': {
      inner('condition');
      return copied(either(copied(inner('consequence')), copied(inner('alternative'))));
    }
    case 'comma_expression':
      inner('left');
      return inner('right');
    case 'call_expression':
      return called(frame, node);
    case 'compound_literal_expression':
      return literalOf(frame, node);
    default:
      return others(frame, node);
  }
}

/** Parentheses, statements in them, and what is not understood. */
function others(frame: Frame, node: Cst): CValue {
  const block = node.children.find(({ type }) => type === 'compound_statement');
  if (block) return frame.statements(frame, block);
  let last = NO_VALUE;
  for (const part of node.children) if (isExpression(part)) last = value(frame, part);
  return node.type === 'parenthesized_expression' ? last : NO_VALUE;
}

function literal(written: string): CValue {
  const digits = /^(0x[\da-f]+|0b[01]+|\d+)[ul]*$/i.exec(written)?.[1];
  return digits === undefined ? { quality: { order: HOST }, type: INT } : { quality: { constant: BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits) }, type: /l/i.test(written.slice(digits.length)) ? number('unsigned long', 8) : INT };
}

function named(frame: Frame, node: Cst): CValue {
  const { world, piece, bound } = frame;
  const name = text(frame, node);
  const at = piece.placed.start + node.start;
  const local = piece.locals.findLast((one) => one.name === name && one.span.start <= at && one.scope.start <= at && at <= one.scope.end);
  if (local) return stored(frame, `local ${piece.name} ${local.span.start}`, name, world.types.written(local.type));
  const given = bound?.get(name);
  if (given) return given;
  const index = piece.params.findIndex((param) => param.name === name);
  if (index >= 0) return parameter(frame, index);
  const global = world.globals.get(name);
  if (global?.kind === 'map') return { ...NO_VALUE, place: `map ${name}` };
  if (global?.kind === 'global') return stored(frame, `global ${name}`, name, world.types.written(global.value));
  const quality = world.constant(name);
  return quality ? { quality, type: INT } : NO_VALUE;
}

function parameter(frame: Frame, index: number): CValue {
  const { world, piece } = frame;
  const { name, type: written } = piece.params[index] ?? { name: '', type: '' };
  const type = world.types.written(written);
  const { declaration } = piece.placed.item;
  const given = argumentOfProgram(world, piece, index, declaration.kind === 'function' ? declaration.macro : undefined);
  const known = stored(frame, `param ${piece.name} ${index}`, name, type);
  if (given) return { ...known, ...given, quality: { ...known.quality, ...given.quality }, type };
  return piece.section && isLength(type) ? { ...known, origin: { kind: 'wide' } } : known;
}

/** What lies at a place: as it was put there last in this walk, by any of the program, or as it is declared. */
export function stored({ world, env }: Frame, place: string, name: string, type: CType | undefined): CValue {
  const put = env.get(place) ?? world.at(place);
  const quality = { ...world.declared(name, type), ...put?.quality };
  return { ...(put && copied(put)), quality, type: type ?? put?.type, place };
}

export function store(frame: Frame, target: CValue, given: CValue, name: string, from: string | undefined): void {
  if (target.place === undefined) return;
  const { origin, ...kept } = copied(underName(name, given, from));
  // What is lost on the way is told there, and not again.
  const narrowed = origin?.kind !== 'field' && (numberOfType(target.type)?.bits ?? 64) < (numberOfType(given.type)?.bits ?? 64);
  const made: CValue = { ...kept, type: target.type ?? kept.type, ...(origin && !narrowed && { origin }) };
  frame.env.set(target.place, made);
  if (!target.place.startsWith('local ')) frame.world.put(target.place, made);
}

export const addressOf = (of: CValue): CValue => ({ quality: NOTHING, type: of.type && pointerTo(of.type), points: of });

export function pointedTo(frame: Frame, pointer: CValue): CValue {
  const of = pointer.points;
  if (!of) return { ...NO_VALUE, type: elementOf(pointer.type), ...(pointer.entry !== undefined && { entry: pointer.entry }) };
  return of.place === undefined ? of : { ...stored(frame, of.place, '', of.type ?? elementOf(pointer.type)), ...(of.entry !== undefined && { entry: of.entry }) };
}

/** `beside` gives C for another field of the same owner. */
export function field(frame: Frame, object: CValue, name: string, beside: (path: string) => string): CValue {
  const { world, piece } = frame;
  const struct: CStruct | undefined = world.types.structBehind(object.type ?? object.points?.type);
  const found = world.types.field(struct, name);
  if (!struct || !found) return NO_VALUE;
  const type = found.type();
  const own = world.types.isOwn(struct);
  const entry = object.entry ?? object.points?.entry;
  if (own) return { ...stored(frame, `field ${struct.name}.${name}`, name, type), ...(entry !== undefined && { entry }) };
  const register = registerInContext(world, struct, name, piece);
  const origin: Origin = register ?? { kind: 'field', struct, own, name, beside };
  return { quality: qualityOfKernelField(world, struct, name, type, piece), type, origin };
}

const COMPARES = /^(?:[<>]=?|[=!]=|&&|\|\|)$/;

/** C's usual arithmetic conversions, as far as the width of the result goes. */
function binary(op: string, left: CValue, right: CValue): CValue {
  if (COMPARES.test(op)) return { ...NO_VALUE, type: INT };
  const [a, b] = [left.type && resolve(left.type), right.type && resolve(right.type)];
  if (a?.kind === 'pointer') return left;
  const quality = computed(op, left.quality, right.quality);
  const [x, y] = [numberOfType(a), numberOfType(b)];
  const type = (x?.bits ?? 0) >= 64 ? left.type : (y?.bits ?? 0) >= 64 ? right.type : (x?.bits ?? 0) === 32 && x?.signed === false ? left.type : (y?.bits ?? 0) === 32 && y?.signed === false ? right.type : x && y ? INT : undefined;
  const wide = (op === '+' || op === '-') && [left, right].some(({ origin }) => origin?.kind === 'clock' || origin?.kind === 'wide');
  return { quality, type, ...(wide && { origin: { kind: 'wide' } }) };
}

function negated(op: string, of: CValue): CValue {
  const constant = of.quality.constant;
  return { quality: op === '-' && constant !== undefined ? { constant: -constant } : op === '~' ? NOTHING : of.quality, type: of.type };
}

function updated(frame: Frame, target: CValue, op: string): CValue {
  store(frame, target, { ...target, quality: computed(op.charAt(0), target.quality, { constant: 1n }) }, '', undefined);
  return copied(target);
}

function assigned(frame: Frame, node: Cst): CValue {
  const [left, right] = [child(node, 'left'), child(node, 'right')];
  if (!left || !right) return NO_VALUE;
  const target = value(frame, left);
  const given = value(frame, right);
  const op = operatorOf(node);
  const made = op === '=' ? given : { ...binary(op.slice(0, -1), target, given), type: target.type };
  store(frame, target, made, nameOf(frame, left), given.origin?.kind === 'field' ? given.origin.name : undefined);
  return { ...made, type: target.type };
}

/** The name of what is assigned to: a variable's, a member's. */
export function nameOf(frame: Frame, target: Cst): string {
  return target.type === 'identifier' ? text(frame, target) : target.type === 'field_expression' ? text(frame, child(target, 'field')) : '';
}

function literalOf(frame: Frame, node: Cst): CValue {
  const type = frame.world.types.written(text(frame, child(node, 'type')));
  const list = child(node, 'value');
  if (list) initialised(frame, { ...NO_VALUE, type }, list);
  return { ...NO_VALUE, type };
}

/** `{ .port = x, y }`: members in their order, or by name. */
export function initialised(frame: Frame, target: CValue, list: Cst): void {
  const struct = frame.world.types.structBehind(target.type);
  let next = 0;
  for (const part of list.children) {
    const pair = part.type === 'initializer_pair';
    const given = pair ? child(part, 'value') : part;
    if (!given || !isExpression(given)) continue;
    const name = pair ? text(frame, child(part, 'designator')).replace('.', '') : (struct?.fields()[next]?.name ?? '');
    next = pair ? (struct?.fields().findIndex((one) => one.name === name) ?? 0) + 1 : next + 1;
    const member = struct ? field(frame, { ...NO_VALUE, type: struct }, name, () => '') : NO_VALUE;
    if (given.type === 'initializer_list') initialised(frame, member, given);
    else store(frame, member, value(frame, given), name, undefined);
  }
}

/** The type a helper's prototype says that it gives. */
export function typeOfHelper(world: World, name: string): CType | undefined {
  const returns = helperNamed(name)?.returns;
  return returns === undefined ? undefined : world.types.written(returns);
}
