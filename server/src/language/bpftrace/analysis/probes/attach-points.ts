import type { Inventory, ListedProvider } from '../../../../kernel/inventory.ts';
import { probeKind, type ProbeKind } from '../../catalogue.ts';
import type { AttachPoint } from '../../syntax/ast.ts';
import type { AttachPointInfo } from '../analysis.ts';
import { isInBinary, matchesInBinary } from './binaries.ts';
import { withoutOffset } from './offset.ts';

const LISTED = new Set<string>(['tracepoint', 'rawtracepoint', 'kprobe', 'kretprobe', 'fentry', 'fexit', 'iter', 'software', 'hardware'] satisfies ListedProvider[]);

export function isListed(provider: string | undefined): provider is ListedProvider {
  return provider !== undefined && LISTED.has(provider);
}

/** Counting the matches of a wildcard walks over a whole kernel: done once per inventory and pattern. */
const counts = new WeakMap<Inventory, Map<string, number>>();

/** With its place counted from the start of its item. */
export function attachPointInfo(node: AttachPoint, inventory: Inventory): AttachPointInfo {
  const kind = kindOf(node);
  const parts = node.parts.map((p) => unquoted(p.text));
  return { node, span: { start: node.start, end: node.end }, provider: kind?.name, parts, matches: kind ? matchesOf(kind.name, parts, inventory) : undefined };
}

const kinds = new Map<string, ProbeKind | undefined>();
/** Spellings a program may have: more are not worth keeping. */
const MAX_SPELLINGS = 1000;

export function kindOf(node: AttachPoint): ProbeKind | undefined {
  const { text } = node.provider;
  if (!kinds.has(text)) {
    if (kinds.size > MAX_SPELLINGS) kinds.clear();
    kinds.set(text, probeKind(text)?.kind);
  }
  return kinds.get(text);
}

function unquoted(part: string): string {
  return part.replaceAll('"', '');
}

function matchesOf(provider: string, parts: readonly string[], inventory: Inventory): number | undefined {
  if (isInBinary(provider)) return matchesInBinary(provider, parts, inventory);
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

/** Looking for similar names compares a whole kernel's: done once per inventory and name. */
const similar = new WeakMap<Inventory, Map<string, string | undefined>>();

/** The attach point that was probably meant, as `bpftrace -l` prints it. */
export function similarTo(provider: ListedProvider, parts: readonly string[], inventory: Inventory): string | undefined {
  const known = similar.get(inventory) ?? new Map<string, string | undefined>();
  similar.set(inventory, known);
  const key = `${provider}:${parts.join(':')}`;
  if (!known.has(key)) known.set(key, inventory.probes.similar(provider, parts, 1)[0]);
  return known.get(key);
}

const functions = new WeakMap<Inventory, Map<string, boolean>>();

/** Whether a kernel has a function, traceable or not. */
export function isFunction(name: string, inventory: Inventory): boolean {
  const known = functions.get(inventory) ?? new Map<string, boolean>();
  functions.set(inventory, known);
  let is = known.get(name);
  if (is === undefined) known.set(name, (is = inventory.func(name) !== undefined));
  return is;
}

function countOf(provider: ListedProvider, parts: readonly string[], inventory: Inventory): number {
  if (parts.some((p) => /[*?[]/.test(p))) return inventory.probes.countMatches(provider, ...parts);
  return inventory.probes.has(provider, ...parts) ? 1 : 0;
}
