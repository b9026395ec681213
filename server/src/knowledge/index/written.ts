import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { breathing } from '../breathe.ts';
import { exactIndex } from '../exact.ts';
import { indexBy } from '../index-of.ts';
import { itemsOf } from '../items.ts';
import type { Embedder } from '../embed.ts';
import type { Knowledge } from '../knowledge.ts';
import type { Part } from '../part.ts';
import { specSchema, type Spec } from '../schema.ts';
import { hashOf, writeWhole } from '../store.ts';
import { itemTable } from './item-table.ts';

/** A spec that a model wrote. */
export interface Written {
  readonly spec: Spec;
  /** The model, as the settings name it. */
  readonly model: string;
  /** When, in milliseconds since 1970. */
  readonly at: number;
}

const writtenSchema = z.object({ format: z.literal(1), spec: specSchema, model: z.string().min(1).max(200), at: z.number() });

/**
 * Specs that models wrote, a file each, shared by all windows: once for a kernel's attach point of this very prototype. What is damaged or of
 * another version is as if it were not there.
 */
export class WrittenSpecs {
  readonly #dir: string;
  #all: Promise<ReadonlyMap<string, Written>> | undefined;

  constructor(cache: string) {
    this.#dir = join(cache, 'written');
  }

  async keep(written: Written): Promise<void> {
    this.#all = undefined;
    await writeWhole(join(this.#dir, fileOf(written.spec)), JSON.stringify({ format: 1, ...written }));
  }

  /** What was written of an attach point as long as its prototype is this one. */
  async of(point: Pick<Spec, 'id' | 'proto'>): Promise<Written | undefined> {
    const found = (await this.#read()).get(fileOf(point));
    return found?.spec.id === point.id ? found : undefined;
  }

  async all(): Promise<readonly Written[]> {
    return [...(await this.#read()).values()];
  }

  #read(): Promise<ReadonlyMap<string, Written>> {
    return (this.#all ??= this.#readAll());
  }

  async #readAll(): Promise<ReadonlyMap<string, Written>> {
    const names = (await readdir(this.#dir).catch(() => [])).filter((name) => name.endsWith('.json')).sort();
    const found = new Map<string, Written>();
    for (const name of names) {
      const written = parsed(await readFile(join(this.#dir, name), 'utf8').catch(() => ''));
      if (written && fileOf(written.spec) === name) found.set(name, written);
    }
    return found;
  }
}

function parsed(text: string): Written | undefined {
  try {
    return writtenSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function fileOf({ id, proto }: Pick<Spec, 'id' | 'proto'>): string {
  return `${hashOf(JSON.stringify([id, proto])).slice(0, 32)}.json`;
}

/** What models wrote, to be searched beside the rest; each says who wrote it. Undefined when there is nothing. */
export async function writtenPart(all: readonly Written[], embedder: Embedder, handicap: number): Promise<Part | undefined> {
  if (all.length === 0) return undefined;
  const items = itemsOf(all.map(({ spec, model }) => ({ ...spec, summary: `${spec.summary} (written by ${model})` })), []);
  const { vectors, lexical } = await indexBy(embedder, items, breathing());
  return { items: itemTable(items), vectors, lexical, index: exactIndex(vectors), handicap };
}

/** Knowledge that also gives the specs that models wrote. What they wrote takes the place of what was derived from the bare name. */
export function withWritten(knowledge: Knowledge, all: readonly Written[]): Knowledge {
  const written = new Map(all.map((one) => [one.spec.id, one]));
  return {
    index: knowledge.index,
    search: async (query, options) => {
      // Each may be found twice.
      const hits = await knowledge.search(query, { ...options, k: options.k + Math.min(written.size, options.k) });
      const seen = new Set<string>();
      return hits.filter(({ id, kind }) => !seen.has(`${kind} ${id}`) && seen.add(`${kind} ${id}`)).slice(0, options.k);
    },
    coverage: (query, id) => knowledge.coverage(query, id),
    example: (id) => knowledge.example(id),
    spec: (id) => {
      const one = written.get(id);
      return knowledge.spec(id) ?? (one && { ...one.spec, writtenBy: one.model });
    },
  };
}
