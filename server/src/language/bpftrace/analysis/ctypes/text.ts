import { none, unknown, type Aggregation, type BtType, type Opaque } from '../types.ts';
import { fromC } from './convert.ts';
import { builtinCType } from './parse.ts';
import type { Types } from './preamble.ts';

const OPAQUE = new Set<string>(['void', 'probe', 'inet', 'mac', 'ksym', 'usym', 'username', 'timestamp', 'strerror', 'cgroup-path', 'stack-mode', 'timestamp-mode', 'typeinfo', 'bool'] satisfies (Opaque | 'bool')[]);
const AGGREGATIONS = new Set<string>(['count', 'sum', 'min', 'max', 'avg', 'stats', 'hist', 'lhist', 'tseries'] satisfies Aggregation[]);

/** bpftrace's own names of types that are not those of C. */
const NAMES: Readonly<Record<string, string>> = {
  ksym_t: 'ksym', usym_t: 'usym', inet_t: 'inet', mac_address: 'mac', username_t: 'username', cgroup_path_t: 'cgroup-path', kstack_t: 'kstack', ustack_t: 'ustack',
  count_t: 'count', sum_t: 'sum', min_t: 'min', max_t: 'max', avg_t: 'avg', stats_t: 'stats', hist_t: 'hist', lhist_t: 'lhist', tseries_t: 'tseries',
};

/** An integer type of bpftrace by its name: `uint64`. */
export function integerNamed(name: string): BtType | undefined {
  const match = /^(u?)int(8|16|32|64)$/.exec(name);
  return match ? { kind: 'integer', bits: Number(match[2]) as 8 | 16 | 32 | 64, signed: match[1] === '' } : undefined;
}

/** A type by bpftrace's own name: `uint8`, `string`, `kstack`, `count_t`. Undefined when there is none. */
export function ownType(name: string, signed = true): BtType | undefined {
  const word = NAMES[name] ?? name;
  if (word === 'bool') return { kind: 'bool' };
  if (OPAQUE.has(word)) return { kind: word as Opaque };
  if (AGGREGATIONS.has(word)) return { kind: 'aggregation', of: word as Aggregation, signed };
  if (word === 'kstack' || word === 'ustack') return { kind: word };
  if (word === 'string' || word === 'buffer') return { kind: word, size: 0 };
  return integerNamed(word);
}

const cache = new WeakMap<Types, Map<string, BtType>>();

/** A type as the catalogue writes it: `uint64`, `string[16]`, `struct task_struct *`, `uint8[4]`. */
export function typeFromText(text: string, types: Types): BtType {
  const known = cache.get(types) ?? new Map<string, BtType>();
  cache.set(types, known);
  let type = known.get(text);
  if (!type) known.set(text, (type = readType(text, types)));
  return type;
}

function readType(text: string, types: Types): BtType {
  if (text === 'none') return none;
  const pointer = /^(.*?)\s*\*$/.exec(text);
  if (pointer) {
    const to = typeFromText(pointer[1] ?? '', types);
    return { kind: 'pointer', to: () => to, space: 'kernel' };
  }
  const array = /^(\w+)\[(\d+)\]$/.exec(text);
  if (array) {
    const [, name = '', length = '0'] = array;
    if (name === 'string' || name === 'buffer') return { kind: name, size: Number(length) };
    const of = typeFromText(name, types);
    return { kind: 'array', of: () => of, length: Number(length) };
  }
  const struct = /^struct (\w+)$/.exec(text);
  if (struct) {
    const found = types.struct(struct[1] ?? '');
    return found ? fromC(found, 'kernel') : unknown;
  }
  const c = ownType(text) ?? (builtinCType(text) ? fromC(builtinCType(text) ?? { kind: 'void' }, 'kernel') : undefined);
  return c ?? unknown;
}
