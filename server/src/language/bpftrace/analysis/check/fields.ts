import { suggest } from '../suggest.ts';
import { shift } from '../../../../base/span.ts';
import { findField, resolve, type CField, type CStruct } from '../../../../kernel/ctype.ts';
import type { Expr, Field, Index, Name, OffsetOf, SizeOf } from '../../syntax/ast.ts';
import { fromC, sizeOf } from '../ctypes/convert.ts';
import { describeType, unknown, uint64, type BtType } from '../types.ts';
import { bare, isExpr } from '../../syntax/walk.ts';
import { literalOf } from './literals.ts';
import { sentence } from './operators.ts';
import { isInteger, isPointer, isUnknown } from './relations.ts';
import { fault, replacement, textOf, type State } from './state.ts';
import { typeOfRef } from './type-refs.ts';
import { plural, say } from './words.ts';

/** Structs of the probe's arguments, one for each kind of event the probe matches: a field must be in all of them. */
const argStructs = new WeakMap<CStruct, readonly CStruct[]>();

const found = new WeakMap<CStruct, Map<string, CField | undefined>>();

/** Structs of the kernel have hundreds of fields: each is looked for once. */
function fieldNamed(struct: CStruct, name: string): CField | undefined {
  let known = found.get(struct);
  if (!known) found.set(struct, (known = new Map<string, CField | undefined>()));
  if (!known.has(name)) known.set(name, findField(struct, name));
  return known.get(name);
}

/** Says that `first` stands for several structs, as `args` of a probe on several tracepoints does. */
export function standsFor(first: CStruct, all: readonly CStruct[]): void {
  argStructs.set(first, all);
}

export function typeOfField(state: State, expr: Field): BtType {
  const object = state.visit(expr.object);
  if (isUnknown(object) || expr.name.text === '') return object.kind === 'none' ? object : unknown;
  if (/^\d+$/.test(expr.name.text)) return tupleElement(state, expr, object, Number(expr.name.text));
  if (object.kind === 'tuple') return namedElement(state, expr, object);
  const record = recordOf(state, expr, object);
  if (!record) return unknown;
  const field = fieldOf(state, record, expr.name);
  return field ? fieldType(state, expr, record, field) : unknown;
}

function fieldType(state: State, expr: Field, record: Extract<BtType, { kind: 'record' }>, field: CField): BtType {
  const type = fromC(field.type(), record.space);
  if (record.struct.name !== '' && !record.args) state.found.members.push({ struct: record.struct, name: expr.name.text, span: shift(expr.name, state.base) });
  return type;
}

/** The struct whose field is meant: `.` on a struct, `->` on a pointer to one; newer versions take either for both. */
function recordOf(state: State, expr: Field, object: BtType): Extract<BtType, { kind: 'record' }> | undefined {
  let at = object;
  if (isPointer(at)) {
    if (expr.op === '.' && !state.rules.modern) {
      fault(state, 'unknown-field', expr, `${textOf(state, expr.object)} is a pointer (${describeType(object)}): its fields are read with ->.`, { repairs: [replacement(state, expr.opSpan, '->', 'Replace . with ->')] });
      return undefined;
    }
    do at = at.to();
    while (isPointer(at) && state.rules.modern);
  } else if (at.kind === 'record' && expr.op === '->' && !at.args && !state.rules.modern) {
    fault(state, 'unknown-field', expr, `${textOf(state, expr.object)} is no pointer but a ${describeType(object)}: its fields are read with a dot.`, { repairs: [replacement(state, expr.opSpan, '.', 'Replace -> with .')] });
    return undefined;
  }
  if (at.kind === 'record') return at;
  if (isUnknown(at)) return undefined;
  const hint = isInteger(object) ? ' Cast it first: ((struct NAME *)…)->…' : '';
  fault(state, 'unknown-field', expr, `${textOf(state, expr.object)} is ${say(object)} and has no field ${expr.name.text}.${hint}`);
  return undefined;
}

function fieldOf(state: State, record: Extract<BtType, { kind: 'record' }>, name: Name): CField | undefined {
  const all = record.args ? (argStructs.get(record.struct) ?? [record.struct]) : [record.struct];
  for (const struct of all) if (!fieldNamed(struct, name.text)) return noField(state, record, struct, name);
  const first = all[0];
  return first ? fieldNamed(first, name.text) : undefined;
}

function noField(state: State, record: Extract<BtType, { kind: 'record' }>, struct: CStruct, name: Name): undefined {
  const fields = struct.fields();
  // A type that is only declared may be defined in a header that is not read here.
  if (fields.length === 0 && (state.types.includes || struct.size === 0) && !record.args) {
    if (!state.types.includes) fault(state, 'unknown-type', name, `What is in ${struct.kind} ${struct.name} is not known: it is only declared.`);
    return undefined;
  }
  const near = suggest(state.suggestions, name.text, () => fieldNames(struct));
  const what = record.args ? struct.name : `${struct.kind} ${struct.name || '(anonymous)'}`;
  const kernel = record.args || !state.types.ownNames.includes(struct.name) ? ` of ${state.options.inventory.label}` : '';
  const hint = near === undefined ? (fields.length <= 8 && fields.length > 0 ? ` It has ${fieldNames(struct).join(', ')}.` : '') : ` Did you mean ${near}?`;
  fault(state, 'unknown-field', name, `${what}${kernel} has no field ${name.text}.${hint}`, near === undefined ? {} : { repairs: [replacement(state, name, near)] });
  return undefined;
}

