import { all, argumentsOf, bareExpression, calls, childIn, rootOf, type CNode, type CSource } from '../c-source.ts';
import { before, candidate, insert, replace, statementOf, type Candidate } from '../edit.ts';
import type { NeedOf, RepairRule, RepairSituation } from '../situation.ts';
import { rcuSection } from './balance.ts';
import { separate } from './bounds.ts';
import { stackCandidates } from './initial.ts';
import { freshName } from './null.ts';
import { objectLife } from './objects.ts';

type S = RepairSituation<NeedOf<'argument'>>;

/** The wrong kind of value for an argument: its address, the context, a map, the other order. */
export const rightArgument: RepairRule<NeedOf<'argument'>> = (s) => {
  const { source, rejected, need, explanation } = s;
  if (/^(?:dynptr|iterator)$/.test(explanation.class)) return objectLife(s);
  if (explanation.class === 'rcu') return rcuSection(s);
  const call = calls(source, rejected, need.callee)[0] ?? calls(source, rejected)[0];
  const args = call ? argumentsOf(call) : [];
  const arg = args[need.argument - 1];
  if (!call || !arg) return [];
  const life = /acquired|refcounted|referenced|release/.test(explanation.complaint) ? objectLife(s) : [];
  return [...life, ...copiedOut(s, call, args), ...wholeObject(s, arg), ...byAddress(s, arg), ...contextItself(s, arg), ...contextHandedIn(s, arg), ...aMap(s, arg), ...constantText(s, arg), ...swapped(source, args, need.argument - 1), ...copied(s, arg), ...(/untrusted|rcu/.test(need.got ?? '') && /rcu_read_lock|\.s\b|SEC\("syscall"\)/.test(source.text) ? rcuSection(s) : []), ...trusted(s, arg), ...stackCandidates(s, need.value.variable)];
};

/** `bpf_ringbuf_submit(&local, 0)`: what was not reserved in the ring buffer is copied into it. */
function copiedOut({ source, rejectedFn, need }: S, call: CNode, args: readonly CNode[]): Candidate[] {
  const [given, flags] = args;
  const name = given && /^&\s*(\w+)$/.exec(source.of(given))?.[1];
  const [ring, ...more] = source.maps.filter(({ entries }) => entries.get('type') === 'BPF_MAP_TYPE_RINGBUF');
  if (need.callee !== 'bpf_ringbuf_submit' || name === undefined || !ring || more.length > 0 || source.typeOf(rejectedFn, name)?.pointers !== 0) return [];
  return [candidate(`Copy \`${name}\` into \`${ring.name}\` with bpf_ringbuf_output()`, replace(call, `bpf_ringbuf_output(&${ring.name}, &${name}, sizeof(${name}), ${flags ? source.of(flags) : '0'})`))];
}

/** `release(&object->member)` and `release(object + 1)`: what was given is handed back as it was given. */
function wholeObject({ source, explanation, rejectedFn }: S, arg: CNode): Candidate[] {
  const root = /zero offset/.test(explanation.complaint) ? rootOf(arg) : undefined;
  if (!root) return [];
  if (source.of(root) !== source.of(arg)) return [candidate(`Hand over \`${source.of(root)}\` itself`, replace(arg, source.of(root)))];
  // The variable was made of the object: `body = &record->body`.
  const made = all(rejectedFn.body, (node) => (node.type === 'assignment_expression' || node.type === 'init_declarator') && node.start < arg.start && (source.of(childIn(node, 'left') ?? node) === source.of(arg) || source.of(childIn(node, 'declarator') ?? node).replace(/^[*\s]*/, '') === source.of(arg))).at(-1);
  const value = made && (childIn(made, 'right') ?? childIn(made, 'value'));
  const of = value && rootOf(value);
  return of ? [candidate(`Hand over \`${source.of(of)}\` itself`, replace(arg, source.of(of)))] : [];
}

/** `(void *)key` is the number, `&key` where it is. */
function byAddress({ source, rejectedFn }: S, arg: CNode): Candidate[] {
  const bare = bareExpression(arg);
  if (bare.type === 'identifier' && source.typeOf(rejectedFn, source.of(bare))?.pointers === 0) return [candidate(`Hand over the address, \`&${source.of(bare)}\``, replace(arg, `&${source.of(bare)}`))];
  return [];
}

function contextItself({ source, rejectedFn, need }: S, arg: CNode): Candidate[] {
  const context = source.contextOf(rejectedFn);
  return context !== undefined && /ctx/.test(need.expected ?? 'ctx') && source.of(arg) !== context ? [candidate(`Hand over the program's context, \`${context}\``, replace(arg, context))] : [];
}

/** A function hands on what it is given, which should be the context of the program that calls it. */
function contextHandedIn({ source, rejectedFn, fn, cause }: S, arg: CNode): Candidate[] {
  const index = fn === rejectedFn ? -1 : rejectedFn.item.params.findIndex(({ name }) => name === source.of(arg));
  const given = index < 0 ? undefined : argumentsOf(calls(source, cause, rejectedFn.item.name)[0] ?? cause)[index];
  const context = source.contextOf(fn);
  return given && context !== undefined && source.of(given) !== context ? [candidate(`Hand over the program's context, \`${context}\``, replace(given, context))] : [];
}

