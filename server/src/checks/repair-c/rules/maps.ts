import { mapType } from '../../../language/bpfc/catalogue/map-types.ts';
import { mapsOf, type PlacedCItem } from '../../../language/bpfc/syntax/document.ts';
import type { CMapItem } from '../../../language/bpfc/syntax/item.ts';
import { all, argumentsOf, calls, childIn, find, type CSource } from '../c-source.ts';
import { candidate, insert, instead, replace, withoutStatement, type Candidate, type Edit } from '../edit.ts';
import type { RepairSituation } from '../situation.ts';
import { calledIfThere } from './core.ts';
import { numberOf } from './index.ts';
import { freshName } from './null.ts';

/** Maps whose key is the number of an element. */
const NUMBERED = /^BPF_MAP_TYPE_(?:PERCPU_)?ARRAY$|_ARRAY$|^BPF_MAP_TYPE_(?:DEVMAP|CPUMAP|XSKMAP|SOCKMAP|ARRAY_OF_MAPS)$/;
const PAGE_BYTES = 4096;

/** A map's definition that the kernel does not take. */
export function mapSetup({ source, explanation, context }: Pick<RepairSituation, 'source' | 'explanation' | 'context'>): Candidate[] {
  const named = mapsOf(source.document).filter(({ map }) => new RegExp(`'?\\b${map.name}\\b`).test(`${explanation.complaint} ${explanation.cause.text}`));
  const found = (named.length > 0 ? named : mapsOf(source.document)).flatMap(({ placed, map }) => [...missing(source, placed, map), ...definition(source, placed, map), ...byCatalogue(placed, map, explanation.complaint)]);
  const absent = /extern \(func ksym\) '(\w+)'/.exec(explanation.complaint)?.[1];
  return [...found, ...(absent === undefined ? weak(source, explanation.complaint) : calledIfThere({ source, context }, absent))];
}

function definition(source: CSource, placed: PlacedCItem, map: CMapItem): Candidate[] {
  const entry = (key: string): CMapItem['entries'][number] | undefined => map.entries.find((each) => each.key === key);
  const type = entry('type')?.value ?? '';
  const most = entry('max_entries');
  const found: Candidate[] = [];
  const put = (line: string): Edit => insert(placed.start + (entry('type')?.end ?? 0) + 1, `\n${source.indentAt(placed.start + (entry('type')?.start ?? 0))}${line};`);
  const key = entry('key');
  if (NUMBERED.test(type) && key && !/^(?:__u32|u32|__s32|int|unsigned int|uint32_t)$/.test(key.value)) {
    found.push(candidate(`Make the key of \`${map.name}\` a __u32, as arrays want it`, replace(shifted(placed, key.valueSpan), '__u32'), ...keysOf(source, map.name)));
  }
  if (/RINGBUF$/.test(type)) {
    const bytes = most && sizeOf(source, most.value);
    const right = 2 ** Math.ceil(Math.log2(Math.max(PAGE_BYTES, bytes ?? 0)));
    if (most && bytes !== right) found.push(candidate(`Make \`${map.name}\` ${right} bytes: a power of two of at least one page`, replace(shifted(placed, most.valueSpan), String(right))));
    const own = map.entries.filter((each) => /^(?:key|value)(?:_size)?$/.test(each.key));
    if (own.length > 0) found.push(candidate(`A ring buffer has no keys and values: leave them out of \`${map.name}\``, ...own.map((each) => replace({ start: placed.start + each.start, end: placed.start + each.end + 1 }, ''))));
  }
  if (/LPM_TRIE$/.test(type) && !/BPF_F_NO_PREALLOC/.test(entry('map_flags')?.value ?? '')) found.push(candidate(`Tries need BPF_F_NO_PREALLOC: add it to \`${map.name}\``, put('__uint(map_flags, BPF_F_NO_PREALLOC)')));
  if ((!most && !/STORAGE$|PERF_EVENT_ARRAY$/.test(type)) || most?.value === '0') found.push(most ? candidate(`Give \`${map.name}\` room`, replace(shifted(placed, most.valueSpan), '1024')) : candidate(`Say how many entries \`${map.name}\` has`, put('__uint(max_entries, 1024)')));
  if (/STORAGE$/.test(type) && !entry('map_flags')) found.push(candidate(`Storages need BPF_F_NO_PREALLOC: add it to \`${map.name}\``, put('__uint(map_flags, BPF_F_NO_PREALLOC)')));
  if (/(?:PERF_EVENT|PROG|CGROUP)_ARRAY$/.test(type)) for (const each of map.entries.filter(({ key: name }) => /^(?:key|value)$/.test(name))) if (!/32|int/.test(each.value)) found.push(candidate(`Make it a __u32, as ${type} wants it`, replace(shifted(placed, each.valueSpan), '__u32')));
  return found;
}

