import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../base/error.ts';
import { buildKnowledge } from '../knowledge/build.ts';
import type { BuildProgress } from '../knowledge/index/build-part.ts';
import { EXIT, options, type Command, type Terminal } from './command.ts';
import { showStep } from './index-bar.ts';

const usage = 'index [--target T] [--describe ID…] [--json]';

export const index: Command = {
  usage,
  does: 'builds the search index, or with --target that of what only this kernel has',
  async run(args, terminal) {
    const { values, positionals } = options(args, usage, { target: { type: 'string' }, describe: { type: 'boolean' }, json: { type: 'boolean' } }, { min: 0, max: 1_000 });
    if (values.describe) return describe(positionals, values, terminal);
    if (positionals.length > 0) throw new UserError('usage', `'${positionals[0] ?? ''}' is too much. Usage: kgent ${usage}`);
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

/** Has the model describe attach points. Exit status 1 when one of them could not be described. */
async function describe(ids: readonly string[], { target, json }: { target?: string | undefined; json?: boolean | undefined }, terminal: Terminal): Promise<number> {
  if (ids.length === 0) throw new UserError('usage', `Which attach points? Usage: kgent ${usage}`);
  const described = await terminal.engine.describe(ids, { target, signal: terminal.interrupted });
  if (json) terminal.print(JSON.stringify({ described }));
  else for (const { id, state, model, summary, message } of described) terminal.print(state === 'failed' ? `${id}: ${message ?? 'not described'}` : `${id}: ${summary ?? ''}${model === undefined ? '' : ` (written by ${model}${state === 'known' ? ' before' : ''})`}`);
  return described.some(({ state }) => state === 'failed') ? EXIT.found : EXIT.fine;
}

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
  /** The server that made the vectors, in place of the local embedder. */
  readonly embedder?: string;
  readonly seconds: number;
}

async function described(terminal: Terminal, onProgress: (progress: BuildProgress) => void): Promise<Told> {
  const started = performance.now();
  // In a checkout the records themselves lie beside the product.
  const source = join(terminal.engine.assets, '..', 'knowledge');
  const fresh = existsSync(join(source, 'specs')) && (await buildKnowledge({ source, out: join(terminal.engine.assets, 'knowledge'), onProgress, signal: terminal.interrupted })).built;
  const { part } = await terminal.engine.memory.own();
  const embedded = await terminal.engine.memory.embed({ onProgress, signal: terminal.interrupted, tell: (message) => terminal.tell(message) });
  if (embedded) return { target: null, built: embedded.built, items: embedded.items, index: embedded.index, embedder: embedded.embedder, seconds: secondsSince(started) };
  return { target: null, built: fresh || terminal.engine.memory.repaired, items: part.items.count, index: part.index.kind, seconds: secondsSince(started) };
}

async function furtherOf(target: string, terminal: Terminal, onProgress: (progress: BuildProgress) => void): Promise<Told> {
  const started = performance.now();
  const { built, items, index: kind, inventory } = await terminal.engine.index(target, { onProgress, signal: terminal.interrupted, tell: (message) => terminal.tell(message) });
  return { target, built, items, index: kind, inventory, seconds: secondsSince(started) };
}

function textOf({ built, items, index: kind, inventory, embedder, seconds }: Told): string {
  const what = inventory === undefined ? `${items} specs and examples${embedder === undefined ? '' : `, by ${embedder}`}` : `${items} attach points that only ${inventory} has`;
  const how = kind === 'hnsw' ? '' : ' The native module hnswlib-node is not there: every search compares with all of them.';
  return `${built ? 'Indexed' : 'Up to date:'} ${what}${built ? ` in ${seconds.toFixed(1)} s` : ''}.${how}`;
}

function secondsSince(started: number): number {
  return Math.round((performance.now() - started) / 100) / 10;
}
