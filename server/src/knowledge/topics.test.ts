import { beforeAll, expect, it } from 'vitest';
import { Embedder } from './embed.ts';
import { recordsOf } from './index/records.ts';
import { itemsOf } from './items.ts';
import type { Example } from './knowledge.ts';
import { specSchema } from './schema.ts';
import { breathing } from './breathe.ts';
import { Topics } from './topics.ts';

const spec = (record: object) => specSchema.parse({ kind: 'attach-point', proto: '', meaning: '', ...record });
const SPECS = [
  spec({ id: 'kprobe:vfs_unlink', summary: 'A file is deleted' }),
  spec({ id: 'kprobe:oom_kill_process', summary: 'The kernel kills a process to free memory' }),
  spec({ id: 'topic:deletes', kind: 'topic', summary: 'Deleted files', words: ['my files vanish', 'who deletes files'], points: ['kprobe:vfs_unlink', 'kprobe:do_unlinkat'] }),
  spec({ id: 'topic:oom', kind: 'topic', summary: 'Out of memory', words: ['killed because memory ran out', 'job disappears'], points: ['kprobe:oom_kill_process'] }),
];
const EXAMPLES = [{ id: 'deletes', text: 'kprobe:do_unlinkat { @ = count(); }', description: 'Count deleted files', also: [], tags: [], notes: '' }] as unknown as Example[];

let embedder: Embedder;
let topics: Topics;
beforeAll(async () => {
  embedder = new Embedder(await Embedder.learn(itemsOf(SPECS, EXAMPLES).map(({ fields }) => fields)));
  topics = await Topics.make(recordsOf(SPECS, EXAMPLES), embedder, () => -1, breathing());
});

const NOT_WHOLE = { atMost: () => 0, exactly: () => 0 };
const hints = (question: string) => topics.hints(embedder.questionWords(question), embedder.query(question), NOT_WHOLE);

it('the phrase a question resembles leads to the points of its topic, the first of them most surely', () => {
  const found = hints('my files vanish');
  const [first = 0, second = 0, other = 0] = ['kprobe:vfs_unlink', 'kprobe:do_unlinkat', 'kprobe:oom_kill_process'].map((id) => found.get(id));
  expect(first).toBeGreaterThan(second);
  expect(second).toBeGreaterThan(other);
  expect(first).toBeGreaterThan(0.35);
});

it('examples are as likely as the points they use', () => {
  const found = hints('who deletes files');
  expect(found.get('deletes')).toBe(found.get('kprobe:do_unlinkat'));
});

it('a question that says nothing known leads nowhere', () => {
  expect(hints('xqzvwk').size).toBe(0);
});
