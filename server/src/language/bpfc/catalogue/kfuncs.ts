import { compareVersions, parseVersion } from '../../../base/version.ts';
import type { Allowed, Asked } from './allowed.ts';
import { HOOKS, KFUNCS_6_12 } from './kfuncs/allowed-6.12.ts';
import type { Kfunc } from './kfuncs/kfunc.ts';
import { memory } from './kfuncs/memory.ts';
import { netAndSched } from './kfuncs/net-and-sched.ts';
import { objects } from './kfuncs/objects.ts';

/**
 * The kfuncs that programs use most. Since when each is there is compared with the BTF of Linux 6.12; which a kernel really
 * has, and with which prototype, its own BTF says.
 */
export const KFUNCS: readonly Kfunc[] = [...objects, ...memory, ...netAndSched];

const byName = new Map(KFUNCS.map((one) => [one.name, one]));

export function kfuncNamed(name: string): Kfunc | undefined {
  return byName.get(name);
}

const callers = new Map(KFUNCS_6_12.flatMap(([hooks, names]) => names.split(' ').map((name) => [name, new Set(hooks.split(' ').flatMap((hook) => HOOKS[hook] ?? [hook]))])));

/** Types of program that Linux 6.12 lets call a kfunc; undefined where that is not known, `all` among them when any may. */
export function kfuncCallers(name: string): ReadonlySet<string> | undefined {
  return callers.get(name);
}

/** Whether programs of a type may call a kfunc on a kernel. What Linux 6.12 refuses is refused by older ones too. */
export function mayCallKfunc({ release }: Pick<Asked, 'release'>, programType: string, name: string): Allowed {
  const types = callers.get(name);
  if (!types) return 'unknown';
  if (types.has('all') || types.has(programType)) return 'yes';
  const version = parseVersion(release);
  // What replaces another program's function may call what that one may.
  return programType !== 'ext' && version !== undefined && compareVersions(version.slice(0, 2), [6, 12]) <= 0 ? 'no' : 'unknown';
}
