import { describeError, UserError } from '../base/error.ts';
import { whyNotKnown, type Engine } from '../engine.ts';
import { missingCapabilities } from '../kernel/capabilities.ts';
import { summarizeFacts, type Facts } from '../kernel/facts.ts';
import type { Inventory } from '../kernel/inventory.ts';
import type { TargetKind, TargetProgress, TargetRow, TargetState } from '../protocol.ts';
import { percentOf, type Progress } from '../target/progress.ts';
import type { Target } from '../target/target.ts';
import { targetFacts } from './target-facts.ts';

/** Time to read a kernel for a person who waits for it. */
const READ_TIMEOUT_MS = 120_000;
const CONNECTING: TargetProgress = { phase: 'connecting' };
const ASKING: TargetProgress = { phase: 'asking what it has' };

/** What happened to a target in this session. */
interface Known {
  readonly state: TargetRow['state'];
  readonly summary: string;
  readonly facts?: Facts | undefined;
  readonly inventory?: Inventory | undefined;
}

interface Listed {
  readonly name: string;
  readonly kind: TargetKind;
  readonly detail: string;
  readonly saved: boolean;
}

export interface RowsOptions {
  readonly engine: Engine;
  /** Name of the target of the settings. */
  readonly current: () => string;
  /** A row is not as it was. */
  readonly changed: () => void;
}

export interface AskOptions {
  /** Everything anew, and what was refused is tried again. */
  readonly refresh?: boolean;
  /** Whether to wait until the kernel was read. */
  readonly whole?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** All targets and what is known of each. Nothing is asked of a target before somebody wants it. */
export class TargetRows {
  readonly #options: RowsOptions;
  readonly #known = new Map<string, Known>();
  readonly #progress = new Map<string, TargetProgress>();

  constructor(options: RowsOptions) {
    this.#options = options;
    const { inventories } = options.engine;
    inventories.onMore((name) => void this.#more(name));
    inventories.onProgress((name, progress) => this.#reading(name, progress));
    options.engine.targets.onConnection((name, isConnected) => this.#connection(name, isConnected));
  }

  /** Throws UserError when the file of saved targets is broken. */
  rows(): readonly TargetRow[] {
    const { engine, current } = this.#options;
    const saved = engine.targets.list().map((one): Listed => ({ ...one, saved: one.kind === 'ssh' }));
    const named = current().trim();
    const unsaved = named === 'none' || saved.some(({ name }) => name === named) ? [] : [this.#unsaved(named)];
    const none: Listed = { name: 'none', kind: 'none', detail: 'no machine', saved: false };
    return [...saved, ...unsaved, none].map((one) => this.#row(one));
  }

  /** Connects to a target and tells what it is. Its kernel is read then. Throws UserError for a name nobody knows. */
  async ask(name: string, options: AskOptions = {}): Promise<TargetState> {
    if (name.trim() === '') throw new UserError('usage', 'A target needs a name: local, a saved target, or user@host.');
    const before = this.#known.get(name);
    try {
      const target = this.#options.engine.target(name);
      if (target.kind === 'none') return await this.#none();
      this.#set(name, { ...before, state: 'connecting', summary: 'connecting' });
      this.#tellProgress(name, CONNECTING);
      return await this.#asked(target, options, before);
    } catch (error) {
      this.#set(name, { state: 'unusable', summary: describeError(error) });
      throw error;
    } finally {
      const phase = this.#progress.get(name);
      if (phase === CONNECTING || phase === ASKING) this.#tellProgress(name, undefined);
    }
  }

  /** What was known of the name no longer counts. */
  forget(name: string): void {
    this.#known.delete(name);
    this.#options.changed();
  }

  async #asked(target: Target, { refresh = false, whole = false, signal }: AskOptions, before: Known | undefined): Promise<TargetState> {
    const { name, kind } = target;
    const { inventories } = this.#options.engine;
    const outcome = await target.facts({ signal, refresh });
    if (outcome.kind !== 'known') return this.#failed(target, whyNotKnown(outcome, name), outcome.kind === 'cancelled' ? before : undefined);
    const { facts } = outcome;
    const summary = summarizeFacts(facts);
    const show = (inventory: Inventory): void => this.#set(name, { state: 'connected', summary, facts, inventory: ownOnly(inventory) });
    show(await inventories.now(target, facts));
    if (whole) show(await inventories.own(target, facts, { timeoutMs: READ_TIMEOUT_MS, signal }));
    return { name, kind, state: 'connected', summary, release: facts.release };
  }

  /** What it was before it was asked in vain, or the last time, stands in where it is known. */
  async #failed(target: Target, summary: string, before: Known | undefined): Promise<TargetState> {
    const { name, kind } = target;
    const { inventories } = this.#options.engine;
    const facts = before ? undefined : await inventories.factsBefore(target);
    if (facts) this.#set(name, { state: 'offline', summary, facts, inventory: ownOnly(await inventories.now(target, undefined)) });
    else this.#set(name, before ?? { state: 'unusable', summary });
    return { name, kind, state: 'unusable', summary };
  }

  async #none(): Promise<TargetState> {
    const inventory = await this.#options.engine.inventories.bundled();
    const summary = `no machine; programs are checked against ${inventory.label}`;
    this.#set('none', { state: 'connected', summary, inventory });
    return { name: 'none', kind: 'none', state: 'connected', summary };
  }

  /** Its kernel has been read, by whoever wanted it. */
  async #more(name: string): Promise<void> {
    const known = this.#known.get(name);
    if (known?.state !== 'connected' || !known.facts) return;
    const { engine } = this.#options;
    const outcome = await engine.target(name).facts();
    if (outcome.kind !== 'known') return;
    const inventory = await engine.inventories.now(engine.target(name), outcome.facts);
    this.#set(name, { ...known, summary: summarizeFacts(outcome.facts), facts: outcome.facts, inventory: ownOnly(inventory) });
  }

  /** A connection that dropped, or one that was made again because something was to be run there. */
  #connection(name: string, isConnected: boolean): void {
    const known = this.#known.get(name);
    if (isConnected && known?.state === 'connecting') this.#tellProgress(name, ASKING);
    if (!known?.facts) return;
    if (!isConnected && known.state === 'connected') this.#set(name, { ...known, state: 'offline', summary: 'The connection was lost. It is made again when it is needed.' });
    if (isConnected && known.state === 'offline') this.#set(name, { ...known, state: 'connected', summary: summarizeFacts(known.facts) });
  }

