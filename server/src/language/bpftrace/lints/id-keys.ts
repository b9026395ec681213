import { isBuiltin } from './fields.ts';
import { originOf } from './flow.ts';
import type { MapUse } from './maps.ts';

export type Id = 'pid' | 'tid';

/** One part of the key, when it is exactly `pid` or `tid`, or a variable that holds it. */
export function idAt(u: MapUse, position: number): Id | undefined {
  const key = u.keys[position];
  const at = key && originOf(u.probe, key, u.use.order);
  return at && (['pid', 'tid'] as const).find((id) => isBuiltin(at, id));
}
