import { cp, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundled } from '../../../test/support/inventory.ts';
import type { Log } from '../../base/log.ts';
import type { Inventory } from '../../kernel/inventory.ts';
import { buildKnowledge } from '../build.ts';
import type { SearchHit } from '../knowledge.ts';
import { readOwnModel } from '../open.ts';
import { buildFurther, type BuildProgress } from './build-part.ts';
import { kernelOf, Memory, type BuildOptions } from './memory.ts';
import { openStable } from './open-part.ts';
import { readManifest } from '../store.ts';

const WHOLE = fileURLToPath(new URL('../../../../knowledge', import.meta.url));
const KERNEL = kernelOf(bundled, undefined);
const QUESTION = 'zs page migrate';

/** The bundled kernel, as far as its functions begin with z: what is tested here does not depend on how many there are. */
const INVENTORY: Inventory = { ...bundled, probes: onlyZ(bundled.probes) };

function onlyZ(probes: Inventory['probes']): Inventory['probes'] {
  return Object.assign(Object.create(probes) as Inventory['probes'], {
    matches: (provider: 'kprobe', parts: readonly string[], limit: number) => (provider === 'kprobe' && parts[0] === 'z*' ? probes.matches(provider, parts, limit) : []),
    countMatches: (provider: 'kprobe') => (provider === 'kprobe' ? probes.countMatches('kprobe', 'z*') : 0),
  });
}

let root: string;
let shipped: string;
let built: string;
let expected: readonly string[];
let cache: string;
let warned: string[];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'kgent-memory-'));
  const source = join(root, 'source', 'specs');
  await mkdir(source, { recursive: true });
  const specs = (await readFile(join(WHOLE, 'specs', 'attach-points.jsonl'), 'utf8')).split('\n').slice(0, 40);
  await writeFile(join(source, 'attach-points.jsonl'), specs.join('\n'));
  shipped = join(root, 'shipped');
  await buildKnowledge({ source: join(root, 'source'), out: shipped });
  cache = built = join(root, 'built');
  await build(memory());
  expected = await ids(memory());
  return () => rm(root, { recursive: true });
}, 60_000);
beforeEach(async () => {
  cache = await mkdtemp(join(root, 'cache-'));
  warned = [];
});

/** What another window would have: nothing of what this one has opened. */
function memory(options: { shipped?: string; cache?: string } = {}): Memory {
  const log: Log = { debug() {}, info() {}, error() {}, warn: (message) => void warned.push(message) };
  return new Memory({ shipped, cache, log, ...options });
}

async function ids(one: Memory): Promise<readonly string[]> {
  const hits: readonly SearchHit[] = await (await one.knowledge(KERNEL)).search(QUESTION, { k: 5 });
  return hits.map(({ id }) => id);
}

async function dirOf(): Promise<string> {
  const [name = ''] = (await readdir(cache)).filter((entry) => entry.startsWith('kernel-'));
  return join(cache, name);
}

const build = (one: Memory, options: BuildOptions = {}): Promise<{ built: boolean }> => one.build(KERNEL, INVENTORY, options);

