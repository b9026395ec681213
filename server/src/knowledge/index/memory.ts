import { mkdir, mkdtemp, readdir, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeError, UserError } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import type { Facts } from '../../kernel/facts.ts';
import type { Inventory } from '../../kernel/inventory.ts';
import { LOCK_WAIT_MS, whileBuilding } from '../build.ts';
import { derivedItems, DERIVED_VERSION } from '../derived.ts';
import { DIMENSIONS, EMBEDDER } from '../embed.ts';
import type { Knowledge } from '../knowledge.ts';
import { LocalKnowledge } from '../local.ts';
import { itemsOf } from '../items.ts';
import { allRecords, openOwn, type OwnIndex, type OwnRecords } from '../open.ts';
import { DERIVED_HANDICAP } from '../part.ts';
import { hashOf } from '../store.ts';
import type { BuildProgress } from './build-part.ts';
import { embedItems } from './embed-items.ts';
import { buildInThread, type ThreadOptions } from './index-thread.ts';
import type { Job } from './messages.ts';
import { openStable, readPart, readVectors, type OpenedPart, type OpenedVectors } from './open-part.ts';
import { EmbeddedKnowledge, type TextEmbedder } from './text-embedder.ts';
import { leaveNothing } from './unfinished.ts';
import { withWritten, writtenPart, WrittenSpecs } from './written.ts';

export interface MemoryOptions {
  /** The directory of the index that comes with Kgent. */
  readonly shipped: string;
  /** Where indexes of kernels are kept, shared by all windows and terminals; made when it is needed. */
  readonly cache: string;
  readonly log: Log;
  /** The server that embeds in place of the local embedder, where the user configured one. Throws UserError when what is configured cannot work. */
  readonly embeddings?: (() => Promise<TextEmbedder | undefined>) | undefined;
}

/** A kernel of which an index is made. */
export interface Kernel {
  /** Tells it from all others. */
  readonly id: string;
  /** Its loaded modules, each with what tells one build from another. */
  readonly modules: Readonly<Record<string, string>>;
}

