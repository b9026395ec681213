import type { Problem } from '../problem.ts';
import type { Item } from '../syntax/ast.ts';
import type { Document, PlacedItem } from '../syntax/document.ts';
import type { AnalysisOptions } from './analysis.ts';
import { settingsOf } from './check/config.ts';
import type { Settings } from './check/state.ts';
import { typesOf, type Types } from './ctypes/preamble.ts';
import type { Attached } from './probes/probe-info.ts';
import type { Piece } from './piece.ts';
import { rulesOf, type Rules } from './rules.ts';
import { namesOf } from './symbols/bind.ts';
import type { Names } from './symbols/draft.ts';

/**
 * What the probes of a program have in common: everything at top level that is no probe, and what they are judged
 * against. As long as only probes are edited it stays the same object, and what was found of the other probes holds.
 */
export interface Shared {
  readonly options: AnalysisOptions;
  readonly items: readonly Item[];
  readonly rules: Rules;
  readonly types: Types;
  readonly settings: Settings;
  readonly names: Names;
  /** What was found of items before, the last used first. */
  readonly pieces: WeakMap<Item, readonly Piece[]>;
  /** What another version of bpftrace has and this one has not. */
  readonly versions: WeakMap<Item, readonly Problem[]>;
  readonly attached: WeakMap<Item, Attached>;
}

export function sharedOf(document: Document, options: AnalysisOptions, before: Shared | undefined): Shared {
  const items = document.items.filter(({ item }) => item.kind !== 'probe').map(({ item }: PlacedItem) => item);
  if (before?.options === options && before.items.length === items.length && before.items.every((item, i) => item === items[i])) return before;
  const rules = rulesOf(options.version);
  return {
    options, items, rules,
    types: typesOf(document, options.inventory.types),
    settings: settingsOf(document, rules),
    names: namesOf(items, rules),
    pieces: new WeakMap(),
    versions: new WeakMap(),
    attached: new WeakMap(),
  };
}
