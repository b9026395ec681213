import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../base/log.ts';
import { buildKnowledge } from '../build.ts';
import { Memory } from './memory.ts';
import type { TextEmbedder } from './text-embedder.ts';

/** Descriptions of which words alone do not tell that the last answers `slow`. */
const SPECS = ['opens files', 'connects sockets', 'allocates memory', 'reclaims pages'].map((summary, i) => ({
  id: `kprobe:f${i}`, kind: 'attach-point', proto: `int f${i}(void)`, summary, meaning: summary, args: [], pre: [], post: [], caveats: [], words: [summary], alternatives: [],
}));

let root: string;
let shipped: string;
let cache: string;
let warned: string[];

/** What the words of a server's model mean: `slow` is what `reclaims` is. Records what it was sent. */
class Embedder implements TextEmbedder {
  readonly name: string;
  readonly sent: string[] = [];
  failing: Error | undefined;
  dimensions = 4;

  constructor(name = 'm at http://x') {
    this.name = name;
  }

  embed(texts: readonly string[]): Promise<readonly Float32Array[]> {
    if (this.failing) return Promise.reject(this.failing);
    this.sent.push(...texts);
    return Promise.resolve(texts.map((text) => Float32Array.from({ length: this.dimensions }, (_, i) => Number([/files/, /sockets/, /memory/, /reclaims|slow/][i]?.test(text) ?? false) + 0.01)));
  }
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'kgent-embedded-'));
  await mkdir(join(root, 'source', 'specs'), { recursive: true });
  await writeFile(join(root, 'source', 'specs', 'a.jsonl'), SPECS.map((spec) => JSON.stringify(spec)).join('\n'));
  shipped = join(root, 'shipped');
  await buildKnowledge({ source: join(root, 'source'), out: shipped });
  return () => rm(root, { recursive: true });
}, 60_000);
beforeEach(async () => {
  cache = await mkdtemp(join(root, 'cache-'));
  warned = [];
});

const memory = (embedder: TextEmbedder | undefined): Memory => new Memory({ shipped, cache, log: { ...silentLog, warn: (message) => void warned.push(message) }, embeddings: () => Promise.resolve(embedder) });
const first = async (one: Memory, question: string): Promise<string | undefined> => (await (await one.knowledge()).search(question, { k: 1 }))[0]?.id;

describe('an index by a server', () => {
  it('is built once, and its vectors decide', async () => {
    const embedder = new Embedder();
    const one = memory(embedder);
    expect(await one.embed({})).toMatchObject({ built: true, items: 4, embedder: embedder.name });
    expect(await first(one, 'slow')).toBe('kprobe:f3');
    expect(await first(one, 'files')).toBe('kprobe:f0');
    const sent = embedder.sent.length;
    expect(await memory(embedder).embed({})).toMatchObject({ built: false });
    expect(embedder.sent).toHaveLength(sent);
    expect(warned).toEqual([]);
  });

  it('is not there: nothing is sent but by building, the local embedder answers, and that is said once', async () => {
    const embedder = new Embedder();
    const one = memory(embedder);
    expect(await first(one, 'files')).toBe('kprobe:f0');
    await first(one, 'slow');
    expect(embedder.sent).toEqual([]);
    expect(warned).toEqual(['There is no index by m at http://x yet: the local embedder answers. Build it: kgent index']);
  });

  it('of another model, or none when none is configured, is another', async () => {
    await memory(new Embedder()).embed({});
    const other = new Embedder('other at http://x');
    expect(await first(memory(other), 'files')).toBe('kprobe:f0');
    expect(other.sent).toEqual([]);
    expect(warned).toHaveLength(1);
    expect(await memory(undefined).embed({})).toBeUndefined();
  });

  it.each<[string, (embedder: Embedder) => void, string]>([
    ['fails', (embedder) => (embedder.failing = new Error('nobody there')), 'nobody there'],
    ['changes its vectors', (embedder) => (embedder.dimensions = 5), '5 numbers and not 4'],
  ])('whose server %s leaves the question to the local embedder, and says so', async (_, change, why) => {
    const embedder = new Embedder();
    const one = memory(embedder);
    await one.embed({});
    change(embedder);
    expect(await first(one, 'files')).toBe('kprobe:f0');
    expect(await first(one, 'files')).toBe('kprobe:f0');
    expect(warned).toEqual([expect.stringContaining(`goes on with the local embedder: m at http://x: `)]);
    expect(warned[0]).toContain(why);
  });

  it('that was begun and failed goes on without asking twice', async () => {
    const many = join(cache, 'many');
    await mkdir(join(many, 'specs'), { recursive: true });
    await writeFile(join(many, 'specs', 'a.jsonl'), Array.from({ length: 40 }, (_, i) => JSON.stringify({ ...SPECS[0], id: `kprobe:g${i}` })).join('\n'));
    await buildKnowledge({ source: many, out: join(cache, 'own') });
    const embedder = new Embedder();
    const of = (): Memory => new Memory({ shipped: join(cache, 'own'), cache, log: silentLog, embeddings: () => Promise.resolve(embedder) });
    await expect(of().embed({ onProgress: ({ step, done }) => void (step === 'embedding' && done === 32 && (embedder.failing = new Error('gone'))) })).rejects.toThrow('gone');
    expect(embedder.sent).toHaveLength(32);
    embedder.failing = undefined;
    expect(await of().embed({})).toMatchObject({ built: true });
    expect(embedder.sent).toHaveLength(40);
  });

  it('that is cancelled leaves nothing', async () => {
    const stop = new AbortController();
    await expect(memory(new Embedder()).embed({ signal: stop.signal, onProgress: () => stop.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    const [dir = ''] = (await readdir(cache)).filter((name) => name.startsWith('embeddings-'));
    expect(await readdir(join(cache, dir))).toEqual([]);
  });
});