export interface BuildOptions {
  readonly onProgress?: ((progress: BuildProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Hears of what a person should know: another window builds it, the cache cannot be written. */
  readonly tell?: ((message: string) => void) | undefined;
}

/** Whether it had to be built, and what it holds. */
export interface Built {
  readonly built: boolean;
  readonly items: number;
  readonly index: 'hnsw' | 'exact';
}

/** The kernel that an inventory is of. `facts`: those of the machine it was read from. */
export function kernelOf(inventory: Inventory, facts: Facts | undefined): Kernel {
  const { release, arch, source, probes } = inventory;
  if (source === 'bundled' || !facts) return { id: `bundled ${release}`, modules: {} };
  // Without an id, what it has is the best there is to tell it by.
  return { id: facts.kernelId === '' ? `${release} ${arch} ${probes.count}` : facts.kernelId, modules: facts.modules };
}

/** What people reviewed comes first, and a model's words before bare names. */
const WRITTEN_HANDICAP = 0.05;
/** Indexes kept at most: some 60 MB each. The ones not used for longest go first. */
const MAX_KEPT = 6;
/** Somebody is using one that was opened in the last minute. */
const IN_USE_MS = 60_000;

/** What is searched: what comes with Kgent, and what the kernels have beside, each with its index in the cache. */
export class Memory {
  /** What models wrote of attach points that nobody described. */
  readonly written: WrittenSpecs;
  readonly #options: MemoryOptions;
  #own: Promise<OwnIndex> | undefined;
  /** By what they consist of. */
  readonly #opened = new Map<string, Knowledge>();
  readonly #said = new Set<string>();
  readonly #embedded = new Map<string, OpenedVectors>();
  /** By the hash of what they are built from. */
  readonly #further = new Map<string, OpenedPart>();
  /** What came with Kgent, built anew where nothing can be kept. */
  #temporary: string | undefined;
  /** Whether what came with Kgent had to be built anew. */
  repaired = false;

  constructor(options: MemoryOptions) {
    this.#options = options;
    this.written = new WrittenSpecs(options.cache);
  }

  /** The index that comes with Kgent; opened once, repaired where it is damaged. Throws UserError when its records are not there, and looks again the next time. */
  own(): Promise<OwnIndex> {
    const opening = (this.#own ??= openOwn(this.#options.shipped, (records) => this.#repair(records)));
    opening.catch(() => (this.#own = undefined));
    return opening;
  }

  /** What is described, and what the kernel has beside where its index was built. Builds nothing. */
  async knowledge(kernel?: Kernel): Promise<Knowledge> {
    const own = await this.own();
    const further = kernel && (await this.#open(sourceOf(own, kernel)));
    const embedder = await this.#embedder();
    const vectors = embedder && (await this.#openEmbedded(own, embedder));
    if (embedder && !vectors) this.#sayOnce(`There is no index by ${embedder.name} yet: the local embedder answers. Build it: kgent index`);
    const written = await this.written.all();
    const key = [further?.manifest.source, vectors && embedder?.name, ...written.map(({ spec, at }) => `${spec.id} ${at}`)].join(' ');
    const known = this.#opened.get(key);
    if (known) return known;
    const models = await writtenPart(written, own.embedder, WRITTEN_HANDICAP);
    const others = [...(models ? [models] : []), ...(further ? [{ ...further, handicap: DERIVED_HANDICAP }] : [])];
    const local = new LocalKnowledge(own.records, own.embedder, { ...own.part, handicap: 0 }, others);
    const knowledge = embedder && vectors ? new EmbeddedKnowledge({ embedder, dimensions: vectors.vectors.dimensions, local, by: new LocalKnowledge(own.records, own.embedder, { ...own.part, ...vectors, handicap: 0 }, others), tell: (message) => this.#options.log.warn(message) }) : local;
    const whole = written.length > 0 ? withWritten(knowledge, written) : knowledge;
    this.#opened.set(key, whole);
    return whole;
  }

  /** Builds the index by the configured server, unless it is there or none is configured. Sends every description there. */
  async embed(options: BuildOptions): Promise<(Built & { readonly embedder: string }) | undefined> {
    const [own, embedder] = [await this.own(), await this.#options.embeddings?.()];
    if (!embedder) return undefined;
    const dir = this.#embeddedDir(own, embedder);
    const opened = (): Promise<OpenedVectors | undefined> => this.#openEmbedded(own, embedder);
    const built = await this.#locked(dir, options, async () => {
      if (await opened()) return false;
      try {
        const { specs, examples } = allRecords(own.records);
        const vectors = await embedItems(embedder, itemsOf(specs, examples), { out: dir, ...options }, (reason) => options.tell?.(reason));
        const { data, scales, dimensions } = vectors;
        await buildInThread({ kind: 'vectors', out: dir, source: own.source, embedder: embedder.name, dimensions, data, scales }, options);
      } catch (error) {
        if (options.signal?.aborted) await leaveNothing(dir);
        throw error;
      }
      return true;
    });
    const vectors = await opened();
    if (!vectors) throw new UserError('index-changed', 'The index was changed by somebody else as soon as it was built. Build it again.');
    return { built, items: vectors.vectors.count, index: vectors.index.kind, embedder: embedder.name };
  }

  /** Undefined, and said, when what is configured cannot work: the search goes on without. */
  async #embedder(): Promise<TextEmbedder | undefined> {
    try {
      return await this.#options.embeddings?.();
    } catch (error) {
      this.#sayOnce(`The local embedder answers: ${describeError(error)}`);
      return undefined;
    }
  }

  async #openEmbedded(own: OwnIndex, embedder: TextEmbedder): Promise<OpenedVectors | undefined> {
    const dir = this.#embeddedDir(own, embedder);
    const known = this.#embedded.get(dir);
    if (known) return known;
    const opened = await openStable(dir, { embedder: embedder.name, source: own.source }, (manifest) => readVectors(dir, manifest, 'best'));
    if (opened?.vectors.count !== own.part.items.count) return undefined;
    this.#embedded.set(dir, opened);
    return opened;
  }

  #embeddedDir({ source }: OwnIndex, { name }: TextEmbedder): string {
    return join(this.#options.cache, `embeddings-${hashOf(JSON.stringify([source, name])).slice(0, 32)}`);
  }

  #sayOnce(message: string): void {
    if (!this.#said.has(message)) this.#options.log.warn(message);
    this.#said.add(message);
  }

  /** Whether a kernel's index is there and whole. */
  async has(kernel: Kernel): Promise<boolean> {
    return (await this.#open(sourceOf(await this.own(), kernel))) !== undefined;
  }

  /** Builds a kernel's index, unless it is there. Rejects with the signal's reason when it aborts. */
  async build(kernel: Kernel, inventory: Inventory, options: BuildOptions): Promise<Built> {
    const own = await this.own();
    const source = sourceOf(own, kernel);
    const before = await this.#open(source);
    if (before) return { built: false, items: before.items.count, index: before.index.kind };
    const described = new Set(own.records.ids('specs'));
    const total = inventory.probes.countMatches('tracepoint', '*', '*') + inventory.probes.countMatches('kprobe', '*');
    const job = { kind: 'further', source, own: own.dir, total } as const;
    const built = await this.#buildAt(this.#dirOf(source), job, { ...options, items: derivedItems(inventory, (id) => described.has(id)) }, () => this.#open(source));
    const further = this.#further.get(source);
    if (!further) throw new UserError('index-changed', 'The index was changed by somebody else as soon as it was built. Build it again.');
    await this.#dropOldest();
    return { built, items: further.items.count, index: further.index.kind };
  }

  async dispose(): Promise<void> {
    if (this.#temporary !== undefined) await rm(this.#temporary, { recursive: true, force: true }).catch(() => undefined);
  }

  /** In the cache; where that cannot be written, for this session only. False: another process built it meanwhile. */
  async #buildAt(dir: string, job: JobAnywhere, options: BuildOptions & ThreadOptions, opened: () => Promise<unknown>): Promise<boolean> {
    try {
      return await this.#buildLocked(dir, job, options, opened);
    } catch (error) {
      if (!isUnwritable(error)) throw error;
      options.tell?.(`The index cannot be kept in ${dir} (${describeError(error)}): it is built for this session only. Make that directory writable, or set XDG_CACHE_HOME to one that is.`);
      const out = await mkdtemp(join(tmpdir(), 'kgent-index-'));
      try {
        await buildInThread({ ...job, out }, options);
        if (job.kind === 'further') await this.#open(job.source, out);
      } finally {
        await rm(out, { recursive: true, force: true });
      }
      return true;
    }
  }

  #buildLocked(out: string, job: JobAnywhere, options: BuildOptions & ThreadOptions, opened: () => Promise<unknown>): Promise<boolean> {
    return this.#locked(out, options, async () => {
      // Whoever had the lock before may have built it.
      if (await opened()) return false;
      await buildInThread({ ...job, out }, options);
      await opened();
      return true;
    });
  }

  async #locked<T>(out: string, { signal, tell }: BuildOptions, work: () => Promise<T>): Promise<T> {
    await mkdir(out, { recursive: true, mode: 0o700 });
    try {
      return await whileBuilding(out, { waitMs: 0, signal }, work);
    } catch (error) {
      if (!(error instanceof UserError && error.code === 'locked')) throw error;
      tell?.('Another Kgent is building this index; waiting for it.');
      return whileBuilding(out, { waitMs: LOCK_WAIT_MS, signal }, work);
    }
  }

  /** What cannot be used as it came is built anew once for all sessions. */
  async #repair({ source }: OwnRecords): Promise<string> {
    const { shipped, log } = this.#options;
    const out = join(this.#options.cache, `own-${hashOf(`${source} ${EMBEDDER}`).slice(0, 32)}`);
    const wanted = { embedder: EMBEDDER, dimensions: DIMENSIONS, source };
    const whole = (): Promise<unknown> => openStable(out, wanted, (manifest) => readPart(out, manifest, 'best'));
    if (await whole()) return out;
    this.repaired = true;
    log.warn(`The search index in ${shipped} is damaged or was made by another version: it is built anew.`);
    const job = { kind: 'described', source, records: shipped } as const;
    try {
      await this.#buildLocked(out, job, {}, whole);
      return out;
    } catch (error) {
      if (!isUnwritable(error)) throw error;
      this.#temporary = await mkdtemp(join(tmpdir(), 'kgent-index-'));
      await buildInThread({ ...job, out: this.#temporary }, {});
      return this.#temporary;
    }
  }

  /** Undefined when there is none that is whole and of this very content. */
  async #open(source: string, dir = this.#dirOf(source)): Promise<OpenedPart | undefined> {
    const known = this.#further.get(source);
    if (known) return known;
    const opened = await openStable(dir, { embedder: EMBEDDER, dimensions: DIMENSIONS, source }, (manifest) => readPart(dir, manifest, 'best'));
    if (!opened) return undefined;
    this.#further.set(source, opened);
    const now = new Date();
    await utimes(dir, now, now).catch(() => undefined);
    return opened;
  }

  #dirOf(source: string): string {
    return join(this.#options.cache, `kernel-${source.slice(0, 32)}`);
  }

  async #dropOldest(): Promise<void> {
    const { cache } = this.#options;
    const names = (await readdir(cache).catch(() => [])).filter((name) => /^(?:kernel|own|embeddings)-[0-9a-f]{32}$/.test(name));
    const dirs = await Promise.all(names.map(async (name) => ({ path: join(cache, name), used: await stat(join(cache, name)).then(({ mtimeMs }) => mtimeMs, () => 0) })));
    const old = dirs.sort((a, b) => b.used - a.used).slice(MAX_KEPT).filter(({ used }) => Date.now() - used > IN_USE_MS);
    for (const { path } of old) await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

type JobAnywhere = Omit<Extract<Job, { kind: 'further' }>, 'out'> | Omit<Extract<Job, { kind: 'described' }>, 'out'>;

function isUnwritable(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return UNWRITABLE.test(`${code} ${describeError(error)}`);
}

/** No room counts too: what is there of other programs is not ours to remove. */
const UNWRITABLE = /\b(?:EACCES|EPERM|EROFS|ENOTDIR|ENOENT|EDQUOT|ENOSPC|ENAMETOOLONG)\b/;

/** A kernel's items depend on it, on what is described of it, and on what its words mean to the embedder. */
function sourceOf(own: OwnIndex, { id, modules }: Kernel): string {
  return hashOf(JSON.stringify([DERIVED_VERSION, EMBEDDER, own.source, id, Object.entries(modules).sort()]));
}
