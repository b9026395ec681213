import { WORTH_OF_SYNONYM, type Asked } from './coverage.ts';
import type { ItemTable } from './index/item-table.ts';
import type { ItemKind } from './knowledge.ts';
import type { Breathe } from './svd.ts';

/** Items read in one turn: some milliseconds. */
const ITEMS_A_TURN = 50;

/** All items of a kind by the words they are about: each question is compared with every one of them, so the words lead to the items and not the items to words. */
export class Covering {
  readonly #labels: readonly number[];
  readonly #places: ReadonlyMap<string, number>;
  /** Places of items by the hashes of their vocabularies. */
  readonly #having: ReadonlyMap<number, readonly number[]>;

  private constructor(labels: readonly number[], places: ReadonlyMap<string, number>, having: ReadonlyMap<number, readonly number[]>) {
    this.#labels = labels;
    this.#places = places;
    this.#having = having;
  }

  /** Some ten milliseconds of work, in turns. */
  static async make(items: ItemTable, kind: ItemKind, breathe: Breathe): Promise<Covering> {
    const labels = Array.from({ length: items.count }, (_, label) => label).filter((label) => items.kindAt(label) === kind);
    const places = new Map<string, number>();
    const having = new Map<number, number[]>();
    for (const [place, label] of labels.entries()) {
      places.set(items.at(label).id, place);
      for (const hash of items.vocabulary(label)) {
        const known = having.get(hash);
        if (known) known.push(place);
        else having.set(hash, [place]);
      }
      if (place % ITEMS_A_TURN === 0) await breathe();
    }
    return new Covering(labels, places, having);
  }

  /** Where an item is among those of its kind; -1 when it is none of them. */
  placeOf(id: string): number {
    return this.#places.get(id) ?? -1;
  }

  /** Its number among all items. */
  labelAt(place: number): number | undefined {
    return this.#labels[place];
  }

  /** By places, how much of the question's telling words each is about, 0 to 1: as `coverageOf` tells of one. */
  coverage({ words, all }: Asked): Float64Array {
    const covered = new Float64Array(this.#labels.length);
    if (all === 0) return covered;
    for (const { hash, weight, concepts } of words) {
      const met = new Set(this.#having.get(hash));
      for (const place of met) covered[place] = (covered[place] ?? 0) + weight / all;
      for (const concept of concepts) {
        for (const place of this.#having.get(concept) ?? []) {
          if (met.has(place)) continue;
          met.add(place);
          covered[place] = (covered[place] ?? 0) + (weight * WORTH_OF_SYNONYM) / all;
        }
      }
    }
    return covered;
  }
}
