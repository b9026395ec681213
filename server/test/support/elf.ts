import type { BinaryParts } from '../../src/kernel/elf/binary.ts';

/** Words of 4 bytes, the low byte first. */
function words(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  values.forEach((value, i) => new DataView(bytes.buffer).setUint32(i * 4, value >>> 0, true));
  return bytes;
}
const text = (content: string): Uint8Array => Buffer.from(content, 'latin1');
const padded = (bytes: Uint8Array): Uint8Array => Buffer.concat([bytes, new Uint8Array((4 - (bytes.length % 4)) % 4)]);

/** One note, as the ELF specification says. */
export function note(owner: string, type: number, description: Uint8Array): Uint8Array {
  const name = text(`${owner}\0`);
  return Buffer.concat([words([name.length, description.length, type]), padded(name), padded(description)]);
}

/** A marker as systemtap's <sys/sdt.h> writes it. */
export const marker = (provider: string, name: string, args: string): Uint8Array => note('stapsdt', 3, Buffer.concat([new Uint8Array(24), text(`${provider}\0${name}\0${args}\0`)]));

export interface Symbol64 {
  readonly name: string;
  /** `st_info`: the low four bits are the type, 2 for a function. */
  readonly info: number;
  readonly value: number;
}

/** Parts of a file of 64 bits with a symbol table and notes. */
export function elfParts(symbols: readonly Symbol64[], notes: readonly Uint8Array[]): BinaryParts {
  const names = text(`\0${symbols.map(({ name }) => `${name}\0`).join('')}`);
  const table = words(symbols.flatMap(({ name, info, value }) => [Buffer.from(names).indexOf(`\0${name}\0`) + 1, info, value, 0, 8, 0]));
  const section = (type: number, link = 0): number[] => [0, type, 0, 0, 0, 0, 0, 0, 0, 0, link, 0, 0, 0, 0, 0];
  return {
    header: Buffer.concat([text('\x7fELF\x02\x01\x01'), new Uint8Array(57)]),
    sections: words([...section(0), ...section(2, 2), ...section(3), ...section(7)]),
    contents: new Map([[1, table], [2, names], [3, Buffer.concat(notes)]]),
  };
}
