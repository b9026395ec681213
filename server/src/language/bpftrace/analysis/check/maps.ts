import { suggest } from '../suggest.ts';
import { shift, type Span } from '../../../../base/span.ts';
import type { Expr, MapAccess } from '../../syntax/ast.ts';
import { none, unknown, type BtType } from '../types.ts';
import { exceeds, isTooLarge, literalOf } from './literals.ts';
import { fitsInto, isCountable, isInteger, isUnknown, joinKnown, sameExactly, sameIntegers, sameKind } from './relations.ts';
import { fault, mapState, replacement, type MapState, type State } from './state.ts';
import { say, sayExactly } from './words.ts';

/** The map that is meant: inside a macro a parameter stands for the caller's map. Undefined where no call is expanded. */
export function mapName(state: State, map: MapAccess, depth = state.expansions.length): string | undefined {
  if (state.names.of.get(map)?.kind !== 'macro-parameter') return map.name;
  const arg = state.expansions[depth - 1]?.args.get(map.name);
  return arg?.expr.kind === 'map' ? mapName(state, arg.expr, arg.depth) : undefined;
}

/** Type of a map's value; its key joins the others when it is used as an element. */
export function readMap(state: State, map: MapAccess, element: boolean, mustExist = !element): BtType {
  const known = element ? joinElement(state, map) : wholeMap(state, map);
  const name = mapName(state, map);
  if (!known || name === undefined) return unknown;
  if (!mustExist && !known.elementRead) {
    known.elementRead = true;
    if (known.read && known.value === undefined) state.changed = true;
  }
  known.read = true;
  if (known.value === undefined) {
    if (!(state.rules.modern && (known.assigned || (mustExist && known.elementRead)))) undefinedMap(state, map, name, !mustExist && state.rules.modern);
    return none;
  }
  return known.value;
}

function wholeMap(state: State, map: MapAccess): MapState | undefined {
  const name = mapName(state, map);
  return name === undefined ? undefined : mapState(state, name);
}

/** Joins the key of an element with those of the map's other elements. */
export function joinElement(state: State, map: MapAccess): MapState | undefined {
  const key = keyOf(state, map);
  const name = mapName(state, map);
  if (name === undefined) return undefined;
  const known = mapState(state, name);
  joinKey(state, name, known, key, map);
  return known;
}

/** Newer versions read an integer from a map that nobody assigns; a whole map of that kind is an error in all. */
function undefinedMap(state: State, map: MapAccess, name: string, readsZero: boolean): void {
  const others = (): string[] => {
    state.found.allMaps = true;
    return [...state.maps].filter(([other, s]) => s.value !== undefined && other !== name).map(([other]) => other);
  };
  const near = name.length > 2 ? suggest(state.suggestions, name, others) : undefined;
  const hint = near === undefined ? '' : ` Did you mean ${near}?`;
  const message = `Nothing is ever assigned to ${name}${readsZero ? ', so it is always 0' : ''}.${hint}`;
  fault(state, 'undefined-map', map.nameSpan, message, { severity: readsZero ? 'warning' : 'error', repairs: near === undefined ? [] : [replacement(state, map.nameSpan, near)] });
}

/** `none` for a scalar map, the type of a single key, a tuple of several. */
function keyOf(state: State, map: MapAccess): BtType {
  const keys = map.keys ?? [];
  const types = keys.map((key) => validKey(state, key, state.visit(key)));
  if (types.length === 0) return none;
  return types.length === 1 ? (types[0] ?? unknown) : { kind: 'tuple', elements: types };
}

function validKey(state: State, key: Expr, type: BtType): BtType {
  if (type.kind === 'tuple' && !state.rules.tupleKeys) {
    fault(state, 'map-key-mismatch', key, 'A tuple cannot be a key in this version: write its elements as keys, @map[a, b].');
    return unknown;
  }
  if (type.kind === 'pointer' && type.context) fault(state, 'map-key-mismatch', key, 'The context of the probe cannot be a key.');
  else if (type.kind === 'aggregation' && state.rules.readsAggregations && !isCountable(type)) fault(state, 'map-key-mismatch', key, `${say(type)} cannot be a key.`);
  else if (type.kind === 'void') fault(state, 'map-key-mismatch', key, 'This gives no value and cannot be a key.');
  else if (isInteger(type) && !state.rules.modern) return { kind: 'integer', bits: 64, signed: false };
  return type;
}

/** A key that is given beside its map, as in `delete(@map, key)`. */
export function useKey(state: State, map: MapAccess, arg: Expr): BtType {
  const type = validKey(state, arg, state.visit(arg));
  const name = mapName(state, map);
  if (name !== undefined) joinKey(state, name, mapState(state, name), type, { ...map, start: arg.start, end: arg.end, keys: [arg] });
  return type;
}

function joinKey(state: State, name: string, known: MapState, key: BtType, map: MapAccess): void {
  if (key.kind === 'unknown' || (key.kind === 'tuple' && key.elements.some(isUnknown)) || (key.kind === 'none' && (map.keys?.length ?? 0) > 0)) return;
  const span = shift(map, state.base);
  if (known.key === undefined) {
    known.key = key;
    known.keyAt = span;
    if (known.read) state.changed = true;
    return;
  }
  if (!keysFit(state, known.key, key) || hasTooLarge(state, known.key, map)) return keyMismatch(state, name, known, key, map);
  const joined = joinKeys(state, known.key, key, map);
  if (joined !== known.key) {
    known.key = joined;
    if (known.read) state.changed = true;
  }
}

