import { DIMENSIONS, Embedder } from './embed.ts';
import type { Item } from './items.ts';
import type { LatentModel } from './latent.ts';
import { lexicalIndex, type LexicalIndex } from './lexical.ts';
import type { Breathe } from './svd.ts';
import { termsOf, type Terms } from './terms.ts';
import { emptyVectors, setVector, type Vectors } from './vector-index.ts';

/** What is searched: the vector and the words of each item, in the order of the items. */
export interface Indexed {
  readonly model: LatentModel;
  readonly vectors: Vectors;
  readonly lexical: LexicalIndex;
}

/** Items between two pauses: some milliseconds of work. */
const ITEMS_AT_ONCE = 32;

/** Learns from the items and indexes them. */
export async function indexItems(items: readonly Item[], breathe: Breathe, onIndexed: (items: number) => void = () => {}): Promise<Indexed> {
  const model = await Embedder.learn(items.map((item) => item.fields), breathe);
  return { model, ...(await indexBy(new Embedder(model), items, breathe, onIndexed)) };
}

/** Indexes items by what was learned from others. */
export async function indexBy(embedder: Embedder, items: readonly Item[], breathe: Breathe, onIndexed: (items: number) => void = () => {}): Promise<Omit<Indexed, 'model'>> {
  const vectors = emptyVectors(items.length, DIMENSIONS);
  const words: Terms[] = [];
  for (const [i, item] of items.entries()) {
    if (i % ITEMS_AT_ONCE === 0) await breathe();
    const terms = termsOf(item.fields);
    words.push(terms);
    setVector(vectors, i, embedder.document(terms));
    onIndexed(i + 1);
  }
  return { vectors, lexical: lexicalIndex(words) };
}
