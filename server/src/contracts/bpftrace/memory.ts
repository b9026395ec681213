import { findField, resolve, type CField, type CStruct, type CType } from '../../kernel/ctype.ts';
import { fromC, sizeOf } from '../../language/bpftrace/analysis/ctypes/convert.ts';
import { describeType, type BtType } from '../../language/bpftrace/analysis/types.ts';
import type { Span } from '../../base/span.ts';
import { apply, bits, type IrExpr, type Shown } from '../ir/ir.ts';
import { read, textOf, type Cx } from './context.ts';
import { NoMeaning } from './no-meaning.ts';
import { decode, int, resize, toBits, widthOfType, type Place, type Value } from './values.ts';

/** What a pointer leads to, or what a value is a record of. */
export function placeOf(value: Value): Place {
  if (value.kind === 'place') return value;
  if (value.kind === 'bits' && value.type.kind === 'pointer') {
    let to = value.type.to();
    // Newer versions look through pointers to pointers by themselves; a read between them is missing then.
    if (to.kind === 'pointer') throw new NoMeaning('a pointer to a pointer is followed without *');
    if (to.kind === 'void' || to.kind === 'unknown') to = { kind: 'unknown' };
    return { kind: 'place', type: to, owner: ownerName(to), offset: 0, base: value.ir };
  }
  throw new NoMeaning('fields are read of what is no record');
}

const ownerName = (type: BtType): string => (type.kind === 'record' ? `${type.struct.kind} ${type.struct.name}` : describeType(type));

/** A field of a place; a whole record or array is a place again. */
export function fieldOf(cx: Cx, place: Place, name: string, span: Span, text = textOf(cx, span)): Value {
  if (place.type.kind !== 'record') throw new NoMeaning(`${describeType(place.type)} has no fields`);
  const { struct, space } = place.type;
  const field = findField(struct, name);
  if (!field) throw new NoMeaning(`it is not known what ${name} is`);
  const type = fromC(field.type(), space);
  const offset = place.offset + field.bitOffset;
  return load(cx, { ...place, type, offset }, { text, field });
}

interface Loaded {
  readonly text: string;
  readonly field?: CField;
}

/** What lies at a place: read now unless it is a record or an array, of which parts may be asked for. */
function load(cx: Cx, place: Place, { text, field }: Loaded): Value {
  const { type } = place;
  if (type.kind === 'record') return type.struct.name === '' || place.base === undefined ? place : { ...place, owner: ownerName(type), offset: 0, base: moved(place.base, place.offset) };
  if (type.kind === 'array') return place;
  const c = field && resolve(field.type());
  const isBool = c?.kind === 'int' && c.encoding === 'bool';
  const width = field?.bits ?? (isBool ? 1 : widthRead(type));
  const ir = read(cx, `${place.owner}+${place.offset}:${width}`, text, width, place.base, shownAs(cx, type, field?.type()));
  if (type.kind === 'integer') return { ...int(resize(ir, width, type.bits, type.signed), type.bits, type.signed), type };
  return { kind: 'bits', ir, bits: width, signed: false, type };
}

function widthRead(type: BtType): number {
  if (type.kind === 'integer') return type.bits;
  if (['pointer', 'string', 'bool', 'c-function'].includes(type.kind)) return 64;
  throw new NoMeaning(`it is not known what is read here (${describeType(type)})`);
}

const moved = (base: IrExpr, offset: number): IrExpr => (offset === 0 ? base : apply('add', 64, base, bits(offset / 8, 64)));

/** Where a place is; arguments have none. */
export function addressOf(place: Place): IrExpr {
  if (!place.base) throw new NoMeaning('arguments of a probe have no address here');
  return moved(place.base, place.offset);
}

/** Known of a string that is written down; of others whatever it is, the same for the same string and place. */
function characterOf(cx: Cx, string: IrExpr, index: Value, text: string): Value {
  const written = string.kind === 'const' ? cx.program.strings.get(string.value) : undefined;
  const at = index.kind === 'bits' ? index.literal : undefined;
  if (written !== undefined && at !== undefined) return int(bits(BigInt((JSON.parse(written) as string).charCodeAt(Number(at)) || 0), 8), 8, true);
  return int(read(cx, 'character', text, 8, apply('concat', 128, string, toBits(index, 64))), 8, true);
}