/** Sizes that a map of its type must have are not said: from how the program uses it. */
function missing(source: CSource, placed: PlacedCItem, map: CMapItem): Candidate[] {
  const has = (...keys: readonly string[]): boolean => map.entries.some(({ key }) => keys.includes(key));
  const entry = map.entries.find(({ key }) => key === 'type');
  const rules = mapType(entry?.value ?? '');
  const after = entry ?? map.entries.at(-1);
  if (!after) return [];
  const put = (line: string): Edit => insert(placed.start + after.end + 1, `${entry && source.of({ start: placed.start, end: placed.start + after.end }).includes('\n') ? `\n${source.indentAt(placed.start + after.start)}` : ' '}${line};`);
  const found: Candidate[] = [];
  if (!entry && !has('type')) found.push(candidate(`Say what kind of map \`${map.name}\` is`, put('__uint(type, BPF_MAP_TYPE_HASH)')));
  if (!has('key', 'key_size') && rules?.key !== 'none') {
    const type = rules?.key === 'index' ? '__u32' : rules?.key === 'int' ? 'int' : usedAs(source, map.name, 1);
    if (type !== undefined) found.push(candidate(`Say what the keys of \`${map.name}\` are: ${type}`, put(`__type(key, ${type})`)));
  }
  if (!has('value', 'value_size', 'values') && rules?.value !== 'none') {
    const type = rules?.value === 'fd' || rules?.value === 'id' ? '__u32' : (usedAs(source, map.name, 2) ?? lookedUpAs(source, map.name));
    if (type !== undefined) found.push(candidate(`Say what the values of \`${map.name}\` are: ${type}`, put(`__type(value, ${type})`)));
  }
  return found;
}

/** The type of the variable whose address is handed over as a map's key (1) or value (2). */
function usedAs(source: CSource, map: string, argument: number): string | undefined {
  for (const fn of source.functions) for (const call of calls(source, fn.body)) {
    const args = argumentsOf(call);
    const name = args[0] && args[argument] && source.of(args[0]) === `&${map}` ? /^&\s*(\w+)$/.exec(source.of(args[argument]))?.[1] : undefined;
    const type = name === undefined ? undefined : source.typeOf(fn, name);
    if (type && type.pointers === 0 && !type.array) return type.specifiers.replaceAll(/\b(?:const|volatile|static)\b\s*/g, '');
  }
  return undefined;
}

/** What a pointer to the map's value points to. */
function lookedUpAs(source: CSource, map: string): string | undefined {
  for (const fn of source.functions) for (const call of calls(source, fn.body, 'bpf_map_lookup_elem')) {
    const made = source.of(argumentsOf(call)[0] ?? call) === `&${map}` ? source.locals(fn).find(({ value, declarator, pointers }) => pointers === 1 && ((value && value.start <= call.start && call.end <= value.end) || new RegExp(`\\b${source.of(declarator).replaceAll(/\W/g, '')}\\s*=[^=;]*$`).test(source.text.slice(Math.max(0, call.start - 80), call.start)))) : undefined;
    if (made && !/\bvoid\b/.test(made.specifiers)) return made.specifiers;
  }
  return undefined;
}

const FLAGS = /BPF_F_(?:NO_PREALLOC|NO_COMMON_LRU|MMAPABLE)/g;

/** What the type of a map does not take: flags, a kind of key, a number of entries. */
function byCatalogue(placed: PlacedCItem, map: CMapItem, complaint: string): Candidate[] {
  const entry = (key: string): CMapItem['entries'][number] | undefined => map.entries.find((each) => each.key === key);
  const type = entry('type');
  const rules = mapType(type?.value ?? '');
  if (!type || !rules) return [];
  const found: Candidate[] = [];
  const gone = (each: CMapItem['entries'][number]): Edit => replace({ start: placed.start + each.start, end: placed.start + each.end + 1 }, '');
  const flags = entry('map_flags');
  const wrong = (flags?.value.match(FLAGS) ?? []).filter((flag) => !rules.flags.includes(flag));
  if (flags && wrong.length > 0) {
    const left = flags.value.split('|').map((flag) => flag.trim()).filter((flag) => !wrong.includes(flag));
    found.push(candidate(`Leave out ${wrong.join(', ')}, which ${type.value} does not take`, left.length === 0 ? gone(flags) : replace(shifted(placed, flags.valueSpan), left.join(' | '))));
  }
  const key = entry('key');
  if (rules.key === 'int' && key && !/^(?:int|__s32|s32|__u32|u32)$/.test(key.value)) found.push(candidate(`Make the key of \`${map.name}\` an int, as ${type.value} wants it`, replace(shifted(placed, key.valueSpan), 'int')));
  const most = entry('max_entries');
  if (rules.entries === 'zero' && most && most.value !== '0') found.push(candidate(`Leave out how many entries \`${map.name}\` has: as many as there are objects`, gone(most)));
  const own = map.entries.filter((each) => (rules.key === 'none' && /^key(?:_size)?$/.test(each.key)) || (rules.value === 'none' && /^value(?:_size)?$/.test(each.key)));
  if (own.length > 0) found.push(candidate(`Leave out what ${type.value} has not: ${own.map((each) => each.key).join(', ')}`, ...own.map(gone)));
  if (/PERCPU_/.test(type.value) && /-7\)|too (?:long|big)/i.test(complaint)) found.push(candidate('Keep one value for all CPUs: those of one CPU may have 32 KB', replace(shifted(placed, type.valueSpan), type.value.replace('PERCPU_', ''))));
  return found;
}