  #reading(name: string, progress: Progress | undefined): void {
    const percent = progress && percentOf(progress);
    this.#tellProgress(name, progress && { phase: progress.phase, ...(percent === undefined ? {} : { percent }) });
  }

  #set(name: string, known: Known): void {
    this.#known.set(name, known);
    this.#options.changed();
  }

  #tellProgress(name: string, progress: TargetProgress | undefined): void {
    if (progress) this.#progress.set(name, progress);
    else this.#progress.delete(name);
    this.#options.changed();
  }

  #row(listed: Listed): TargetRow {
    const { name, kind } = listed;
    const known = this.#known.get(name);
    const progress = this.#progress.get(name);
    const { facts, inventory } = known ?? {};
    const release = facts?.release ?? (kind === 'none' ? inventory?.release : undefined);
    return {
      ...listed,
      current: name === this.#options.current().trim(),
      state: known?.state ?? 'new',
      summary: known?.summary ?? '',
      ...(release === undefined ? {} : { release }),
      ...(progress ? { progress } : {}),
      about: targetFacts(facts, inventory),
      missing: facts ? missingCapabilities(facts, inventory, { compiles: this.#compiles(name) }) : [],
    };
  }

  /** A destination as it stands in the settings. A name nobody knows is shown too: somebody wants it. */
  #unsaved(name: string): Listed {
    const known = { name, detail: 'not saved', saved: false };
    try {
      return { ...known, kind: this.#options.engine.target(name).kind };
    } catch {
      return { ...known, kind: 'ssh' };
    }
  }

  /** BPF C is compiled on this machine, or on the target where this one has no clang. */
  #compiles(name: string): boolean {
    const here = this.#known.get('local');
    return name === 'local' || (here !== undefined && here.facts?.tools.clang === undefined && here.state !== 'connecting');
  }
}

/** What stands in for want of the target's own tells nothing of the target. */
function ownOnly(inventory: Inventory): Inventory | undefined {
  return inventory.source === 'target' ? inventory : undefined;
}
