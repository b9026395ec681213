import { viewOf } from './elf.ts';
import type { Btf } from '../../kernel/btf/btf.ts';

/** Which line an instruction comes from. */
export interface LineOf {
  /** Bytes from the section's beginning. */
  readonly at: number;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

/** A constant of an instruction that the loader adapts to the kernel: which field of which type it stands for. */
export interface CoreOf {
  readonly at: number;
  readonly type: number;
  /** `0:1:2`: numbers of members one inside the other; the first counts whole structs. */
  readonly path: readonly number[];
  readonly kind: number;
}

export interface SectionExt {
  /** By place, in order. */
  readonly lines: readonly LineOf[];
  readonly core: ReadonlyMap<number, CoreOf>;
}

/** Where the header tells of line information and of relocations (`struct btf_ext_header` of libbpf). */
const LINES_AT = 16;
const CORE_AT = 24;

/** What `.BTF.ext` says of each section of code, by the section's name. What is cut off is left out. */
export function readExt(bytes: Uint8Array, btf: Btf): ReadonlyMap<string, SectionExt> {
  const view = viewOf(bytes);
  const u32 = (at: number): number => (at >= 0 && at + 4 <= bytes.length ? view.getUint32(at, true) : 0);
  const found = new Map<string, { lines: LineOf[]; core: Map<number, CoreOf> }>();
  const of = (name: string): { lines: LineOf[]; core: Map<number, CoreOf> } => {
    const known = found.get(name) ?? { lines: [], core: new Map<number, CoreOf>() };
    found.set(name, known);
    return known;
  };
  eachRecord(u32, LINES_AT, (name, at) => of(btf.text(name)).lines.push({ at: u32(at), file: btf.text(u32(at + 4)), line: u32(at + 12) >>> 10 }));
  eachRecord(u32, CORE_AT, (name, at) => of(btf.text(name)).core.set(u32(at), { at: u32(at), type: u32(at + 4), path: btf.text(u32(at + 8)).split(':').map(Number), kind: u32(at + 12) }));
  return found;
}

function eachRecord(u32: (at: number) => number, partAt: number, take: (section: number, at: number) => void): void {
  const header = u32(4);
  // Older headers end before they tell of the part.
  if (header < partAt + 8) return;
  const from = header + u32(partAt);
  const end = from + u32(partAt + 4);
  const each = u32(from);
  if (each < 16) return;
  for (let block = from + 4; block + 8 <= end; ) {
    const count = u32(block + 4);
    for (let i = 0; i < count && block + 8 + (i + 1) * each <= end; i++) take(u32(block), block + 8 + i * each);
    block += 8 + count * each;
  }
}