function aMap({ source, need }: S, arg: CNode): Candidate[] {
  if (!/map_ptr/.test(need.expected ?? '') && !source.maps.some(({ name }) => source.of(arg) === `&${name}`)) return [];
  const words = source.of(arg).toLowerCase();
  const near = ({ name }: { name: string }): number => (words.includes(name.toLowerCase()) ? 0 : 1);
  return source.maps.filter(({ name }) => source.of(arg) !== `&${name}`).toSorted((a, b) => near(a) - near(b)).slice(0, 3).map(({ name }) => candidate(`Hand over the map \`${name}\``, replace(arg, `&${name}`)));
}

/** Another map of the program where a call is given one that does not fit. */
export function otherMap({ source, rejected }: Pick<RepairSituation, 'source' | 'rejected'>): Candidate[] {
  const given = calls(source, rejected).flatMap((call) => argumentsOf(call)).filter((arg) => source.maps.some(({ name }) => source.of(arg) === `&${name}`));
  return given.flatMap((arg) => source.maps.filter(({ name }) => source.of(arg) !== `&${name}`).slice(0, 4).map(({ name }) => candidate(`Hand over the map \`${name}\``, replace(arg, `&${name}`))));
}

/** A text the kernel must know not to change. */
function constantText({ source, rejectedFn, need }: S, arg: CNode): Candidate[] {
  const name = source.of(bareExpression(arg));
  if (!/^\w+$/.test(name) || !/map'?$|read-?only|const_str|str/.test(`${need.expected ?? ''} const_str`)) return [];
  const local = source.local(rejectedFn, name);
  if (local && local.dimensions.length > 0 && local.value) return [candidate(`Make \`${name}\` constant`, replace({ start: local.declaration.start, end: local.declaration.start + local.specifiers.length }, `static const ${local.specifiers.replaceAll(/\b(?:static|const)\b\s*/g, '')}`))];
  const at = new RegExp(`^([ \\t]*)((?:static\\s+)?)(char\\s+${name}\\s*\\[)`, 'm').exec(source.text);
  return at ? [candidate(`Make \`${name}\` constant`, insert(at.index + (at[1] ?? '').length + (at[2] ?? '').length, 'const '))] : [];
}

/** Two arguments in each other's place. */
function swapped(source: CSource, args: readonly CNode[], at: number): Candidate[] {
  const one = args[at];
  if (!one) return [];
  return args.flatMap((other, i) => {
    if (i === at || /^(?:\d+|0x[\da-f]+|BPF_\w+|sizeof.*)$/i.test(source.of(other))) return [];
    return [candidate(`Change the order: \`${source.of(other)}\` there, \`${source.of(one)}\` here`, replace(one, source.of(other)), replace(other, source.of(one)))];
  });
}

/** What lies where the helper does not look is copied to the stack. */
function copied({ source, rejectedFn, rejected, need }: S, arg: CNode): Candidate[] {
  const statement = statementOf(arg) ?? rejected;
  if (!/^bpf_map_|^bpf_probe|^bpf_get/.test(need.callee)) return [];
  const inner = source.of(arg).startsWith('&') ? source.of(childIn(bareExpression(arg), 'argument') ?? arg) : `*(${source.of(arg)})`;
  const name = freshName(source, rejectedFn.body, 'copy');
  const read = [candidate(`Copy \`${inner}\` with bpf_probe_read_kernel() first`, before(source, statement, [`__typeof__(${inner}) ${name};`, `bpf_probe_read_kernel(&${name}, sizeof(${name}), ${source.of(arg)});`]), replace(arg, `&${name}`))];
  const direct = [candidate(`Copy \`${inner}\` to the stack first`, before(source, statement, [`__typeof__(${inner}) ${name} = ${inner};`]), replace(arg, `&${name}`))];
  return [...direct, ...read].filter(({ edits }) => separate(edits));
}

/** A pointer that was read by a copy is no longer trusted: followed directly, it is. */
function trusted({ source, rejectedFn }: S, arg: CNode): Candidate[] {
  const root = rootOf(arg);
  const local = root && source.local(rejectedFn, source.of(root));
  const value = local?.value;
  const path = value && /^BPF_CORE_READ\((.*)\)$/s.exec(source.of(value))?.[1];
  if (path && value) return [candidate('Follow the pointer directly, which keeps it trusted', replace(value, path.split(',').map((part) => part.trim()).join('->')))];
  const task = value && /^\([^()]*\)\s*bpf_get_current_task\(\)$|^bpf_get_current_task\(\)$/.test(source.of(value));
  return task ? [candidate('Take the task by bpf_get_current_task_btf(), which gives a trusted pointer', replace(value, 'bpf_get_current_task_btf()'))] : [];
}
