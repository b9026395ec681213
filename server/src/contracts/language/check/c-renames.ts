import type { CAnalysis } from '../../../language/bpfc/analysis/analyze.ts';
import { functionsOf } from '../../../language/bpfc/syntax/document.ts';
import type { CItem } from '../../../language/bpfc/syntax/item.ts';
import { localsOfC } from './c-locals.ts';

/** What the variables of a function are called, in the order of their declarations, and were called before. */
interface Known {
  readonly item: CItem;
  readonly names: readonly string[];
  readonly renamed: ReadonlyMap<string, string>;
}

/** By what stays the same while only bodies of functions are edited; functions by name. */
const before = new WeakMap<CAnalysis['shared'], ReadonlyMap<string, Known>>();

/**
 * By functions, the names that a version of the program had and this one has in their place: clangd renames variables and leaves contracts behind. Told when one name
 * of a function changed and nothing came or went.
 */
export function renamesIn({ document, shared }: Pick<CAnalysis, 'document' | 'shared'>): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const last = before.get(shared);
  const now = new Map<string, Known>();
  for (const { placed, fn } of functionsOf(document)) {
    const known = last?.get(fn.name);
    if (known?.item === placed.item) {
      now.set(fn.name, known);
      continue;
    }
    const names = [...fn.params.map(({ name }) => name), ...localsOfC(placed).map(({ name }) => name)];
    now.set(fn.name, { item: placed.item, names, renamed: known ? followed(known, names) : new Map() });
  }
  before.set(shared, now);
  return new Map([...now].map(([name, { renamed }]) => [name, renamed]));
}

/** A name that is typed letter by letter changes many times. */
function followed({ names: old, renamed }: Known, names: readonly string[]): ReadonlyMap<string, string> {
  const changed = old.length === names.length ? old.flatMap((name, i) => (name === names[i] ? [] : [i])) : [];
  const [from, to] = [old[changed[0] ?? -1], names[changed[0] ?? -1]];
  if (changed.length !== 1 || from === undefined || to === undefined) return new Map([...renamed].filter(([, now]) => names.includes(now)));
  return new Map([...[...renamed].map(([was, now]): [string, string] => [was, now === from ? to : now]), [from, to] as const].filter(([was, now]) => was !== now));
}
