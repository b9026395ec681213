import { compareVersions, parseVersion } from '../base/version.ts';
import type { Inventory, ListedProvider } from '../kernel/inventory.ts';
import type { ItemKind, Knowledge, SearchHit } from './knowledge.ts';

/** A hit, and whether a kernel has it. */
export interface HitThere extends SearchHit {
  /** Null where a kernel does not tell, or it makes no sense to ask. */
  readonly available: boolean | null;
  /** What it would take: `module xfs`, `Linux 6.8`. */
  readonly wants?: string;
}

const LISTED: Readonly<Record<string, ListedProvider>> = { tracepoint: 'tracepoint', rawtracepoint: 'rawtracepoint', kprobe: 'kprobe', kretprobe: 'kretprobe', fentry: 'fentry', fexit: 'fexit', iter: 'iter', software: 'software', hardware: 'hardware' };

/** More than are shown: what the kernel lacks goes to the end, and something else comes up. */
const ALSO_ASKED = 20;

/** Searches for what a kernel has: what it lacks ranks below all that it has, and says what it needs. */
export async function searchOn(knowledge: Knowledge, inventory: Inventory, query: string, options: { readonly k: number; readonly kinds?: readonly ItemKind[] }): Promise<readonly HitThere[]> {
  const hits = await knowledge.search(query, { ...options, k: options.k + ALSO_ASKED });
  const judged = hits.map((hit) => judge(hit, knowledge, inventory));
  return [...judged.filter(({ available }) => available !== false), ...judged.filter(({ available }) => available === false)].slice(0, options.k);
}

function judge(hit: SearchHit, knowledge: Knowledge, inventory: Inventory): HitThere {
  const spec = knowledge.spec(hit.id);
  const since = typeof spec?.['since'] === 'string' ? spec['since'] : undefined;
  const available = hit.kind === 'attach-point' ? attachPoint(hit.id, inventory) : hit.kind === 'kfunc' ? kfunc(hit.id, inventory) : hit.kind === 'helper' ? !isNewer(since, inventory) : null;
  if (available !== false) return { ...hit, available };
  const needs = Array.isArray(spec?.['needs']) ? spec['needs'].filter((need) => typeof need === 'string') : [];
  const wants = [...needs, ...(isNewer(since, inventory) ? [`Linux ${since}`] : [])].join(', ');
  return { ...hit, available, ...(wants !== '' && { wants }) };
}

function attachPoint(id: string, { probes }: Inventory): boolean | null {
  const [provider = '', ...parts] = id.split(':');
  const listed = LISTED[provider];
  return listed && probes.knows(listed) ? probes.has(listed, ...parts) : null;
}

function kfunc(name: string, inventory: Inventory): boolean | null {
  const all = inventory.kfuncs();
  return all.length === 0 ? null : all.includes(name);
}

function isNewer(since: string | undefined, { release }: Inventory): boolean {
  const [wanted, has] = [since, release].map((text) => text && parseVersion(text));
  return Boolean(wanted && has && compareVersions(wanted, has) > 0);
}
