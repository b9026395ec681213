import { damagedBtf, KIND } from '../btf/btf.ts';
import { MAX_DEPTH, type Member, type TypeSpace } from './type-space.ts';

/** How a struct or union has to be declared so that the compiler lays it out as the kernel's did. */
export interface Layout {
  /** In bytes, as declared here: BTF does not tell the kernel's. */
  readonly align: number;
  readonly packed: boolean;
  /** Of a union that is larger than its members, and its alignment the reason. */
  readonly aligned?: number;
  /** Of a union that is larger for another reason, such as members that BTF does not have. */
  readonly filled?: boolean;
}

const POINTER_BYTES = 8;

/** Sizes and alignments of types by the rules of C on 64-bit machines, which are those of BPF. */
export class Layouts {
  readonly #space: TypeSpace;
  readonly #known = new Map<number, Layout>();
  #depth = 0;

  constructor(space: TypeSpace) {
    this.#space = space;
  }

  /** In bytes; 0 of what has no size. */
  sizeOf(type: number): number {
    const { base, count } = this.#element(type);
    switch (this.#space.kind(base)) {
      case KIND.pointer:
        return count * POINTER_BYTES;
      case KIND.int:
      case KIND.float:
      case KIND.enum:
      case KIND.enum64:
      case KIND.struct:
      case KIND.union:
        return count * this.#space.size(base);
      default:
        return 0;
    }
  }

  /** In bytes; 1 of what has none. */
  alignOf(type: number): number {
    const { base } = this.#element(type);
    switch (this.#space.kind(base)) {
      case KIND.pointer:
        return POINTER_BYTES;
      case KIND.int:
      case KIND.float:
      case KIND.enum:
      case KIND.enum64: {
        const size = this.#space.size(base);
        return size <= 16 && isPowerOfTwo(size) ? size : 1;
      }
      case KIND.struct:
      case KIND.union:
        return this.of(base).align;
      default:
        return 1;
    }
  }

  /** Of a struct or union. Those inside it that have names were asked for before, so it goes down through the others only. */
  of(type: number): Layout {
    const known = this.#known.get(type);
    if (known) return known;
    if (++this.#depth > MAX_DEPTH) throw damagedBtf('its structs contain each other');
    this.#known.set(type, { align: 1, packed: true });
    const made = this.#make(type);
    this.#known.set(type, made);
    this.#depth--;
    return made;
  }

  #make(type: number): Layout {
    const members = this.#space.members(type);
    const size = this.#space.size(type);
    const align = members.reduce((most, member) => Math.max(most, this.alignOf(member.type)), 1);
    const packed = size % align !== 0 || members.some((member) => this.#isOff(member));
    if (this.#space.kind(type) === KIND.struct) return { align: packed ? 1 : align, packed };
    const most = members.reduce((bytes, member) => Math.max(bytes, member.bits > 0 ? Math.ceil(member.bits / 8) : this.sizeOf(member.type)), 0);
    if (packed) return { align: 1, packed, filled: most < size };
    const aligned = alignmentFor(most, size, align);
    if (aligned === undefined) return { align, packed, filled: true };
    return { align: aligned, packed, ...(aligned > align ? { aligned } : {}) };
  }

  /** Whether a member lies where only a packed struct can have it. */
  #isOff({ type, offset, bits }: Member): boolean {
    if (bits === 0) return offset % (8 * this.alignOf(type)) !== 0;
    const unit = 8 * this.sizeOf(type);
    return (offset % unit) + bits > unit;
  }

  /** Through typedefs, qualifiers and arrays; how many of the base there are. */
  #element(type: number): { base: number; count: number } {
    const space = this.#space;
    let count = 1;
    let base = type;
    for (let depth = 0; depth < MAX_DEPTH; depth++) {
      switch (space.kind(base)) {
        case KIND.array:
          count *= space.length(base);
          base = space.element(base);
          break;
        case KIND.typedef:
        case KIND.const:
        case KIND.volatile:
        case KIND.restrict:
        case KIND.typeTag:
          base = space.target(base);
          break;
        default:
          return { base, count };
      }
    }
    throw damagedBtf('its types are made of each other without end');
  }
}

/** The least alignment that makes `size` of a union whose members take `most` bytes; undefined when none does. */
function alignmentFor(most: number, size: number, least: number): number | undefined {
  for (let align = least; align <= Math.max(least, size); align *= 2) if (Math.ceil(most / align) * align === size) return align;
  return undefined;
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && (value & (value - 1)) === 0;
}
