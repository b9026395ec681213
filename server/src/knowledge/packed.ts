/** Arrays of numbers and texts in one file: a line of JSON that says what follows, then each at a multiple of eight bytes. In this machine's byte order. */
type Part = Uint8Array | Int8Array | Uint32Array | Float32Array | string;
type Parts = Readonly<Record<string, Part>>;

const KINDS = { u8: Uint8Array, i8: Int8Array, u32: Uint32Array, f32: Float32Array } as const;
type Kind = keyof typeof KINDS | 'text';

interface Entry {
  readonly name: string;
  readonly kind: Kind;
  /** In bytes, from the start of the data. */
  readonly at: number;
  readonly bytes: number;
}

export function pack(parts: Parts): Uint8Array {
  const pieces = Object.entries(parts).map(([name, part]) => ({ name, kind: kindOf(part), bytes: bytesOf(part) }));
  const entries: Entry[] = [];
  let at = 0;
  for (const { name, kind, bytes } of pieces) {
    entries.push({ name, kind, at, bytes: bytes.length });
    at += aligned(bytes.length);
  }
  const header = Buffer.from(`${JSON.stringify(entries)}\n`);
  const start = aligned(header.length);
  const packed = new Uint8Array(start + at);
  packed.fill(0x20, 0, start);
  packed.set(header.subarray(0, -1));
  packed[start - 1] = 0x0a;
  for (const [i, { bytes }] of pieces.entries()) packed.set(bytes, start + (entries[i]?.at ?? 0));
  return packed;
}

/** Reads what `pack` wrote. Throws when it is something else; whether it is undamaged is for a hash to say. What it gives shares the bytes. */
export function unpack(packed: Uint8Array): Parts {
  const start = packed.indexOf(0x0a) + 1;
  const entries = JSON.parse(Buffer.from(packed.buffer, packed.byteOffset, start).toString('utf8')) as readonly Entry[];
  return Object.fromEntries(entries.map(({ name, kind, at, bytes }) => [name, partOf(kind, packed.subarray(start + at, start + at + bytes))]));
}

function kindOf(part: Part): Kind {
  if (typeof part === 'string') return 'text';
  if (part instanceof Uint32Array) return 'u32';
  if (part instanceof Float32Array) return 'f32';
  return part instanceof Int8Array ? 'i8' : 'u8';
}

function bytesOf(part: Part): Uint8Array {
  return typeof part === 'string' ? Buffer.from(part) : new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
}

function partOf(kind: Kind, bytes: Uint8Array): Part {
  if (kind === 'text') return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const Numbers = KINDS[kind];
  // A buffer that was cut out of another need not start at a multiple of four bytes.
  const whole = bytes.byteOffset % Numbers.BYTES_PER_ELEMENT === 0 ? bytes : Uint8Array.from(bytes);
  return new Numbers(whole.buffer as ArrayBuffer, whole.byteOffset, whole.byteLength / Numbers.BYTES_PER_ELEMENT);
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}
