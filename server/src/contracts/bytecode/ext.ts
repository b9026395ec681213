import type { Btf } from '../../kernel/btf/btf.ts';
import { EXT_PART, extBlocks } from '../../kernel/elf/ext.ts';
import { viewOf } from '../../kernel/elf/object.ts';

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

/** Bytes of a line and of a relocation (`struct bpf_line_info`, `struct bpf_core_relo` of the kernel). */
const RECORD_BYTES = 16;

/** What `.BTF.ext` says of each section of code, by the section's name. */
export function readExt(bytes: Uint8Array, btf: Btf): ReadonlyMap<string, SectionExt> {
  const found = new Map<string, { lines: LineOf[]; core: Map<number, CoreOf> }>();
  const each = (part: number, take: (to: { lines: LineOf[]; core: Map<number, CoreOf> }, word: (at: number) => number) => void): void => {
    for (const { section, records } of extBlocks(bytes, true, part)) {
      const name = btf.text(section);
      const to = found.get(name) ?? { lines: [], core: new Map<number, CoreOf>() };
      found.set(name, to);
      for (const record of records) if (record.length >= RECORD_BYTES) take(to, (at) => viewOf(record).getUint32(at, true));
    }
  };
  each(EXT_PART.lines, ({ lines }, u32) => lines.push({ at: u32(0), file: btf.text(u32(4)), line: u32(12) >>> 10 }));
  each(EXT_PART.relocations, ({ core }, u32) => core.set(u32(0), { at: u32(0), type: u32(4), path: btf.text(u32(8)).split(':').map(Number), kind: u32(12) }));
  return found;
}