describe("a kernel's index", () => {
  it('is built once for all windows, and found by what it adds', async () => {
    const one = memory();
    expect(await ids(one)).not.toContain('kprobe:zs_page_migrate');
    expect(await build(one)).toMatchObject({ built: true });
    expect(await ids(one)).toContain('kprobe:zs_page_migrate');
    expect(await build(one)).toMatchObject({ built: false });
    const other = memory();
    expect(await other.has(KERNEL)).toBe(true);
    expect(await ids(other)).toEqual(await ids(one));
  });

  it('of another kernel, or with other modules, is another one', async () => {
    await cp(built, cache, { recursive: true });
    expect(await memory().has({ ...KERNEL, id: 'another' })).toBe(false);
    expect(await memory().has({ ...KERNEL, modules: { xfs: '1' } })).toBe(false);
  });

  it.each(['items', 'vectors', 'words', 'graph.0'])('with a damaged file %s is built anew, never searched', async (role) => {
    await cp(built, cache, { recursive: true });
    const name = (await readdir(await dirOf())).find((entry) => entry.startsWith(`${role}-`)) ?? '';
    const path = join(await dirOf(), name);
    await truncate(path, Math.floor((await readFile(path)).length / 2));
    const one = memory();
    expect(await ids(one)).not.toContain('kprobe:zs_page_migrate');
    expect(await build(one)).toMatchObject({ built: true });
    expect(await ids(memory())).toEqual(expected);
  });

  it.each([
    ['another version', { format: 99 }],
    ['another embedder', { embedder: 'another' }],
    ['other dimensions', { dimensions: 64 }],
    ['the other byte order', { byteOrder: 'BE' }],
    ['another content', { source: 'another' }],
    ['fewer vectors than it says', { vectors: 1_000_000 }],
    ['nonsense', { vectors: 'many' }],
  ])('of %s is not used', async (_, change) => {
    await cp(built, cache, { recursive: true });
    expect(await memory().has(KERNEL)).toBe(true);
    const path = join(await dirOf(), 'manifest.json');
    await writeFile(path, JSON.stringify({ ...(JSON.parse(await readFile(path, 'utf8')) as object), ...change }));
    expect(await memory().has(KERNEL)).toBe(false);
  });

  it('is built by one of several windows, for which the others wait', async () => {
    const told: string[] = [];
    const all = await Promise.all([1, 2, 3].map(async () => build(memory(), { tell: (message) => void told.push(message) })));
    expect(all.filter(({ built }) => built)).toHaveLength(1);
    expect(told).toEqual(['Another Kgent is building this index; waiting for it.', 'Another Kgent is building this index; waiting for it.']);
    expect((await readdir(await dirOf())).filter((name) => /\.tmp$|unfinished|\.lock$/.test(name))).toEqual([]);
  });

  it('leaves nothing when building is cancelled, and can be built afterwards', async () => {
    const stop = new AbortController();
    const one = memory();
    await expect(build(one, { signal: stop.signal, onProgress: () => stop.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    expect(await readdir(await dirOf())).toEqual([]);
    expect(await build(one)).toMatchObject({ built: true });
  });

  it('is for one session where the cache cannot be written, and that is said', async () => {
    const told: string[] = [];
    await writeFile(join(cache, 'file'), '');
    const one = memory({ cache: join(cache, 'file', 'index') });
    expect(await build(one, { tell: (message) => void told.push(message) })).toMatchObject({ built: true });
    expect(told).toEqual([expect.stringMatching(/cannot be kept in .*ENOTDIR.*this session only.*XDG_CACHE_HOME/)]);
    expect(await ids(one)).toContain('kprobe:zs_page_migrate');
  });

  it('that another window replaces while it is read is read again', async () => {
    await cp(built, cache, { recursive: true });
    const dir = await dirOf();
    const manifest = await readManifest(dir);
    if (!manifest) throw new Error('no manifest');
    let tries = 0;
    const wanted = { embedder: manifest.embedder, dimensions: manifest.dimensions };
    const read = await openStable(dir, wanted, async (found) => {
      if (tries++ > 0) return found.vectors;
      await writeFile(join(dir, 'manifest.json'), JSON.stringify({ ...manifest, vectors: 7 }));
      throw new Error('a file of the replaced index is gone');
    });
    expect([read, tries]).toEqual([7, 2]);
  });
});

describe('a build that was killed', () => {
  const items = async function* (): AsyncIterable<readonly { kind: 'attach-point'; id: string; summary: string; about: string; fields: { text: string; weight: number }[] }[]> {
    for (let i = 0; i < 300; i++) yield [{ kind: 'attach-point', id: `kprobe:read_${i}`, summary: '', about: 'read', fields: [{ text: `read file ${i}`, weight: 1 }] }];
    await Promise.resolve();
  };

  async function steps(out: string, source: string, failAt?: (progress: BuildProgress) => boolean): Promise<readonly string[]> {
    const seen: string[] = [];
    const onProgress = (progress: BuildProgress): void => {
      seen.push(`${progress.step} ${progress.done}`);
      if (failAt?.(progress)) throw new Error('killed');
    };
    await buildFurther(items(), 300, await readOwnModel(shipped), { out, source, onProgress }).catch(() => undefined);
    return seen;
  }

  it('goes on from what was finished, and only where it is of the same content', async () => {
    const out = join(cache, 'killed');
    const graph = (seen: readonly string[]): number => seen.filter((step) => step.startsWith('indexing')).length;
    let indexed = 0;
    const first = await steps(out, 'a', ({ step, done, total }) => step === 'indexing' && done === total && ++indexed === 2);
    expect(await readManifest(out)).toBeUndefined();
    expect(await readdir(join(out, 'unfinished'))).toHaveLength(1);
    const second = await steps(out, 'a');
    expect([graph(first) > 1, graph(second)]).toEqual([true, 1]);
    expect((await readdir(out)).filter((name) => name.startsWith('unfinished'))).toEqual([]);
    expect((await readManifest(out))?.files['graph.0']).toBeDefined();
  });

  it('does not go on from a piece that was damaged', async () => {
    const out = join(cache, 'killed');
    let indexed = 0;
    await steps(out, 'a', ({ step, done, total }) => step === 'indexing' && done === total && ++indexed === 2);
    const [piece = ''] = await readdir(join(out, 'unfinished'));
    await truncate(join(out, 'unfinished', piece), 1_000);
    const second = await steps(out, 'a');
    expect(second.filter((step) => step.startsWith('indexing')).length).toBeGreaterThan(1);
    expect(await readManifest(out)).toBeDefined();
  });
});

describe('the index that comes with Kgent', () => {
  it('is built anew once where it is damaged, in the cache', async () => {
    const damaged = join(cache, 'shipped');
    await buildKnowledge({ source: join(root, 'source'), out: damaged });
    const name = (await readdir(damaged)).find((entry) => entry.startsWith('vectors-')) ?? '';
    await truncate(join(damaged, name), 100);
    const described = await ids(memory());
    expect(await ids(memory({ shipped: damaged }))).toEqual(described);
    expect(warned).toEqual([expect.stringContaining('built anew')]);
    expect(await ids(memory({ shipped: damaged }))).toEqual(described);
    expect(warned).toHaveLength(1);
  });

  it('is built anew where nothing can be kept, and leaves nothing', async () => {
    const damaged = join(cache, 'shipped');
    await cp(shipped, damaged, { recursive: true });
    await rm(join(damaged, (await readdir(damaged)).find((entry) => entry.startsWith('words-')) ?? ''));
    await writeFile(join(cache, 'file'), '');
    const one = memory({ shipped: damaged, cache: join(cache, 'file', 'index') });
    const described = await ids(memory());
    expect(await ids(one)).toEqual(described);
    const { dir } = await one.own();
    await one.dispose();
    await expect(readdir(dir)).rejects.toThrow('ENOENT');
  });

  it('without its records says what to do', async () => {
    await expect(memory({ shipped: join(cache, 'nowhere') }).own()).rejects.toMatchObject({ name: 'UserError', code: 'no-knowledge' });
  });
});
