import type { ListedProvider } from '../inventory.ts';

/** One fact of a kernel that a program stands on. What bpftrace itself brings along is none. */
export type Need =
  /** Parts without the provider and without an offset into the function; they may hold `*`. */
  | { readonly kind: 'attach-point'; readonly provider: ListedProvider; readonly parts: readonly string[] }
  /** The names may hold `*`: every tracepoint that matches must have the field. */
  | { readonly kind: 'tracepoint-field'; readonly category: string; readonly event: string; readonly field: string }
  | { readonly kind: 'type'; readonly tag: TypeTag; readonly name: string }
  /** `path`: names of members, one inside the other where a member's own type has no name. */
  | { readonly kind: 'field'; readonly of: 'struct' | 'union'; readonly type: string; readonly path: readonly string[] }
  | { readonly kind: 'enumerator'; readonly name: string }
  /** An argument by its place (`arg0`) or by its name (`args.sk`). */
  | { readonly kind: 'argument'; readonly function: string; readonly argument: number | string }
  /** A helper that a program of a type calls, both as bpftool names them: `kprobe`, `bpf_get_stack`. */
  | { readonly kind: 'helper'; readonly name: string; readonly programType: string }
  /** A kernel function that programs call. */
  | { readonly kind: 'kfunc'; readonly name: string };

export type TypeTag = 'struct' | 'union' | 'enum' | 'typedef';

/** As people read it: `kprobe:vfs_read`, `field sk_family of struct sock`, `argument 2 of vfs_read`. The same for the same need only. */
export function describeNeed(need: Need): string {
  switch (need.kind) {
    case 'attach-point':
      return [need.provider, ...need.parts].join(':');
    case 'tracepoint-field':
      return `field ${need.field} of tracepoint:${need.category}:${need.event}`;
    case 'type':
      return need.tag === 'typedef' ? `type ${need.name}` : `${need.tag} ${need.name}`;
    case 'field':
      return `field ${need.path.join('.')} of ${need.of} ${need.type}`;
    case 'enumerator':
      return `enumerator ${need.name}`;
    case 'argument':
      return `argument ${typeof need.argument === 'number' ? need.argument + 1 : need.argument} of ${need.function}`;
    case 'helper':
      return `helper ${need.name} in programs of type ${need.programType}`;
    case 'kfunc':
      return `kfunc ${need.name}`;
  }
}

/** Each need once, in order of first mention: a program read against several kernels shows more of what it uses. */
export function mergeNeeds(lists: readonly (readonly Need[])[]): readonly Need[] {
  const once = new Map<string, Need>();
  for (const need of lists.flat()) {
    const key = describeNeed(need);
    if (!once.has(key)) once.set(key, need);
  }
  return [...once.values()];
}
