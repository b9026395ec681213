/** The little of an ELF file that tells whether a machine can run it. Layout: elf(5). */
export interface ElfFile {
  readonly bits: 32 | 64;
  readonly littleEndian: boolean;
  /** `e_type`: what the file is for. */
  readonly type: 'executable' | 'shared' | 'other';
  /** `e_machine`. */
  readonly machine: number;
  /** The dynamic loader it asks for (PT_INTERP). */
  readonly interpreter?: string;
  /** Shared libraries it needs (entries of DT_NEEDED). */
  readonly libraries: number;
}

/** How `uname -m` names a machine, and what an ELF file for it says. */
interface Machine {
  readonly name: string;
  readonly names: RegExp;
  readonly machine: number;
  readonly bits: 32 | 64;
  readonly littleEndian: boolean;
}

const MACHINES: readonly Machine[] = [
  { name: 'x86_64', names: /^x86_64$/, machine: 62, bits: 64, littleEndian: true },
  { name: 'aarch64', names: /^aarch64$/, machine: 183, bits: 64, littleEndian: true },
  { name: 'i686', names: /^i[3-6]86$/, machine: 3, bits: 32, littleEndian: true },
  { name: 'arm', names: /^arm(v[5-8]\w*)?$/, machine: 40, bits: 32, littleEndian: true },
  { name: 'ppc64le', names: /^ppc64le$/, machine: 21, bits: 64, littleEndian: true },
  { name: 's390x', names: /^s390x$/, machine: 22, bits: 64, littleEndian: false },
  { name: 'riscv64', names: /^riscv64$/, machine: 243, bits: 64, littleEndian: true },
  { name: 'loongarch64', names: /^loongarch64$/, machine: 258, bits: 64, littleEndian: true },
];

const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const DT_NULL = 0;
const DT_NEEDED = 1;
/** More than any program has; a damaged file may claim 65,535. */
const MAX_SEGMENTS = 128;
const MAX_DYNAMIC_ENTRIES = 4096;

/** Undefined when it is no ELF file, or one that is cut off before what is looked at. */
export function readElf(bytes: Uint8Array): ElfFile | undefined {
  try {
    return decode(bytes);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Whether the ELF file was made for a machine as `uname -m` names it. True for a machine not known here: running it will tell. */
export function isFor(elf: ElfFile, arch: string): boolean {
  const wanted = MACHINES.find(({ names }) => names.test(arch));
  return !wanted || (wanted.machine === elf.machine && wanted.bits === elf.bits && wanted.littleEndian === elf.littleEndian);
}

/** The machine of an ELF file, for a person. */
export function machineName({ machine, bits, littleEndian }: ElfFile): string {
  const known = MACHINES.find((one) => one.machine === machine && one.bits === bits && one.littleEndian === littleEndian);
  return known?.name ?? `another machine (ELF number ${machine}, ${bits} bits)`;
}

function decode(bytes: Uint8Array): ElfFile | undefined {
  const [m0, m1, m2, m3, size, order] = bytes;
  if (m0 !== 0x7f || m1 !== 0x45 || m2 !== 0x4c || m3 !== 0x46 || (size !== 1 && size !== 2) || (order !== 1 && order !== 2)) return undefined;
  const fields = new Fields(bytes, order === 1, size === 2);
  const segments = segmentsOf(fields);
  const interpreter = segments.find(({ type }) => type === PT_INTERP);
  const dynamic = segments.find(({ type }) => type === PT_DYNAMIC);
  const type = fields.u16(16);
  return {
    bits: fields.wide ? 64 : 32,
    littleEndian: fields.little,
    type: type === 2 ? 'executable' : type === 3 ? 'shared' : 'other',
    machine: fields.u16(18),
    ...(interpreter ? { interpreter: fields.text(interpreter.offset, interpreter.size) } : {}),
    libraries: dynamic ? countNeeded(fields, dynamic) : 0,
  };
}

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
}

function segmentsOf(fields: Fields): Segment[] {
  const { wide } = fields;
  const start = fields.word(wide ? 32 : 28);
  const entrySize = fields.u16(wide ? 54 : 42);
  const count = fields.u16(wide ? 56 : 44);
  if (count > MAX_SEGMENTS) throw new RangeError('too many segments');
  return Array.from({ length: count }, (_, n) => {
    const at = start + n * entrySize;
    return { type: fields.u32(at), offset: fields.word(at + (wide ? 8 : 4)), size: fields.word(at + (wide ? 32 : 16)) };
  });
}

function countNeeded(fields: Fields, { offset, size }: Segment): number {
  const entry = fields.wide ? 16 : 8;
  let needed = 0;
  for (let n = 0; n < Math.min(size / entry, MAX_DYNAMIC_ENTRIES); n++) {
    const tag = fields.word(offset + n * entry);
    if (tag === DT_NULL) break;
    if (tag === DT_NEEDED) needed++;
  }
  return needed;
}

/** Numbers of a file in its own byte order and width; a RangeError beyond its end. */
class Fields {
  readonly little: boolean;
  /** 64-bit words. */
  readonly wide: boolean;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, little: boolean, wide: boolean) {
    this.little = little;
    this.wide = wide;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u16(at: number): number {
    return this.#view.getUint16(at, this.little);
  }

  u32(at: number): number {
    return this.#view.getUint32(at, this.little);
  }

  word(at: number): number {
    return this.wide ? Number(this.#view.getBigUint64(at, this.little)) : this.u32(at);
  }

  /** Text up to its NUL. */
  text(at: number, size: number): string {
    const bytes = this.#bytes.subarray(at, at + Math.min(size, 4096));
    const end = bytes.indexOf(0);
    return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
  }
}
