import { expect, it } from 'vitest';
import { suspectLine } from './maps.ts';

const suspect = (attributes: string, tooLarge = false): number | undefined => suspectLine(new Map(`struct {\n${attributes}\n} m SEC(".maps");`.split('\n').map((text, i) => [i + 1, text])), 'm', tooLarge);

it.each([
  ['an array with a wide key', '__uint(type, BPF_MAP_TYPE_ARRAY);\n__type(key, __u64);\n__type(value, int);\n__uint(max_entries, 1);', 3],
  ['a map of sockets with a wide key', '__uint(type, BPF_MAP_TYPE_SOCKMAP);\n__uint(max_entries, 8);\n__type(key, __u64);\n__type(value, __u64);', 4],
  ['a hash of sockets may have any key', '__uint(type, BPF_MAP_TYPE_SOCKHASH);\n__uint(max_entries, 8);\n__type(key, __u64);\n__type(value, __u64);', 1],
  ['no maximum', '__uint(type, BPF_MAP_TYPE_HASH);\n__type(key, __u64);\n__type(value, int);', 1],
  ['a trie without its flag', '__uint(type, BPF_MAP_TYPE_LPM_TRIE);\n__type(key, struct k);\n__type(value, int);\n__uint(max_entries, 8);', 1],
  ['a trie with another flag', '__uint(type, BPF_MAP_TYPE_LPM_TRIE);\n__uint(map_flags, BPF_F_RDONLY);\n__type(key, struct k);\n__type(value, int);\n__uint(max_entries, 8);', 3],
  ['a ring buffer of an odd size', '__uint(type, BPF_MAP_TYPE_RINGBUF);\n__uint(max_entries, 1000);', 3],
  ['a storage with a maximum', '__uint(type, BPF_MAP_TYPE_TASK_STORAGE);\n__uint(max_entries, 10);\n__uint(map_flags, BPF_F_NO_PREALLOC);\n__type(key, int);\n__type(value, int);', 3],
])('%s', (_, attributes, line) => expect(suspect(attributes)).toBe(line));

it.each([
  ['its value', '__uint(max_entries, 1);\n__type(key, __u32);\n__type(value, struct big);', 5],
  ['its number of elements', '__uint(max_entries, 1 << 28);\n__type(key, __u32);\n__type(value, struct big);', 3],
])('what is too large is %s', (_, attributes, line) => expect(suspect(`__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);\n${attributes}`, true)).toBe(line));
it('a key of four bytes is never the wrong attribute of an array', () => expect(suspect('__uint(type, BPF_MAP_TYPE_ARRAY);\n__type(key, __u32);\n__type(value, int);\n__uint(map_flags, 1U << 31);\n__uint(max_entries, 8);')).toBe(5));

it('a definition of its own type', () => expect(suspectLine(new Map([[1, 'struct m_t { int a; };'], [2, 'struct m_t m SEC(".maps");']]), 'm')).toBe(2));
it('what is not defined has no line', () => expect(suspectLine(new Map([[1, 'int x;']]), 'm')).toBeUndefined());
