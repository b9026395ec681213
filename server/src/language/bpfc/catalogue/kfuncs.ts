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
