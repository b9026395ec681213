import { describeError } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import type { Facts } from '../kernel/facts.ts';
import type { Inventory } from '../kernel/inventory.ts';
import { openInventory } from '../kernel/open.ts';
import { fetchRecord } from './inventory.ts';
import { openBundledInventory } from './inventory-bundled.ts';
import type { Target } from './target.ts';

/** Time to read a kernel in the background; an emulated machine needs 10 s, a slow line longer. */
const FETCH_TIMEOUT_MS = 120_000;
/** A target that could not be read is not asked again before this. */
const RETRY_MS = 60_000;

export interface InventoriesOptions {
  /** `knowledge/kernels` of the product. */
  readonly dir: string;
  readonly log: Log;
  /** Now, in milliseconds. */
  readonly clock?: () => number;
}

/** What is known of a target at a moment. */
export interface KnownTarget {
  readonly facts?: Facts;
  readonly inventory: Inventory;
}

/** As long as a target's facts are the same, its kernel is read once. */
interface Reading {
  readonly facts: Facts;
  readonly own: Promise<Inventory | undefined>;
  inventory?: Inventory;
  failedAt?: number;
}

/** The inventories of all targets, each read once per connection, and the bundled one that stands in. */
export class Inventories {
  readonly #options: InventoriesOptions;
  readonly #readings = new WeakMap<Target, Reading>();
  /** Targets that are being asked for their facts; or when asking failed. */
  readonly #asked = new WeakMap<Target, { failedAt?: number }>();
  readonly #stop = new AbortController();
  readonly #listeners: ((target: string) => void)[] = [];
  #bundled: Promise<Inventory> | undefined;

  constructor(options: InventoriesOptions) {
    this.#options = options;
  }

  /** The kernel that comes with Kgent; opened once. */
  bundled(): Promise<Inventory> {
    const opened = (this.#bundled ??= openBundledInventory(this.#options.dir));
    opened.catch(() => (this.#bundled = undefined));
    return opened;
  }

  /** What is known of the target without asking it, the bundled inventory in place of its own; asking begins. */
  async known(target: Target): Promise<KnownTarget> {
    void this.#ask(target);
    const reading = this.#readings.get(target);
    return { ...(reading ? { facts: reading.facts } : {}), inventory: reading?.inventory ?? (await this.bundled()) };
  }

  /** The target's own inventory when it has been read; else the bundled one, and reading begins. */
  async now(target: Target, facts: Facts | undefined): Promise<Inventory> {
    return (facts && this.#read(target, facts).inventory) ?? this.bundled();
  }

  /** The target's own inventory, waited for; the bundled one when it cannot be read, or not in time. */
  async own(target: Target, facts: Facts | undefined, options: { timeoutMs: number; signal?: AbortSignal | undefined }): Promise<Inventory> {
    if (!facts) return this.bundled();
    const reading = this.#read(target, facts);
    const inventory = reading.inventory ?? (await orGiveUp(reading.own, options));
    if (!inventory && reading.failedAt === undefined && !options.signal?.aborted) this.#options.log.warn(`Reading the kernel of ${target.name} takes longer than ${options.timeoutMs / 1000} s; the bundled kernel stands in.`);
    return inventory ?? this.bundled();
  }

  /** Tells when more is known of a target than before: its facts, or its own inventory. */
  onMore(listener: (target: string) => void): void {
    this.#listeners.push(listener);
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
      return;
    }
    this.#asked.delete(target);
    this.#read(target, known.facts);
  }

  #read(target: Target, facts: Facts): Reading {
    const before = this.#readings.get(target);
    if (before?.facts === facts && (before.failedAt === undefined || !this.#mayRetry(before))) return before;
    const reading: Reading = { facts, own: this.#fetch(target, facts) };
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

  /** Undefined when the kernel cannot be read: that is told to the log. Never rejects. */
  async #fetch(target: Target, facts: Facts): Promise<Inventory | undefined> {
    const { log } = this.#options;
    const started = Date.now();
    try {
      const read = await fetchRecord(target, { facts, timeoutMs: FETCH_TIMEOUT_MS, signal: this.#stop.signal });
      if (read.kind === 'known' && !read.record.formats && !read.record.functions) {
        // Its types alone would make every attach point doubtful.
        log.warn(`The tracepoints and functions of ${target.name} cannot be read without root, the bundled kernel stands in.`);
        return undefined;
      }
      if (read.kind === 'known') {
        const inventory = await openInventory(read.record, { source: 'target', label: `${target.name} (${facts.release})` });
        log.info(`The kernel of ${target.name} (${facts.release}) was read in ${Date.now() - started} ms: ${inventory.probes.count} attach points.`);
        return inventory;
      }
      const why = read.kind === 'failed' ? read.message : read.kind === 'timed-out' ? `it did not answer within ${read.afterMs / 1000} s` : read.kind;
      if (read.kind !== 'cancelled') log.warn(`The kernel of ${target.name} could not be read, the bundled one stands in: ${why}`);
    } catch (error) {
      log.warn(`The kernel of ${target.name} could not be read, the bundled one stands in: ${describeError(error)}`);
    }
    return undefined;
  }
}

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
