import type { Term } from '../terms/term.ts';
import { widthOf } from '../terms/term.ts';
import type { Terms } from '../terms/terms.ts';

/** A map as it is declared, or a variable of the program that lives as long as the program: it is kept as a map of one entry. */
export interface MapInfo {
  readonly name: string;
  /** `hash`: entries come and go. `array`: all are there, 0 in the beginning. `filled`: users fill it. `other`: it is not followed. */
  readonly kind: 'hash' | 'array' | 'filled' | 'other';
  readonly keyBytes: number;
  readonly valueBytes: number;
  readonly entries: number;
  /** What an entry holds before it is written, of a variable that is initialised. */
  readonly initial?: Uint8Array;
}

/** What an address leads to, other than memory of the kernel. Told apart by identity. */
export type Region =
  /** Bytes of the program's own: a frame of the stack, a record that was reserved. */
  | { readonly kind: 'own'; readonly name: string }
  | { readonly kind: 'context' }
  | { readonly kind: 'packet' }
  | { readonly kind: 'constant'; readonly name: string; readonly bytes: Uint8Array; /** May be set before the program is loaded. */ readonly settable: boolean }
  | { readonly kind: 'map'; readonly map: MapInfo }
  /** A variable of the program that lives as long as the program. */
  | { readonly kind: 'variable'; readonly map: MapInfo }
  /** The value of an entry; `made`: how many statements there were when it was looked up. */
  | { readonly kind: 'entry'; readonly map: MapInfo; readonly key: Term; readonly made: number };

export interface Place {
  readonly region: Region;
  /** In bytes, 64 bits wide. */
  readonly offset: Term;
  /** Whether the address is in this region, when there are several it may be in. */
  readonly when: Term;
}

/** An address as one of a field of a kernel's struct. */
export interface CoreAddress {
  readonly struct: string;
  /** Where the struct begins. */
  readonly root: Term;
}

/** A number that the loader adapts: the offset of a field. */
export interface CoreOffset {
  readonly struct: string;
  readonly offset: number;
}

/** What a register holds. */
export interface Value {
  /** 64 bits in a register; as many as were stored in memory. */
  readonly term: Term;
  /** Where it leads to when it is an address; empty for a number and an address of the kernel's. */
  readonly places: readonly Place[];
  readonly core?: CoreAddress;
  readonly coreOffset?: CoreOffset;
  /** The function of the program that it is the address of. */
  readonly code?: { readonly section: number; readonly at: number };
}

export const number = (term: Term): Value => ({ term, places: [] });

/** A value that comes from one of several ways; the conditions exclude each other, and one of them holds. */
export function merged(terms: Terms, ways: readonly { readonly when: Term; readonly value: Value }[]): Value {
  const first = ways[0]?.value;
  if (!first) throw new TypeError('a value from nowhere');
  if (ways.every(({ value }) => value === first)) return first;
  const choose = (of: (value: Value) => Term | undefined): Term | undefined => ways.reduceRight<Term | undefined>((rest, { when, value }) => {
    const one = of(value);
    return one === undefined ? rest : rest === undefined ? one : terms.ite(when, one, rest);
  }, undefined);
  const width = widthOf(first.term);
  const term = choose((value) => value.term) ?? terms.bits(0n, width);
  const regions = new Set(ways.flatMap(({ value }) => value.places.map(({ region }) => region)));
  const places = [...regions].map((region): Place => {
    const placeIn = (value: Value): Place | undefined => value.places.find((place) => place.region === region);
    const offset = choose((value) => placeIn(value)?.offset) ?? terms.bits(0n, 64);
    return { region, offset, when: terms.any(ways.flatMap(({ when, value }) => { const place = placeIn(value); return place ? [terms.all([when, place.when])] : []; })) };
  });
  const { core } = first;
  const sameCore = core && ways.every(({ value }) => value.core?.struct === core.struct && value.core.root === core.root);
  return { term, places, ...(sameCore && { core }) };
}

/** An address some bytes further on. */
export function moved(terms: Terms, value: Value, by: Term): Value {
  const add = (term: Term): Term => terms.arithmetic('add', term, by);
  return { term: add(value.term), places: value.places.map((place) => ({ ...place, offset: add(place.offset) })), ...(value.core && { core: value.core }) };
}
