import type { Inventory, ListedProvider } from '../../kernel/inventory.ts';
import { nearest } from '../../base/near.ts';
import { findField, printCType, resolve, type CStruct } from '../../kernel/ctype.ts';
import type { KernelMember, RepairContext } from './situation.ts';

/** What sections attach to, by the name of the inventory's list. */
const LISTS: readonly (readonly [RegExp, ListedProvider])[] = [
  [/^(?:tp_btf|raw_tp|raw_tracepoint)$/, 'rawtracepoint'],
  [/^(?:tp|tracepoint)$/, 'tracepoint'],
  [/^(?:fentry|fexit|fmod_ret)$/, 'fentry'],
  [/^k(?:ret)?probe$/, 'kprobe'],
  [/^iter$/, 'iter'],
];
const MAX_NAMES = 3;
/** Each hook of the security modules is a function of that name. */
const HOOK = 'bpf_lsm_';

/** What repairs ask of a kernel. */
export function repairContextOf(inventory: Inventory): RepairContext {
  const kfuncs = new Set(inventory.kfuncs());
  const last = (point: string): string => point.split(':').at(-1) ?? point;
  return {
    kfunc: (name) => kfuncs.has(name),
    nearKfuncs: (name) => nearest(name, kfuncs, MAX_NAMES),
    members: (type, path) => nearMembers(inventory, type, path),
    similar: (kind, parts) => {
      if (kind === 'lsm') return inventory.probes.similar('kprobe', [`${HOOK}${parts.at(-1) ?? ''}`], 2 * MAX_NAMES).map(last).filter((name) => name.startsWith(HOOK)).map((name) => name.slice(HOOK.length)).slice(0, MAX_NAMES);
      const list = LISTS.find(([pattern]) => pattern.test(kind))?.[1];
      return list === undefined ? [] : inventory.probes.similar(list, parts, MAX_NAMES).map(last);
    },
  };
}

/** Fields of the struct a path leads to that its last name may mean: the one with underscores before it first. */
function nearMembers({ types }: Inventory, type: string, path: readonly string[]): readonly KernelMember[] {
  const [kind = '', name = ''] = type.split(' ');
  let at: CStruct | undefined = kind === 'union' ? types.union(name) : types.struct(name);
  for (const step of path.slice(0, -1)) {
    const inner = at && findField(at, step);
    const to = inner && resolve(inner.type());
    at = to && (to.kind === 'struct' || to.kind === 'union') ? to : undefined;
  }
  const wanted = path.at(-1) ?? '';
  if (!at || findField(at, wanted)) return [];
  const names = fieldNames(at);
  const plain = (each: string): string => each.replaceAll(/^_+|_+$/g, '');
  const same = names.filter((each) => plain(each) === plain(wanted) || each.endsWith(`_${wanted}`));
  const found = [...new Set([...same, ...nearest(wanted, names, MAX_NAMES)])].slice(0, MAX_NAMES);
  return found.map((each) => {
    const field = at && findField(at, each);
    const of = field && resolve(field.type());
    return { name: each, ...(field && of?.kind === 'int' && field.bits === undefined ? { number: printCType(of) } : {}) };
  });
}

/** Names of a struct's fields, those of anonymous ones within it too. */
function fieldNames(struct: CStruct, depth = 0): string[] {
  return struct.fields().flatMap((field) => {
    if (field.name !== '') return [field.name];
    const inner = resolve(field.type());
    return depth < 8 && (inner.kind === 'struct' || inner.kind === 'union') ? fieldNames(inner, depth + 1) : [];
  });
}
