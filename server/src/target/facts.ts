import { decodeFacts, FACTS_SCRIPT, factsArguments, type Facts } from '../kernel/facts.ts';
import type { InventoryStore } from './store.ts';
import type { FactsOutcome, Target } from './target.ts';

/** Time for one round trip; an emulated machine needs several seconds for the tool versions. */
const FACTS_TIMEOUT_MS = 30_000;

/** What keeps facts from one session to the next. */
export type FactsStore = Pick<InventoryStore, 'target' | 'keepTarget'>;

/** Asks a target for its facts once; a failed answer is not remembered. */
export class FactsMemory {
  readonly #target: Pick<Target, 'exec' | 'name'>;
  readonly #store: FactsStore | undefined;
  #known: Promise<FactsOutcome> | undefined;
  /** The versions of tools are not asked for again while their files are the same. */
  #before: Facts | undefined;

  constructor(target: Pick<Target, 'exec' | 'name'>, store?: FactsStore) {
    this.#target = target;
    this.#store = store;
  }

  async get(options: { signal?: AbortSignal | undefined; refresh?: boolean }): Promise<FactsOutcome> {
    if (options.refresh) this.#known = undefined;
    for (;;) {
      const asked = (this.#known ??= this.#ask(options.signal));
      const outcome = await asked;
      if (outcome.kind !== 'known' && this.#known === asked) this.#known = undefined;
      // Another one's question, which that one cancelled (an editor does, with each change): ask ourselves.
      if (outcome.kind !== 'cancelled' || options.signal?.aborted) return outcome;
    }
  }

  async #ask(signal: AbortSignal | undefined): Promise<FactsOutcome> {
    if (this.#store) this.#before ??= (await this.#store.target(this.#target.name))?.facts;
    const outcome = await this.#target.exec({ argv: ['sh', '-c', FACTS_SCRIPT, 'sh', ...factsArguments(this.#before)], timeoutMs: FACTS_TIMEOUT_MS, signal });
    if (outcome.kind !== 'ran') return outcome;
    const facts = decodeFacts(outcome.stdout, this.#before);
    if (facts) {
      this.#before = facts;
      await this.#store?.keepTarget(this.#target.name, facts);
      return { kind: 'known', facts };
    }
    return { kind: 'failed', reason: 'not-linux', message: 'The target is no Linux machine: eBPF programs run on Linux only.' };
  }
}
