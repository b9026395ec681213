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
  knowledge = new LocalKnowledge(recordsOf(specs, examples), embedder, { items: itemTable(own), vectors, lexical, index: exactIndex(vectors), handicap: 0 }, [part]);
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
    for (const [questions, least] of [[QUESTIONS, 0.95], [HELD_OUT, 0.85]] as const) {
      let found = 0;
      for (const [question, ...wanted] of questions) if ((await ids(question)).some((id) => wanted.includes(id))) found++;
      console.log(`recall@10 beside thousands of the kernel's own, of ${questions.length} questions: ${(found / questions.length).toFixed(3)}`);
      expect(found / questions.length).toBeGreaterThanOrEqual(least);
    }
  }, 120_000);
});
