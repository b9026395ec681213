import { ago } from '../base/ago.ts';
import type { Log } from '../base/log.ts';
import type { Facts } from '../kernel/facts.ts';
import { readHelpers } from '../kernel/helpers.ts';
import type { Inventory } from '../kernel/inventory.ts';
import { Binaries } from './binaries.ts';
import { probeHelpers } from './helper-probe.ts';
import { openBundledInventory } from './inventory-bundled.ts';
import { KernelReader } from './kernel-reader.ts';
import type { Progress } from './progress.ts';
import type { InventoryStore } from './store.ts';
import type { FactsOutcome, Target } from './target.ts';

/** A target that could not be read is not asked again before this. */
const RETRY_MS = 60_000;

export interface InventoriesOptions {
  /** `knowledge/kernels` of the product. */
  readonly dir: string;
  readonly log: Log;
  /** What is kept from one session to the next; nothing when absent. */
  readonly store?: InventoryStore | undefined;
  /** Now, in milliseconds. */
  readonly clock?: () => number;
}

/** What is known of a target at a moment. */
export interface KnownTarget {
  /** As they were when it was last asked, where it has not answered in this session. */
  readonly facts?: Facts;
  readonly inventory: Inventory;
}

/** What a target was when it was last asked, in an earlier session. */
interface Earlier {
  readonly facts: Facts;
  readonly inventory: Inventory;
}

/** As long as a target's facts are the same, its kernel is read once. */
interface Reading {
  readonly facts: Facts;
  readonly own: Promise<Inventory | undefined>;
  inventory?: Inventory;
  /** What was known before these facts, until it has been read anew. */
  readonly before: Inventory | undefined;
  failedAt?: number;
  triedHelpers?: boolean;
}

/** The inventories of all targets, each read once per connection, and the bundled one that stands in. */
export class Inventories {
  readonly #options: InventoriesOptions;
  readonly #readings = new WeakMap<Target, Reading>();
  /** Targets that are being asked for their facts; or when asking failed. */
  readonly #asked = new WeakMap<Target, { failedAt?: number }>();
  readonly #stop = new AbortController();
  readonly #listeners: ((target: string) => void)[] = [];
  readonly #watchers: ((target: string, progress: Progress | undefined) => void)[] = [];
  readonly #earlier = new WeakMap<Target, Promise<Earlier | undefined>>();
  /** How many wait for a connection. */
  readonly #connecting = new WeakMap<Target, number>();
  readonly #binaries = new WeakMap<Target, Binaries>();
  readonly #reader: KernelReader;
  #bundled: Promise<Inventory> | undefined;

  constructor(options: InventoriesOptions) {
    this.#options = options;
    this.#reader = new KernelReader(options.store, options.log);
  }

