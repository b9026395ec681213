import { isBuiltin, valueOf } from './fields.ts';
import type { MapUse } from './maps.ts';

export type Id = 'pid' | 'tid';

/** The one key, when it is exactly `pid` or `tid`. */
export function idOf(u: MapUse): Id | undefined {
  const [key, ...more] = u.keys;
  if (!key || more.length > 0) return undefined;
  const at = valueOf(key);
  return (['pid', 'tid'] as const).find((id) => isBuiltin(at, id));
}
