import type { Expr } from '../syntax/ast.ts';
import { valueOf } from './fields.ts';
import type { ProbeView, View } from './view.ts';

/** What a variable gets at one place; `value` is missing where it cannot be told (`+=`, `++`). */
interface Given { readonly order: number; readonly value: Expr | undefined }

const known = new WeakMap<object, ReadonlyMap<string, readonly Given[]>>();

/** Every value the variables of a probe get, in source order. */
function givenIn(probe: ProbeView): ReadonlyMap<string, readonly Given[]> {
  const before = known.get(probe.uses);
  if (before) return before;
  const found = new Map<string, Given[]>();
  const add = (name: string, given: Given): void => { found.set(name, [...(found.get(name) ?? []), given]); };
  for (const { expr, around, order } of probe.of('variable')) {
    const outer = around.at(-1);
    if (outer?.kind === 'assign' && outer.target === expr) add(expr.name, { order, value: outer.op === '=' ? outer.value : undefined });
    if (outer?.kind === 'update') add(expr.name, { order, value: undefined });
  }
  for (const { around, order, expr } of probe.uses) {
    const outer = around.at(-1);
    if (outer?.kind === 'let' && outer.value === expr && outer.target.kind === 'variable') add(outer.target.name, { order, value: expr });
  }
  for (const values of found.values()) values.sort((a, b) => a.order - b.order);
  known.set(probe.uses, found);
  return found;
}

/**
 * The expression a value was written as: through parentheses, casts and the variables that hold it, as last given
 * before `order` in the source. A variable whose value cannot be told stays itself.
 */
export function originOf(probe: ProbeView, expr: Expr, order: number): Expr {
  const at = valueOf(expr);
  if (at.kind !== 'variable') return at;
  const given = lastGiven(probe, at.name, order);
  return given ? originOf(probe, given.value, given.order) : at;
}

/** What a variable was last given before `order` in the source, and where. */
export function lastGiven(probe: ProbeView, variable: string, order: number): { readonly value: Expr; readonly order: number } | undefined {
  const given = givenIn(probe).get(variable)?.findLast((g) => g.order < order);
  return given?.value && { value: given.value, order: given.order };
}

/** Something written to a map, with the probe that writes it. */
export interface Stored { readonly probe: ProbeView; readonly value: Expr; /** Of the write. */ readonly order: number }

/** What every write to a map puts there, by origin; empty when something else than `=` changes it. */
export function storedIn(view: View, map: string): readonly Stored[] {
  const all = stored.get(view) ?? new Map<string, readonly Stored[]>();
  stored.set(view, all);
  const before = all.get(map);
  if (before) return before;
  const found = findStored(view, map);
  all.set(map, found);
  return found;
}

const stored = new WeakMap<View, Map<string, readonly Stored[]>>();

function findStored(view: View, map: string): readonly Stored[] {
  const uses = view.maps.get(map) ?? [];
  if (uses.some((u) => u.role === 'count' || u.role === 'handed')) return [];
  return uses.flatMap((u) => (u.role === 'write' && u.value ? [{ probe: u.probe, value: originOf(u.probe, u.value, u.use.order), order: u.use.order }] : []));
}
