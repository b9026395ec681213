import { describeError } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import type { Facts } from '../kernel/facts.ts';
import type { Inventory } from '../kernel/inventory.ts';
import { openInventory } from '../kernel/open.ts';
import type { KernelRecord } from '../kernel/record.ts';
import { forModules, staleParts, withParts } from '../kernel/record-modules.ts';
import { fetchRecord, type RecordOutcome } from './inventory.ts';
import type { OnProgress } from './progress.ts';
import type { InventoryStore } from './store.ts';
import type { Target } from './target.ts';

/** Time to read a kernel in the background; an emulated machine needs 10 s, a slow line longer. */
const FETCH_TIMEOUT_MS = 120_000;

export interface ReadOptions {
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

/** Reads kernels of targets: what was kept of them first, then only what that lacks. */
export class KernelReader {
  readonly #store: InventoryStore | undefined;
  readonly #log: Log;
  /** Kernels that are open, by their ids, with what they were opened from: another target of the same kernel, or a new connection, costs nothing. */
  readonly #open = new Map<string, { readonly from: string; readonly opening: Promise<Inventory> }>();
  /** What was kept of kernels, or is by now, by their ids. */
  readonly #kept = new Map<string, Promise<KernelRecord | undefined>>();

  constructor(store: InventoryStore | undefined, log: Log) {
    this.#store = store;
    this.#log = log;
  }

  /** Undefined when the kernel cannot be read: that is told to the log. Never rejects. */
  async read(target: Target, facts: Facts, options: ReadOptions): Promise<Inventory | undefined> {
    try {
      const kept = await this.#keptOf(facts);
      if (!kept) return await this.#readWith(undefined, target, facts, options);
      return await this.#readWith(kept, target, facts, options).catch(async () => {
        // What was kept is whole but makes no sense.
        this.#kept.delete(facts.kernelId);
        await this.#store?.forgetKernel(facts.kernelId);
        return this.#readWith(undefined, target, facts, options);
      });
    } catch (error) {
      this.#log.warn(`The kernel of ${target.name} could not be read, the bundled one stands in: ${describeError(error)}`);
      return undefined;
    }
  }

  /** Adds to what is kept of a kernel what its programs may call. */
  async keepFeatures({ kernelId }: Facts, features: Uint8Array): Promise<void> {
    const record = await this.#kept.get(kernelId);
    if (!record) return;
    const whole = { ...record, features };
    this.#kept.set(kernelId, Promise.resolve(whole));
    await this.#store?.keepKernel(whole);
  }

  async #readWith(kept: KernelRecord | undefined, target: Target, facts: Facts, options: ReadOptions): Promise<Inventory | undefined> {
    const started = Date.now();
    const { record, how } = await this.#record(target, facts, kept, options);
    if (!record) return undefined;
    options.onProgress({ phase: 'opening the kernel', done: 0 });
    const inventory = await this.#opened(facts, record, `${target.name} (${facts.release})`);
    this.#log.info(`The kernel of ${target.name} (${facts.release}) was ${how} in ${Date.now() - started} ms.`);
    return inventory;
  }

  /** What was kept of a target's kernel; undefined when there is none, or it cannot be opened. */
  async kept(facts: Facts, label: string): Promise<Inventory | undefined> {
    try {
      const record = await this.#keptOf(facts);
      return record && (await this.#opened(facts, forModules(record, facts.modules), label));
    } catch {
      return undefined;
    }
  }

  async #record(target: Target, facts: Facts, kept: KernelRecord | undefined, { signal, onProgress }: ReadOptions): Promise<{ record: KernelRecord | undefined; how: string }> {
    const stale = kept ? staleParts(kept, facts) : 'all';
    if (kept && !stale) return { record: forModules(kept, facts.modules), how: 'known, and opened' };
    const read = await fetchRecord(target, { facts, parts: stale ?? 'all', timeoutMs: FETCH_TIMEOUT_MS, signal, onProgress });
    if (read.kind !== 'known') this.#tellWhyNot(target, read, kept ? 'what was known of it' : 'the bundled one');
    else if (read.record.formats || read.record.functions) {
      const whole = kept && stale !== 'all' ? withParts(kept, read.record, facts.modules) : read.record;
      this.#keep(whole);
      return { record: forModules(whole, facts.modules), how: stale === 'all' ? 'read' : 'brought up to date' };
    } else if (!kept) this.#log.warn(`The tracepoints and functions of ${target.name} cannot be read without root, the bundled kernel stands in.`);
    return { record: kept && forModules(kept, facts.modules), how: 'opened as it was before' };
  }

  #keptOf({ kernelId }: Facts): Promise<KernelRecord | undefined> {
    const known = this.#kept.get(kernelId) ?? Promise.resolve(this.#store?.kernel(kernelId));
    // Another session may read it meanwhile.
    void known.then((record) => record ?? this.#kept.delete(kernelId));
    this.#kept.set(kernelId, known);
    return known;
  }

  /** Nobody waits for the file. */
  #keep(record: KernelRecord): void {
    if (!this.#store || !record.kernelId) return;
    this.#kept.set(record.kernelId, Promise.resolve(record));
    void this.#store.keepKernel(record);
  }

  #tellWhyNot(target: Target, read: Exclude<RecordOutcome, { kind: 'known' }>, instead: string): void {
    if (read.kind === 'cancelled') return;
    const why = read.kind === 'failed' ? read.message : read.kind === 'timed-out' ? `it did not answer within ${read.afterMs / 1000} s` : read.kind;
    this.#log.warn(`The kernel of ${target.name} could not be read, ${instead} stands in: ${why}`);
  }

  /** A copy with its own label: the rest is shared. */
  async #opened({ kernelId }: Facts, record: KernelRecord, label: string): Promise<Inventory> {
    const from = JSON.stringify([Object.entries(record.modules ?? {}).toSorted(), record.formats?.length, record.functions?.length]);
    const before = kernelId === '' ? undefined : this.#open.get(kernelId);
    const opening = before?.from === from ? before.opening : openInventory(record, { source: 'target', label });
    this.#open.set(kernelId, { from, opening });
    opening.catch(() => this.#open.delete(kernelId));
    const inventory = await opening;
    return inventory.label === label ? inventory : { ...inventory, label };
  }
}
