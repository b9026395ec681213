import type { CType } from '../../../../kernel/ctype.ts';

/** C's own integer types as they are on a 64-bit Linux, and the names every kernel header gives them. */
const INTEGERS: Readonly<Record<string, readonly [size: number, signed: boolean]>> = {
  char: [1, true],
  'signed char': [1, true],
  'unsigned char': [1, false],
  short: [2, true],
  'unsigned short': [2, false],
  int: [4, true],
  'unsigned int': [4, false],
  long: [8, true],
  'unsigned long': [8, false],
  'long long': [8, true],
  'unsigned long long': [8, false],
  _Bool: [1, false],
};

const STANDARD: Readonly<Record<string, string>> = {
  bool: '_Bool',
  ...Object.fromEntries([8, 16, 32, 64].flatMap((bits) => {
    const [signed, plain] = { 8: ['signed char', 'unsigned char'], 16: ['short', 'unsigned short'], 32: ['int', 'unsigned int'], 64: ['long long', 'unsigned long long'] }[bits] ?? ['', ''];
    return [[`u${bits}`, plain], [`s${bits}`, signed], [`__u${bits}`, plain], [`__s${bits}`, signed], [`uint${bits}_t`, plain], [`int${bits}_t`, signed], [`__be${bits}`, plain], [`__le${bits}`, plain]];
  })),
  size_t: 'unsigned long',
  ssize_t: 'long',
  pid_t: 'int',
  uid_t: 'unsigned int',
  gid_t: 'unsigned int',
  dev_t: 'unsigned int',
  loff_t: 'long long',
  off_t: 'long',
  time_t: 'long',
  uintptr_t: 'unsigned long',
  intptr_t: 'long',
  sa_family_t: 'unsigned short',
  socklen_t: 'unsigned int',
  gfp_t: 'unsigned int',
};

/** Words that do not change what a type is for bpftrace. */
const QUALIFIERS = /\b(?:const|volatile|restrict|__restrict|extern|static|register|inline|__user|__rcu|__percpu|__attribute__\s*\(\([^)]*\)\))\s*/g;

/** What a type is written as, without qualifiers and with its words in one order: `long unsigned` is `unsigned long`. */
export function normalise(text: string): string {
  const words = text.replace(QUALIFIERS, ' ').trim().split(/\s+/);
  if (!words.some((w) => /^(?:unsigned|signed|short|long|int|char)$/.test(w))) return words.join(' ');
  const long = words.filter((w) => w === 'long').length;
  const base = words.includes('char') ? 'char' : words.includes('short') ? 'short' : long > 0 ? Array(long).fill('long').join(' ') : 'int';
  const sign = words.includes('unsigned') ? 'unsigned ' : words.includes('signed') && base === 'char' ? 'signed ' : '';
  return `${sign}${base}`;
}

const made = new Map<string, CType>();

/** An integer type of C or of the standard headers, by its normalised name; `void`, `float` and `double` too. */
export function builtinCType(name: string): CType | undefined {
  const known = made.get(name);
  if (known) return known;
  const type = makeBuiltin(name);
  if (type) made.set(name, type);
  return type;
}

function makeBuiltin(name: string): CType | undefined {
  if (name === 'void') return { kind: 'void' };
  if (name === 'float' || name === 'double') return { kind: 'float', name, size: name === 'float' ? 4 : 8 };
  const integer = INTEGERS[name];
  if (integer) return { kind: 'int', name, size: integer[0], signed: integer[1], ...(name === '_Bool' ? { encoding: 'bool' as const } : {}) };
  const target = STANDARD[name];
  return target === undefined ? undefined : builtinCType(target);
}
