import { nearest } from '../../../../base/near.ts';
import { problem, type Problem } from '../../../bpftrace/problem.ts';
import { MAP_ENTRIES, MAP_TYPES, mapType, type MapType } from '../../catalogue/map-types.ts';
import { inC, type PlacedCItem } from '../../syntax/document.ts';
import type { CMapItem } from '../../syntax/item.ts';
import type { EntryMark } from '../../syntax/marks.ts';
import { olderThan, type CAnalysis } from '../analyze.ts';
import type { CShared } from '../shared.ts';
import { numberOf, sizeOfType } from '../sizes.ts';

/** Asked of Linux 6.18 by creating such maps: the largest value per CPU, the most addresses of a stack (`kernel.perf_event_max_stack`), a trie's keys. */
const PER_CPU_BYTES = 32_768;
const STACK_BYTES = 127 * 8;
const PREFIX_BYTES = { least: 5, most: 260 } as const;
/** Flags that the kernel takes for some types of map only. */
const SOME_TAKE = ['BPF_F_NO_PREALLOC', 'BPF_F_NO_COMMON_LRU', 'BPF_F_MMAPABLE'] as const;

/** Mistakes in the definition of a map. */
export function checkMap(placed: PlacedCItem, map: CMapItem, analysis: CAnalysis): Problem[] {
  const entries = new Map(map.entries.map((entry) => [entry.key, entry]));
  const words = map.entries.flatMap((entry) => checkEntry(placed, entry));
  const type = entries.get('type');
  const at = (entry: EntryMark | undefined): Problem['span'] => inC(placed, entry?.valueSpan ?? map.nameSpan);
  if (!type) return words.length > 0 ? words : [problem('map-setup', 'error', `The map ${map.name} has no type: add __uint(type, BPF_MAP_TYPE_HASH) or another.`, at(undefined))];
  const known = mapType(type.value);
  if (!known) return [...words, ...unknownType(type, at(type))];
  if (olderThan(analysis.version, known.since) && !analysis.inventory.types.enumerator(type.value)) {
    return [...words, problem('map-setup', 'error', `${type.value} is there since Linux ${known.since.join('.')}; ${analysis.inventory.label} has it not.`, at(type))];
  }
  const { shared } = analysis;
  const found = [keyOf(known, entries, shared), valueOf(known, entries, shared), sizeOf(known, entries, shared), flagsOf(known, entries), innerOf(known, entries), twice(entries, 'key', shared), twice(entries, 'value', shared)];
  return [...words, ...found.flatMap((f) => (f ? [problem('map-setup', f.warning ? 'warning' : 'error', `The map ${map.name} (${short(known)}) ${f.says}`, at(f.entry))] : []))];
}

interface Found {
  readonly says: string;
  /** Where; the map's name when absent. */
  readonly entry?: EntryMark | undefined;
  /** User space may still set it before it loads. */
  readonly warning?: true;
}
type Entries = ReadonlyMap<string, EntryMark>;

function checkEntry(placed: PlacedCItem, { macro, key, keySpan }: EntryMark): Problem[] {
  const known = MAP_ENTRIES[key];
  const span = inC(placed, keySpan);
  if (known) {
    const plain = (name: string): string => (name === '__ulong' ? '__uint' : name);
    return plain(known.macro) === plain(macro) ? [] : [problem('map-setup', 'error', `${key} is set with ${known.macro}(${key}, …), not with ${macro}.`, span)];
  }
  const meant = nearest(key, Object.keys(MAP_ENTRIES))[0];
  const repairs = meant === undefined ? [] : [{ title: `Write ${meant}`, sure: false, edits: [{ span, newText: meant }] }];
  return [{ ...problem('map-setup', 'error', `libbpf knows no ${key} in the definition of a map.${meant === undefined ? '' : ` Did you mean ${meant}?`}`, span), repairs }];
}

function unknownType({ value }: EntryMark, span: Problem['span']): Problem[] {
  if (!/^\w+$/.test(value)) return [];
  const meant = nearest(value, MAP_TYPES.map(({ name }) => `BPF_MAP_TYPE_${name}`))[0];
  if (meant === undefined) return [];
  return [{ ...problem('map-setup', 'error', `There is no type of map ${value}. Did you mean ${meant}?`, span), repairs: [{ title: `Write ${meant}`, sure: false, edits: [{ span, newText: meant }] }] }];
}

function keyOf(type: MapType, entries: Entries, shared: CShared): Found | undefined {
  const key = entries.get('key') ?? entries.get('key_size');
  const bytes = sizeIn(key, shared);
  switch (type.key) {
    case 'none':
      return key && bytes !== 0 ? { says: 'has no keys: leave the key out.', entry: key } : undefined;
    case 'index':
    case 'int':
      if (!key) return { says: 'needs a key of 4 bytes: add __type(key, __u32).', warning: true };
      return bytes !== undefined && bytes !== 4 ? { says: `needs a key of 4 bytes, and ${key.value} has ${bytes}: use __u32 or int.`, entry: key } : undefined;
    case 'prefix':
      if (key && bytes !== undefined && (bytes < PREFIX_BYTES.least || bytes > PREFIX_BYTES.most)) return { says: `needs a key of ${PREFIX_BYTES.least} to ${PREFIX_BYTES.most} bytes, the length of the prefix as __u32 and then its data, and ${key.value} has ${bytes}.`, entry: key };
      return key ? undefined : { says: 'needs a key: add __type(key, …).', warning: true };
    default:
      return key ? undefined : { says: 'needs a key: add __type(key, …).', warning: true };
  }
}

