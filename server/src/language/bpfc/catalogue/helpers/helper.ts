/** A helper function of the kernel. Facts; its number is its place in the catalogue. */
export interface Helper {
  readonly name: string;
  /** Without `const` on top: `void *`, `long`. */
  readonly returns: string;
  /** As they are declared; `...` last for variadic ones. */
  readonly params: readonly string[];
  /** One sentence: what it does. */
  readonly summary: string;
  /** What the result means, when it can be NULL and when negative; empty for void. */
  readonly result: string;
  /** The result must be compared with NULL before it is used. */
  readonly nullable: boolean;
  /** Only programs whose licence is compatible with the GPL may call it. */
  readonly gplOnly: boolean;
  /** Only programs that may sleep may call it. */
  readonly sleepable: boolean;
  /** What can no longer be used after the call. */
  readonly invalidates: string | undefined;
}

export interface Traits {
  readonly gpl?: true;
  readonly nullable?: true;
  readonly sleepable?: true;
  readonly invalidates?: 'packet' | 'reference';
}

const INVALIDATES = {
  packet: 'Pointers into the packet (`data`, `data_end`, and what was made of them): load and check them again.',
  reference: 'The pointer that is passed: it was given back.',
} as const;

/** One line of the catalogue: `void *map_lookup_elem(void *map, const void *key)`, without the `bpf_` of its name. */
export function helper(prototype: string, summary: string, result: string, traits: Traits = {}): Helper {
  const match = /^(.*?)(\w+)\((.*)\)$/.exec(prototype);
  const params = match?.[3] ?? '';
  return {
    name: `bpf_${match?.[2] ?? ''}`,
    returns: (match?.[1] ?? '').trim(),
    params: params === 'void' ? [] : params.split(/,\s*/),
    summary,
    result,
    nullable: traits.nullable ?? false,
    gplOnly: traits.gpl ?? false,
    sleepable: traits.sleepable ?? false,
    invalidates: traits.invalidates && INVALIDATES[traits.invalidates],
  };
}

/** What most helpers return. */
export const OK = '0, or a negative error.';
