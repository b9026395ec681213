import { divided, multiplied, sameUnit, type Unit } from './units.ts';

/** What is known of a number beside its value and its type. Nothing known says nothing. */
export interface Quality {
  /** In which order its bytes stand. `network` with the bits it was read with. */
  readonly order?: Order;
  readonly unit?: Unit;
  /** A constant of the program: it has every order and unit. */
  readonly constant?: bigint;
}

export type Order = { readonly kind: 'host' } | { readonly kind: 'network'; readonly bits: 16 | 32 | 64 };

export const NOTHING: Quality = {};
export const HOST: Order = { kind: 'host' };

const sameOrder = (a: Order | undefined, b: Order | undefined): boolean => a?.kind === b?.kind && (a?.kind !== 'network' || b?.kind !== 'network' || a.bits === b.bits);

/** What is known of a value that comes from one of two places. */
export function joined(a: Quality, b: Quality): Quality {
  if (a === b) return a;
  if (a.constant !== undefined && b.constant !== undefined) return a.constant === b.constant ? a : NOTHING;
  // A constant beside a measure (`x ? ns : 0`) takes its meaning.
  if (a.constant !== undefined) return withoutConstant(b);
  if (b.constant !== undefined) return withoutConstant(a);
  const order = sameOrder(a.order, b.order) ? a.order : undefined;
  const unit = a.unit && b.unit && sameUnit(a.unit, b.unit) ? a.unit : undefined;
  return { ...(order && { order }), ...(unit && { unit }) };
}

function withoutConstant({ order, unit }: Quality): Quality {
  return { ...(order && { order }), ...(unit && { unit }) };
}

export function sameQuality(a: Quality, b: Quality): boolean {
  return a.constant === b.constant && sameOrder(a.order, b.order) && (a.unit === b.unit || (a.unit !== undefined && b.unit !== undefined && sameUnit(a.unit, b.unit)));
}

/** `a op b` for what is no comparison. */
export function computed(op: string, a: Quality, b: Quality): Quality {
  const unit = unitOf(op, a, b);
  const constant = a.constant !== undefined && b.constant !== undefined ? fold(op, a.constant, b.constant) : undefined;
  const order = constant === undefined ? orderOf(op, a, b) : undefined;
  return { ...(order && { order }), ...(unit && { unit }), ...(constant !== undefined && { constant }) };
}

/** Bytes that are masked, shifted or put together are no longer a number in one order. */
function orderOf(op: string, a: Quality, b: Quality): Order | undefined {
  const host = (q: Quality): boolean => q.constant !== undefined || q.order?.kind === 'host';
  return /^[-+*/%]$/.test(op) && host(a) && host(b) ? HOST : undefined;
}

function unitOf(op: string, a: Quality, b: Quality): Unit | undefined {
  switch (op) {
    case '+':
    case '-':
      if (a.unit && b.unit) return sameUnit(a.unit, b.unit) ? a.unit : undefined;
      return a.unit ?? b.unit;
    case '*':
      return a.unit ? scaled(multiplied, a.unit, b.constant) : b.unit && scaled(multiplied, b.unit, a.constant);
    case '/':
      return a.unit && scaled(divided, a.unit, b.constant);
    case '<<':
      return a.unit && scaled(multiplied, a.unit, power(b.constant));
    case '>>':
      return a.unit && scaled(divided, a.unit, power(b.constant));
    case '&':
      return b.constant === undefined ? undefined : a.unit;
    default:
      return undefined;
  }
}

function scaled(how: typeof multiplied, unit: Unit, by: bigint | undefined): Unit | undefined {
  return by === undefined ? undefined : how(unit, by);
}

const power = (by: bigint | undefined): bigint | undefined => (by === undefined || by < 0n || by > 63n ? undefined : 1n << by);

function fold(op: string, a: bigint, b: bigint): bigint | undefined {
  switch (op) {
    case '+': return a + b;
    case '-': return a - b;
    case '*': return a * b;
    case '/': return b === 0n ? undefined : a / b;
    case '<<': return b < 0n || b > 63n ? undefined : a << b;
    case '>>': return b < 0n || b > 63n ? undefined : a >> b;
    default: return undefined;
  }
}

/** `bswap`, `ntohs`, `htonl`: what was in one order is in the other, if it is as wide. */
export function swapped(of: Quality, bits: 16 | 32 | 64): Quality {
  if (of.order?.kind === 'network') return of.order.bits === bits ? { ...(of.unit && { unit: of.unit }), order: HOST } : NOTHING;
  return of.order?.kind === 'host' || of.constant !== undefined ? { order: { kind: 'network', bits } } : NOTHING;
}