/** As `join`; literals take the type that the map has already. */
function joinKeys(state: State, known: BtType, key: BtType, map: MapAccess): BtType {
  const keys = map.keys ?? [];
  const literal = (expr: Expr | undefined): bigint | undefined => {
    const value = expr ? literalOf(state, expr) : undefined;
    return typeof value === 'bigint' ? value : undefined;
  };
  if (known.kind !== 'tuple' || key.kind !== 'tuple' || keys.length !== known.elements.length) return joinKnown(known, undefined, key, literal(keys[0])).type;
  const elements = known.elements.map((e, i) => joinKnown(e, undefined, key.elements[i] ?? e, literal(keys[i])).type);
  return elements.every((e, i) => e === known.elements[i] || sameIntegers(e, known.elements[i] ?? e)) ? known : { ...known, elements };
}

function hasTooLarge(state: State, known: BtType, map: MapAccess): boolean {
  const keys = map.keys ?? [];
  return keys.length === 1 ? isTooLarge(state, keys[0], known) : known.kind === 'tuple' && keys.some((key, i) => isTooLarge(state, key, known.elements[i]));
}

function keysFit(state: State, known: BtType, key: BtType): boolean {
  if (known.kind === 'tuple' && key.kind === 'tuple' && !state.rules.modern) {
    return known.elements.length === key.elements.length && known.elements.every((e, i) => keysFit(state, e, key.elements[i] ?? none));
  }
  if (!state.rules.modern && known.kind === key.kind && known.kind !== 'string' && known.kind !== 'tuple') return sameExactly(known, key) || isInteger(known);
  return sameKind(known, key, state.rules);
}

function keyMismatch(state: State, name: string, known: MapState, key: BtType, map: MapAccess): void {
  const has = known.key ?? none;
  state.found.told.add(name);
  const evidence = known.keyAt ? [{ span: known.keyAt, message: `first used with ${sayKey(has)}` }] : [];
  const message = key.kind === 'none' ? `${name} has keys (${sayKey(has)}); here it is used without.` : has.kind === 'none' ? `${name} is used without a key elsewhere; here it has ${sayKey(key)}.` : `The key of ${name} is ${sayKey(has)}; here it is ${sayKey(key)}.`;
  fault(state, 'map-key-mismatch', map, message, { evidence });
}

function sayKey(key: BtType): string {
  if (key.kind === 'none') return 'no key';
  return key.kind === 'tuple' && key.names === undefined ? `(${key.elements.map(say).join(', ')})` : say(key);
}

/** Joins what is assigned with what a map holds already; reports what does not fit. */
export function assignMap(state: State, map: MapAccess, type: BtType, at: Span, literal?: bigint): void {
  const name = mapName(state, map);
  if (name === undefined) return;
  const known = mapState(state, name);
  if (!known.assigned && known.read) state.changed = true;
  known.assigned = true;
  if (isUnknown(type)) return;
  if (known.value === undefined) {
    known.value = stored(state, type);
    known.literals = literal === undefined ? undefined : [literal, literal];
    known.valueAt = shift(at, state.base);
    if (known.read) state.changed = true;
    return;
  }
  if (!valueFits(state, known.value, type) || exceeds(state, known.value, literal)) return valueMismatch(state, name, known, type, at);
  const joined = joinKnown(known.value, known.literals, stored(state, type), literal);
  known.literals = joined.literals;
  if (joined.type !== known.value && !sameIntegers(joined.type, known.value)) {
    known.value = joined.type;
    if (known.read) state.changed = true;
  }
}

/** Maps keep all integers in 64 bits, so that any fits later. */
function stored(state: State, type: BtType): BtType {
  return isInteger(type) && !state.rules.modern ? { ...type, bits: 64 } : type;
}

function valueFits(state: State, known: BtType, type: BtType): boolean {
  if (known.kind === 'buffer' && type.kind === 'buffer') return state.rules.modern || type.size >= known.size;
  if (known.kind === 'tuple' && type.kind === 'tuple' && !state.rules.modern) return fitsInto(type, known, state.rules.exactTuples);
  if (known.kind === 'record' || known.kind === 'array') return sameKind(known, type, state.rules);
  if (known.kind === 'aggregation') return sameKind(known, type, state.rules);
  if (known.kind === 'tuple' && type.kind === 'tuple') return sameKind(known, type, state.rules);
  return state.rules.modern ? sameKind(known, type, state.rules) : known.kind === type.kind;
}

function valueMismatch(state: State, name: string, known: MapState, type: BtType, at: Span): void {
  const has = known.value ?? none;
  const exact = has.kind === type.kind;
  state.found.told.add(name);
  const evidence = known.valueAt ? [{ span: known.valueAt, message: `here it gets ${exact ? sayExactly(has) : say(has)}` }] : [];
  fault(state, 'type-mismatch', at, `${name} holds ${exact ? sayExactly(has) : say(has)}; ${exact ? sayExactly(type) : say(type)} cannot be assigned to it.`, { evidence });
}
