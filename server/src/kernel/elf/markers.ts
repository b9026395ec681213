import { readNotes } from './notes.ts';
import type { ElfClass } from './sections.ts';

/** A statically defined tracepoint of a program (USDT). */
export interface Marker {
  readonly provider: string;
  readonly name: string;
  /** Where its arguments are, in the form `SIZE@OPERAND`, separated by blanks: `-4@%edi 8@-16(%rbp)`. */
  readonly arguments: string;
}

const NT_STAPSDT = 3;

/** The markers among the notes of a binary: three addresses, then three texts, each ended by a zero byte. */
export function readMarkers(notes: Uint8Array, { wide, littleEndian }: ElfClass): Marker[] {
  return readNotes(notes, littleEndian)
    .filter(({ owner, type }) => owner === 'stapsdt' && type === NT_STAPSDT)
    .map(({ description }) => {
      const [provider = '', name = '', args = ''] = Buffer.from(description.subarray(wide ? 24 : 12)).toString('latin1').split('\0');
      return { provider, name, arguments: args };
    })
    .filter(({ provider, name }) => provider !== '' && name !== '');
}
