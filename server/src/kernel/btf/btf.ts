import { UserError } from '../../base/error.ts';

/**
 * Kinds of BTF types: Documentation/bpf/btf.rst of the kernel, "Type Encoding".
 */
export const KIND = {
  void: 0,
  int: 1,
  pointer: 2,
  array: 3,
  struct: 4,
  union: 5,
  enum: 6,
  forward: 7,
  typedef: 8,
  volatile: 9,
  const: 10,
  restrict: 11,
  func: 12,
  funcProto: 13,
  var: 14,
  datasec: 15,
  float: 16,
  declTag: 17,
  typeTag: 18,
  enum64: 19,
} as const;

const MAGIC = 0xeb9f;
/** Name, info, and size or type: what each type begins with. */
const COMMON_BYTES = 12;
const MIN_HEADER_BYTES = 24;
/** No name of a kernel is longer (KSYM_NAME_LEN is 512); damaged bytes may not end one before all bytes end. */
export const MAX_NAME_BYTES = 1024;

/** Bytes after the common ones: once, and for each of the `vlen` elements; both by kind. */
const EXTRA: readonly (readonly [once: number, each: number])[] = (() => {
  const extra = Array.from(Object.values(KIND), (): [number, number] => [0, 0]);
  extra[KIND.int] = [4, 0];
  extra[KIND.array] = [12, 0];
  extra[KIND.struct] = extra[KIND.union] = extra[KIND.enum64] = extra[KIND.datasec] = [0, 12];
  extra[KIND.enum] = extra[KIND.funcProto] = [0, 8];
  extra[KIND.var] = extra[KIND.declTag] = [4, 0];
  return extra;
})();

/**
 * BTF as it lies in memory: an index of where each type begins, and reading of its numbers. Nothing is decoded
 * before it is asked for. Split BTF (a module's) continues the numbers and strings of its base.
 */
export class Btf {
  /** Numbers of types begin here; 0 is `void`. */
  readonly firstId: number;
  /** One more than the last type's number. */
  readonly endId: number;
  /** Its own strings, and the number the first of their bytes has. */
  readonly strings: Uint8Array;
  readonly firstString: number;
  readonly base: Btf | undefined;
  readonly #view: DataView;
  readonly #little: boolean;
  readonly #positions: Uint32Array;
  /** Of each type; kept apart, because looking for the types of one kind is what an index of names begins with. */
  readonly kinds: Uint8Array;

  /** Throws UserError when the bytes are no BTF, or damaged so that types cannot be told apart. */
  constructor(bytes: Uint8Array, base?: Btf) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < MIN_HEADER_BYTES) throw damagedBtf(`it has only ${bytes.length} bytes`);
    this.#little = this.#view.getUint16(0, true) === MAGIC;
    if (!this.#little && this.#view.getUint16(0, false) !== MAGIC) throw damagedBtf('it does not begin with the mark of BTF');
    const [headerBytes, typesAt, typesBytes, stringsAt, stringsBytes] = [this.u32(4), this.u32(8), this.u32(12), this.u32(16), this.u32(20)];
    const types = { at: headerBytes + typesAt, end: headerBytes + typesAt + typesBytes };
    const strings = { at: headerBytes + stringsAt, end: headerBytes + stringsAt + stringsBytes };
    if (headerBytes < MIN_HEADER_BYTES || types.end > bytes.length || strings.end > bytes.length) throw damagedBtf('it is shorter than its header says');
    this.strings = bytes.subarray(strings.at, strings.end);
    this.base = base;
    this.firstString = base ? base.firstString + base.strings.length : 0;
    this.firstId = base?.endId ?? 1;
    ({ positions: this.#positions, kinds: this.kinds } = this.#index(types.at, types.end));
    this.endId = this.firstId + this.#positions.length;
  }

  /** Where a type begins; 0 for one that is not there, and for `void`. Positions of the base are the base's. */
  position(id: number): number {
    return this.#positions[id - this.firstId] ?? 0;
  }

  /** The number at a byte; 0 outside. */
  u32(at: number): number {
    return at >= 0 && at + 4 <= this.#view.byteLength ? this.#view.getUint32(at, this.#little) : 0;
  }

  i32(at: number): number {
    return this.u32(at) | 0;
  }

  kind(id: number): number {
    return this.kinds[id - this.firstId] ?? KIND.void;
  }

  /** How many members, values or parameters. */
  vlen(id: number): number {
    return this.u32(this.#infoAt(id)) & 0xffff;
  }

  kindFlag(id: number): boolean {
    return this.u32(this.#infoAt(id)) >>> 31 === 1;
  }

  /** The number of the type's name among the strings. */
  nameAt(id: number): number {
    const at = this.position(id);
    return at === 0 ? 0 : this.u32(at);
  }

  /** The size in bytes, or the type it refers to: which, depends on the kind. */
  sizeOrType(id: number): number {
    const at = this.position(id);
    return at === 0 ? 0 : this.u32(at + 8);
  }

  /** Where what follows the common part begins. */
  extraAt(id: number): number {
    return this.position(id) + COMMON_BYTES;
  }

  /** The strings that one of this number is among: a module's type may bear a name of its base. */
  stringsOf(number: number): Uint8Array {
    return number < this.firstString && this.base ? this.base.stringsOf(number) : this.strings;
  }

  /** Where in `stringsOf(number)` it begins; beyond the end when there is none. */
  stringStart(number: number): number {
    return number < this.firstString && this.base ? this.base.stringStart(number) : number - this.firstString;
  }

  /** The string of that number; empty when there is none. */
  text(number: number): string {
    const strings = this.stringsOf(number);
    const start = this.stringStart(number);
    const end = strings.indexOf(0, start);
    const most = Math.min(strings.length, start + MAX_NAME_BYTES);
    return Buffer.from(strings.buffer, strings.byteOffset, strings.length).toString('latin1', start, end < 0 ? most : Math.min(end, most));
  }

  #infoAt(id: number): number {
    const at = this.position(id);
    return at === 0 ? -4 : at + 4;
  }

  #index(from: number, end: number): { positions: Uint32Array; kinds: Uint8Array } {
    const positions = new Uint32Array(Math.floor((end - from) / COMMON_BYTES));
    const kinds = new Uint8Array(positions.length);
    let count = 0;
    for (let at = from; at < end; count++) {
      if (at + COMMON_BYTES > end) throw damagedBtf('its last type is cut off');
      const info = this.#view.getUint32(at + 4, this.#little);
      const kind = kindOf(info);
      const extra = EXTRA[kind];
      if (!extra || kind === KIND.void) throw damagedBtf(`type ${this.firstId + count} is of kind ${kind}, which is not known here`);
      positions[count] = at;
      kinds[count] = kind;
      at += COMMON_BYTES + extra[0] + extra[1] * (info & 0xffff);
      if (at > end) throw damagedBtf('its last type is cut off');
    }
    return { positions: positions.slice(0, count), kinds: kinds.slice(0, count) };
  }
}

function kindOf(info: number): number {
  return (info >>> 24) & 0x1f;
}

/** What is thrown of bytes that cannot be read as BTF. */
export function damagedBtf(how: string): UserError {
  return new UserError('damaged-btf', `The kernel's type information (BTF) cannot be read: ${how}.`);
}
