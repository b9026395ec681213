import { has, words, type BtFunction, type Overload, type Param } from '../../catalogue.ts';
import type { Rules } from '../rules.ts';

/** What a function takes in one version, for a call with a certain number of arguments. */
export interface Signature {
  /** Everything this version has. */
  readonly overloads: readonly Overload[];
  /** Those that take so many arguments. */
  readonly counted: readonly Overload[];
  /** What may stand at each place; the last one counts for all further arguments. */
  readonly slots: readonly Slot[];
}

export interface Slot {
  readonly map: boolean;
  readonly element: boolean;
  readonly type: boolean;
  readonly field: boolean;
  readonly variable: boolean;
  /** A key of the map that is the first argument. */
  readonly key: boolean;
  readonly words: readonly string[];
}

const cache = new WeakMap<Rules, Map<string, Signature>>();

export function signatureOf(entry: BtFunction, rules: Rules, count: number): Signature {
  const known = cache.get(rules) ?? new Map<string, Signature>();
  cache.set(rules, known);
  const key = `${entry.name}/${count}`;
  let signature = known.get(key);
  if (!signature) known.set(key, (signature = makeSignature(entry, rules, count)));
  return signature;
}

function makeSignature(entry: BtFunction, rules: Rules, count: number): Signature {
  const overloads = entry.overloads.filter((o) => has(o, rules.version));
  const counted = overloads.filter((o) => takes(o, count));
  return { overloads, counted, slots: Array.from({ length: count }, (_, i) => slotOf(counted, i)) };
}

function slotOf(overloads: readonly Overload[], index: number): Slot {
  const accepts = new Set(overloads.flatMap((o) => paramAt(o, index)?.accepts ?? []));
  const kinds = (Object.keys(words) as (keyof typeof words)[]).filter((k) => accepts.has(k));
  return {
    map: accepts.has('map'), element: accepts.has('element'), type: accepts.has('type'), field: accepts.has('field'), variable: accepts.has('variable'), key: accepts.has('key'),
    words: kinds.flatMap((k) => words[k].map((w) => w.name)),
  };
}

export function paramAt(overload: Overload, index: number): Param | undefined {
  return overload.params[index] ?? (overload.variadic ? overload.params.at(-1) : undefined);
}

export function takes(overload: Overload, count: number): boolean {
  const least = overload.params.filter((p) => !p.optional).length;
  return count >= least && (overload.variadic === true || count <= overload.params.length);
}
