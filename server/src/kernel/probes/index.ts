import type { ListedProvider, ProbeIndex } from '../inventory.ts';
import { completePart } from './complete.ts';
import { nameAndGroup, printRow, visitRows, type Listing, type Listings } from './listing.ts';
import { similarRows } from './similar.ts';

/** Answers questions about attach points from the listings of the providers that are known. */
export class Probes implements ProbeIndex {
  readonly #listings: ReadonlyMap<ListedProvider, Listings>;
  #count: number | undefined;

  constructor(listings: readonly Listings[]) {
    this.#listings = new Map(listings.flatMap((several) => several.providers.map((provider) => [provider, several] as const)));
  }

  get count(): number {
    return (this.#count ??= [...this.#listings.keys()].reduce((sum, provider) => sum + this.countMatches(provider, '*'), 0));
  }

  knows(provider: ListedProvider): boolean {
    return this.#listings.has(provider);
  }

  has(provider: ListedProvider, ...parts: string[]): boolean {
    const { early, made } = this.#listings.get(provider) ?? {};
    const [name = '', ...more] = parts;
    if (early && made?.isMade === false && more.length === 0 && !name.includes('*')) return early(name);
    let found = false;
    this.#visit(provider, parts, parts.some((part) => part.includes('*')) ? 'listed' : 'attachable', () => !(found = true));
    return found;
  }

  countMatches(provider: ListedProvider, ...parts: string[]): number {
    let count = 0;
    this.#visit(provider, parts, 'listed', () => ++count > 0);
    return count;
  }

  matches(provider: ListedProvider, parts: readonly string[], limit: number): readonly string[] {
    const found: string[] = [];
    if (limit > 0) this.#visit(provider, parts, 'listed', (row, listing) => found.push(printRow(listing, row, nameAndGroup(listing, parts).group !== undefined)) < limit);
    return found;
  }

  complete(provider: ListedProvider, before: readonly string[], prefix: string, limit: number): readonly string[] {
    const listing = this.#listing(provider);
    return listing && limit > 0 ? completePart(listing, before, prefix, limit) : [];
  }

  similar(provider: ListedProvider, parts: readonly string[], limit: number): readonly string[] {
    const listing = this.#listing(provider);
    if (!listing) return [];
    const names = new Set(similarRows(listing, parts).map((row) => printRow(listing, row)));
    return [...names].slice(0, Math.max(0, limit));
  }

  #listing(provider: ListedProvider): Listing | undefined {
    return this.#listings.get(provider)?.made.get().find((listing) => listing.provider === provider);
  }

  #visit(provider: ListedProvider, parts: readonly string[], which: 'listed' | 'attachable', visit: (row: number, listing: Listing) => boolean): void {
    const listing = this.#listing(provider);
    if (listing) visitRows(listing, parts, which, (row) => visit(row, listing));
  }
}
