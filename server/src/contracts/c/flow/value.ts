import type { CStruct, CType } from '../../../kernel/ctype.ts';
import { joined, NOTHING, sameQuality, type Quality } from '../../properties/quality.ts';

/** Where a value was read first, through variables. */
export type Origin =
  /** A field of a struct; `beside` gives C for another one that is reached from the same owner. */
  | { readonly kind: 'field'; readonly struct: CStruct; readonly own: boolean; readonly name: string; readonly beside: (path: string) => string }
  | { readonly kind: 'clock' }
  /** A register: of an `int` the lower half counts. `bits`: as many as the function's prototype says that count. */
  | { readonly kind: 'register'; readonly bits: number }
  /** Something of 64 bits, of which all count. */
  | { readonly kind: 'wide' };

/** What is known of a value beside what it is. */
export interface CValue {
  readonly quality: Quality;
  readonly type: CType | undefined;
  readonly origin?: Origin;
  /** The name of the place where it lies, of what can be assigned to. */
  readonly place?: string;
  /** What a pointer points to. */
  readonly points?: CValue;
  /** It was in network order, and was turned round. */
  readonly turned?: true;
  /** The map whose entry it was read from, through variables. */
  readonly entry?: string;
}

export const NO_VALUE: CValue = { quality: NOTHING, type: undefined };

/** A value that comes from one of two places. */
export function either(a: CValue | undefined, b: CValue): CValue {
  if (!a || a === b) return b;
  const points = a.points && b.points && a.points.place === b.points.place ? a.points : undefined;
  const origin = sameOrigin(a.origin, b.origin) ? a.origin : undefined;
  return { quality: joined(a.quality, b.quality), type: a.type ?? b.type, ...(origin && { origin }), ...(a.place === b.place && a.place !== undefined && { place: a.place }), ...(points && { points }), ...(a.turned && b.turned && { turned: true as const }), ...(a.entry !== undefined && a.entry === b.entry && { entry: a.entry }) };
}

function sameOrigin(a: Origin | undefined, b: Origin | undefined): boolean {
  if (a?.kind === 'field' && b?.kind === 'field') return a.struct.name === b.struct.name && a.name === b.name;
  if (a?.kind === 'register' && b?.kind === 'register') return a.bits === b.bits;
  return a?.kind === b?.kind;
}

export function sameValue(a: CValue, b: CValue): boolean {
  return sameQuality(a.quality, b.quality) && sameOrigin(a.origin, b.origin) && a.points?.place === b.points?.place && a.entry === b.entry;
}

/** What is known of a value without where it lies: of a copy. */
export function copied({ place: _place, ...value }: CValue): CValue {
  return value;
}
