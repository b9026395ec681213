/** BTF for tests, written as the kernel's Documentation/bpf/btf.rst says. */
export class BtfBuilder {
  readonly #types: number[] = [];
  readonly #firstId: number;
  readonly #firstString: number;
  #count = 0;
  #strings = '\0';

  /** `base`: how many types (with void) and bytes of strings the BTF has that this one continues. */
  constructor(base?: { readonly types: number; readonly strings: number }) {
    this.#firstId = base?.types ?? 1;
    this.#firstString = base?.strings ?? 0;
  }

  /** Adds a type and tells its number. `extra`: the words after the common three; strings are put among the names. */
  add(kind: number, name: string, sizeOrType: number, options: { vlen?: number; flag?: boolean; extra?: readonly (number | string)[] } = {}): number {
    const info = ((options.flag ? 0x80000000 : 0) | (kind << 24) | (options.vlen ?? 0)) >>> 0;
    this.#types.push(this.name(name), info, sizeOrType, ...(options.extra ?? []).map((word) => (typeof word === 'string' ? this.name(word) : word >>> 0)));
    return this.#firstId + this.#count++;
  }

  name(text: string): number {
    if (text === '') return 0;
    const at = this.#strings.length + this.#firstString;
    this.#strings += `${text}\0`;
    return at;
  }

  bytes(littleEndian = true): Uint8Array {
    const typeBytes = this.#types.length * 4;
    const bytes = new Uint8Array(24 + typeBytes + this.#strings.length);
    const view = new DataView(bytes.buffer);
    view.setUint16(0, 0xeb9f, littleEndian);
    view.setUint8(2, 1);
    for (const [index, word] of [24, 0, typeBytes, typeBytes, this.#strings.length, ...this.#types].entries()) view.setUint32(4 + index * 4, word, littleEndian);
    bytes.set(new TextEncoder().encode(this.#strings), 24 + typeBytes);
    return bytes;
  }
}

/** One type of each kind, and the ways they are put together. */
export function sampleBtf(): BtfBuilder {
  const b = new BtfBuilder();
  const int = b.add(1, 'int', 4, { extra: [(1 << 24) | 32] });
  const char = b.add(1, 'char', 1, { extra: [8] });
  const bool = b.add(1, '_Bool', 1, { extra: [(4 << 24) | 8] });
  const user = b.add(18, 'user', b.add(10, '', char));
  const text = b.add(2, '', user);
  const array = b.add(3, '', 0, { extra: [char, int, 16] });
  const inner = b.add(5, '', 8, { vlen: 2, extra: ['number', int, 0, 'text', text, 0] });
  b.add(4, 'thing', 32, { vlen: 5, flag: true, extra: ['low', int, 3 << 24, 'high', int, (5 << 24) | 3, 'comm', array, 32, '', inner, 192, 'flag', bool, 160] });
  const alias = b.add(8, 'thing_id_t', b.add(8, '__thing_id_t', b.add(9, '', int)));
  b.add(6, 'colour', 4, { vlen: 2, flag: true, extra: ['RED', 1, 'NOT_RED', -1] });
  b.add(19, 'wide', 8, { vlen: 1, extra: ['WIDE', 0xffffffff, 1] });
  b.add(6, '', 4, { vlen: 1, extra: ['ANONYMOUS', 7] });
  b.add(7, 'hidden', 0);
  b.add(7, 'hidden_union', 0, { flag: true });
  b.add(16, 'double', 8);
  const proto = b.add(13, '', int, { vlen: 3, extra: ['path', text, 'id', alias, '', 0] });
  b.add(12, 'do_thing', proto, { vlen: 1 });
  const variable = b.add(14, 'counter', int, { extra: [1] });
  b.add(15, '.data', 4, { vlen: 1, extra: [variable, 0, 4] });
  b.add(17, 'bpf_kfunc', alias, { extra: [-1] });
  b.add(11, '', text);
  return b;
}
