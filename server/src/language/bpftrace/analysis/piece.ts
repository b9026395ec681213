import type { Span } from '../../../base/span.ts';
import { withPlaces, type ProblemAt } from '../problem.ts';
import type { Item } from '../syntax/ast.ts';
import type { Document } from '../syntax/document.ts';
import { keyOf, nothingFound, type Found, type MapState, type State, type UsedMember } from './check/state.ts';
import { anchorOf, spanAt, type Anchor, type Starts } from './places.ts';
import { sameType } from './same-type.ts';

/**
 * What checking an item found, to be taken over as long as everything it depends on is the same: the item, what all items
 * share, and the maps it has to do with. Places are told by item.
 */
export interface Piece {
  /** What the pass before found; variables go on from there. */
  readonly prior: Piece | undefined;
  readonly firstPass: boolean;
  /** The maps as they were before and after; undefined when nothing was known of one. */
  readonly before: ReadonlyMap<string, MapAt | undefined>;
  readonly after: ReadonlyMap<string, MapAt | undefined>;
  readonly found: Found;
  readonly problems: readonly { readonly key: 'problems' | 'kept'; readonly problem: ProblemAt<Anchor | undefined> }[];
  readonly members: readonly (Omit<UsedMember, 'span'> & { readonly span: Anchor | undefined })[];
  readonly changed: boolean;
  /** How many of the pass's suggestions and expansions it took. */
  readonly suggestions: number;
  readonly expansions: number;
}

interface MapAt extends Omit<MapState, 'keyAt' | 'valueAt' | 'bounds'> {
  readonly keyAt: Anchor | undefined;
  readonly valueAt: Anchor | undefined;
  readonly bounds: { readonly text: string; readonly at: Anchor | undefined } | undefined;
}

/** What is kept of one item: the passes over it in a few states of what surrounds it. */
const MAX_PIECES = 6;

/** Checks an item, or takes over what was found of it under the same circumstances. `state.found` is what was found. */
export function checkPiece(state: State, item: Item, kept: WeakMap<Item, readonly Piece[]>, prior: Piece | undefined, check: () => void): Piece {
  const known = kept.get(item) ?? [];
  for (const piece of known) {
    const found = piece.prior === prior ? takenOver(state, piece) : undefined;
    if (!found) continue;
    state.found = found;
    return piece;
  }
  const { piece, holds } = checked(state, prior, check);
  if (holds) kept.set(item, [piece, ...known.slice(0, MAX_PIECES - 1)]);
  return piece;
}

function checked(state: State, prior: Piece | undefined, check: () => void): { readonly piece: Piece; readonly holds: boolean } {
  const { document, changed, expansionsLeft, suggestions: { left } } = state;
  state.changed = false;
  const found = (state.found = nothingFound());
  for (const [draft, variable] of prior?.found.variables ?? []) found.variables.set(draft, { ...variable, read: false });
  check();
  const piece: Piece = {
    prior, found,
    firstPass: state.firstPass,
    before: mapsAt(document, found.maps),
    after: mapsAt(document, new Map([...found.maps.keys()].map((name) => [name, state.maps.get(name)]))),
    problems: (['problems', 'kept'] as const).flatMap((key) => [...found[key].values()].map((problem) => ({ key, problem: withPlaces(problem, (span) => anchorOf(document, span)) }))),
    members: found.members.map((member) => ({ ...member, span: anchorOf(document, member.span) })),
    changed: state.changed,
    suggestions: left - state.suggestions.left,
    expansions: expansionsLeft - state.expansionsLeft,
  };
  state.changed ||= changed;
  return { piece, holds: !found.allMaps && state.suggestions.left >= 0 && state.expansionsLeft >= 0 };
}

function mapsAt(document: Document, maps: ReadonlyMap<string, MapState | undefined>): Piece['before'] {
  return new Map([...maps].map(([name, map]) => [name, map && mapAt(document, map)]));
}

function mapAt(document: Document, { keyAt, valueAt, bounds, ...rest }: MapState): MapAt {
  return {
    ...rest,
    keyAt: keyAt && anchorOf(document, keyAt),
    valueAt: valueAt && anchorOf(document, valueAt),
    bounds: bounds && { text: bounds.text, at: anchorOf(document, bounds.at) },
  };
}

/** What an earlier check of the item found, at its places in this document; the maps become what it made of them. */
function takenOver(state: State, piece: Piece): Found | undefined {
  const { starts, suggestions, maps } = state;
  if (piece.firstPass !== state.firstPass || piece.suggestions > suggestions.left || piece.expansions > state.expansionsLeft) return undefined;
  for (const [name, before] of piece.before) if (!isSame(state, maps.get(name), before, piece.found.told.has(name))) return undefined;
  const found = placed(piece, starts);
  if (!found) return undefined;
  for (const [name, after] of piece.after) if (after) maps.set(name, become(state, maps.get(name), after));
  suggestions.left -= piece.suggestions;
  state.expansionsLeft -= piece.expansions;
  state.changed ||= piece.changed;
  return found;
}

/** Where a map got its type matters only to who tells it. */
function isSame({ starts }: State, now: MapState | undefined, before: MapAt | undefined, told: boolean): boolean {
  if (!now || !before) return now === before;
  const sameBounds = now.literals === before.literals || (now.literals !== undefined && now.literals[0] === before.literals?.[0] && now.literals[1] === before.literals[1]);
  const samePlace = (a: Span | undefined, b: Anchor | undefined): boolean => a?.start === (b && spanAt(starts, b)?.start);
  return (
    now.read === before.read && now.assigned === before.assigned && now.elementRead === before.elementRead && now.bounds?.text === before.bounds?.text && sameBounds &&
    sameType(now.key, before.key) && sameType(now.value, before.value) &&
    (!told || (samePlace(now.keyAt, before.keyAt) && samePlace(now.valueAt, before.valueAt) && samePlace(now.bounds?.at, before.bounds?.at)))
  );
}

/** Places that are known already stay: the first one counts. */
function become({ starts }: State, now: MapState | undefined, after: MapAt): MapState {
  const { key, value, assigned, literals, elementRead, read, bounds } = after;
  const boundsAt = bounds?.at && spanAt(starts, bounds.at);
  return {
    key, value, assigned, literals, elementRead, read,
    keyAt: now?.keyAt ?? (after.keyAt && spanAt(starts, after.keyAt)),
    valueAt: now?.valueAt ?? (after.valueAt && spanAt(starts, after.valueAt)),
    bounds: now?.bounds ?? (bounds && boundsAt && { text: bounds.text, at: boundsAt }),
  };
}

/** Undefined when something it tells of is no longer there. */
function placed({ found, problems, members }: Piece, starts: Starts): Found | undefined {
  if (problems.length === 0 && members.length === 0) return found;
  let gone = false;
  const at = (anchor: Anchor | undefined): Span => {
    const span = anchor && spanAt(starts, anchor);
    gone ||= span === undefined;
    return span ?? NOWHERE;
  };
  const placedFound: Found = { ...found, problems: new Map(), kept: new Map(), members: members.map((member) => ({ ...member, span: at(member.span) })) };
  for (const { key, problem } of problems) {
    const here = withPlaces(problem, at);
    placedFound[key].set(keyOf(here), here);
  }
  return gone ? undefined : placedFound;
}

const NOWHERE: Span = { start: 0, end: 0 };
