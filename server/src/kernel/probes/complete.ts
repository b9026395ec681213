import { taking, type Listing } from './listing.ts';
import { compilePattern } from './pattern.ts';

/** Values of the next part: those that begin with `prefix`, then those that have it elsewhere; both in order. */
export function completePart(listing: Listing, before: readonly string[], prefix: string, limit: number): readonly string[] {
  const groups = before.length === 0 && listing.group !== 'none';
  if (groups && listing.group === 'required') return groupsWith(listing, prefix, limit);
  // Modules before functions, but a machine has hundreds: they leave room.
  const modules = groups && listing.print === 'group:name' ? groupsWith(listing, prefix, Math.ceil(limit / 2)) : [];
  const names = new Set(modules);
  const group = listing.group === 'none' ? undefined : before[0];
  for (const pattern of [`${prefix}*`, `*${prefix}*`]) addNames(listing, group, pattern, names, limit);
  return [...names];
}

function addNames(listing: Listing, group: string | undefined, pattern: string, names: Set<string>, limit: number): void {
  const { table } = listing;
  if (names.size >= limit) return;
  table.scan(compilePattern(pattern), taking(listing, 'listed', group), (row) => names.add(table.name(row)).size < limit);
}

function groupsWith({ table }: Listing, prefix: string, limit: number): readonly string[] {
  const holding = table.groups.filter((group) => group !== '' && group.includes(prefix)).sort();
  return [...holding.filter((group) => group.startsWith(prefix)), ...holding.filter((group) => !group.startsWith(prefix))].slice(0, limit);
}
