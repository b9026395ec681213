import type { Item } from '../items.ts';
import { pack, unpack } from '../packed.ts';
import { hashOf } from '../store.ts';
import { emptyVectors, normalized, setVector, type Vectors } from '../vector-index.ts';
import type { PartOptions } from './build-part.ts';
import { joined } from './indexer.ts';
import { MAX_TEXT, type TextEmbedder } from './text-embedder.ts';
import { Unfinished } from './unfinished.ts';

/** Texts in one request: an answer of some hundred kilobytes, which is read in a few milliseconds. */
const IN_ONE_REQUEST = 32;

/** What is sent of an item: its texts, the telling ones first. */
export function textOf({ fields }: Item): string {
  const texts = fields.filter(({ text }) => text !== '').toSorted((a, b) => b.weight - a.weight).map(({ text }) => text);
  return texts.join('\n').slice(0, MAX_TEXT);
}

/** Has a server make the vectors of items. Each answer is kept at once: what was paid for is not asked for again when the build goes on later. */
export async function embedItems(embedder: TextEmbedder, items: readonly Item[], { out, onProgress, signal }: Pick<PartOptions, 'out' | 'onProgress' | 'signal'>, onWaiting?: (reason: string) => void): Promise<Vectors> {
  const unfinished = new Unfinished(out);
  const never = new AbortController().signal;
  const pieces: Vectors[] = [];
  for (let from = 0; from < items.length; from += IN_ONE_REQUEST) {
    signal?.throwIfAborted();
    const texts = items.slice(from, from + IN_ONE_REQUEST).map(textOf);
    const key = hashOf(JSON.stringify([embedder.name, texts]));
    const kept = await unfinished.bytes(key);
    const piece = (kept && readPiece(kept, texts.length)) ?? quantized(await embedder.embed(texts, signal ?? never, onWaiting));
    if (!kept) await unfinished.keep(key, pack({ data: piece.data, scales: piece.scales }));
    pieces.push(piece);
    if (piece.dimensions !== pieces[0]?.dimensions) throw new Error(`${embedder.name} gives vectors of ${piece.dimensions} numbers, and gave some of ${pieces[0]?.dimensions ?? 0} before`);
    onProgress?.({ step: 'embedding', done: Math.min(from + IN_ONE_REQUEST, items.length), total: items.length });
  }
  return joined(pieces, items.length);
}

function quantized(vectors: readonly Float32Array[]): Vectors {
  const made = emptyVectors(vectors.length, vectors[0]?.length ?? 0);
  for (const [i, vector] of vectors.entries()) setVector(made, i, normalized(vector));
  return made;
}

function readPiece(bytes: Uint8Array, count: number): Vectors | undefined {
  const { data, scales } = unpack(bytes);
  if (!(data instanceof Int8Array) || !(scales instanceof Float32Array) || scales.length !== count) return undefined;
  return { data, scales, count, dimensions: data.length / count };
}
