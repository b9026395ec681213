import type { Expr } from '../../language/bpftrace/syntax/ast.ts';
import { originOf } from '../../language/bpftrace/lints/flow.ts';
import type { MapUse } from '../../language/bpftrace/lints/maps.ts';
import { valueOf } from '../../language/bpftrace/lints/fields.ts';
import { operands } from '../../language/bpftrace/syntax/walk.ts';
import { isConstant, type Ground } from './ground.ts';

/**
 * The maps whose entries mean nothing while they are absent: those that are given values read elsewhere (a time, an address, a state). What counts from nothing
 * (`@n++`, `@sum += x`, `@before = @n`) is rightly 0 then, and so are marks (`@seen[tid] = 1`).
 */
export function keepers(ground: Ground): ReadonlySet<string> {
  const found = new Set<string>();
  const { maps } = ground.view;
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const [name, uses] of maps) if (!found.has(name) && uses.some((use) => keeps(ground, name, use, found)) && !setInTheBeginning(uses)) found.add(name);
  }
  return found;
}

function keeps(ground: Ground, name: string, { role, value, probe, use }: MapUse, found: ReadonlySet<string>): boolean {
  if (role !== 'write' || !value) return false;
  const origin = valueOf(originOf(probe, value, use.order));
  if (isConstant(ground, origin) || origin.kind === 'string' || origin.kind === 'bool' || mentions(origin, name)) return false;
  return origin.kind !== 'map' || found.has(origin.name);
}

function mentions(expr: Expr, map: string): boolean {
  return (expr.kind === 'map' && expr.name === map) || operands(expr).some((part) => mentions(part, map));
}

/** A map without keys that `BEGIN` sets and nothing removes before `END` is there whenever anything else runs. */
function setInTheBeginning(uses: readonly MapUse[]): boolean {
  const only = ({ probe: { points } }: MapUse, where: string): boolean => points.length > 0 && points.every(({ provider }) => provider === where);
  return uses.some((use) => use.role === 'write' && use.keys.length === 0 && only(use, 'begin')) && !uses.some((use) => (use.role === 'delete' || use.role === 'clear') && !only(use, 'end'));
}
