import { bare } from '../syntax/walk.ts';
import type { Expr, MapAccess, Stmt } from '../syntax/ast.ts';
import type { ProbeView, Use } from './view.ts';

/** What is done with a map at one place. `handed`: given whole to a macro, which can do anything. */
export type MapRole = 'write' | 'count' | 'read' | 'delete' | 'clear' | 'print' | 'ask' | 'loop' | 'handed';

export interface MapUse {
  readonly probe: ProbeView;
  readonly use: Use;
  readonly access: MapAccess;
  readonly name: string;
  readonly role: MapRole;
  /** Keys at this place, those of `delete(@m, k)` and `has_key(@m, k)` included. */
  readonly keys: readonly Expr[];
  /** What is assigned. */
  readonly value?: Expr;
}

const AGGREGATIONS = new Set(['count', 'sum', 'avg', 'min', 'max', 'stats', 'hist', 'lhist', 'tseries']);
const WITH_MAP: Readonly<Record<string, MapRole>> = { delete: 'delete', clear: 'clear', zero: 'clear', print: 'print', has_key: 'ask', find: 'read', len: 'print' };

export function usesByMap(probes: readonly ProbeView[]): ReadonlyMap<string, readonly MapUse[]> {
  const groups = new Map<string, MapUse[]>();
  for (const probe of probes) {
    for (const use of probe.of('map')) {
      const found = mapUse(probe, use, use.expr);
      const group = groups.get(found.name);
      if (group) group.push(found);
      else groups.set(found.name, [found]);
    }
  }
  return groups;
}

function mapUse(probe: ProbeView, use: Use, access: MapAccess): MapUse {
  const outer = use.around.at(-1);
  const base = { probe, use, access, name: access.name, keys: keysOf(access) };
  if (outer?.kind === 'assign' && outer.target === access) {
    const called = bare(outer.value);
    const counted = outer.op !== '=' || (called.kind === 'call' && AGGREGATIONS.has(called.callee.text)) || (called.kind === 'identifier' && AGGREGATIONS.has(called.name));
    return { ...base, role: counted ? 'count' : 'write', value: outer.value };
  }
  if (outer?.kind === 'update') return { ...base, role: 'count' };
  if (outer?.kind === 'for' && outer.over === access) return { ...base, role: 'loop' };
  return outer?.kind === 'call' ? inCall(base, outer) : { ...base, role: 'read' };
}

function inCall(base: Omit<MapUse, 'role'>, call: Extract<Expr | Stmt, { kind: 'call' }>): MapUse {
  const named = WITH_MAP[call.callee.text];
  // `print(@m[k])` prints one value and leaves the others.
  const role = named === 'print' && base.access.keys !== undefined ? undefined : named;
  if (call.args[0] === base.access && role !== undefined) {
    const key = base.access.keys === undefined && (role === 'delete' || role === 'ask' || role === 'read') ? call.args[1] : undefined;
    return { ...base, role, keys: key ? splitTuple(key) : base.keys };
  }
  return { ...base, role: base.access.keys === undefined && !KNOWN_READERS.has(call.callee.text) ? 'handed' : 'read' };
}

/** Functions that take the value of a map without keys. */
const KNOWN_READERS = new Set(['printf', 'str', 'ksym', 'usym', 'ntop', 'strftime', 'print', 'buf', 'bswap', ...AGGREGATIONS]);

function keysOf(access: MapAccess): readonly Expr[] {
  const [only, ...more] = access.keys ?? [];
  return only && more.length === 0 ? splitTuple(only) : (access.keys ?? []);
}

function splitTuple(key: Expr): readonly Expr[] {
  const at = bare(key);
  return at.kind === 'tuple' ? at.elements : [at];
}
