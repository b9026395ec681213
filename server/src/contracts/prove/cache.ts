import type { Span } from '../../base/span.ts';
import type { IrProgram, Shown } from '../ir/ir.ts';
import type { Unknown } from '../verdict.ts';
import type { Known } from './group.ts';
import { usesOf, walk } from './uses.ts';

/** Injected, so that its owner decides how long it lives. The values are this folder's own. */
export type ProofCache = Map<string, unknown>;

const MAX_ENTRIES = 500;

interface Entry {
  readonly known: readonly Known[];
  readonly spans: readonly Span[];
}

/** Answers that another time may be others. */
const PASSING: ReadonlySet<Unknown['reason']> = new Set(['time-out', 'killed', 'crashed']);

/** Proves a group of handlers unless the same was proved before; where it stands in the text does not matter. */
export async function remembered(cache: ProofCache | undefined, group: IrProgram, rest: unknown, prove: () => Promise<readonly Known[]>): Promise<readonly Known[]> {
  if (!cache) return prove();
  const { key, spans } = contentOf(group, rest);
  const entry = cache.get(key) as Entry | undefined;
  if (entry) return moved(entry.known, new Map(entry.spans.map((span, n) => [idOf(span), spans[n] ?? span])));
  const known = await prove();
  if (known.some(({ result }) => result.kind === 'unknown' && PASSING.has(result.reason))) return known;
  const [oldest] = cache.keys();
  if (cache.size >= MAX_ENTRIES && oldest !== undefined) cache.delete(oldest);
  cache.set(key, { known, spans } satisfies Entry);
  return known;
}

const idOf = ({ start, end }: Span): string => `${start} ${end}`;

/** All of a group but its places, which are numbered in the order in which they come. */
function contentOf(group: IrProgram, rest: unknown): { readonly key: string; readonly spans: readonly Span[] } {
  const spans: Span[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (span: Span): number => {
    const id = idOf(span);
    const number = numbers.get(id) ?? spans.push(span) - 1;
    numbers.set(id, number);
    return number;
  };
  const plain = (key: string, value: unknown): unknown => {
    if (key === 'span') return numberOf(value as Span);
    if (typeof value === 'bigint') return `${value}n`;
    return value instanceof Map ? [...(value as Map<unknown, unknown>)] : value;
  };
  return { key: JSON.stringify([{ ...group, shown: shownIn(group) }, rest], plain), spans };
}

/** How what a group names is shown, and nothing else. */
function shownIn({ shown, handlers, maps }: IrProgram): readonly (readonly [string, Shown])[] {
  const names = new Set(maps.map(({ name }) => name));
  for (const { body } of handlers) {
    for (const name of usesOf(body).names) names.add(name);
    walk(body, () => undefined, (statement) => {
      if (statement.kind === 'set') names.add(statement.name);
    });
  }
  return [...(shown ?? [])].filter(([name]) => names.has(name));
}

/** The same with its places where they are now. */
function moved<T>(value: T, places: ReadonlyMap<string, Span>): T {
  const at = (one: unknown): unknown => {
    if (Array.isArray(one)) return one.map(at);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, key === 'span' ? (places.get(idOf(inner as Span)) ?? inner) : at(inner)]));
  };
  return at(value) as T;
}
