import type { SearchHit } from './knowledge.ts';

/** What each further member of a family loses. */
const FURTHER = 0.03;

/** The hits, best first; of attach points that tell nearly the same each further one loses, so that ten variants of one function do not fill the list. */
export function spread(hits: readonly SearchHit[]): SearchHit[] {
  const met = new Map<string, number>();
  const scored = hits.toSorted(byScore).map((hit) => {
    if (hit.kind !== 'attach-point' || hit.score >= 1) return hit;
    const family = familyOf(hit.id);
    const before = met.get(family) ?? 0;
    met.set(family, before + 1);
    return before === 0 ? hit : { ...hit, score: Math.max(hit.score - FURTHER * before, 0) };
  });
  return scored.filter(({ score }) => score > 0).sort(byScore);
}

function byScore(a: SearchHit, b: SearchHit): number {
  return b.score - a.score || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** Both ends of a system call, the begin and the end of an event, a function with and without its lock: one family. */
export function familyOf(id: string): string {
  const [provider = '', ...rest] = id.split(':');
  const name = rest.at(-1) ?? id;
  const syscall = /^(?:sys_(?:enter|exit)|__(?:x64|ia32|se|do)(?:_compat)?_sys)_(\w+)$/.exec(name)?.[1];
  if (syscall !== undefined) return `sys ${syscall.replace(/\d+$/, '')}`;
  if (provider === 'tracepoint' || provider === 'rawtracepoint') return `${rest.length > 1 ? (rest[0] ?? '') : ''} ${name.replace(/_(?:enter|entry|exit|begin|start|end|done|stop|complete)$/, '')}`;
  return name.replace(/\.(?:isra|constprop|part|cold).*$/, '').replace(/^_+/, '').replace(/^do_(?=sys_)/, '').replace(/(?:_(?:rcu|bh|irq|irqsave|locked|unlocked|nolock|noprof|common|slowpath|internal|flags|key|key_hash))+$/, '').replace(/\d+$/, '');
}
