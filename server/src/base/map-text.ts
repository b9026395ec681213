/** A map as lines for people: keys by falling value, histograms as bars. Any JSON value is accepted. */
export function mapLines(name: string, value: unknown): string[] {
  if (Array.isArray(value) && value.every(isBucket)) return [`${name}:`, ...histogram(value)];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${name}: ${plain(value)}`];
  const entries = Object.entries(value);
  if (entries.length === 0) return [`${name}: empty`];
  if (entries.every(([, v]) => Array.isArray(v) && v.every(isBucket))) {
    return entries.flatMap(([key, buckets]) => [`${name}[${key}]:`, ...histogram(buckets as Bucket[])]);
  }
  const sorted = entries.every(([, v]) => typeof v === 'number') ? entries.toSorted((a, b) => Number(b[1]) - Number(a[1])) : entries;
  const width = Math.min(48, Math.max(...sorted.map(([key]) => key.length)));
  return [`${name}:`, ...sorted.map(([key, v]) => `  ${key.padEnd(width)}  ${plain(v)}`)];
}

interface Bucket {
  readonly min?: number;
  readonly max?: number;
  readonly count: number;
}

function isBucket(value: unknown): value is Bucket {
  return typeof value === 'object' && value !== null && typeof (value as { count?: unknown }).count === 'number' && ('min' in value || 'max' in value);
}

const BAR = 40;

/** Both ends of a bucket are inclusive, as bpftrace's JSON gives them. */
function histogram(buckets: readonly Bucket[]): string[] {
  const most = Math.max(1, ...buckets.map((b) => b.count));
  const labels = buckets.map((b) => `[${b.min ?? '...'}, ${b.max ?? '...'}]`);
  const width = Math.max(...labels.map((l) => l.length));
  return buckets.map((b, i) => `  ${(labels[i] ?? '').padEnd(width)} ${String(b.count).padStart(8)} |${'@'.repeat(Math.round((b.count / most) * BAR)).padEnd(BAR)}|`);
}

function plain(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.entries(value).map(([key, v]) => `${key} ${plain(v)}`).join(', ');
  }
  return JSON.stringify(value);
}
