import { mkdtemp, readdir, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundled } from '../../test/support/inventory.ts';
import { ModelServer } from '../../test/support/model-server.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import { withWritten, WrittenSpecs } from '../knowledge/index/written.ts';
import { parametersOf } from '../knowledge/parameters.ts';
import { describeOnce } from './describe-once.ts';
import { prototypeIn, type DescribeDeps } from './describe-point.ts';
import { OpenAiModel } from './model/openai.ts';

const ID = 'kprobe:ext4_ext_insert_extent';
const ARGS = parametersOf(prototypeIn(bundled, ID) ?? '').map(({ name }) => name);
const RECORD = {
  summary: 'Adds an extent to the tree of a file on ext4',
  meaning: 'Reached when blocks were allocated to a file and its extent tree has to know of them. Tells which files grow or get fragmented, and how often.',
  args: ARGS.map((name) => ({ name, meaning: `what ${name} is for` })),
  returns: { meaning: '0 or a negative errno' },
  pre: [], post: ['retval <= 0'], caveats: [], words: ['file grows', 'fragmented files'],
};
const reply = (record: object): string => `Here it is:\n\`\`\`json\n${JSON.stringify(record)}\n\`\`\``;

/** What is known of one neighbour only. */
const KNOWLEDGE: Knowledge = {
  index: 'exact',
  search: () => Promise.resolve([{ id: 'kprobe:ext4_map_blocks', kind: 'attach-point', score: 1, summary: 'maps' }]),
  coverage: () => 0,
  example: () => undefined,
  spec: (id) => (id === 'kprobe:ext4_map_blocks' ? { id, summary: 'Maps blocks of a file on ext4' } : undefined),
};

let dir: string;
let server: ModelServer;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kgent-describe-'));
});
afterEach(async () => {
  await server.close();
  await rm(dir, { recursive: true });
});

async function deps(replies: readonly string[]): Promise<DescribeDeps> {
  server = await ModelServer.start(replies);
  const prompt = readFileSync(join(import.meta.dirname, '../../../prompts/describe.md'), 'utf8');
  return { model: new OpenAiModel({ baseUrl: server.url, model: 'scripted', timeoutMs: 10_000 }), prompt, knowledge: KNOWLEDGE, inventory: bundled, signal: new AbortController().signal };
}

const asked = (): string => (server.requests[0]?.body.messages ?? []).map(({ content }) => content).join('\n');

describe('an attach point that nobody described', () => {
  it('is described by the model once, from its prototype, types and neighbours, and kept with the model\'s name', async () => {
    const given = await deps([reply(RECORD)]);
    expect(await describeOnce(ID, given, new WrittenSpecs(dir))).toEqual({ id: ID, state: 'written', model: 'scripted', summary: RECORD.summary });
    for (const part of ['struct inode *inode', 'struct inode {', 'Maps blocks of a file on ext4', 'kprobe:ext4_ext_']) expect(asked()).toContain(part);
    expect(await describeOnce(ID, given, new WrittenSpecs(dir))).toMatchObject({ state: 'known', model: 'scripted' });
    expect(server.requests).toHaveLength(1);
    const [written] = await new WrittenSpecs(dir).all();
    expect(written).toMatchObject({ model: 'scripted', spec: { id: ID, kind: 'attach-point', proto: prototypeIn(bundled, ID), summary: RECORD.summary } });
    expect(withWritten(KNOWLEDGE, written ? [written] : []).spec(ID)).toMatchObject({ writtenBy: 'scripted' });
  });

  it('of a tracepoint is described from its fields', async () => {
    const fields = bundled.tracepoint('skb', 'kfree_skb')?.fields ?? [];
    const given = await deps([reply({ ...RECORD, args: fields.map(({ name }) => ({ name, meaning: `what ${name} tells` })) })]);
    expect(await describeOnce('tracepoint:skb:kfree_skb', given, new WrittenSpecs(dir))).toMatchObject({ state: 'written' });
  });

  it.each<[string, object, string]>([
    ['leaves out an argument', { ...RECORD, args: RECORD.args.slice(1) }, 'args: handle is not described'],
    ['invents one', { ...RECORD, args: [...RECORD.args, { name: 'extra', meaning: 'x' }] }, 'args: there is no extra'],
    ['has keys of its own', { ...RECORD, colour: 'red' }, 'colour'],
    ['is too short', { ...RECORD, meaning: 'Inserts an extent.' }, 'fewer than 12 words'],
    ['says nothing', { ...RECORD, summary: 'TODO' }, 'says nothing'],
    ['has an empty condition', { ...RECORD, pre: ['inode != NULL'] }, 'too little'],
  ])('is asked for again, with what is wrong, when the answer %s', async (_, wrong, problem) => {
    const given = await deps([reply(wrong), reply(RECORD)]);
    expect(await describeOnce(ID, given, new WrittenSpecs(dir))).toMatchObject({ state: 'written', summary: RECORD.summary });
    expect(server.requests[1]?.body.messages?.at(-1)?.content).toContain(problem);
  });

  it('is told to be undescribed when no answer is right, and nothing is kept', async () => {
    const given = await deps(['I cannot know that.', 'No.']);
    expect(await describeOnce(ID, given, new WrittenSpecs(dir))).toMatchObject({ state: 'failed', message: expect.stringContaining('no JSON object') as string });
    expect(await new WrittenSpecs(dir).all()).toEqual([]);
  });

  it('has to exist, and must not be described already', async () => {
    const given = await deps([]);
    expect(await describeOnce('kprobe:no_such_function', given, new WrittenSpecs(dir))).toMatchObject({ state: 'failed', message: expect.stringContaining('has no kprobe:no_such_function') as string });
    expect(await describeOnce('kprobe:ext4_map_blocks', given, new WrittenSpecs(dir))).toEqual({ id: 'kprobe:ext4_map_blocks', state: 'known', summary: 'Maps blocks of a file on ext4' });
    expect(server.requests).toEqual([]);
  });

  it('cannot say what the kernel says: id, kind and prototype are the kernel\'s', async () => {
    const given = await deps([reply({ ...RECORD, id: 'kprobe:evil', kind: 'helper', proto: 'int evil(void)' })]);
    await describeOnce(ID, given, new WrittenSpecs(dir));
    expect((await new WrittenSpecs(dir).all()).map(({ spec }) => [spec.id, spec.kind])).toEqual([[ID, 'attach-point']]);
  });

  it('is asked for anew when what was kept is damaged', async () => {
    const given = await deps([reply(RECORD), reply(RECORD)]);
    await describeOnce(ID, given, new WrittenSpecs(dir));
    const [name = ''] = await readdir(join(dir, 'written'));
    await truncate(join(dir, 'written', name), 40);
    expect(await describeOnce(ID, given, new WrittenSpecs(dir))).toMatchObject({ state: 'written' });
  });
});
