import { DIMENSIONS, Embedder, type EmbedderModel } from './embed.ts';
import type { Item } from './items.ts';
import type { Vectors } from './vector-index.ts';

/** The vectors of all passages of all items, one item's behind the other's. */
export interface Embedded {
  readonly vectors: Vectors;
  readonly model: EmbedderModel;
}

/** Items between two pauses: some milliseconds of work. */
const ITEMS_AT_ONCE = 16;

export function learn(items: readonly Item[]): EmbedderModel {
  return Embedder.learn(items.map((item) => item.passages[0] ?? []));
}

export async function embedItems(items: readonly Item[], onEmbedded: (items: number) => void = () => {}, signal?: AbortSignal): Promise<Embedded> {
  const model = learn(items);
  const embedder = new Embedder(model);
  const count = items.reduce((n, item) => n + item.passages.length, 0);
  const data = new Float32Array(count * DIMENSIONS);
  let label = 0;
  for (const [i, item] of items.entries()) {
    for (const passage of item.passages) data.set(embedder.document(passage), label++ * DIMENSIONS);
    if (i % ITEMS_AT_ONCE === 0) {
      await new Promise((resume) => setImmediate(resume));
      signal?.throwIfAborted();
    }
    onEmbedded(i + 1);
  }
  return { vectors: { data, dimensions: DIMENSIONS, count }, model };
}

/** The item each vector belongs to. */
export function ownersOf(items: readonly Item[]): Uint32Array {
  return Uint32Array.from(items.flatMap((item, i) => item.passages.map(() => i)));
}
