import type { ListedProvider } from '../inventory.ts';
import type { Later } from '../turns.ts';
import type { NameTable } from './name-table.ts';
import { compilePattern, matchesPattern } from './pattern.ts';

/** How one provider shows and looks up the names of a table. */
export interface Listing {
  readonly provider: ListedProvider;
  readonly table: NameTable;
  /** What may stand before the name: a tracepoint's category must, a function's module may. */
  readonly group: 'none' | 'optional' | 'required';
  /** As `bpftrace -l` prints it. */
  readonly print: 'name' | 'group:name' | 'name:';
  /** Whether one can attach there. All rows when absent. */
  readonly attachable?: (row: number) => boolean;
  /** Whether `bpftrace -l` shows it and wildcards take it; then one can attach to it. All attachable rows when absent. */
  readonly listed?: (row: number) => boolean;
  /** A name stands for all of its groups: two modules may have a function of one name, and a kprobe is one attach point. */
  readonly repeated?: (row: number) => boolean;
}

/** Listings that are made together, when the first of them is asked for. */
export interface Listings {
  readonly providers: readonly ListedProvider[];
  readonly made: Later<readonly Listing[]>;
  /** Whether one can attach to a name without wildcards, answered before the listings are made. */
  readonly early?: (name: string) => boolean;
}

/** `withGroup`: the group was asked for, and bpftrace then names it. */
export function printRow({ provider, table, print }: Listing, row: number, withGroup = false): string {
  const name = table.name(row);
  switch (print === 'name' && withGroup ? 'group:name' : print) {
    case 'group:name':
      return `${provider}:${table.group(row)}:${name}`;
    case 'name:':
      return `${provider}:${name}:`;
    case 'name':
      return `${provider}:${name}`;
  }
}

/** Which part is the name: the one after the group, where there may be one. What follows a name (a count, a pin) is not looked at. */
export function nameAndGroup({ group }: Listing, parts: readonly string[]): { readonly name: string; readonly group?: string } {
  const [first = '', second] = parts;
  if (group === 'none' || (group === 'optional' && second === undefined)) return { name: first };
  return { name: second ?? '*', group: first };
}

/** Whether a row's group matches a pattern; undefined when all do. */
export function groupFilter(table: NameTable, text: string | undefined): ((row: number) => boolean) | undefined {
  if (text === undefined || text === '*') return undefined;
  if (!text.includes('*')) {
    const number = table.groups.indexOf(text);
    return (row) => table.groupNumber(row) === number;
  }
  const pattern = compilePattern(text);
  const matching = table.groups.map((group) => {
    const bytes = encoder.encode(group);
    return matchesPattern(pattern, bytes, 0, bytes.length);
  });
  return (row) => matching[table.groupNumber(row)] === true;
}

const encoder = new TextEncoder();

const all = (): boolean => true;

/** Whether a row is listed, or one can attach to it; of a group only, when one is given. */
export function taking(listing: Listing, which: 'listed' | 'attachable', group: string | undefined): (row: number) => boolean {
  const taken = (which === 'listed' ? listing.listed : undefined) ?? listing.attachable ?? all;
  const inGroup = groupFilter(listing.table, group);
  if (inGroup) return (row) => inGroup(row) && taken(row);
  const { repeated } = listing;
  return repeated ? (row) => taken(row) && !repeated(row) : taken;
}

/** Visits the rows that parts mean, in order of their names, until `visit` answers false. */
export function visitRows(listing: Listing, parts: readonly string[], which: 'listed' | 'attachable', visit: (row: number) => boolean): void {
  const { name, group } = nameAndGroup(listing, parts);
  listing.table.scan(compilePattern(name), taking(listing, which, group), visit);
}
