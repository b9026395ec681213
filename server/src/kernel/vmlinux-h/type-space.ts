import { damagedBtf, KIND, type Btf } from '../btf/btf.ts';

export interface Member {
  /** Empty for an anonymous one. */
  readonly name: string;
  readonly type: number;
  /** Bits from the start of the struct. */
  readonly offset: number;
  /** Width of a bit field; 0 for a plain member. */
  readonly bits: number;
}

/** A module's BTF, and the numbers its types have here. */
interface Module {
  readonly btf: Btf;
  readonly first: number;
  readonly end: number;
}

/** Chains of qualifiers, pointers, arrays and typedefs, and nests of anonymous structs, are no deeper; a ring is. */
export const MAX_DEPTH = 64;

/**
 * The types of a kernel, and of modules upon it, under one row of numbers, with what is read from them paid for: bytes
 * that are damaged can make much text of little, and no kernel needs more than this.
 */
export class TypeSpace {
  /** One more than the last number; 0 is `void`. */
  readonly end: number;
  readonly #kernel: Btf;
  readonly #modules: readonly Module[];
  #last: Module;
  readonly #names = new Map<number, string>();
  #budget: number;

  constructor(kernel: Btf, modules: readonly Btf[]) {
    this.#kernel = kernel;
    let end = kernel.endId;
    this.#modules = modules.map((btf) => ({ btf, first: end, end: (end += btf.endId - btf.firstId) }));
    this.end = end;
    this.#last = this.#modules[0] ?? { btf: kernel, first: kernel.firstId, end };
    // More than five times what kernels from 6.1 to 7.2 need.
    this.#budget = 10_000 + [kernel, ...modules].reduce((sum, btf) => sum + 100 * (btf.endId - btf.firstId) + 10 * btf.strings.length, 0);
  }

  /** Throws UserError when more was made of the types than any kernel's need. */
  spend(amount: number): void {
    this.#budget -= amount;
    if (this.#budget < 0) throw damagedBtf('its types are made of each other without end');
  }

  kind(type: number): number {
    return type < this.#kernel.endId ? this.#kernel.kind(type) : this.#in(type).btf.kind(this.#own(type));
  }

  vlen(type: number): number {
    return this.#btf(type).vlen(this.#own(type));
  }

  kindFlag(type: number): boolean {
    return this.#btf(type).kindFlag(this.#own(type));
  }

  /** In bytes, of kinds that have one. */
  size(type: number): number {
    return this.#btf(type).sizeOrType(this.#own(type));
  }

  /** What a pointer, typedef, qualifier, function or tag refers to. */
  target(type: number): number {
    return this.#translate(type, this.#btf(type).sizeOrType(this.#own(type)));
  }

  /** What may stand in a C program, even if the bytes hold something else. */
  name(type: number): string {
    return this.#nameOf(type, this.#btf(type).nameAt(this.#own(type)));
  }

  /** As it lies there: numbers have names of several words. */
  plainName(type: number): string {
    return this.#btf(type).text(this.#btf(type).nameAt(this.#own(type)));
  }

  /** The attribute a type tag stands for: `btf_type_tag("user")`, or with the kind flag itself: `address_space(1)`. */
  attribute(tag: number): string | undefined {
    const text = this.#btf(tag).text(this.#btf(tag).nameAt(this.#own(tag)));
    if (!/^\w+(?:\(\w*\))?$/.test(text)) return undefined;
    this.spend(text.length);
    return this.kindFlag(tag) ? text : `btf_type_tag("${text}")`;
  }

  /** The word behind the common ones: encoding of an integer. */
  extra(type: number): number {
    return this.#btf(type).u32(this.#btf(type).extraAt(this.#own(type)));
  }

  element(array: number): number {
    return this.#translate(array, this.extra(array));
  }

  length(array: number): number {
    return this.#btf(array).u32(this.#btf(array).extraAt(this.#own(array)) + 8);
  }

  members(struct: number): readonly Member[] {
    const btf = this.#btf(struct);
    const packed = this.kindFlag(struct);
    const count = this.vlen(struct);
    this.spend(count);
    const members: Member[] = [];
    for (let at = btf.extraAt(this.#own(struct)), end = at + count * 12; at < end; at += 12) {
      const offset = btf.u32(at + 8);
      members.push({
        name: this.#nameOf(struct, btf.u32(at)),
        type: this.#translate(struct, btf.u32(at + 4)),
        offset: packed ? offset & 0xffffff : offset,
        bits: packed ? offset >>> 24 : 0,
      });
    }
    return members;
  }

  /** Names and 64-bit values as they lie there; the sign is the enum's. */
  enumerators(type: number): readonly { readonly name: string; readonly low: number; readonly high: number }[] {
    const btf = this.#btf(type);
    const bytes = this.kind(type) === KIND.enum64 ? 12 : 8;
    const count = this.vlen(type);
    this.spend(count);
    return Array.from({ length: count }, (_, index) => {
      const at = btf.extraAt(this.#own(type)) + index * bytes;
      return { name: this.#nameOf(type, btf.u32(at)), low: btf.u32(at + 4), high: bytes === 12 ? btf.u32(at + 8) : 0 };
    });
  }

  /** A last one without name and type stands for `...`. */
  parameters(proto: number): readonly { readonly name: string; readonly type: number }[] {
    const btf = this.#btf(proto);
    const count = this.vlen(proto);
    this.spend(count);
    return Array.from({ length: count }, (_, index) => {
      const at = btf.extraAt(this.#own(proto)) + index * 8;
      return { name: this.#nameOf(proto, btf.u32(at)), type: this.#translate(proto, btf.u32(at + 4)) };
    });
  }

  #btf(type: number): Btf {
    return type < this.#kernel.endId ? this.#kernel : this.#in(type).btf;
  }

  /** The module of a type; types are looked at in order, so it is most often that of the last one. */
  #in(type: number): Module {
    if (type < this.#last.first || type >= this.#last.end) this.#last = this.#modules.find(({ end }) => type < end) ?? this.#last;
    return this.#last;
  }

  /** The number the type has in its own BTF. */
  #own(type: number): number {
    return type < this.#kernel.endId ? type : type - this.#in(type).first + this.#kernel.endId;
  }

  /** The number of what a type refers to by a number of its own BTF. One that names nothing is `void`. */
  #translate(from: number, to: number): number {
    if (to < this.#kernel.endId) return to;
    if (from < this.#kernel.endId) return 0;
    const { btf, first } = this.#in(from);
    return to < btf.endId ? to - this.#kernel.endId + first : 0;
  }

  #nameOf(type: number, at: number): string {
    if (at === 0) return '';
    const btf = this.#btf(type);
    // Strings of modules have the same numbers: only those of the kernel are remembered.
    const shared = at < this.#kernel.strings.length;
    const name = (shared ? this.#names.get(at) : undefined) ?? asIdentifier(btf.text(at));
    if (shared) this.#names.set(at, name);
    this.spend(name.length);
    return name;
  }
}

/** A name from a host is not trusted to be one. */
function asIdentifier(text: string): string {
  return /^[A-Za-z_]\w*$/.test(text) ? text : text.replaceAll(/\W/g, '_').replace(/^(?=\d)/, '_');
}
