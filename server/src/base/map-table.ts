/** A bpftrace map as a table for people. The values are what bpftrace's JSON output holds. */
import { printable } from './text.ts';

/** Rows above which a table is cut at its small end: a terminal is no database. */
const MAX_ROWS = 200;
const BAR = 40;
/** Lower than a line: the bars of two rows do not touch. */
const MARK = '▆';

interface Bucket {
  readonly min?: number;
  readonly max?: number;
  readonly count: number;
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `hist()` and `lhist()` come as a list of buckets; the open ends of `lhist()` lack `min` or `max`. */
function isHistogram(value: unknown): value is readonly Bucket[] {
  return Array.isArray(value) && value.length > 0 && value.every((b) => isFields(b) && typeof b['count'] === 'number' && ('min' in b || 'max' in b));
}

function text(value: unknown): string {
  return printable(typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).replaceAll('\n', '\\n');
}

/** Lines of a map, without its name. */
export function tableOf(value: unknown): string[] {
  if (isHistogram(value)) return histogram(value);
  if (!isFields(value)) return [text(value)];
  const entries = Object.entries(value);
  if (entries.length === 0) return ['(empty)'];
  if (entries.every(([, v]) => isHistogram(v))) return entries.flatMap(([key, v]) => [`${text(key)}:`, ...tableOf(v).map((line) => `  ${line}`)]);
  const columns = columnsOf(entries.map(([, v]) => v));
  return columns ? wide(entries, columns) : narrow(entries);
}

/** The common fields when every value is a record of the same numbers, as `stats()` by key is. */
function columnsOf(values: readonly unknown[]): readonly string[] | undefined {
  const [first] = values;
  if (!isFields(first)) return undefined;
  const columns = Object.keys(first);
  const alike = (v: unknown): boolean => isFields(v) && Object.keys(v).length === columns.length && columns.every((c) => typeof v[c] === 'number');
  return columns.length > 0 && values.every(alike) ? columns : undefined;
}

/** Ascending, as bpftrace prints: the largest value stands last, where a terminal's reader looks. */
function ascending(a: unknown, b: unknown): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : 0;
}

function cut<T>(rows: readonly T[], render: (kept: readonly T[]) => string[]): string[] {
  const dropped = rows.length - MAX_ROWS;
  return dropped > 0 ? [`… ${dropped} smaller rows not shown`, ...render(rows.slice(dropped))] : render(rows);
}

function narrow(entries: readonly (readonly [string, unknown])[]): string[] {
  const rows = entries.toSorted((a, b) => ascending(a[1], b[1])).map(([key, v]) => [text(key), text(v)]);
  const numeric = entries.every(([, v]) => typeof v === 'number');
  return cut(rows, (kept) => align(kept, numeric));
}

function wide(entries: readonly (readonly [string, unknown])[], columns: readonly string[]): string[] {
  const field = (v: unknown, column: string): unknown => (isFields(v) ? v[column] : undefined);
  const sorted = entries.toSorted((a, b) => ascending(field(a[1], columns[0] ?? ''), field(b[1], columns[0] ?? '')));
  const rows = sorted.map(([key, v]) => [text(key), ...columns.map((c) => text(field(v, c)))]);
  return cut(rows, (kept) => align([['', ...columns.map(text)], ...kept], true));
}

/** Keys to the left, numbers to the right. */
function align(rows: readonly (readonly string[])[], numeric: boolean): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const pad = (cell: string, column: number): string => {
    const width = widths[column] ?? 0;
    return column === 0 || !numeric ? cell.padEnd(width) : cell.padStart(width);
  };
  return rows.map((row) => row.map(pad).join('  ').trimEnd());
}

function histogram(buckets: readonly Bucket[]): string[] {
  const most = Math.max(1, ...buckets.map((b) => b.count));
  const rows = buckets.map((b) => [bounds(b), String(b.count), `|${MARK.repeat(Math.round((b.count / most) * BAR)).padEnd(BAR)}|`]);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map(([range = '', count = '', bar = '']) => `${range.padEnd(widths[0] ?? 0)}  ${count.padStart(widths[1] ?? 0)}  ${bar}`);
}

/** JSON holds the last value inside (4095), people read the bound (4K), as bpftrace's own text output has it. */
function bounds({ min, max }: Bucket): string {
  if (min === undefined) return `(…, ${short((max ?? 0) + 1)})`;
  if (max === undefined) return `[${short(min)}, …)`;
  return min === max ? `[${short(min)}]` : `[${short(min)}, ${short(max + 1)})`;
}

const UNITS = [['T', 2 ** 40], ['G', 2 ** 30], ['M', 2 ** 20], ['K', 2 ** 10]] as const;

/** Powers of two as bpftrace writes them: 4096 is 4K. Only exact multiples, so that a bound stays exact. */
function short(value: number): string {
  const unit = UNITS.find(([, size]) => value !== 0 && value % size === 0);
  return unit ? `${value / unit[1]}${unit[0]}` : String(value);
}
