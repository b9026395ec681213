import { countBits, distance, lettersOf } from './distance.ts';
import { taking, type Listing } from './listing.ts';
import type { NameTable } from './name-table.ts';
import { compilePattern } from './pattern.ts';
import { RENAMED } from './renamed.ts';

/** A row whose name is near the one that was asked for; less is nearer. */
interface Near {
  readonly row: number;
  readonly score: number;
}

const encoder = new TextEncoder();
/** What the letters of every row's name are, once per table. */
const letters = new WeakMap<NameTable, Uint32Array>();

/** Rows one may have meant by parts that nobody has, nearest first. */
export function similarRows(listing: Listing, parts: readonly string[]): readonly number[] {
  const name = parts[listing.group === 'none' ? 0 : parts.length - 1] ?? '';
  const group = listing.group !== 'none' && parts.length > 1 ? parts[0] : undefined;
  const { table } = listing;
  const taken = taking(listing, 'listed', undefined);
  const near = [...nearRows(table, name), ...(listing.provider === 'tracepoint' ? nearSyscalls(table, name) : [])]
    .filter(({ row }) => taken(row))
    .map(({ row, score }) => ({ row, score: score + farGroup(table.group(row), group), length: table.length(row) }));
  return near.sort((a, b) => a.score - b.score || a.length - b.length || a.row - b.row).map(({ row }) => row);
}

/** A right name in a wrong group is nearer than a name misspelt twice in the right one. */
function farGroup(group: string, wanted: string | undefined): number {
  if (wanted === undefined || wanted === group) return 0;
  const [a, b] = [encoder.encode(group), encoder.encode(wanted)];
  return distance(a, 0, a.length, b, 0, b.length, 2) <= 2 ? 0.5 : 0.9;
}

/** `openat` and `sys_openat` for `sys_enter_openat`. */
function nearSyscalls(table: NameTable, name: string): Near[] {
  if (/^sys_(?:enter|exit)_/.test(name)) return [];
  const call = name.replace(/^(?:__x64_)?sys_/, '');
  return ['sys_enter_', 'sys_exit_'].flatMap((kind, index) => nearRows(table, kind + call).map(({ row, score }) => ({ row, score: score + 0.4 + index / 10 })));
}

/**
 * Rows near a name nobody has: what it is called now, the same words in another order, the name with something before
 * or after it (`__NAME`, `NAME_noprof`), and names that differ in few letters. Unordered.
 */
function nearRows(table: NameTable, name: string): Near[] {
  if (name.length < 2 || name.length > 200) return [];
  return [...exactly(table, RENAMED.get(name) ?? [], 0.2), ...exactly(table, [name], 0), ...exactly(table, [name.replace(/^_+/, '')], 0.6), ...holding(table, name), ...differing(table, name)];
}

function exactly(table: NameTable, names: readonly string[], score: number): Near[] {
  return names.flatMap((name) => {
    const [from, to] = table.rowsOf(name);
    return Array.from({ length: to - from }, (_, i) => ({ row: from + i, score }));
  });
}

/** The name as whole words of a longer one: the less is added, the nearer. Short names are in too many. */
function holding(table: NameTable, name: string): Near[] {
  const found: Near[] = [];
  if (name.length < 5) return found;
  table.scan(compilePattern(`*${name}*`), () => true, (row) => {
    const longer = table.name(row);
    const at = longer.indexOf(name);
    const bounded = isBoundary(longer[at - 1]) && isBoundary(longer[at + name.length]);
    if (bounded) found.push({ row, score: 0.7 + (longer.length - name.length) / 10 });
    return found.length < 200;
  });
  return found;
}

function isBoundary(letter: string | undefined): boolean {
  return letter === undefined || letter === '_' || letter === '.';
}

function differing(table: NameTable, name: string): Near[] {
  const wanted = encoder.encode(name);
  const max = wanted.length < 5 ? 1 : wanted.length < 12 ? 2 : 3;
  const own = lettersOf(wanted, 0, wanted.length);
  const words = sortedWords(name);
  const masks = lettersOfTable(table);
  const found: Near[] = [];
  for (let row = 0; row < table.count; row++) {
    const different = (masks[row] ?? 0) ^ own;
    const length = table.length(row);
    if (length - wanted.length > max || wanted.length - length > max || (different !== 0 && countBits(different) > 2 * max)) continue;
    const score = distance(wanted, 0, wanted.length, table.bytes, table.start(row), length, max);
    if (score <= max) found.push({ row, score });
    else if (different === 0 && length === wanted.length && sortedWords(table.name(row)) === words) found.push({ row, score: 1.5 });
  }
  return found;
}

function sortedWords(name: string): string {
  return name.split('_').sort().join('_');
}

function lettersOfTable(table: NameTable): Uint32Array {
  const known = letters.get(table);
  if (known) return known;
  const made = new Uint32Array(table.count);
  for (let row = 0; row < table.count; row++) made[row] = lettersOf(table.bytes, table.start(row), table.length(row));
  letters.set(table, made);
  return made;
}
