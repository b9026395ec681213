import type { Version } from '../../../base/version.ts';

/** A type of map. */
export interface MapType {
  /** Without `BPF_MAP_TYPE_`, as the kernel writes it. */
  readonly name: string;
  readonly since: Version;
  /** One sentence: what it keeps. */
  readonly summary: string;
  /** `index`: a number of 4 bytes; `none`: there is none, or 0 bytes; `any`: what the program chooses. */
  readonly key: 'any' | 'index' | 'none' | 'int' | 'prefix';
  /** What the value is, where that is not the program's choice. */
  readonly value: 'any' | 'none' | 'fd' | 'id' | 'map' | 'stack';
  /** `any`: as many as wanted; `ring`: a power of two of pages, in bytes; `zero`: must be 0; `cpus`: as many as CPUs when left out. */
  readonly entries: 'any' | 'ring' | 'zero' | 'cpus' | 'pages';
  /** Must be created with `BPF_F_NO_PREALLOC`. */
  readonly noPrealloc: boolean;
  /** Which of `BPF_F_NO_PREALLOC`, `BPF_F_NO_COMMON_LRU` and `BPF_F_MMAPABLE` it can be created with: asked of Linux 6.18 by creating one. */
  readonly flags: readonly string[];
}

interface Rules {
  readonly key?: MapType['key'];
  readonly value?: MapType['value'];
  readonly entries?: MapType['entries'];
  readonly noPrealloc?: true;
}

const map = (name: string, since: Version, summary: string, { key = 'any', value = 'any', entries = 'any', noPrealloc = undefined as true | undefined }: Rules = {}): MapType => ({ name, since, summary, key, value, entries, noPrealloc: noPrealloc ?? false, flags: flagsOf(name) });

function flagsOf(name: string): string[] {
  if (/^LRU_/.test(name)) return ['BPF_F_NO_COMMON_LRU'];
  return [...(/HASH$|^HASH_OF_MAPS$|^LPM_TRIE$|_STORAGE$/.test(name) && !/^(?:DEVMAP_HASH|SOCKHASH|CGROUP_STORAGE|PERCPU_CGROUP_STORAGE)$/.test(name) ? ['BPF_F_NO_PREALLOC'] : []), ...(/^(?:ARRAY|ARENA|STRUCT_OPS)$/.test(name) ? ['BPF_F_MMAPABLE'] : [])];
}

const STORAGE = { key: 'int', entries: 'zero', noPrealloc: true } as const;