  /** The kernel that comes with Kgent; opened once. */
  bundled(): Promise<Inventory> {
    const opened = (this.#bundled ??= openBundledInventory(this.#options.dir));
    opened.catch(() => (this.#bundled = undefined));
    return opened;
  }

  /** What is known of the target without asking it: what it was the last time, or the bundled inventory, in place of its own; asking begins. */
  async known(target: Target): Promise<KnownTarget> {
    void this.#ask(target);
    const reading = this.#readings.get(target);
    const inventory = reading?.inventory ?? reading?.before;
    if (reading && inventory) return { facts: reading.facts, inventory };
    const earlier = await this.#fromEarlier(target);
    const facts = reading?.facts ?? earlier?.facts;
    return { ...(facts ? { facts } : {}), inventory: earlier?.inventory ?? (await this.bundled()) };
  }

  /** The target's own inventory when it has been read; else what stands in, and reading begins. */
  async now(target: Target, facts: Facts | undefined): Promise<Inventory> {
    const reading = facts && this.#read(target, facts);
    return reading?.inventory ?? reading?.before ?? this.#standIn(target);
  }

  /** The target's own inventory, waited for; what stands in when it cannot be read, or not in time. */
  async own(target: Target, facts: Facts | undefined, options: { timeoutMs: number; signal?: AbortSignal | undefined }): Promise<Inventory> {
    if (!facts) {
      if (!options.signal?.aborted) this.#asked.set(target, { failedAt: this.#time() });
      return this.#standIn(target);
    }
    const reading = this.#read(target, facts);
    const inventory = reading.inventory ?? (await orGiveUp(reading.own, options));
    if (!inventory && reading.failedAt === undefined && !options.signal?.aborted) this.#options.log.warn(`Reading the kernel of ${target.name} takes longer than ${options.timeoutMs / 1000} s; the bundled kernel stands in.`);
    return inventory ?? this.bundled();
  }

  /** Asks a target for its facts; meanwhile what was kept of its kernel is opened, and a connection that is made is told as progress. */
  async ask(target: Target, options: { signal?: AbortSignal | undefined }): Promise<FactsOutcome> {
    if (!this.#readings.has(target)) void this.#fromEarlier(target);
    if (target.kind !== 'ssh' || this.#readings.has(target)) return target.facts(options);
    this.#connecting.set(target, (this.#connecting.get(target) ?? 0) + 1);
    this.#watch(target, { phase: 'connecting', done: 0 });
    try {
      return await target.facts(options);
    } finally {
      const others = (this.#connecting.get(target) ?? 1) - 1;
      this.#connecting.set(target, others);
      if (others === 0) this.#watch(target, undefined);
    }
  }

  /** The facts of a target that cannot be asked now, as they were the last time. */
  async factsBefore(target: Target): Promise<Facts | undefined> {
    return (await this.#fromEarlier(target))?.facts;
  }

  /** Programs and libraries of a target, for uprobes and USDT. */
  binaries(target: Target): Binaries {
    const known = this.#binaries.get(target) ?? new Binaries(target);
    this.#binaries.set(target, known);
    return known;
  }

  /**
   * Finds out what helpers each type of program may call where bpftool could not tell, once per connection: it takes a moment
   * that nobody should wait for. When that is known the inventory is another object, which is told, and kept.
   */
  async learnHelpers(target: Target): Promise<void> {
    const reading = this.#readings.get(target);
    if (!reading?.inventory || reading.triedHelpers || reading.inventory.helpers('kprobe')) return;
    reading.triedHelpers = true;
    const features = await probeHelpers(target, reading.facts, reading.inventory, this.#stop.signal);
    const helpers = readHelpers(features);
    if (!features || helpers.size === 0) return;
    reading.inventory = { ...reading.inventory, helpers: (type) => helpers.get(type) };
    this.#tell(target);
    await this.#reader.keepFeatures(reading.facts, features);
  }

  /**
   * Reads, in the background, programs and libraries that are not known yet; those that changed are read again when
   * `again` says so. When more is known then, the target's inventory is another object, and that is told.
   */
  async notice(target: Target, facts: Facts, paths: readonly string[], again = false): Promise<void> {
    const binaries = this.binaries(target);
    const before = new Map(paths.map((path) => [path, binaries.known(path)]));
    for (const path of before.keys()) await binaries.notice(path, { facts, signal: this.#stop.signal, again });
    const reading = this.#readings.get(target);
    if (!reading?.inventory || [...before].every(([path, binary]) => binaries.known(path) === binary)) return;
    reading.inventory = this.#withBinaries(target, reading.inventory);
    this.#tell(target);
  }

  /** Tells when more is known of a target than before: its facts, or its own inventory. */
  onMore(listener: (target: string) => void): void {
    this.#listeners.push(listener);
  }

  /** Tells how far connecting to a target and reading its kernel have come; undefined when it has ended, however it did. */
  onProgress(watcher: (target: string, progress: Progress | undefined) => void): void {
    this.#watchers.push(watcher);
  }

  dispose(): void {
    this.#stop.abort();
  }

  /** Facts come at once when they are known, and a target that cannot be reached is left alone for a while. */
  async #ask(target: Target): Promise<void> {
    const before = this.#asked.get(target);
    if (before && !this.#mayRetry(before)) return;
    const asked: { failedAt?: number } = {};
    this.#asked.set(target, asked);
    const known = await target.facts({ signal: this.#stop.signal }).catch(() => undefined);
    if (known?.kind !== 'known') {
      asked.failedAt = this.#time();
      // Now it says that the target is not reachable.
      if (await this.#fromEarlier(target)) this.#tell(target);
      return;
    }
    this.#asked.delete(target);
    this.#read(target, known.facts);
  }

  #read(target: Target, facts: Facts): Reading {
    const before = this.#readings.get(target);
    if (before?.facts === facts && (before.failedAt === undefined || !this.#mayRetry(before))) return before;
    const reading: Reading = { facts, own: this.#fetch(target, facts), before: before?.inventory ?? before?.before };
    this.#readings.set(target, reading);
    if (before?.facts !== facts) this.#tell(target);
    void reading.own.then((inventory) => {
      if (!inventory) reading.failedAt = this.#time();
      else {
        reading.inventory = inventory;
        this.#tell(target);
      }
    });
    return reading;
  }

  #mayRetry({ failedAt }: { failedAt?: number }): boolean {
    return failedAt !== undefined && this.#time() - failedAt >= RETRY_MS;
  }

  #time(): number {
    return (this.#options.clock ?? Date.now)();
  }

  #tell(target: Target): void {
    for (const listener of this.#listeners) listener(target.name);
  }

  async #fetch(target: Target, facts: Facts): Promise<Inventory | undefined> {
    const tell = (progress: Progress | undefined): void => this.#watch(target, progress);
    try {
      const inventory = await this.#reader.read(target, facts, { signal: this.#stop.signal, onProgress: tell });
      return inventory && this.#withBinaries(target, inventory);
    } finally {
      tell(undefined);
    }
  }

  #watch(target: Target, progress: Progress | undefined): void {
    for (const watcher of this.#watchers) watcher(target.name, progress);
  }

  #withBinaries(target: Target, inventory: Inventory): Inventory {
    const binaries = this.binaries(target);
    return { ...inventory, binary: (path) => binaries.known(path) };
  }

  async #standIn(target: Target): Promise<Inventory> {
    return (await this.#fromEarlier(target))?.inventory ?? this.bundled();
  }

  /** What the target was in an earlier session, with a label that says so: `debian-vm (6.12.117, as of 3 days ago; not reachable now)`. */
  async #fromEarlier(target: Target): Promise<Earlier | undefined> {
    const opening = this.#earlier.get(target) ?? this.#openEarlier(target);
    this.#earlier.set(target, opening);
    const earlier = await opening;
    if (!earlier || this.#asked.get(target)?.failedAt === undefined) return earlier;
    const { label } = earlier.inventory;
    if (label.endsWith(UNREACHABLE)) return earlier;
    const unreachable = { facts: earlier.facts, inventory: { ...earlier.inventory, label: `${label.slice(0, -1)}${UNREACHABLE}` } };
    this.#earlier.set(target, Promise.resolve(unreachable));
    return unreachable;
  }

  async #openEarlier(target: Target): Promise<Earlier | undefined> {
    const remembered = target.kind === 'none' ? undefined : await this.#options.store?.target(target.name);
    if (!remembered) return undefined;
    const { facts, at } = remembered;
    const inventory = await this.#reader.kept(facts, `${target.name} (${facts.release}, as of ${ago(this.#time() - at)})`);
    return inventory && { facts, inventory: { ...inventory, asOf: at } };
  }
}

const UNREACHABLE = '; not reachable now)';

/** What is awaited, or undefined when the time is up or the signal aborts first. */
async function orGiveUp<T>(awaited: Promise<T>, { timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal | undefined }): Promise<T | undefined> {
  let giveUp: () => void = () => undefined;
  const gaveUp = new Promise<undefined>((resolve) => (giveUp = () => resolve(undefined)));
  const timer = setTimeout(giveUp, timeoutMs);
  signal?.addEventListener('abort', giveUp, { once: true });
  if (signal?.aborted) giveUp();
  try {
    return await Promise.race([awaited, gaveUp]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', giveUp);
  }
}
