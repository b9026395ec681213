import type { Item } from '../items.ts';
import { fnv1a } from '../../base/text.ts';
import { vocabularyOf, type Vocabulary } from '../coverage.ts';
import { ITEM_KINDS, type ItemKind } from '../knowledge.ts';

/** What a search needs to know of an item that it found. */
export type FoundItem = Pick<Item, 'kind' | 'id' | 'summary'>;

/** What is packed of an item. */
export type PackableItem = Pick<Item, 'kind' | 'id' | 'summary' | 'about'>;

/** Items by their numbers. They are cut out of one text when somebody asks: a hundred thousand of them as objects would take ten times as much. */
export interface ItemTable {
  readonly count: number;
  /** Throws for a number that no item has. */
  at(label: number): FoundItem;
  kindAt(label: number): FoundItem['kind'];
  /** What it speaks of. */
  vocabulary(label: number): Vocabulary;
  /** Items by what one would type to name them, in order; ids may be shared by items of different kinds. */
  named(name: string): readonly number[];
}

/** The table as it is stored. */
export interface PackedItems {
  /** Of each item the number of its kind in `names`. */
  readonly kinds: Uint8Array;
  /** The kinds there were when it was written, a line each: their numbers may be others by now. */
  readonly names: string;
  /** Of all items id and summary, one after the other, in UTF-8. */
  readonly text: Uint8Array;
  /** Where each of the two begins; one more for the end. */
  readonly offsets: Uint32Array;
  /** The items sorted by the hashes of their names, and those hashes. */
  readonly byName: Uint32Array;
  readonly hashes: Uint32Array;
  /** The vocabularies, one after the other, and where each begins; one more for the end. */
  readonly words: Uint32Array;
  readonly wordOffsets: Uint32Array;
}

const KINDS: readonly ItemKind[] = ITEM_KINDS;
const PARTS = 2;

/** `count()` is also called `count`, and nobody minds capitals. */
export function nameOf(id: string): string {
  return id.toLowerCase().replace(/\(\)$/, '');
}

/** Packs items that come one after the other. */
export class ItemPacker {
  readonly #kinds: number[] = [];
  readonly #texts: Buffer[] = [];
  readonly #offsets: number[] = [0];
  readonly #hashes: number[] = [];
  readonly #words: Vocabulary[] = [];

  add({ kind, id, summary, about }: PackableItem): void {
    this.#kinds.push(KINDS.indexOf(kind));
    this.#hashes.push(fnv1a(nameOf(id)));
    this.#words.push(vocabularyOf(about));
    const parts = [id, summary];
    for (const part of parts) this.#offsets.push((this.#offsets.at(-1) ?? 0) + Buffer.byteLength(part));
    this.#texts.push(Buffer.from(parts.join('')));
  }

  packed(): PackedItems {
    const hashes = Uint32Array.from(this.#hashes);
    const byName = Uint32Array.from(hashes.keys()).sort((a, b) => (hashes[a] ?? 0) - (hashes[b] ?? 0) || a - b);
    return { kinds: Uint8Array.from(this.#kinds), names: KINDS.join('\n'), text: Buffer.concat(this.#texts), offsets: Uint32Array.from(this.#offsets), byName, hashes: byName.map((label) => hashes[label] ?? 0), ...packedWords(this.#words) };
  }
}

function packedWords(vocabularies: readonly Vocabulary[]): Pick<PackedItems, 'words' | 'wordOffsets'> {
  const wordOffsets = new Uint32Array(vocabularies.length + 1);
  for (const [i, { length }] of vocabularies.entries()) wordOffsets[i + 1] = (wordOffsets[i] ?? 0) + length;
  const words = new Uint32Array(wordOffsets.at(-1) ?? 0);
  for (const [i, vocabulary] of vocabularies.entries()) words.set(vocabulary, wordOffsets[i]);
  return { words, wordOffsets };
}

/** Throws when the parts do not fit together. */
export function openItems({ kinds, names, text, offsets, byName, hashes, words, wordOffsets }: PackedItems): ItemTable {
  const known = names.split('\n').map((name) => KINDS.find((kind) => kind === name));
  const count = kinds.length;
  if (offsets.length !== count * PARTS + 1 || byName.length !== count || hashes.length !== count || offsets.at(-1) !== text.length || wordOffsets.length !== count + 1 || wordOffsets.at(-1) !== words.length) throw new Error(`The table of ${count} items does not fit its text`);
  const bytes = Buffer.from(text.buffer, text.byteOffset, text.byteLength);
  const part = (label: number, which: number): string => bytes.toString('utf8', offsets[label * PARTS + which], offsets[label * PARTS + which + 1]);
  const kindAt = (label: number): FoundItem['kind'] => {
    const kind = known[kinds[label] ?? known.length];
    if (!kind) throw new Error(`No item has the number ${label}`);
    return kind;
  };
  return {
    count,
    kindAt,
    vocabulary: (label) => words.subarray(wordOffsets[label], wordOffsets[label + 1]),
    at(label) {
      const kind = kindAt(label);
      return {
        kind,
        id: part(label, 0),
        // Of most items that are looked at nobody asks.
        get summary() {
          return part(label, 1);
        },
      };
    },
    named(name) {
      const found: number[] = [];
      const hash = fnv1a(name);
      for (let place = firstAt(count, (i) => (hashes[i] ?? 0) >= hash); place < count && hashes[place] === hash; place++) {
        const label = byName[place] ?? 0;
        if (nameOf(part(label, 0)) === name) found.push(label);
      }
      return found;
    },
  };
}

/** The first number for which it holds, when it holds for all after it; `count` when for none. */
function firstAt(count: number, holds: (i: number) => boolean): number {
  let from = 0;
  let to = count;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** A table of items that are there. */
export function itemTable(items: readonly PackableItem[]): ItemTable {
  const packer = new ItemPacker();
  for (const item of items) packer.add(item);
  return openItems(packer.packed());
}
