import type { Connection } from 'vscode-languageserver/node';
import { describeError } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import type { Engine } from '../engine.ts';
import type { BuildProgress } from '../knowledge/index/build-part.ts';
import { describeAttachPointsRequest, indexProgressNotification, indexTargetRequest } from '../protocol.ts';
import { abortOn, forUser } from './request.ts';

/** Answers `kgent/indexTarget` and `kgent/describeAttachPoints`. */
export function registerIndex(connection: Connection, engine: Engine, configured: () => Promise<void>): void {
  connection.onRequest(indexTargetRequest, ({ id, target }, token) =>
    forUser(async () => {
      await configured();
      const { name } = engine.target(target);
      const messages: string[] = [];
      const onProgress = (progress: BuildProgress): void => void connection.sendNotification(indexProgressNotification, { id, ...shown(progress) });
      const { built, items, inventory } = await engine.index(name, { signal: abortOn(token), onProgress, tell: (message) => void messages.push(message) });
      return { target: name, built, items, inventory, messages };
    }),
  );
  connection.onRequest(describeAttachPointsRequest, ({ target, ids }, token) =>
    forUser(async () => {
      await configured();
      return engine.describe(ids, { target, signal: abortOn(token) });
    }),
  );
}

const STEPS: Readonly<Record<BuildProgress['step'], string>> = { learning: 'learning', embedding: 'reading', indexing: 'building the graph' };

function shown({ step, done, total }: BuildProgress): { step: string; percent?: number } {
  return { step: STEPS[step], ...(total === 0 ? {} : { percent: Math.floor((100 * Math.min(done, total)) / total) }) };
}

/** A target that was just connected to is used first, and indexed then: that takes a core for some seconds. */
const PATIENCE_MS = 15_000;

/** Takes over the index of the current target's kernel when it is there, and builds it in the background when it is not. */
export class BackgroundIndex {
  readonly #engine: Engine;
  readonly #log: Log;
  readonly #stop = new AbortController();
  readonly #waiting = new Map<string, NodeJS.Timeout>();

  constructor(engine: Engine, log: Log) {
    this.#engine = engine;
    this.#log = log;
  }

  /** More is known of a target than before. */
  async notice(target: string): Promise<void> {
    if (this.#stop.signal.aborted || (await this.#engine.adoptIndex(target).catch(() => false)) || this.#waiting.has(target)) return;
    const timer = setTimeout(() => void this.#build(target), PATIENCE_MS);
    timer.unref();
    this.#waiting.set(target, timer);
  }

  dispose(): void {
    this.#stop.abort();
    for (const timer of this.#waiting.values()) clearTimeout(timer);
  }

  async #build(target: string): Promise<void> {
    this.#waiting.delete(target);
    const { inventory } = await this.#engine.known(target);
    // The bundled kernel stands in for it: there is nothing of its own to index.
    if (inventory.source !== 'target' || this.#stop.signal.aborted) return;
    try {
      const { built, items } = await this.#engine.index(target, { signal: this.#stop.signal, tell: (message) => this.#log.warn(message) });
      if (built) this.#log.info(`${items} attach points that only ${inventory.label} has are indexed.`);
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#log.warn(`What only ${target} has could not be indexed: ${describeError(error)}`);
    }
  }
}
