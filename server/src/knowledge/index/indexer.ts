import { DIMENSIONS, type Embedder } from '../embed.ts';
import type { Item } from '../items.ts';
import { lexicalIndex, type LexicalIndex } from '../lexical.ts';
import { termsOf, type Terms } from '../terms.ts';
import { emptyVectors, setVector, type Vectors } from '../vector-index.ts';
import { ItemPacker, type PackedItems } from './item-table.ts';

/** Vectors that are filled before there is room for more. */
const ROOM = 4_096;

/** Indexes items that come one after the other: nothing is kept of them but what is searched. */
export class ItemIndexer {
  readonly #embedder: Embedder;
  readonly #items = new ItemPacker();
  readonly #words: Terms[] = [];
  readonly #vectors: Vectors[] = [];

  constructor(embedder: Embedder) {
    this.#embedder = embedder;
  }

  get count(): number {
    return this.#words.length;
  }

  add(item: Item): void {
    const at = this.count % ROOM;
    if (at === 0) this.#vectors.push(emptyVectors(ROOM, DIMENSIONS));
    const terms = termsOf(item.fields);
    const room = this.#vectors.at(-1);
    if (room) setVector(room, at, this.#embedder.document(terms));
    this.#words.push(terms);
    this.#items.add(item);
  }

  finish(): { readonly items: PackedItems; readonly vectors: Vectors; readonly lexical: LexicalIndex } {
    return { items: this.#items.packed(), vectors: joined(this.#vectors, this.count), lexical: lexicalIndex(this.#words) };
  }
}

/** The first `count` of vectors that lie in pieces. */
export function joined(pieces: readonly Vectors[], count: number): Vectors {
  const dimensions = pieces[0]?.dimensions ?? DIMENSIONS;
  const all = emptyVectors(count, dimensions);
  let at = 0;
  for (const piece of pieces) {
    const taken = Math.min(piece.count, count - at);
    all.data.set(piece.data.subarray(0, taken * dimensions), at * dimensions);
    all.scales.set(piece.scales.subarray(0, taken), at);
    at += taken;
  }
  return all;
}
