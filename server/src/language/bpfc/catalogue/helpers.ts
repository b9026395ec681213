import type { Version } from '../../../base/version.ts';
import type { Helper } from './helpers/helper.ts';
import { since5_12 } from './helpers/since-5.12.ts';
import { upTo4_14 } from './helpers/up-to-4.14.ts';
import { upTo5_11 } from './helpers/up-to-5.11.ts';
import { upTo5_4 } from './helpers/up-to-5.4.ts';

export type { Helper } from './helpers/helper.ts';

/**
 * All helpers, the one with number n at n - 1. Prototypes are those of libbpf's bpf_helper_defs.h, which a test compares.
 * Which need the GPL was asked of Linux 6.18, which refuses them to a program under another licence, for all but those
 * of remote controls, `bpf_override_return` and `bpf_probe_write_user`, which it has not.
 */
export const HELPERS: readonly Helper[] = [...upTo4_14, ...upTo5_4, ...upTo5_11, ...since5_12];

const byName = new Map(HELPERS.map((helper, i) => [helper.name, { helper, id: i + 1 }]));

export function helperNamed(name: string): Helper | undefined {
  return byName.get(name)?.helper;
}

/** Its number in the kernel: 1 is `bpf_map_lookup_elem`. */
export function helperNumber(name: string): number | undefined {
  return byName.get(name)?.id;
}

/**
 * The last helper's number of each kernel that brought some. Numbers are given in the order in which helpers come, so
 * these say since when each is there. From the enum bpf_func_id of the kernels' BTF and uapi headers.
 */
const LAST: readonly (readonly [number, Version])[] = [
  [3, [3, 19]], [11, [4, 1]], [16, [4, 2]], [22, [4, 3]], [25, [4, 4]], [26, [4, 5]], [30, [4, 6]], [36, [4, 8]], [41, [4, 9]], [44, [4, 10]], [45, [4, 11]], [47, [4, 12]], [50, [4, 13]],
  [53, [4, 14]], [57, [4, 15]], [59, [4, 16]], [64, [4, 17]], [80, [4, 18]], [83, [4, 19]], [90, [4, 20]], [92, [5, 0]], [98, [5, 1]], [108, [5, 2]], [109, [5, 3]], [110, [5, 4]], [115, [5, 5]],
  [118, [5, 6]], [124, [5, 7]], [135, [5, 8]], [141, [5, 9]], [155, [5, 10]], [162, [5, 11]], [163, [5, 12]], [165, [5, 13]], [168, [5, 14]], [175, [5, 15]], [179, [5, 16]], [185, [5, 17]],
  [193, [5, 18]], [203, [5, 19]], [207, [6, 0]], [209, [6, 1]], [211, [6, 2]],
];

/** The first kernel that has a helper. */
export function helperSince(name: string): Version | undefined {
  const id = byName.get(name)?.id;
  return id === undefined ? undefined : LAST.find(([last]) => id <= last)?.[1];
}

/** As it is declared: `void *bpf_map_lookup_elem(void *map, const void *key)`. */
export function helperPrototype({ returns, name, params }: Helper): string {
  return `${returns}${returns.endsWith('*') ? '' : ' '}${name}(${params.join(', ') || 'void'})`;
}
