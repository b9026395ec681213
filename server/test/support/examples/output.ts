/** What the tests of the examples make of a run's output: text in which regular expressions are looked for. */

/** A member of a struct as an example declares it. */
interface Member {
  readonly name: string;
  readonly type: string;
  readonly length: number | undefined;
}

const SIZES: Readonly<Record<string, number>> = { u8: 1, s8: 1, char: 1, bool: 1, u16: 2, s16: 2, be16: 2, u32: 4, s32: 4, int: 4, be32: 4, u64: 8, s64: 8 };

/** The members of `struct event` in a source. Throws where one is of a type not in the table above. */
function membersOfEvent(source: string): Member[] {
  const body = /struct event \{([\s\S]*?)\n\};/.exec(source)?.[1] ?? '';
  return [...body.replaceAll(/\/\*[\s\S]*?\*\//g, '').matchAll(/^\s*(?:unsigned )?(?:__)?(\w+) (\w+)(?:\[(\w+)\])?;/gm)].map(([, type = '', name = '', length]) => {
    const constant = length === undefined ? undefined : (new RegExp(`#define ${length}\\s+(\\d+)`).exec(source)?.[1] ?? length);
    return { name, type, length: constant === undefined ? undefined : Number(constant) };
  });
}

/** `{"pid": 4, "comm": "sh"}` of the bytes of an event; arrays of `char` are text up to their first zero. */
export function decodeEvent(source: string, hex: string): Record<string, unknown> {
  const bytes = Buffer.from(hex, 'hex');
  const decoded: Record<string, unknown> = {};
  let at = 0;
  for (const { name, type, length } of membersOfEvent(source)) {
    const size = SIZES[type];
    if (size === undefined) throw new Error(`struct event: the type of ${name}, ${type}, is not known here`);
    at = Math.ceil(at / size) * size;
    const piece = bytes.subarray(at, at + size * (length ?? 1));
    at += size * (length ?? 1);
    if (length === undefined) decoded[name] = number(piece, type);
    else decoded[name] = type === 'char' ? piece.toString('utf8').split('\0')[0] : piece.toString('hex');
  }
  return decoded;
}

function number(bytes: Buffer, type: string): number | string {
  if (type.startsWith('be')) return bytes.readUIntBE(0, bytes.length);
  if (bytes.length === 8) return Number(type === 's64' ? bytes.readBigInt64LE() : bytes.readBigUInt64LE());
  return type.startsWith('s') || type === 'int' ? bytes.readIntLE(0, bytes.length) : bytes.readUIntLE(0, bytes.length);
}

interface Entry {
  readonly formatted?: { readonly key: unknown; readonly value?: unknown; readonly values?: readonly { readonly value: unknown }[] };
}

/**
 * The lines of `run-object` made readable: `event NAME {"pid":4}`, `packet PROGRAM RETURNED HEX`, and a line for each element of a
 * map, `map NAME KEY = VALUE`, both in JSON. Numbers of all CPUs are added up, and elements of zero left out.
 */
export function readable(source: string, output: string): string {
  return output.split('\n').flatMap((line) => {
    const [, event, hex = ''] = /^event (\S+) ([0-9a-f]+)$/.exec(line) ?? [];
    if (event !== undefined) return [`event ${event} ${JSON.stringify(decodeEvent(source, hex))}`];
    const [, map, json = ''] = /^map (\S+) (.*)$/.exec(line) ?? [];
    return map === undefined ? [line] : elements(json).map(([key, value]) => `map ${map} ${JSON.stringify(key)} = ${JSON.stringify(value)}`);
  }).join('\n');
}

function elements(json: string): [key: unknown, value: unknown][] {
  let entries: unknown;
  try {
    entries = JSON.parse(json);
  } catch {
    return [];
  }
  if (!Array.isArray(entries)) return [];
  return (entries as Entry[]).flatMap(({ formatted }): [unknown, unknown][] => {
    const value = formatted?.values ? formatted.values.map((v) => v.value).reduce(added) : formatted?.value;
    return formatted === undefined || value === undefined || isZero(value) ? [] : [[formatted.key, value]];
  });
}

/** Numbers, or the numbers of structs and arrays of one shape. */
function added(a: unknown, b: unknown): unknown {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (Array.isArray(a) && Array.isArray(b)) return a.map((v: unknown, i) => added(v, b[i]));
  if (isRecord(a) && isRecord(b)) return Object.fromEntries(Object.entries(a).map(([key, v]) => [key, added(v, b[key])]));
  return a;
}

function isZero(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isZero);
  return isRecord(value) ? Object.values(value).every(isZero) : value === 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
