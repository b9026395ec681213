/** Reads the data types of RFC 4251 section 5, one after the other. Throws RangeError where the bytes end early. */
export class WireReader {
  readonly bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  byte(): number {
    return this.bytes.readUInt8(this.#advance(1));
  }

  uint32(): number {
    return this.bytes.readUInt32BE(this.#advance(4));
  }

  uint64(): bigint {
    return this.bytes.readBigUInt64BE(this.#advance(8));
  }

  string(): Buffer {
    const length = this.uint32();
    const start = this.#advance(length);
    return this.bytes.subarray(start, start + length);
  }

  text(): string {
    return this.string().toString();
  }

  /** Strings to the end. */
  rest(): Buffer[] {
    const strings: Buffer[] = [];
    while (this.at < this.bytes.length) strings.push(this.string());
    return strings;
  }

  #advance(length: number): number {
    const start = this.at;
    if (start + length > this.bytes.length) throw new RangeError('the data end early');
    this.at += length;
    return start;
  }
}

/** A string as it goes over the wire: its length and its bytes. */
export function wireString(content: Buffer | string): Buffer {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
