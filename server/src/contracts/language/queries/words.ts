import type { Keyword } from '../ast.ts';

/** What each kind of clause means, for hover and completion. */
export const KEYWORD_NOTES: Readonly<Record<Keyword, string>> = {
  assume: 'Taken for granted from here on: only what happens when this holds is looked at. It is not checked.',
  assert: 'Holds whenever this place is reached. It is proved, or refuted with values that break it.',
  requires: 'Holds when the probe or function is entered. It is taken for granted inside.',
  ensures: 'Holds when the probe or function is left, on every path. `old(x)` is what x was on entry.',
  invariant: 'Holds for every entry of the map between probes: each probe is shown to keep it.',
};

export const KEYWORD_FORMS: Readonly<Record<Keyword, string>> = {
  assume: 'assume CONDITION', assert: 'assert CONDITION', requires: 'requires CONDITION', ensures: 'ensures CONDITION', invariant: 'invariant @map[k] : CONDITION',
};

export const QUANTIFIER_NOTES = {
  forall: 'What follows holds for each of them.',
  exists: 'What follows holds for at least one of them.',
} as const;
