import { readdirSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildKnowledge } from './build.ts';
import type { SearchHit } from './knowledge.ts';
import { openKnowledge } from './open.ts';

const WHOLE = fileURLToPath(new URL('../../../knowledge', import.meta.url));
/** What can be made anew from the records. */
const PARTS = ['embedder', 'items', 'vectors', 'words', 'graph.0'];
const QUESTION = 'how long do disk requests take';

/** A part of the real knowledge: what is tested here does not depend on its size, but its time does. */
let source: string;
let root: string;
let built: string;
let dir: string;
let expected: readonly SearchHit[];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'kgent-index-'));
  source = join(root, 'source');
  for (const area of ['syscalls', 'block']) await cp(join(WHOLE, 'examples', area), join(source, 'examples', area), { recursive: true });
  await mkdir(join(source, 'specs'));
  const specs = (await readFile(join(WHOLE, 'specs', 'attach-points.jsonl'), 'utf8')).split('\n').slice(0, 40);
  await writeFile(join(source, 'specs', 'attach-points.jsonl'), specs.join('\n'));
  built = join(root, 'built');
  await buildKnowledge({ source, out: built });
  expected = await (await openKnowledge({ dir: built })).search(QUESTION, { k: 10 });
  return () => rm(root, { recursive: true });
});
beforeEach(async () => {
  dir = await mkdtemp(join(root, 'copy-'));
  await cp(built, dir, { recursive: true });
});
afterEach(() => rm(dir, { recursive: true }));

/** A file of the index by what it is for. */
function file(role: string): string {
  const name = readdirSync(dir).find((entry) => entry.startsWith(`${role}-`) || entry === role);
  if (name === undefined) throw new Error(`The index has no ${role}`);
  return join(dir, name);
}

const search = async (): Promise<readonly SearchHit[]> => (await openKnowledge({ dir })).search(QUESTION, { k: 10 });

describe('building', () => {
  it('writes an index that answers', () => {
    expect(expected).toHaveLength(10);
  });

  it('does nothing when nothing changed', async () => {
    const before = (await stat(file('vectors'))).mtimeMs;
    expect(await buildKnowledge({ source, out: dir })).toMatchObject({ built: false });
    expect((await stat(file('vectors'))).mtimeMs).toBe(before);
  });

  it('makes the same bytes every time', async () => {
    const again = join(dir, 'again');
    await buildKnowledge({ source, out: again });
    for (const file of await readdir(built)) expect((await readFile(join(again, file))).equals(await readFile(join(built, file))), file).toBe(true);
  });

  it('tells how far it is, to the end', async () => {
    const last: Record<string, { done: number; total: number }> = {};
    await buildKnowledge({ source, out: join(dir, 'new'), onProgress: ({ step, ...p }) => (last[step] = p) });
    expect(last['embedding']?.done).toBe(last['embedding']?.total);
    expect(last['indexing']?.done).toBe(last['indexing']?.total);
  });

  it('stops when asked to, and what was there stays usable', async () => {
    await writeFile(join(dir, 'manifest.json'), (await readFile(join(dir, 'manifest.json'), 'utf8')).replace(/"source": "./, '"source": "-'));
    await expect(buildKnowledge({ source, out: dir, signal: AbortSignal.abort() })).rejects.toThrow();
    expect(await search()).toEqual(expected);
  });

  it('leaves other files alone', async () => {
    await writeFile(join(dir, 'mine.txt'), 'x');
    await rm(join(dir, 'manifest.json'));
    expect(await buildKnowledge({ source, out: dir })).toMatchObject({ built: true });
    expect(await readdir(dir)).toContain('mine.txt');
  });

  it.each([...PARTS, 'records', 'manifest.json'])('repairs a damaged %s', async (role) => {
    await truncate(file(role), 100);
    expect(await buildKnowledge({ source, out: dir })).toMatchObject({ built: true });
    expect(await search()).toEqual(expected);
  });
});

describe('opening', () => {
  it.each(PARTS)('answers as before with a damaged %s', async (role) => {
    const bytes = await readFile(file(role));
    bytes.fill(0xff, bytes.length >> 1, (bytes.length >> 1) + 64);
    await writeFile(file(role), bytes);
    expect(await search()).toEqual(expected);
  });

  it.each(PARTS)('answers as before without %s', async (role) => {
    await rm(file(role));
    expect(await search()).toEqual(expected);
  });

  it('answers as before when another embedder made the vectors', async () => {
    const manifest = JSON.parse(await readFile(join(dir, 'manifest.json'), 'utf8')) as object;
    await writeFile(join(dir, 'manifest.json'), JSON.stringify({ ...manifest, embedder: 'another', dimensions: 64 }));
    expect(await search()).toEqual(expected);
  });

  it.each([
    ['the records are damaged', async (): Promise<void> => truncate(file('records'), 500), 'is damaged'],
    ['the manifest is missing', async (): Promise<void> => rm(join(dir, 'manifest.json')), 'is missing'],
    ['the manifest is no manifest', async (): Promise<void> => writeFile(join(dir, 'manifest.json'), '{"format": []}'), 'is missing'],
  ])('says what to do when %s', async (_, damage, what) => {
    await damage();
    await expect(openKnowledge({ dir })).rejects.toMatchObject({ name: 'UserError', code: 'no-knowledge', message: expect.stringContaining('npm run build:knowledge') as string });
    await expect(openKnowledge({ dir })).rejects.toThrow(what);
  });

  it('knows examples and specs by id', async () => {
    const knowledge = await openKnowledge({ dir });
    expect(knowledge.example('syscalls-by-process')).toMatchObject({ language: 'bpftrace', text: expect.stringContaining('raw_syscalls') as string });
    expect(knowledge.example('nothing')).toBeUndefined();
    expect(knowledge.spec('nothing')).toBeUndefined();
  });
});