function valueOf(type: MapType, entries: Entries, shared: CShared): Found | undefined {
  const value = entries.get('value') ?? entries.get('value_size');
  const bytes = sizeIn(value, shared);
  if (type.value === 'none') return value && bytes !== 0 ? { says: 'has no values: leave the value out.', entry: value } : undefined;
  if (type.value === 'fd' || type.value === 'map') return bytes !== undefined && bytes !== 4 ? { says: `needs a value of 4 bytes, and ${value?.value ?? ''} has ${bytes}: use __u32.`, entry: value } : undefined;
  if (type.value === 'stack' && bytes !== undefined && !entries.get('map_flags')?.value.includes('BUILD_ID') && (bytes % 8 !== 0 || bytes === 0 || bytes > STACK_BYTES)) return { says: `keeps addresses of 8 bytes, at most ${STACK_BYTES / 8} of them as the kernel is set, and its value has ${bytes} bytes.`, entry: value, ...(bytes % 8 === 0 && bytes > 0 ? { warning: true } : {}) };
  if (/^PERCPU_(?:ARRAY|HASH)$|^LRU_PERCPU_HASH$/.test(type.name) && bytes !== undefined && bytes > PER_CPU_BYTES) return { says: `can have values of at most ${PER_CPU_BYTES} bytes for each CPU, and ${value?.value ?? ''} has ${bytes}.`, entry: value };
  if (type.value === 'any' && !value) return { says: 'needs a value: add __type(value, …).', warning: true };
  return undefined;
}

function sizeOf(type: MapType, entries: Entries, shared: CShared): Found | undefined {
  const entry = entries.get('max_entries');
  const count = entry && numberOf(entry.value, shared);
  switch (type.entries) {
    case 'zero':
      return count !== undefined && count > 0 ? { says: 'grows by itself: leave max_entries out.', entry } : undefined;
    case 'cpus':
      return undefined;
    case 'ring':
      if (!entry) return { says: 'needs its size in bytes: add __uint(max_entries, 256 * 1024).', warning: true };
      return count !== undefined && count > 0 && (count % 4096 !== 0 || !Number.isInteger(Math.log2(count / 4096))) ? { says: `needs a size that is a power of two and whole pages, and ${count} is none. libbpf 1.0 and newer round it up, other loaders fail.`, entry, warning: true } : undefined;
    default:
      if (!entry) return { says: 'has no max_entries: unless user space sets it, the kernel refuses the map.', warning: true };
      return count === 0 ? { says: 'has room for nothing: max_entries must be at least 1, unless user space sets it.', entry, warning: true } : undefined;
  }
}

function flagsOf({ noPrealloc, flags: allowed }: MapType, entries: Entries): Found | undefined {
  const flags = entries.get('map_flags');
  const refused = SOME_TAKE.find((flag) => new RegExp(`\\b${flag}\\b`).test(flags?.value ?? '') && !allowed.includes(flag));
  if (refused !== undefined) return { says: `does not take ${refused}: the kernel refuses the map.`, entry: flags };
  if (!noPrealloc || (flags && !/^(?:BPF_F_\w+|[\s|()0])+$/.test(flags.value)) || flags?.value.includes('BPF_F_NO_PREALLOC')) return undefined;
  return { says: 'must have __uint(map_flags, BPF_F_NO_PREALLOC).', entry: flags };
}

/** `key` and `key_size` may both be there; libbpf compares them. */
function twice(entries: Entries, what: 'key' | 'value', shared: CShared): Found | undefined {
  const type = entries.get(what);
  const size = entries.get(`${what}_size`);
  const [a, b] = [sizeIn(type, shared), sizeIn(size, shared)];
  return a !== undefined && b !== undefined && a !== b ? { says: `has a ${what} of ${a} bytes (${type?.value ?? ''}) and a ${what}_size of ${b}: leave one out.`, entry: size } : undefined;
}

function innerOf({ value }: MapType, entries: Entries): Found | undefined {
  return value === 'map' && !entries.has('values') ? { says: 'does not say what its inner maps are: add __array(values, struct { … }), unless user space does.', warning: true } : undefined;
}

function short({ name }: MapType): string {
  return name.toLowerCase().replaceAll('_', ' ');
}

/** Bytes of a key or value, where that can be told without the compiler. */
function sizeIn(entry: EntryMark | undefined, shared: CShared): number | undefined {
  return entry && (entry.macro === '__type' ? sizeOfType(entry.value, shared) : numberOf(entry.value, shared));
}