/** In the order of the kernel's numbers, those under deprecated names left out. Rules are those of each type's map_alloc_check. */
export const MAP_TYPES: readonly MapType[] = [
  map('HASH', [3, 19], 'Keeps a value for each key, in a hash table.'),
  map('ARRAY', [3, 19], 'Keeps values by index; all are there from the start, filled with zeros.', { key: 'index' }),
  map('PROG_ARRAY', [4, 2], 'Keeps programs by index, for `bpf_tail_call`.', { key: 'index', value: 'fd' }),
  map('PERF_EVENT_ARRAY', [4, 3], 'Keeps perf events, one for each CPU: the older way to send records to user space.', { key: 'index', value: 'fd', entries: 'cpus' }),
  map('PERCPU_HASH', [4, 6], 'Keeps for each key one value per CPU: counters that need no atomic operation.'),
  map('PERCPU_ARRAY', [4, 6], 'Keeps for each index one value per CPU; also a place for what is too big for the stack.', { key: 'index' }),
  map('STACK_TRACE', [4, 6], 'Keeps stacks by their id, for `bpf_get_stackid`.', { key: 'index', value: 'stack' }),
  map('CGROUP_ARRAY', [4, 8], 'Keeps cgroups by index, for `bpf_current_task_under_cgroup`.', { key: 'index', value: 'fd' }),
  map('LRU_HASH', [4, 10], 'A hash table that removes what was not used for longest when it is full.'),
  map('LRU_PERCPU_HASH', [4, 10], 'A hash table with one value per CPU that removes what was not used for longest when it is full.'),
  map('LPM_TRIE', [4, 11], 'Finds the longest prefix that matches: routes, address ranges. The key begins with the prefix\'s length in bits.', { key: 'prefix', noPrealloc: true }),
  map('ARRAY_OF_MAPS', [4, 12], 'Keeps maps by index.', { key: 'index', value: 'map' }),
  map('HASH_OF_MAPS', [4, 12], 'Keeps a map for each key.', { value: 'map' }),
  map('DEVMAP', [4, 14], 'Keeps interfaces by index, for `bpf_redirect_map`.', { key: 'index', value: 'id' }),
  map('SOCKMAP', [4, 14], 'Keeps sockets by index, to send data from one to another.', { key: 'index', value: 'id' }),
  map('CPUMAP', [4, 15], 'Keeps CPUs by number, for `bpf_redirect_map`.', { key: 'index', value: 'id' }),
  map('XSKMAP', [4, 18], 'Keeps AF_XDP sockets by index, for `bpf_redirect_map`.', { key: 'index', value: 'id' }),
  map('SOCKHASH', [4, 18], 'Keeps sockets by a key.', { value: 'id' }),
  map('CGROUP_STORAGE', [4, 19], 'Keeps memory for the cgroup a program is attached to. `CGRP_STORAGE` is the newer way.', { entries: 'zero' }),
  map('REUSEPORT_SOCKARRAY', [4, 19], 'Keeps sockets that share a port, for `bpf_sk_select_reuseport`.', { key: 'index', value: 'id' }),
  map('PERCPU_CGROUP_STORAGE', [4, 20], 'Keeps memory per CPU for the cgroup a program is attached to.', { entries: 'zero' }),
  map('QUEUE', [4, 20], 'First in, first out.', { key: 'none' }),
  map('STACK', [4, 20], 'Last in, first out.', { key: 'none' }),
  map('SK_STORAGE', [5, 2], 'Keeps memory for each socket, as long as that lives.', STORAGE),
  map('DEVMAP_HASH', [5, 4], 'Keeps interfaces by any number, for `bpf_redirect_map`.', { key: 'index', value: 'id' }),
  map('STRUCT_OPS', [5, 6], 'Keeps the functions of an interface that BPF implements; libbpf makes it of a `.struct_ops` variable.', { key: 'index' }),
  map('RINGBUF', [5, 8], 'Carries records to user space in their order, shared by all CPUs. `max_entries` is its size in bytes.', { key: 'none', value: 'none', entries: 'ring' }),
  map('INODE_STORAGE', [5, 10], 'Keeps memory for each inode, as long as that lives.', STORAGE),
  map('TASK_STORAGE', [5, 11], 'Keeps memory for each task, as long as that lives.', STORAGE),
  map('BLOOM_FILTER', [5, 16], 'Tells whether a value was surely never added.', { key: 'none' }),
  map('USER_RINGBUF', [6, 1], 'Carries records from user space to programs. `max_entries` is its size in bytes.', { key: 'none', value: 'none', entries: 'ring' }),
  map('CGRP_STORAGE', [6, 2], 'Keeps memory for each cgroup, as long as that lives.', STORAGE),
  map('ARENA', [6, 9], 'Memory that programs and user space share. `max_entries` is its size in pages.', { key: 'none', value: 'none', entries: 'pages' }),
];

const byName = new Map(MAP_TYPES.map((type) => [`BPF_MAP_TYPE_${type.name}`, type]));

/** By its full name: `BPF_MAP_TYPE_HASH`. */
export function mapType(name: string): MapType | undefined {
  return byName.get(name);
}

/** What one may write into a map's definition. */
export const MAP_ENTRIES: Readonly<Record<string, { readonly macro: '__uint' | '__type' | '__array' | '__ulong'; readonly summary: string }>> = {
  type: { macro: '__uint', summary: 'What kind of map it is: `BPF_MAP_TYPE_…`.' },
  max_entries: { macro: '__uint', summary: 'How many elements it holds at most; for ring buffers its size in bytes.' },
  key: { macro: '__type', summary: 'The type of its keys.' },
  value: { macro: '__type', summary: 'The type of its values.' },
  key_size: { macro: '__uint', summary: 'How many bytes a key has, where its type does not matter.' },
  value_size: { macro: '__uint', summary: 'How many bytes a value has, where its type does not matter.' },
  map_flags: { macro: '__uint', summary: '`BPF_F_NO_PREALLOC`, `BPF_F_RDONLY_PROG`, `BPF_F_MMAPABLE` and others, joined by `|`.' },
  pinning: { macro: '__uint', summary: '`LIBBPF_PIN_BY_NAME` keeps the map under /sys/fs/bpf and finds it there again.' },
  map_extra: { macro: '__ulong', summary: 'The number of hash functions of a bloom filter, the address of an arena.' },
  numa_node: { macro: '__uint', summary: 'The NUMA node its memory is taken from.' },
  values: { macro: '__array', summary: 'What it holds: the definition of the inner maps, or the programs of a program array.' },
};
