import type { CEnum, CField, CFunction, CPointer, CStruct, CType } from '../ctype.ts';
import { KIND, type Btf } from './btf.ts';

/** Longest chain of `const`, `volatile`, `restrict` and type tags that is followed; damaged bytes may hold a ring. */
const MAX_CHAIN = 32;
const VOID: CType = { kind: 'void' };

/**
 * Makes CTypes from BTF, one for each number and only when asked, so that one type is one object. A number that names
 * nothing, or a function or variable instead of a type, is `void`.
 */
export class BtfTypes {
  readonly btf: Btf;
  readonly #base: BtfTypes | undefined;
  readonly #made = new Map<number, CType>();

  constructor(btf: Btf, base?: BtfTypes) {
    this.btf = btf;
    this.#base = base;
  }

  type(id: number): CType {
    if (this.#base && id < this.btf.firstId) return this.#base.type(id);
    const known = this.#made.get(id);
    if (known) return known;
    const made = this.#make(id);
    this.#made.set(id, made);
    return made;
  }

  /** The prototype of a type of kind `func`; undefined for any other. */
  prototypeOf(id: number): CFunction | undefined {
    if (this.btf.kind(id) !== KIND.func) return undefined;
    const proto = this.type(this.btf.sizeOrType(id));
    return proto.kind === 'function' ? proto : undefined;
  }

  /** How many parameters the function takes; undefined for what is no function. */
  parameterCount(func: number): number | undefined {
    const proto = this.btf.sizeOrType(func);
    const btf = this.#base && proto < this.btf.firstId ? this.#base.btf : this.btf;
    return this.btf.kind(func) === KIND.func && btf.kind(proto) === KIND.funcProto ? btf.vlen(proto) : undefined;
  }

  #make(id: number): CType {
    const { btf } = this;
    switch (btf.kind(id)) {
      case KIND.int:
        return this.#int(id);
      case KIND.float:
        return { kind: 'float', name: this.#name(id), size: btf.sizeOrType(id) };
      case KIND.pointer:
        return this.#pointer(id);
      case KIND.array: {
        const at = btf.extraAt(id);
        return { kind: 'array', of: () => this.type(btf.u32(at)), length: btf.u32(at + 8) };
      }
      case KIND.struct:
      case KIND.union:
        return this.#struct(id, btf.kind(id) === KIND.struct ? 'struct' : 'union');
      case KIND.enum:
      case KIND.enum64:
        return this.#enum(id);
      case KIND.forward:
        return { kind: 'forward', tag: btf.kindFlag(id) ? 'union' : 'struct', name: this.#name(id) };
      case KIND.typedef:
        return { kind: 'typedef', name: this.#name(id), to: () => this.type(btf.sizeOrType(id)) };
      case KIND.funcProto:
        return this.#function(id);
      case KIND.const:
      case KIND.volatile:
      case KIND.restrict:
      case KIND.typeTag:
        return this.type(this.#withoutQualifiers(id).id);
      default:
        return VOID;
    }
  }

  /** The encoding is in the bits 24 to 27 of the word after the common part: 1 signed, 2 char, 4 bool. */
  #int(id: number): CType {
    const name = this.#name(id);
    const encoding = this.btf.u32(this.btf.extraAt(id)) >>> 24;
    const about = { kind: 'int', name, size: this.btf.sizeOrType(id), signed: (encoding & 1) !== 0 } as const;
    if ((encoding & 4) !== 0) return { ...about, encoding: 'bool' };
    return (encoding & 2) !== 0 || name === 'char' ? { ...about, encoding: 'char' } : about;
  }

  #pointer(id: number): CPointer {
    const { id: to, tag } = this.#withoutQualifiers(this.btf.sizeOrType(id));
    return { kind: 'pointer', to: () => this.type(to), ...(tag ? { tag } : {}) };
  }

  /** Through qualifiers and type tags; the first tag that is kept. A ring, which only damage makes, ends as `void`. */
  #withoutQualifiers(id: number): { id: number; tag?: CPointer['tag'] } {
    let at = id;
    let tag: CPointer['tag'];
    for (let depth = 0; depth < MAX_CHAIN; depth++) {
      const btf = this.#owner(at);
      const kind = btf.kind(at);
      if (kind === KIND.typeTag) tag ??= knownTag(btf.text(btf.nameAt(at)));
      else if (kind !== KIND.const && kind !== KIND.volatile && kind !== KIND.restrict) return { id: at, tag };
      at = btf.sizeOrType(at);
    }
    return { id: 0 };
  }

  #struct(id: number, kind: 'struct' | 'union'): CStruct {
    let fields: readonly CField[] | undefined;
    return { kind, name: this.#name(id), size: this.btf.sizeOrType(id), fields: () => (fields ??= this.#members(id)) };
  }

  /** With the kind flag, an offset's upper 8 bits are the width of a bit field. */
  #members(id: number): CField[] {
    const { btf } = this;
    const packed = btf.kindFlag(id);
    return Array.from({ length: btf.vlen(id) }, (_, index) => {
      const at = btf.extraAt(id) + index * 12;
      const offset = btf.u32(at + 8);
      const bits = packed ? offset >>> 24 : 0;
      const about = { name: btf.text(btf.u32(at)), type: () => this.type(btf.u32(at + 4)), bitOffset: packed ? offset & 0xffffff : offset };
      return bits > 0 ? { ...about, bits } : about;
    });
  }

  #enum(id: number): CEnum {
    const { btf } = this;
    let values: ReturnType<CEnum['values']> | undefined;
    return { kind: 'enum', name: this.#name(id), size: btf.sizeOrType(id), signed: btf.kindFlag(id), values: () => (values ??= this.#enumerators(id)) };
  }

  #enumerators(id: number): { name: string; value: bigint }[] {
    const { btf } = this;
    const wide = btf.kind(id) === KIND.enum64;
    const signed = btf.kindFlag(id);
    return Array.from({ length: btf.vlen(id) }, (_, index) => {
      const at = btf.extraAt(id) + index * (wide ? 12 : 8);
      const low = BigInt(btf.u32(at + 4));
      const value = wide ? (BigInt(btf.u32(at + 8)) << 32n) | low : low;
      return { name: btf.text(btf.u32(at)), value: signed ? BigInt.asIntN(wide ? 64 : 32, value) : value };
    });
  }

  /** A last parameter without name and type stands for `...`. */
  #function(id: number): CFunction {
    const { btf } = this;
    const count = btf.vlen(id);
    const at = btf.extraAt(id);
    const last = at + (count - 1) * 8;
    const variadic = count > 0 && btf.u32(last) === 0 && btf.u32(last + 4) === 0;
    const params = Array.from({ length: variadic ? count - 1 : count }, (_, index) => {
      const type = btf.u32(at + index * 8 + 4);
      return { name: btf.text(btf.u32(at + index * 8)), type: () => this.type(type) };
    });
    return { kind: 'function', params, returns: () => this.type(btf.sizeOrType(id)), variadic };
  }

  #name(id: number): string {
    return this.btf.text(this.btf.nameAt(id));
  }

  #owner(id: number): Btf {
    return this.#base && id < this.btf.firstId ? this.#base.btf : this.btf;
  }
}

function knownTag(text: string): CPointer['tag'] {
  return text === 'user' || text === 'percpu' || text === 'rcu' ? text : undefined;
}
