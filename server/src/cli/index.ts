import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildKnowledge } from '../knowledge/build.ts';
import type { BuildProgress } from '../knowledge/index/build-part.ts';
import { EXIT, options, type Command, type Terminal } from './command.ts';
import { showStep } from './index-bar.ts';

const usage = 'index [--target T] [--json]';

export const index: Command = {
  usage,
  does: 'builds the search index, or with --target that of what only this kernel has',
  async run(args, terminal) {
    const { values } = options(args, usage, { target: { type: 'string' }, json: { type: 'boolean' } }, { min: 0, max: 0 });
    const bar = showStep(process.stderr);
    try {
      const told = await (values.target === undefined ? described(terminal, bar.show) : furtherOf(values.target, terminal, bar.show));
      bar.clear();
      if (values.json) terminal.print(JSON.stringify(told));
      else terminal.print(textOf(told));
      return EXIT.fine;
    } catch (error) {
      bar.clear();
      if (!terminal.interrupted.aborted) throw error;
      terminal.tell('Cancelled; nothing was changed.');
      return EXIT.interrupted;
    }
  },
};

/** What `kgent index --json` prints. */
interface Told {
  readonly target: string | null;
  /** False: it was up to date. */
  readonly built: boolean;
  /** Records in the index: for a target, those that it has beside the described ones. */
  readonly items: number;
  readonly index: 'hnsw' | 'exact';
  /** The kernel it is of. */
  readonly inventory?: string;
  readonly seconds: number;
}

async function described({ engine, interrupted }: Terminal, onProgress: (progress: BuildProgress) => void): Promise<Told> {
  const started = performance.now();
  // In a checkout the records themselves lie beside the product.
  const source = join(engine.assets, '..', 'knowledge');
  const fresh = existsSync(join(source, 'specs')) && (await buildKnowledge({ source, out: join(engine.assets, 'knowledge'), onProgress, signal: interrupted })).built;
  const { part } = await engine.memory.own();
  return { target: null, built: fresh || engine.memory.repaired, items: part.items.count, index: part.index.kind, seconds: secondsSince(started) };
}

async function furtherOf(target: string, { engine, interrupted, tell }: Terminal, onProgress: (progress: BuildProgress) => void): Promise<Told> {
  const started = performance.now();
  const { built, items, index: kind, inventory } = await engine.index(target, { onProgress, signal: interrupted, tell });
  return { target, built, items, index: kind, inventory, seconds: secondsSince(started) };
}

function textOf({ built, items, index: kind, inventory, seconds }: Told): string {
  const what = inventory === undefined ? `${items} specs and examples` : `${items} attach points that only ${inventory} has`;
  const how = kind === 'hnsw' ? '' : ' The native module hnswlib-node is not there: every search compares with all of them.';
  return `${built ? 'Indexed' : 'Up to date:'} ${what}${built ? ` in ${seconds.toFixed(1)} s` : ''}.${how}`;
}

function secondsSince(started: number): number {
  return Math.round((performance.now() - started) / 100) / 10;
}
