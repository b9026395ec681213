import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundled } from '../../test/support/inventory.ts';
import { breathing } from './breathe.ts';
import { derivedItems } from './derived.ts';
import { Embedder } from './embed.ts';
import { exactIndex } from './exact.ts';
import { indexBy, indexItems } from './index-of.ts';
import { itemTable } from './index/item-table.ts';
import { recordsOf } from './index/records.ts';
import { itemsOf, type Item } from './items.ts';
import { loadSource } from './load.ts';
import { LocalKnowledge } from './local.ts';
import { DERIVED_HANDICAP } from './part.ts';
import { HELD_OUT, QUESTIONS } from './questions.test-data.ts';

const SOURCE = fileURLToPath(new URL('../../../knowledge', import.meta.url));
let derived: readonly Item[];
let knowledge: LocalKnowledge;
/** The same without what nobody described. */
let described: LocalKnowledge;

beforeAll(async () => {
  const { specs, examples } = await loadSource(SOURCE);
  const own = itemsOf(specs, examples);
  const known = new Set(specs.map((spec) => spec.id));
  derived = [...derivedItems(bundled, (id) => known.has(id))].flat();
  const { model, vectors, lexical } = await indexItems(own, breathing());
  const embedder = new Embedder(model);
  // A quarter of them tells as much, in a quarter of the time.
  const some = derived.filter(({ id }, i) => i % 4 === 0 || /ext4_ext_|zs_page/.test(id));
  const beside = await indexBy(embedder, some, breathing());
  const part = { items: itemTable(some), ...beside, index: exactIndex(beside.vectors), handicap: DERIVED_HANDICAP };
  const ownPart = { items: itemTable(own), vectors, lexical, index: exactIndex(vectors), handicap: 0 };
  knowledge = new LocalKnowledge(recordsOf(specs, examples), embedder, ownPart, [part]);
  described = new LocalKnowledge(recordsOf(specs, examples), embedder, ownPart);
}, 120_000);

const ids = async (question: string, k = 10): Promise<string[]> => (await knowledge.search(question, { k })).map((hit) => hit.id);

describe('what a kernel has that nobody described', () => {
  it('is told by its names and types', () => {
    expect(derived.length).toBeGreaterThan(30_000);
    expect(derived.find((item) => item.id === 'kprobe:ext4_ext_insert_extent')?.summary).toMatch(/^struct ext4_ext_path \*ext4_ext_insert_extent\(handle_t \*handle, struct inode \*inode, /);
    expect(derived.filter(({ id }) => id === 'tracepoint:skb:kfree_skb' || /^kprobe:(?:__probestub|perf_trace)_/.test(id))).toEqual([]);
  });

  it('is found by its name, and by the words in it', async () => {
    expect((await ids('kprobe:ext4_ext_insert_extent'))[0]).toBe('kprobe:ext4_ext_insert_extent');
    expect((await ids('ext4 insert extent')).slice(0, 5)).toContain('kprobe:ext4_ext_insert_extent');
    expect((await ids('zs page migrate')).slice(0, 5)).toContain('kprobe:zs_page_migrate');
  });

  it('does not come before what answers the question', async () => {
    const questions = [...QUESTIONS, ...HELD_OUT];
    const found = async (by: LocalKnowledge): Promise<number> => {
      const answered = await Promise.all(questions.map(async ([question, ...wanted]) => (await by.search(question, { k: 10 })).some((hit) => wanted.includes(hit.id))));
      return answered.filter(Boolean).length / questions.length;
    };
    const [beside, alone] = [await found(knowledge), await found(described)];
    console.log(`recall@10 of ${questions.length} questions: ${alone.toFixed(3)}, beside thousands of the kernel's own ${beside.toFixed(3)}`);
    expect(beside).toBeGreaterThanOrEqual(alone - 0.02);
  }, 120_000);
});
