/** One note of an ELF file: `.note.gnu.build-id`, `.note.stapsdt`, `/sys/kernel/notes`. */
export interface ElfNote {
  /** Who defined the type: `GNU`, `stapsdt`. */
  readonly owner: string;
  readonly type: number;
  readonly description: Uint8Array;
}

/** Type of the note with the build id, of the owner `GNU`. */
const NT_GNU_BUILD_ID = 3;

/** Name and description begin at multiples of this. */
const ALIGNMENT = 4;

/** Notes as they stand one after the other; what is cut off is left out. Kernels and programs of big-endian machines tell so. */
export function readNotes(bytes: Uint8Array, littleEndian = true): readonly ElfNote[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const notes: ElfNote[] = [];
  let at = 0;
  while (at + 12 <= bytes.length) {
    const nameSize = view.getUint32(at, littleEndian);
    const size = view.getUint32(at + 4, littleEndian);
    const descriptionAt = at + 12 + aligned(nameSize);
    if (descriptionAt + size > bytes.length) break;
    const owner = latin1(bytes.subarray(at + 12, at + 12 + nameSize)).replace(/\0+$/, '');
    notes.push({ owner, type: view.getUint32(at + 8, littleEndian), description: bytes.subarray(descriptionAt, descriptionAt + size) });
    at = descriptionAt + aligned(size);
  }
  return notes;
}

/** The GNU build ids among the notes, in hexadecimal. */
export function buildIds(bytes: Uint8Array, littleEndian = true): readonly string[] {
  return readNotes(bytes, littleEndian)
    .filter(({ owner, type }) => owner === 'GNU' && type === NT_GNU_BUILD_ID)
    .map(({ description }) => Buffer.from(description).toString('hex'));
}

function aligned(size: number): number {
  return Math.ceil(size / ALIGNMENT) * ALIGNMENT;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
