import { UserError } from '../base/error.ts';
import { whyNotKnown } from '../engine.ts';
import { searchOn, type HitThere } from '../knowledge/available.ts';
import { kgentFormat } from '../knowledge/kgent-format.ts';
import { ITEM_KINDS, type ItemKind } from '../knowledge/knowledge.ts';
import { specSchema } from '../knowledge/schema.ts';
import { EXIT, options, type Command, type Terminal } from './command.ts';

const FORMATS = ['text', 'json', 'kgent'] as const;
const usage = `search "TEXT" [-k 10] [--kind ${ITEM_KINDS.join('|')}] [--target T] [--json | --format ${FORMATS.join('|')}]`;
/** Time to read a kernel that nobody read before; an emulated machine needs 10 s. */
const READ_TIMEOUT_MS = 60_000;

export const search: Command = {
  usage,
  does: 'finds attach points, helpers, fields and examples by meaning; --format kgent prints the specs as the KGENT paper keeps them',
  async run(args, terminal) {
    const { values, positionals } = options(args, usage, { k: { type: 'string', short: 'k', default: '10' }, kind: { type: 'string' }, target: { type: 'string' }, json: { type: 'boolean' }, format: { type: 'string' } }, { min: 1, max: 1 });
    const k = Number(values.k);
    if (!Number.isInteger(k) || k < 1 || k > 1000) throw new UserError('usage', `-k wants a number from 1 to 1000, not '${values.k}'.`);
    const kind = ITEM_KINDS.find((name) => name === values.kind);
    if (values.kind !== undefined && !kind) throw new UserError('usage', `There is no kind '${values.kind}'. The kinds: ${ITEM_KINDS.join(', ')}.`);
    const format = FORMATS.find((name) => name === (values.format ?? (values.json ? 'json' : 'text')));
    if (!format) throw new UserError('usage', `There is no format '${values.format ?? ''}'. The formats: ${FORMATS.join(', ')}.`);
    const found = await find(positionals[0] ?? '', { k, ...(kind && { kinds: [kind] }) }, values.target, terminal);
    if (found.length === 0 && format === 'text') terminal.tell('Nothing that Kgent knows has these words.');
    else terminal.print(await print[format](found, values.target, terminal));
    return EXIT.fine;
  },
};

/** Whether a kernel has something is asked only of a named target. */
async function find(text: string, asked: { readonly k: number; readonly kinds?: readonly ItemKind[] }, name: string | undefined, { engine, interrupted }: Terminal): Promise<readonly HitThere[]> {
  const knowledge = await engine.knowledge(name);
  if (name === undefined) return (await knowledge.search(text, asked)).map((hit) => ({ ...hit, available: null }));
  const target = engine.target(name);
  if (target.kind === 'none') return searchOn(knowledge, await engine.inventories.bundled(), text, asked);
  const known = await engine.inventories.ask(target, { signal: interrupted });
  if (known.kind !== 'known') throw new UserError('target', whyNotKnown(known, target.name));
  return searchOn(knowledge, await engine.inventories.own(target, known.facts, { timeoutMs: READ_TIMEOUT_MS, signal: interrupted }), text, asked);
}

const print: Readonly<Record<(typeof FORMATS)[number], (found: readonly HitThere[], target: string | undefined, terminal: Terminal) => Promise<string> | string>> = {
  text: (found, target) => found.map(({ score, kind, id, summary, available, wants }) => `${score.toFixed(3)}  ${kind.padEnd(12)}  ${id}${available === false ? `  (not on ${target ?? ''}${wants === undefined ? '' : `: needs ${wants}`})` : ''}\n       ${summary}`).join('\n'),
  json: (found) => JSON.stringify({ results: found }),
  kgent: async (found, target, { engine }) => {
    const knowledge = await engine.knowledge(target);
    const specs = found.flatMap(({ id }) => {
      const spec = specSchema.safeParse(knowledge.spec(id));
      return spec.success ? [[id, kgentFormat(spec.data)] as const] : [];
    });
    return JSON.stringify(Object.fromEntries(specs), null, 2);
  },
};
