import { inPieces, runAtOnce, type Steps } from '../turns.ts';
import { KIND, MAX_NAME_BYTES, type Btf } from './btf.ts';

/** Names entered in one step: under two milliseconds. */
const NAMES_A_STEP = 2000;

/**
 * The names of one sort of things in BTF (structs, enumerators, …), found by hashing the bytes of the strings as they
 * lie there: no string and no object per name is made. Of several things with one name the first is found.
 */
export class BtfNames {
  readonly #btf: Btf;
  /** Numbers of the names' strings, and what each names. */
  readonly #names: Uint32Array;
  readonly #values: Uint32Array;
  /** Open addressing; entries are indexes into the two, plus one. */
  readonly #slots: Uint32Array;

  /** Entries that are in the slots. */
  #done = 0;

  constructor(btf: Btf, { names, values }: NamedThings) {
    this.#btf = btf;
    this.#names = names;
    this.#values = values;
    this.#slots = new Uint32Array(2 ** Math.ceil(Math.log2(names.length * 2 + 1)));
  }

  /** Makes ready what the first question would else have to. */
  prepare(): Steps<undefined> {
    return inPieces(this.#names.length, NAMES_A_STEP, (_, to) => {
      while (this.#done < to) this.#insert(this.#done++);
    });
  }

  /** What the name in `bytes` from `start` to `end` names; 0 when nothing. */
  find(bytes: Uint8Array, start = 0, end = bytes.length): number {
    if (this.#done < this.#names.length) runAtOnce(this.prepare());
    const mask = this.#slots.length - 1;
    for (let slot = hash(bytes, start, end) & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#slots[slot] ?? 0;
      if (entry === 0) return 0;
      if (this.#is(entry - 1, bytes, start, end)) return this.#values[entry - 1] ?? 0;
    }
  }

  /** Names beginning with `prefix`, sorted, at most `limit`. */
  startingWith(prefix: Uint8Array, limit: number): string[] {
    const found: string[] = [];
    let last: Uint8Array | undefined;
    for (const name of this.#names) {
      const strings = this.#btf.stringsOf(name);
      const at = this.#btf.stringStart(name);
      if (!beginsWith(strings, at, prefix) || (last && !isBefore(strings, at, last))) continue;
      insertSorted(found, this.#btf.text(name), limit);
      // A full list only takes what comes before its last.
      if (found.length === limit) last = encoder.encode(found[limit - 1]);
    }
    return found;
  }

  #insert(index: number): void {
    const name = this.#names[index] ?? 0;
    const strings = this.#btf.stringsOf(name);
    const start = this.#btf.stringStart(name);
    const end = endOf(strings, start);
    const mask = this.#slots.length - 1;
    let slot = hash(strings, start, end) & mask;
    for (let entry = this.#slots[slot] ?? 0; entry !== 0; entry = this.#slots[slot] ?? 0) {
      if (this.#is(entry - 1, strings, start, end)) return;
      slot = (slot + 1) & mask;
    }
    this.#slots[slot] = index + 1;
  }

  #is(index: number, bytes: Uint8Array, start: number, end: number): boolean {
    const name = this.#names[index] ?? 0;
    const strings = this.#btf.stringsOf(name);
    let at = this.#btf.stringStart(name);
    for (let i = start; i < end; i++, at++) if (strings[at] !== bytes[i]) return false;
    return (strings[at] ?? 0) === 0 || end - start >= MAX_NAME_BYTES;
  }
}

/** Numbers of names' strings, and what each names. */
interface NamedThings {
  readonly names: Uint32Array;
  readonly values: Uint32Array;
}

/** The names of all types of one kind, or of another one, that have a name; not those of the base. */
export function namesOfKind(btf: Btf, kind: number, other = kind): BtfNames {
  const { kinds, firstId } = btf;
  let most = 0;
  for (const each of kinds) if (each === kind || each === other) most++;
  const names = new Uint32Array(most);
  const values = new Uint32Array(most);
  let count = 0;
  for (let index = 0; index < kinds.length; index++) {
    if (kinds[index] !== kind && kinds[index] !== other) continue;
    const name = btf.nameAt(firstId + index);
    if (!isName(btf, name)) continue;
    names[count] = name;
    values[count++] = firstId + index;
  }
  return new BtfNames(btf, { names: names.subarray(0, count), values: values.subarray(0, count) });
}

/** The names of all values of all enums, each with its enum. */
export function namesOfEnumerators(btf: Btf): BtfNames {
  const names: number[] = [];
  const values: number[] = [];
  const { kinds, firstId } = btf;
  for (let index = 0; index < kinds.length; index++) {
    const bytes = kinds[index] === KIND.enum ? 8 : kinds[index] === KIND.enum64 ? 12 : 0;
    if (bytes === 0) continue;
    const id = firstId + index;
    const end = btf.extraAt(id) + btf.vlen(id) * bytes;
    for (let at = btf.extraAt(id); at < end; at += bytes) {
      const name = btf.u32(at);
      if (!isName(btf, name)) continue;
      names.push(name);
      values.push(id);
    }
  }
  return new BtfNames(btf, { names: Uint32Array.from(names), values: Uint32Array.from(values) });
}

/** Not the empty name, and none that a damaged number has outside of the strings. */
function isName(btf: Btf, name: number): boolean {
  return (btf.stringsOf(name)[btf.stringStart(name)] ?? 0) !== 0;
}

/** FNV-1a over the bytes. */
function hash(bytes: Uint8Array, start: number, end: number): number {
  let value = 0x811c9dc5;
  for (let i = start; i < end; i++) value = Math.imul(value ^ (bytes[i] ?? 0), 0x01000193);
  return (value ^ (value >>> 15)) >>> 0;
}

function endOf(strings: Uint8Array, start: number): number {
  const most = Math.min(strings.length, start + MAX_NAME_BYTES);
  let end = start;
  while (end < most && strings[end] !== 0) end++;
  return end;
}

function beginsWith(strings: Uint8Array, at: number, prefix: Uint8Array): boolean {
  for (let i = 0; i < prefix.length; i++) if (strings[at + i] !== prefix[i]) return false;
  return true;
}

/** Whether the string at `at` sorts before the other. */
function isBefore(strings: Uint8Array, at: number, other: Uint8Array): boolean {
  for (let i = 0; i < other.length; i++) {
    const difference = (strings[at + i] ?? 0) - (other[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

const encoder = new TextEncoder();

/** Keeps the first `limit` of what is inserted, in order, each once. */
export function insertSorted(sorted: string[], text: string, limit: number): void {
  const last = sorted[sorted.length - 1];
  if (limit <= 0 || (sorted.length >= limit && last !== undefined && text >= last)) return;
  let low = 0;
  for (let high = sorted.length; low < high; ) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? '') < text) low = middle + 1;
    else high = middle;
  }
  if (sorted[low] === text) return;
  sorted.splice(low, 0, text);
  if (sorted.length > limit) sorted.pop();
}
