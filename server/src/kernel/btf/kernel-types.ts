import type { CEnum, CFunction, CStruct, CType } from '../ctype.ts';
import type { KernelTypes } from '../inventory.ts';
import { KIND, type Btf } from './btf.ts';
import { insertSorted, namesOfEnumerators, namesOfKind, type BtfNames } from './names.ts';
import { BtfTypes } from './types.ts';

type Sort = Parameters<KernelTypes['namesWith']>[0] | 'func';

/** The types and functions of one BTF by name; each sort of names is indexed when first asked for. */
export class BtfKernelTypes implements KernelTypes {
  readonly types: BtfTypes;
  readonly #btf: Btf;
  readonly #base: BtfKernelTypes | undefined;
  readonly #names = new Map<Sort, BtfNames>();

  /** `base`: the kernel's own, for the BTF of a module. */
  constructor(btf: Btf, base?: BtfKernelTypes) {
    this.#btf = btf;
    this.#base = base;
    this.types = new BtfTypes(btf, base?.types);
  }

  struct(name: string): CStruct | undefined {
    const type = this.#named('struct', name);
    return type?.kind === 'struct' ? type : this.#base?.struct(name);
  }

  union(name: string): CStruct | undefined {
    const type = this.#named('union', name);
    return type?.kind === 'union' ? type : this.#base?.union(name);
  }

  enum(name: string): CEnum | undefined {
    const type = this.#named('enum', name);
    return type?.kind === 'enum' ? type : this.#base?.enum(name);
  }

  typedef(name: string): CType | undefined {
    return this.#named('typedef', name) ?? this.#base?.typedef(name);
  }

  enumerator(name: string): { readonly value: bigint; readonly of: CEnum } | undefined {
    const of = this.#named('enumerator', name);
    const value = of?.kind === 'enum' ? of.values().find((v) => v.name === name)?.value : undefined;
    return of?.kind === 'enum' && value !== undefined ? { value, of } : this.#base?.enumerator(name);
  }

  namesWith(kind: Parameters<KernelTypes['namesWith']>[0], prefix: string, limit: number): readonly string[] {
    const names = this.names(kind).startingWith(encoder.encode(prefix), limit);
    for (const name of this.#base?.namesWith(kind, prefix, limit) ?? []) insertSorted(names, name, limit);
    return names;
  }

  /** A function of this BTF itself, not of its base. */
  func(name: string): CFunction | undefined {
    return this.types.prototypeOf(this.names('func').find(encoder.encode(name)));
  }

  /** The index of one sort of names. */
  names(sort: Sort): BtfNames {
    const known = this.#names.get(sort);
    if (known) return known;
    const made = indexNames(this.#btf, sort);
    this.#names.set(sort, made);
    return made;
  }

  #named(sort: Sort, name: string): CType | undefined {
    const id = this.names(sort).find(encoder.encode(name));
    return id === 0 ? undefined : this.types.type(id);
  }
}

const encoder = new TextEncoder();

function indexNames(btf: Btf, sort: Sort): BtfNames {
  switch (sort) {
    case 'struct':
      return namesOfKind(btf, KIND.struct);
    case 'union':
      return namesOfKind(btf, KIND.union);
    case 'enum':
      return namesOfKind(btf, KIND.enum, KIND.enum64);
    case 'typedef':
      return namesOfKind(btf, KIND.typedef);
    case 'func':
      return namesOfKind(btf, KIND.func);
    case 'enumerator':
      return namesOfEnumerators(btf);
  }
}