/** An element of an array, of a vector, or of what a pointer leads to. */
export function elementOf(cx: Cx, object: Value, index: Value, span: Span): Value {
  if (object.kind === 'vector') return ofVector(object, index);
  const text = textOf(cx, span);
  if (object.kind === 'bits' && object.type.kind === 'string') return characterOf(cx, object.ir, index, text);
  if (object.kind === 'bits' && object.type.kind === 'pointer') {
    const to = object.type.to();
    const at = apply('add', 64, object.ir, apply('mul', 64, toBits(index, 64), bits(Math.max(1, sizeOf(to)), 64)));
    return load(cx, { kind: 'place', type: to, owner: to.kind === 'record' ? ownerName(to) : `*${describeType(to)}`, offset: 0, base: at }, { text });
  }
  if (object.kind !== 'place' || object.type.kind !== 'array') throw new NoMeaning('an element is read of what is no array');
  const element = object.type.of();
  const size = Math.max(1, sizeOf(element));
  const distance = toBits(index, 64);
  if (element.kind === 'array') throw new NoMeaning('an array holds arrays');
  if (object.base === undefined) return load(cx, { kind: 'place', type: element, owner: `${object.owner}+${object.offset}[]`, offset: 0, base: distance }, { text });
  const at = apply('add', 64, addressOf(object), apply('mul', 64, distance, bits(size, 64)));
  return load(cx, { kind: 'place', type: element, owner: element.kind === 'record' ? ownerName(element) : `${object.owner}+${object.offset}[]`, offset: 0, base: at }, { text });
}

function ofVector({ ir, element, length }: Extract<Value, { kind: 'vector' }>, index: Value): Value {
  const width = sizeOf(element) * 8;
  const all = width * length;
  const low = apply('mul', 64, toBits(index, 64), bits(width, 64));
  const signed = element.kind === 'integer' && element.signed;
  if (index.kind === 'bits' && index.literal !== undefined && Number(index.literal) < length) return int({ kind: 'apply', op: 'extract', width, low: Number(index.literal) * width, args: [ir] }, width, signed);
  return int({ kind: 'apply', op: 'extract', width, low: 0, args: [apply('lshr', all, ir, resize(low, 64, all, false))] }, width, signed);
}

/** What a pointer leads to. */
export function dereference(cx: Cx, value: Value, span: Span): Value {
  if (value.kind === 'place') return value;
  if (value.kind !== 'bits') throw new NoMeaning('* is used on what is no pointer');
  const to: BtType = value.type.kind === 'pointer' ? value.type.to() : { kind: 'integer', bits: 64, signed: false };
  return load(cx, { kind: 'place', type: to, owner: to.kind === 'record' ? ownerName(to) : `*${describeType(to)}`, offset: 0, base: toBits(value, 64) }, { text: textOf(cx, span) });
}

/** A value that can be kept: of a record or array, what it holds now as one number. */
export function whole(cx: Cx, value: Value, at: Span): Value {
  if (value.kind === 'tuple') return { ...value, elements: value.elements.map((element) => whole(cx, element, at)) };
  if (value.kind !== 'place') return value;
  const width = widthOfType(value.type);
  const ir = read(cx, `${value.owner}+${value.offset} whole:${width}`, textOf(cx, at), width, value.base, { base: 16 });
  return decode(ir, value.type);
}

/** Addresses and what is in network order are read as hexadecimal numbers, enums by their names. */
function shownAs(cx: Cx, type: BtType, c: CType | undefined): Shown | undefined {
  if (type.kind === 'pointer') return { base: 16 };
  if (c?.kind === 'typedef' && /^__be\d+$/.test(c.name)) return { base: 16 };
  return shownRead(cx, type);
}

/** Strings are shown as they are written, where they are one that is. */
export function shownRead({ program }: Pick<Cx, 'program'>, type: BtType): Shown | undefined {
  return type.kind === 'string' ? { names: program.strings } : shownType(type);
}

function shownType(type: BtType): Shown | undefined {
  if (type.kind === 'pointer') return { base: 16 };
  if (type.kind !== 'integer') return undefined;
  const names = type.of && new Map(type.of.values().map(({ name, value }) => [BigInt.asUintN(type.bits, value), name]));
  return type.signed || names ? { ...(type.signed && { signed: true }), ...(names && { names }) } : undefined;
}

/** The struct of a socket that a record is, begins with, or stands for. */
export function socketIn(cx: Cx, value: Value, span: Span): Value {
  let place = placeOf(value);
  for (let depth = 0; depth < 8; depth++) {
    if (place.type.kind !== 'record') break;
    const { struct }: { struct: CStruct } = place.type;
    const name = ['skc_family', 'sk_family', 'family', 'sa_family', 'sin_family', 'sin6_family'].find((one) => findField(struct, one));
    if (name !== undefined) return fieldOf(cx, place, name, span);
    const inner = ['__sk_common', 'sk'].find((one) => findField(struct, one)) ?? struct.fields()[0]?.name;
    if (inner === undefined || inner === '') break;
    const next = fieldOf(cx, place, inner, span, `${textOf(cx, span)} (${inner})`);
    place = placeOf(next);
  }
  throw new NoMeaning('it is not known where this socket keeps its family');
}