function shifted({ start: by }: PlacedCItem, { start, end }: { start: number; end: number }): { start: number; end: number } {
  return { start: start + by, end: end + by };
}

/** `256 * 1024`, `1 << 12`. */
function sizeOf(source: CSource, text: string): number | undefined {
  const product = text.replaceAll(/[()]/g, '').split('*').map((part) => numberOf(source, part.trim()));
  return product.some((part) => part === undefined) ? undefined : product.reduce<number>((sum, part) => sum * (part ?? 1), 1);
}

/** Variables whose address is handed over as the map's key. */
function keysOf(source: CSource, map: string): Edit[] {
  return source.functions.flatMap((fn) => {
    const used = calls(source, fn.body).flatMap((call) => {
      const [first, second] = argumentsOf(call);
      return first && second && source.of(first) === `&${map}` && source.of(second).startsWith('&') ? [source.of(second).slice(1)] : [];
    });
    return [...new Set(used)].flatMap((name) => {
      const local = source.local(fn, name);
      const alone = local && local.declaration.children.filter(({ field }) => field === 'declarator').length === 1;
      return local && alone && /\b(?:__?u64|u64|__s64|long|size_t)\b/.test(local.specifiers) ? [replace({ start: local.declaration.start, end: local.declaration.start + local.specifiers.length }, '__u32')] : [];
    });
  });
}

/** What the kernel need not have: zero where it has not. */
function weak(source: CSource, complaint: string): Candidate[] {
  const name = /extern (?:\([^)]*\) )?'(\w+)'/.exec(complaint)?.[1];
  const at = name === undefined ? undefined : new RegExp(`\\bextern\\b[^;]*\\b${name}\\b[^;]*?(\\s__k(?:config|sym)\\b)`).exec(source.text);
  return at && name !== undefined ? [candidate(`Let \`${name}\` be missing: it is 0 then`, insert(at.index + at[0].length, ' __weak'))] : [];
}

/** A map whose types the kernel must know: by `__type`, not by sizes. */
export function typedMap({ source }: Pick<RepairSituation, 'source'>): Candidate[] {
  const edits = mapsOf(source.document).map(({ placed, map }) => ({
    map,
    edits: map.entries.flatMap((each) => {
      const type = /^sizeof\((.+)\)$/.exec(each.value)?.[1];
      return type !== undefined && /^(?:key|value)_size$/.test(each.key) ? [replace({ start: placed.start + each.start, end: placed.start + each.end }, `__type(${each.key.replace('_size', '')}, ${type})`)] : [];
    }),
  }));
  return edits.filter((each) => each.edits.length > 0).map((each) => candidate(`Tell the types of \`${each.map.name}\`, not only their sizes`, ...each.edits));
}

const DROPS: readonly (readonly [RegExp, string])[] = [[/task_struct/, 'bpf_task_release'], [/\bcgroup\b/, 'bpf_cgroup_release'], [/cpumask/, 'bpf_cpumask_release'], [/./, 'bpf_obj_drop']];

/** What gives back an object of a type. */
export function dropOf(type: string): string {
  return DROPS.find(([pattern]) => pattern.test(type))?.[1] ?? 'bpf_obj_drop';
}

/** A kernel's object is exchanged in a map, never just stored: what was there before is given back. */
export function exchanged({ source, rejected, rejectedFn }: RepairSituation): Candidate[] {
  const set = find(rejected, (node) => node.type === 'assignment_expression');
  const [left, right] = [set && childIn(set, 'left'), set && childIn(set, 'right')];
  if (!set || !left || !right || rejected.type !== 'expression_statement') return [];
  const names = all(right, ({ type }) => type === 'identifier').map((node) => source.of(node));
  const type = names.map((name) => source.typeOf(rejectedFn, name)).find((each) => each !== undefined && each.pointers > 0);
  const drop = dropOf(type?.specifiers ?? '');
  const name = freshName(source, rejectedFn.body, 'before');
  // What is in the map now must not be given back: that was meant for what was there before.
  const given = calls(source, rejectedFn.body, drop).find((call) => call.start > rejected.end && call.parent?.type === 'expression_statement' && call.parent.parent === rejected.parent && source.of(argumentsOf(call)[0] ?? call) === source.of(right));
  const late = given?.parent ? [withoutStatement(source, given.parent)] : [];
  return [candidate('Exchange it with bpf_kptr_xchg(), and give back what was there', ...late, instead(source, rejected, [`${type ? `${type.specifiers} *` : '__auto_type '}${name} = bpf_kptr_xchg(&${source.of(left)}, ${source.of(right)});`, '', `if (${name})`, `${source.indent}${drop}(${name});`]))];
}
