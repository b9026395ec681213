import { sizeOf } from '../../language/bpftrace/analysis/ctypes/convert.ts';
import { describeType, type BtType } from '../../language/bpftrace/analysis/types.ts';
import { apply, bits, truth, type IrExpr } from '../ir/ir.ts';
import { NoMeaning } from './no-meaning.ts';

/** The value of an expression. */
export type Value =
  /** A number, an address, or what stands for a string, a stack, …: `type` says which. `literal`: a number written down. */
  | { readonly kind: 'bits'; readonly ir: IrExpr; readonly bits: number; readonly signed: boolean; readonly type: BtType; readonly literal?: bigint }
  | { readonly kind: 'truth'; readonly ir: IrExpr }
  | { readonly kind: 'tuple'; readonly elements: readonly Value[]; readonly names?: readonly string[] }
  /** An array as a value, its first element in the lowest bits. */
  | { readonly kind: 'vector'; readonly ir: IrExpr; readonly element: BtType; readonly length: number }
  | Place
  /** What `delete()` and the like give. */
  | { readonly kind: 'nothing' };

/** A struct or an array where it lies in memory, or among the arguments of a probe. */
export interface Place {
  readonly kind: 'place';
  readonly type: BtType;
  /** The struct with a name that it is in, `args` for arguments, and the bits from that one's begin. */
  readonly owner: string;
  readonly offset: number;
  /** Where the owner begins; arguments have no address. */
  readonly base?: IrExpr;
}

export type Bits = Extract<Value, { kind: 'bits' }>;

export const int = (ir: IrExpr, width: number, signed: boolean): Bits => ({ kind: 'bits', ir, bits: width, signed, type: { kind: 'integer', bits: width as 64, signed } });
export const literal = (value: bigint): Bits => ({ ...int(bits(value, 64), 64, value < 1n << 63n), literal: value });

/** Bits a value of a type takes in variables and maps. What has no content here, such as a string, is a number that stands for it. */
export function widthOfType(type: BtType): number {
  switch (type.kind) {
    case 'integer':
      return type.bits;
    case 'bool':
      return 1;
    case 'tuple':
      return type.elements.reduce((sum, e) => sum + widthOfType(e), 0);
    case 'inet':
      return INET;
    case 'array':
      return isVector(type) ? sizeOf(type) * 8 : 64;
    case 'aggregation':
      return type.of === 'avg' || type.of === 'stats' ? 128 : type.of === 'hist' || type.of === 'lhist' || type.of === 'tseries' ? 1 : 64;
    default:
      return 64;
  }
}

/** An address with its family. */
export const INET = 136;

/** Bytes of an array that is kept with all its elements. */
const MAX_VECTOR = 64;

/** A short array of integers, kept with all its elements. */
function isVector(type: Extract<BtType, { kind: 'array' }>): boolean {
  return type.of().kind === 'integer' && sizeOf(type) > 0 && sizeOf(type) <= MAX_VECTOR;
}

/** An integer or address made wider by its sign, or cut. */
export function resize(ir: IrExpr, from: number, to: number, signed: boolean): IrExpr {
  if (from === to) return ir;
  if (ir.kind === 'const') return bits(signed ? BigInt.asIntN(from, ir.value) : ir.value, to);
  return from < to ? apply(signed ? 'sext' : 'zext', to, ir) : slice(ir, 0, to);
}

export function slice(ir: IrExpr, low: number, width: number): IrExpr {
  return { kind: 'apply', op: 'extract', width, args: [ir], low };
}

export function choose(condition: IrExpr, then: IrExpr, otherwise: IrExpr, width: number | 'bool'): IrExpr {
  return apply('ite', width, condition, then, otherwise);
}

/** As a number of so many bits. */
export function toBits(value: Value, width: number): IrExpr {
  switch (value.kind) {
    case 'bits':
      return resize(value.ir, value.bits, width, value.signed);
    case 'truth':
      return choose(value.ir, bits(1, width), bits(0, width), width);
    case 'vector':
      return resize(value.ir, value.length * widthOfType(value.element), width, false);
    default:
      throw new NoMeaning(`${sayValue(value)} is used as a number`);
  }
}

export function sayValue(value: Value): string {
  if (value.kind === 'place') return `a ${describeType(value.type)}`;
  return value.kind === 'tuple' ? 'a tuple' : value.kind === 'nothing' ? 'what gives no value' : value.kind === 'bits' ? describeType(value.type) : value.kind;
}

/** Whether it is not 0. */
export function toTruth(value: Value): IrExpr {
  if (value.kind === 'truth') return value.ir;
  if (value.kind !== 'bits') throw new NoMeaning(`${sayValue(value)} is used as a condition`);
  return value.ir.kind === 'const' ? truth(value.ir.value !== 0n) : apply('negate', 'bool', apply('eq', 'bool', value.ir, bits(0, value.bits)));
}

/** As it is kept in a variable or map of a type. */
export function encode(value: Value, type: BtType): IrExpr {
  if (type.kind === 'tuple') {
    if (value.kind !== 'tuple' || value.elements.length !== type.elements.length) throw new NoMeaning(`${sayValue(value)} is kept as ${describeType(type)}`);
    const parts = type.elements.map((element, i) => encode(value.elements[i] ?? { kind: 'nothing' }, element));
    return parts.length === 1 ? (parts[0] ?? bits(0, 1)) : apply('concat', widthOfType(type), ...parts);
  }
  if (type.kind === 'bool') return choose(toTruth(value), bits(1, 1), bits(0, 1), 1);
  if (value.kind === 'place' || value.kind === 'tuple') throw new NoMeaning(`${sayValue(value)} is kept as a whole`);
  return toBits(value, widthOfType(type));
}

/** What `encode` made, as a value again. */
export function decode(ir: IrExpr, type: BtType): Value {
  if (type.kind === 'bool') return { kind: 'truth', ir: apply('eq', 'bool', ir, bits(1, 1)) };
  if (type.kind === 'tuple') {
    let low = widthOfType(type);
    const elements = type.elements.map((element) => {
      const width = widthOfType(element);
      low -= width;
      return decode(type.elements.length === 1 ? ir : slice(ir, low, width), element);
    });
    return { kind: 'tuple', elements, ...(type.names && { names: type.names }) };
  }
  if (type.kind === 'aggregation') return decodeAggregation(ir, type);
  if (type.kind === 'array' && isVector(type)) return { kind: 'vector', ir, element: type.of(), length: type.length };
  return { kind: 'bits', ir, bits: widthOfType(type), signed: type.kind === 'integer' && type.signed, type };
}

/** Read as a number: the total of a sum, the mean of an average. */
function decodeAggregation(ir: IrExpr, type: Extract<BtType, { kind: 'aggregation' }>): Value {
  switch (type.of) {
    case 'count':
    case 'sum':
    case 'min':
    case 'max':
      return int(ir, 64, type.signed);
    case 'avg': {
      const [total, count] = [slice(ir, 64, 64), slice(ir, 0, 64)];
      return int(choose(apply('eq', 'bool', count, bits(0, 64)), bits(0, 64), apply(type.signed ? 'sdiv' : 'udiv', 64, total, count), 64), 64, type.signed);
    }
    default:
      return { kind: 'bits', ir, bits: widthOfType(type), signed: false, type };
  }
}

/** Bytes that adding 1 to a pointer moves it. */
export function stride(type: BtType): bigint {
  return type.kind === 'pointer' ? BigInt(Math.max(1, sizeOf(type.to()))) : 1n;
}
