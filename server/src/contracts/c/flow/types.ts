import { findField, resolve, type CField, type CStruct, type CType } from '../../../kernel/ctype.ts';
import type { CAnalysis } from '../../../language/bpfc/analysis/analyze.ts';
import { builtinCType, normalise } from '../../../language/bpftrace/analysis/ctypes/parse.ts';
import { typesOf, type Types } from '../../../language/bpftrace/analysis/ctypes/preamble.ts';
import { preambleOf } from '../../language/check/c-preamble.ts';

/** The types of a C program: its own first, then the kernel's. Where they lie in memory is not asked for. */
export class CTypes {
  readonly #types: Types;
  readonly #own: ReadonlySet<string>;

  constructor({ document, inventory }: Pick<CAnalysis, 'document' | 'inventory'>) {
    this.#types = typesOf(preambleOf(document, 'all'), inventory.types);
    this.#own = new Set(this.#types.ownNames);
  }

  /** `struct sock *`, `const __u32`, `char[16]`; undefined for what has no plain type. */
  written(text: string | undefined): CType | undefined {
    if (text === undefined) return undefined;
    const lengths = [...text.matchAll(/\[\s*(\w*)\s*\]/g)].map(([, length]) => Number(length) || 0);
    const plain = text.replaceAll(/\[[^\]]*\]/g, ' ');
    let type = this.#named(normalise(plain.replaceAll('*', ' ')));
    for (let stars = plain.split('*').length - 1; stars > 0 && type; stars--) type = pointerTo(type);
    for (const length of lengths.toReversed()) {
      const of = type;
      if (of) type = { kind: 'array', of: () => of, length };
    }
    return type;
  }

  #named(name: string): CType | undefined {
    const [, tag, own] = /^(struct|union|enum) (\w+)$/.exec(name) ?? [];
    if (tag === undefined || own === undefined) return /^\w+(?: \w+)*$/.test(name) ? (this.#types.typedef(name) ?? builtinCType(name)) : undefined;
    if (tag === 'enum') return this.#types.enum(own);
    // `struct sock___old` is what CO-RE takes for `struct sock` of another kernel.
    const find = (one: string): CStruct | undefined => (tag === 'struct' ? this.#types.struct(one) : this.#types.union(one));
    return find(own) ?? find(own.replace(/___.*$/, ''));
  }

  /** Whether the program declares a struct itself: then it says what is in it. */
  isOwn({ name }: CStruct): boolean {
    return this.#own.has(name);
  }

  enumerator(name: string): bigint | undefined {
    return this.#types.enumerator(name)?.value;
  }

  /** The struct that a type is, or points to. */
  structBehind(type: CType | undefined): CStruct | undefined {
    let at = type && resolve(type);
    if (at?.kind === 'pointer') at = resolve(at.to());
    if (at?.kind === 'forward') return at.tag === 'enum' ? undefined : this.#types[at.tag](at.name);
    return at?.kind === 'struct' || at?.kind === 'union' ? at : undefined;
  }

  field(struct: CStruct | undefined, name: string): CField | undefined {
    return struct && findField(struct, name);
  }
}

export const pointerTo = (to: CType): CType => ({ kind: 'pointer', to: () => to });

/** What a pointer points to, what an array has many of. */
export function elementOf(type: CType | undefined): CType | undefined {
  const at = type && resolve(type);
  return at?.kind === 'pointer' ? at.to() : at?.kind === 'array' ? at.of() : undefined;
}

/** Bits and sign of a whole number; enums count as ints. */
export function numberOfType(type: CType | undefined): { readonly bits: number; readonly signed: boolean } | undefined {
  const at = type && resolve(type);
  if (at?.kind === 'int') return { bits: at.size * 8, signed: at.signed };
  return at?.kind === 'enum' ? { bits: at.size * 8, signed: at.signed } : undefined;
}
