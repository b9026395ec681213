import { shift } from '../../../../base/span.ts';
import type { Inventory, ListedProvider } from '../../../../kernel/inventory.ts';
import { probeKind, type ProbeKind } from '../../catalogue.ts';
import type { AttachPoint } from '../../syntax/ast.ts';
import type { AttachPointInfo } from '../analysis.ts';

const LISTED = new Set<string>(['tracepoint', 'rawtracepoint', 'kprobe', 'kretprobe', 'fentry', 'fexit', 'iter', 'software', 'hardware'] satisfies ListedProvider[]);

export function isListed(provider: string | undefined): provider is ListedProvider {
  return provider !== undefined && LISTED.has(provider);
}

/** Counting the matches of a wildcard walks over a whole kernel: done once per inventory and pattern. */
const counts = new WeakMap<Inventory, Map<string, number>>();

export function attachPointInfo(node: AttachPoint, base: number, inventory: Inventory): AttachPointInfo {
  const kind = kindOf(node);
  const parts = node.parts.map((p) => unquoted(p.text));
  return { node, span: shift(node, base), provider: kind?.name, parts, matches: kind ? matchesOf(kind.name, parts, inventory) : undefined };
}

export function kindOf(node: AttachPoint): ProbeKind | undefined {
  return probeKind(node.provider.text)?.kind;
}

function unquoted(part: string): string {
  return part.replaceAll('"', '');
}

/** Where a function is probed: without `+0x10`. */
export function withoutOffset(part: string): string {
  return part.replace(/\+(?:0x[\da-fA-F]+|\d+)$/, '');
}

function matchesOf(provider: string, parts: readonly string[], inventory: Inventory): number | undefined {
  if (!isListed(provider) || !inventory.probes.knows(provider) || parts.length === 0 || parts.some((p) => p === '')) return undefined;
  const named = provider === 'software' || provider === 'hardware' ? parts.slice(0, 1) : provider === 'iter' ? parts.slice(0, 1) : parts.map(withoutOffset);
  // A function given by its address is in no list.
  if (/^0x[\da-fA-F]+$/.test(named.at(-1) ?? '') || named.some((p) => p === 'bpf')) return undefined;
  const known = counts.get(inventory) ?? new Map<string, number>();
  counts.set(inventory, known);
  const key = `${provider}:${named.join(':')}`;
  let count = known.get(key);
  if (count === undefined) known.set(key, (count = countOf(provider, named, inventory)));
  return count;
}

function countOf(provider: ListedProvider, parts: readonly string[], inventory: Inventory): number {
  if (parts.some((p) => /[*?[]/.test(p))) return inventory.probes.countMatches(provider, ...parts);
  return inventory.probes.has(provider, ...parts) ? 1 : 0;
}
