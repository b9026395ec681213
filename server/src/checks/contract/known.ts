import type { Facts, ValueFacts } from '../../contracts/properties/facts.ts';

/** What the knowledge base says: it is taken for granted. */
export interface Known {
  /** Of an attach point as one writes it. */
  conditions(id: string): { readonly pre: readonly string[]; readonly post: readonly string[] } | undefined;
  /** Unit and byte order of an argument or result of what is called `id`, of a field without a name. */
  value(id: string, name?: string): { readonly unit?: string | undefined; readonly byteOrder?: ValueFacts['byteOrder'] | undefined } | undefined;
}

/** The same as the language of contracts asks for it. */
export function factsOf(known: Known): Facts {
  return {
    value(id, name) {
      const { unit, byteOrder } = known.value(id, name) ?? {};
      return { ...(unit !== undefined && { unit }), ...(byteOrder !== undefined && { byteOrder }) };
    },
  };
}