/** Names of all fields, those of anonymous members included. */
export function fieldNames(struct: CStruct, depth = 0): readonly string[] {
  return struct.fields().flatMap((field) => {
    if (field.name !== '') return [field.name];
    const inner = resolve(field.type());
    return (inner.kind === 'struct' || inner.kind === 'union') && depth < 16 ? fieldNames(inner, depth + 1) : [];
  });
}

function tupleElement(state: State, expr: Field, object: BtType, index: number): BtType {
  if (object.kind !== 'tuple') {
    fault(state, 'unknown-field', expr, `${textOf(state, expr.object)} is ${say(object)}; only tuples have elements such as .${index}.`);
    return unknown;
  }
  const element = object.names ? undefined : object.elements[index];
  if (object.names) fault(state, 'unknown-field', expr.name, `The elements of a record have names: ${object.names.join(', ')}.`);
  else if (!element) fault(state, 'unknown-field', expr.name, `This tuple has ${plural(object.elements.length, 'element')}, counted from 0: there is no .${index}.`);
  return element ?? unknown;
}

function namedElement(state: State, expr: Field, object: Extract<BtType, { kind: 'tuple' }>): BtType {
  const index = object.names?.indexOf(expr.name.text) ?? -1;
  const element = object.elements[index];
  if (element) return element;
  const near = suggest(state.suggestions, expr.name.text, () => object.names ?? []);
  const has = object.names ? `it has ${object.names.join(', ')}` : 'its elements are .0, .1, …';
  fault(state, 'unknown-field', expr.name, `${sentence(describeType(object))} has no ${expr.name.text}; ${has}.`, near === undefined ? {} : { repairs: [replacement(state, expr.name, near)] });
  return unknown;
}

export function typeOfIndex(state: State, expr: Index): BtType {
  const object = state.visit(expr.object);
  const index = state.visit(expr.index);
  const value = literalOf(state, expr.index);
  if (isUnknown(object)) return object;
  if (object.kind === 'tuple' && state.rules.modern) return typeof value === 'bigint' ? (object.elements[Number(value)] ?? outOfBounds(state, expr, value, object.elements.length)) : unknown;
  const element = elementOf(state, object);
  if (!element) {
    fault(state, 'type-mismatch', expr, `${textOf(state, expr.object)} is ${say(object)}; only arrays and pointers can be indexed.`);
    return unknown;
  }
  if (typeof value === 'bigint') {
    const length = object.kind === 'array' ? object.length : object.kind === 'string' && state.rules.modern ? object.size : 0;
    if (length > 0 && (value >= BigInt(length) || value < 0n)) return outOfBounds(state, expr, value, length);
  } else if (!isUnknown(index)) requireIndex(state, expr, index);
  return element;
}

function elementOf(state: State, object: BtType): BtType | undefined {
  if (object.kind === 'array') return object.of();
  if (isPointer(object)) return object.to();
  return object.kind === 'string' && state.rules.modern ? { kind: 'integer', bits: 8, signed: true } : undefined;
}

function outOfBounds(state: State, expr: Index, value: bigint, length: number): BtType {
  fault(state, 'out-of-bounds', expr.index, `Index ${value} is outside: this has ${plural(length, 'element')}, counted from 0.`);
  return unknown;
}

function requireIndex(state: State, expr: Index, index: BtType): void {
  if (state.rules.version[1] !== undefined && state.rules.version[0] === 0 && state.rules.version[1] < 24) fault(state, 'type-mismatch', expr.index, 'An index must be a number written out in this version.');
  else if (!isInteger(index)) fault(state, 'type-mismatch', expr.index, `An index must be an integer; this is ${say(index)}.`);
  else if (index.signed) fault(state, 'type-mismatch', expr.index, `An index must not be signed (${describeType(index)}): cast it to uint64.`, { repairs: [{ title: 'Cast to uint64', sure: false, edits: [{ span: shift({ start: expr.index.start, end: expr.index.start }, state.base), newText: '(uint64)' }] }] });
}

export function typeOfSizeOf(state: State, expr: SizeOf): BtType {
  const type = isExpr(expr.of) ? typeOfMeta(state, expr.of) : typeOfRef(state, expr.of);
  if (type.kind === 'record' && sizeOf(type) === 0 && !state.types.includes) fault(state, 'unknown-type', expr.of, `The size of ${describeType(type)} is not known: it is only declared.`);
  return uint64;
}

/** Inside `sizeof` and `offsetof` a word can be the name of a type. */
export function typeOfMeta(state: State, expr: Expr): BtType {
  const at = bare(expr);
  if (at.kind === 'identifier') {
    const type = state.types.typedef(at.name) ?? state.types.struct(at.name);
    if (type) return fromC(type, 'kernel');
    if (/^u?int(?:8|16|32|64)$|^string$|^bool$/.test(at.name)) return uint64;
  }
  return state.visit(expr);
}

export function typeOfOffsetOf(state: State, expr: OffsetOf): BtType {
  let type = isExpr(expr.of) ? typeOfMeta(state, expr.of) : typeOfRef(state, expr.of);
  for (const name of expr.path) {
    if (isUnknown(type)) return uint64;
    if (type.kind !== 'record') {
      fault(state, 'type-mismatch', name, `offsetof needs a struct or union; before .${name.text} stands ${say(type)}.`);
      return uint64;
    }
    const field = fieldOf(state, type, name);
    if (!field) return uint64;
    state.found.members.push({ struct: type.struct, name: name.text, span: shift(name, state.base) });
    type = fromC(field.type(), type.space);
  }
  return uint64;
}
