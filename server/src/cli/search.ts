import { UserError } from '../base/error.ts';
import { listed } from '../checks/compile/bpftrace/list.ts';
import { ITEM_KINDS, type SearchHit } from '../knowledge/knowledge.ts';
import { EXIT, options, type Command, type Terminal } from './command.ts';

const usage = `search "TEXT" [-k 10] [--kind ${ITEM_KINDS.join('|')}] [--target T] [--json]`;

export const search: Command = {
  usage,
  does: 'finds attach points, helpers, fields and examples by meaning',
  async run(args, terminal) {
    const { values, positionals } = options(args, usage, { k: { type: 'string', short: 'k', default: '10' }, kind: { type: 'string' }, target: { type: 'string' }, json: { type: 'boolean' } }, { min: 1, max: 1 });
    const k = Number(values.k);
    if (!Number.isInteger(k) || k < 1 || k > 1000) throw new UserError('usage', `-k wants a number from 1 to 1000, not '${values.k}'.`);
    const kind = ITEM_KINDS.find((name) => name === values.kind);
    if (values.kind !== undefined && !kind) throw new UserError('usage', `There is no kind '${values.kind}'. The kinds: ${ITEM_KINDS.join(', ')}.`);
    const knowledge = await terminal.engine.knowledge(values.target);
    const hits = await knowledge.search(positionals[0] ?? '', { k, ...(kind ? { kinds: [kind] } : {}) });
    const available = values.target === undefined ? new Map<string, boolean>() : await availability(hits, values.target, terminal);
    const results = hits.map((hit) => ({ ...hit, available: available.get(hit.id) ?? null }));
    if (values.json) terminal.print(JSON.stringify({ results }));
    else for (const r of results) terminal.print(`${r.score.toFixed(3)}  ${r.kind.padEnd(12)}  ${r.id}${r.available === false ? `  (not on ${values.target ?? ''})` : ''}\n       ${r.summary}`);
    return EXIT.fine;
  },
};

/** Which attach points among the hits the target's bpftrace lists; others stay unknown. */
async function availability(hits: readonly SearchHit[], name: string, terminal: Terminal): Promise<Map<string, boolean>> {
  const target = terminal.engine.target(name);
  const known = await target.facts({ signal: terminal.interrupted });
  const tool = known.kind === 'known' ? known.facts.tools.bpftrace : undefined;
  const points = hits.filter((hit) => hit.kind === 'attach-point' && /^(?:tracepoint|kprobe|kretprobe|kfunc|kretfunc|fentry|fexit|software|hardware):/.test(hit.id)).map((hit) => hit.id);
  const found = tool ? await listed(points, tool, target, { timeoutMs: 120_000, signal: terminal.interrupted }) : undefined;
  return new Map(found ? points.map((id, i) => [id, found[i] ?? false]) : []);
}
