/** What a relocation asks of a kernel's types (`enum bpf_core_relo_kind` of the kernel's bpf.h). */
export const RELOCATION = {
  fieldOffset: 0, fieldSize: 1, fieldExists: 2, fieldSigned: 3, fieldLeftShift: 4, fieldRightShift: 5,
  localTypeId: 6, targetTypeId: 7, typeExists: 8, typeSize: 9, enumeratorExists: 10, enumeratorValue: 11, typeMatches: 12,
} as const;

/** "Compile once, run everywhere": a place in a program that the loader fills in by the kernel's BTF. */
export interface Relocation {
  /** Number of the type in the object's own BTF. */
  readonly type: number;
  /** Where its access string is among the BTF's strings: `0:1:2`, numbers of members one inside the other. */
  readonly access: number;
  readonly kind: number;
}

/** Bytes of one as it is laid down; newer ones may be longer. */
const RELOCATION_BYTES = 16;
/** Header of a section's relocations: the section's name and how many there are. */
const BLOCK_BYTES = 8;
const MAX_RELOCATIONS = 100_000;

/** Relocations of `.BTF.ext` (`struct btf_ext_header` of libbpf). Those that are cut off are left out. */
export function readRelocations(bytes: Uint8Array, littleEndian: boolean): readonly Relocation[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const u32 = (at: number): number => (at + 4 <= bytes.length ? view.getUint32(at, littleEndian) : 0);
  const headerBytes = u32(4);
  // Older headers end before they tell of relocations.
  if (headerBytes < 32) return [];
  const from = headerBytes + u32(24);
  const end = Math.min(bytes.length, from + u32(28));
  const each = u32(from);
  const found: Relocation[] = [];
  if (each < RELOCATION_BYTES) return found;
  for (let block = from + 4; block + BLOCK_BYTES <= end; ) {
    const count = u32(block + 4);
    let at = block + BLOCK_BYTES;
    for (let i = 0; i < count && at + each <= end && found.length < MAX_RELOCATIONS; i++, at += each) found.push({ type: u32(at + 4), access: u32(at + 8), kind: u32(at + 12) });
    block = block + BLOCK_BYTES + count * each;
  }
  return found;
}
