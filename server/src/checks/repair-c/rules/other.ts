import { all, around, bareExpression, childIn, type CLocal, type CNode } from '../c-source.ts';
import { before, candidate, insert, instead, replace, statementOf, type Candidate } from '../edit.ts';
import { bailOut } from '../leave.ts';
import type { NeedOf, RepairRule, RepairSituation } from '../situation.ts';
import { otherMap } from './argument.ts';
import { nearSection, nearTarget } from './attach.ts';
import { balanced } from './balance.ts';
import { boundGuards, separate } from './bounds.ts';
import { calledIfThere, relocated } from './core.ts';
import { ending } from './initial.ts';
import { boundedLoop } from './loop.ts';
import { exchanged, mapSetup, typedMap } from './maps.ts';
import { freshName } from './null.ts';
import { liesInMemory, readCandidates } from './reads.ts';

/** Fields of the context, by the width and way they have. */
export const contextField: RepairRule<NeedOf<'field'>> = (s) => {
  const { source, rejected, rejectedFn } = s;
  const context = source.contextOf(rejectedFn);
  const casts = all(rejected, (node) => node.type === 'pointer_expression' && source.of(node).startsWith('*') && context !== undefined && new RegExp(`&\\s*\\(?${context}->`).test(source.of(node)));
  const direct = casts.flatMap((node) => {
    const member = new RegExp(`&\\s*\\(?(${context ?? ''}->\\w+)`).exec(source.of(node))?.[1];
    const width = /__?u(8|16)/.exec(source.of(node))?.[1];
    return member === undefined ? [] : [candidate(`Read \`${member}\` whole`, replace(node, width === undefined ? member : `(__u${width})${member}`))];
  });
  return [...direct, ...change(s, context), ...packetByHelper(s, context), ...ofFamily(s), ...whole(s, context), ...readCandidates(s, undefined, false)];
};

/** Fields that only a helper changes, and how it is called with the context and the value. */
const SETTERS: readonly (readonly [field: string, call: (context: string, value: string) => string])[] = [
  ['len', (context, value) => `bpf_skb_change_tail(${context}, ${value}, 0)`],
  ['size', (context, value) => `bpf_msg_apply_bytes(${context}, ${value})`],
  ['protocol', (context, value) => `bpf_skb_change_proto(${context}, ${value}, 0)`],
  ['pkt_type', (context, value) => `bpf_skb_change_type(${context}, ${value})`],
];

/** Setting the packet's length is what a helper does. */
function change({ source, rejected }: RepairSituation, context: string | undefined): Candidate[] {
  return all(rejected, ({ type }) => type === 'assignment_expression').flatMap((node) => {
    const field = new RegExp(`^${context ?? ''}->(\\w+)$`).exec(source.of(childIn(node, 'left') ?? node))?.[1];
    const value = childIn(node, 'right');
    const call = SETTERS.find(([name]) => name === field)?.[1];
    const text = call && value && context !== undefined ? call(context, source.of(value)) : undefined;
    return text === undefined ? [] : [candidate(`Change it with ${text.split('(')[0] ?? ''}()`, replace(node, text))];
  });
}

/** `data` and `data_end` are not for this type of program: bytes are copied by a helper. */
function packetByHelper({ source, rejectedFn: fn, need }: RepairSituation<NeedOf<'field'>>, context: string | undefined): Candidate[] {
  if (context === undefined || !/^data(?:_end)?$/.test(need.field ?? '')) return [];
  const start = source.locals(fn).find(({ value, pointers }) => value && pointers > 0 && new RegExp(`${context}->data\\b`).test(source.of(value)));
  if (!start) return [];
  const header = /\bvoid\b/.test(start.specifiers) ? onlyHeader({ source, rejectedFn: fn }, start.name) : start;
  if (!header) return [];
  const end = source.locals(fn).find(({ value }) => value && source.of(value).includes(`${context}->data_end`));
  const guard = end && all(fn.body, (node) => node.type === 'if_statement' && new RegExp(`\\b${end.name}\\b`).test(source.of(childIn(node, 'condition') ?? node))).at(0);
  const condition = guard && childIn(guard, 'condition');
  if (!end || !condition) return [];
  const room = freshName(source, fn.body, `${header.name}_copy`);
  const indent = source.indentAt(header.declaration.start);
  return [candidate('Copy the bytes with bpf_skb_load_bytes()',
    ...(header === start ? [] : [replace(start.declaration, '')]),
    replace(header.declaration, `${header.specifiers} ${room} = ${/^(?:struct|union)/.test(header.specifiers) ? '{}' : '0'};\n${indent}${header.specifiers} *${header.name} = &${room};`),
    replace(end.declaration, ''),
    replace(condition, `(bpf_skb_load_bytes(${context}, 0, &${room}, sizeof(${room})))`))].filter(({ edits }) => separate(edits));
}

/** Hooks of IPv4 have the address in a member of its own. */
function ofFamily({ source, rejected, rejectedFn }: RepairSituation): Candidate[] {
  if (!/4$/.test(rejectedFn.item.section?.name ?? '')) return [];
  return all(rejected, ({ type }) => type === 'subscript_expression').flatMap((node) => {
    const member = /^(\w+->(?:user|msg_src)_ip)6\b/.exec(source.of(node))?.[1];
    return member === undefined ? [] : [candidate(`Read \`${member}4\`: this hook is of IPv4`, replace(node, `${member}4`))];
  });
}

/** Arrays of contexts and how many elements they have (include/uapi/linux/bpf.h). */
const LENGTHS: readonly (readonly [RegExp, number])[] = [[/->cb$/, 5], [/->(?:local|remote|user|msg_src|src|dst)_ip6$/, 4], [/->replylong$/, 4]];

/** The one pointer that is made of the packet's beginning, where that is for nothing else. */
function onlyHeader({ source, rejectedFn: fn }: Pick<RepairSituation, 'source' | 'rejectedFn'>, start: string): CLocal | undefined {
  const [header, ...more] = source.locals(fn).filter(({ value, pointers, specifiers }) => value && pointers === 1 && !/\bvoid\b/.test(specifiers) && source.of(bareExpression(value)) === start);
  const uses = all(fn.body, (node) => node.type === 'identifier' && source.of(node) === start).length;
  return more.length === 0 && uses === 2 ? header : undefined;
}

/** An address calculated from the context: the field is copied. */
function whole(s: RepairSituation, context: string | undefined): Candidate[] {
  const { source, rejected, rejectedFn } = s;
  const element = all(rejected, (node) => node.type === 'subscript_expression' && source.of(node).startsWith(`${context ?? '?'}->`)).at(0);
  const statement = element && statementOf(element);
  if (!element || !statement) return [];
  const name = freshName(source, rejectedFn.body, 'copy');
  const array = childIn(element, 'argument');
  const field = array && source.of(array);
  const length = LENGTHS.find(([pattern]) => field !== undefined && pattern.test(field))?.[1];
  if (array && field !== undefined && length !== undefined) {
    const members = Array.from({ length }, (_, i) => `${field}[${i}]`).join(', ');
    return [candidate(`Copy \`${field}\` member by member`, before(source, statement, [`__u32 ${name}[] = { ${members} };`]), replace(array, name))];
  }
  if (!liesInMemory(s, element)) return [];
  return [candidate(`Copy \`${source.of(element)}\` with bpf_probe_read_kernel()`, before(source, statement, [`__typeof__(${source.of(element)}) ${name} = 0;`, `bpf_probe_read_kernel(&${name}, sizeof(${name}), &${source.of(element)});`]), replace(element, name))];
}

/** What has no typed need is repaired by its class. */
export const byClass: RepairRule = (s) => {
  switch (s.explanation.class) {
    case 'pointer-arithmetic':
      return [...eachPointer(s), ...addedByOr(s), ...difference(s), ...offsetFirst(s)];
    case 'pointer-comparison':
      return eachPointer(s);
    case 'alignment':
      return aligned(s);
    case 'direct-dereference':
    case 'context-access':
      return readCandidates(s, undefined, false);
    case 'loop':
    case 'too-complex':
      return boundedLoop({ ...s, need: { kind: 'bounded-loop' } });
    case 'subprogram':
      return inlined(s);
    case 'helper-argument':
      return otherMap(s);
    case 'core-relocation':
      return relocated(s);
    case 'unreachable-code':
      return ending(s);
    case 'kfunc-not-allowed':
      return s.need.kind === 'callee-allowed' ? calledIfThere(s, s.need.callee) : [];
    case 'lock':
      return balanced({ ...s, need: { kind: 'balanced', open: 'bpf_spin_lock', close: 'bpf_spin_unlock' } });
    case 'rcu':
      return balanced({ ...s, need: { kind: 'balanced', open: 'bpf_rcu_read_lock', close: 'bpf_rcu_read_unlock' } });
    case 'irq':
      return [['bpf_preempt_disable', 'bpf_preempt_enable'], ['bpf_local_irq_save', 'bpf_local_irq_restore']].flatMap(([open = '', close = '']) => balanced({ ...s, need: { kind: 'balanced', open, close } }));
    case 'attach-target':
      return [...nearSection(s), ...nearTarget(s)];
    case 'map-setup':
      return mapSetup(s);
    case 'btf':
      return typedMap(s);
    case 'kptr':
      return exchanged(s);
    default:
      return [];
  }
};

/** Clang makes one test of `a || b`; tests of their own stay apart. */
function eachPointer({ source, rejected, rejectedFn, cause }: RepairSituation): Candidate[] {
  const guard = [cause, rejected].find(({ type }) => type === 'if_statement') ?? around(rejected, ({ type }) => type === 'if_statement');
  const condition = guard && childIn(guard, 'condition');
  const either = condition && all(condition, (node) => node.type === 'binary_expression' && /^(?:\|\||&&|\|)$/.test(source.of(childIn(node, 'operator') ?? node))).at(0);
  const [left, right, sign] = ['left', 'right', 'operator'].map((field) => (either ? childIn(either, field) : undefined));
  const consequence = guard && childIn(guard, 'consequence');
  if (!left || !right || !sign || !guard || !consequence) return [];
  const found: Candidate[] = [];
  if (source.of(sign) === '||' && !childIn(guard, 'alternative')) {
    const out = source.of(consequence);
    if (/^\{?\s*(?:return|goto|break|continue)\b/.test(out)) found.push(candidate('Check each pointer by itself', instead(source, guard, [`if (${source.of(left)})`, `${source.indent}${out}`, `if (${source.of(right)})`, `${source.indent}${out}`])));
  }
  if (/^\|\|?$/.test(source.of(sign))) found.push(candidate('Ask that both are there, not one of them', replace(sign, '&&')));
  if (guard.parent === rejectedFn.body || guard.parent) found.push(candidate('Leave before it when one of the two is missing', before(source, guard, [`if (!(${source.of(left)}))`, `${source.indent}${bailOut(source, rejectedFn, guard.start)}`, 'asm volatile("" ::: "memory");'])));
  return found;
}

/** Clang adds a small index to an aligned array by `|`: in a variable it knows nothing of, it adds. */
function addedByOr(s: RepairSituation): Candidate[] {
  if (!/operator \|= on pointer/.test(s.explanation.complaint)) return [];
  return all(s.rejected, ({ type }) => type === 'subscript_expression').flatMap((node) => {
    const [array, index] = [childIn(node, 'argument'), childIn(node, 'index')];
    return array && index && !/^\d+$/.test(s.source.of(index)) ? boundGuards(s, index, `sizeof(${s.source.of(array)}) / sizeof(${s.source.of(array)}[0])`) : [];
  });
}

/** The sum of two pointers means nothing; the distance between them was meant. */
function difference({ source, rejected }: RepairSituation): Candidate[] {
  return all(rejected, (node) => node.type === 'binary_expression' && source.of(childIn(node, 'operator') ?? node) === '+').flatMap((node) => {
    const sign = childIn(node, 'operator');
    return sign ? [candidate('Subtract the pointers: the distance between them', replace(sign, '-'))] : [];
  });
}

/** `(p + i) & ~7`: the number is rounded, not the address. */
function offsetFirst({ source, rejected }: RepairSituation): Candidate[] {
  return all(rejected, (node) => node.type === 'binary_expression' && source.of(childIn(node, 'operator') ?? node) === '&').flatMap((node) => {
    const [left, right] = [childIn(node, 'left'), childIn(node, 'right')];
    const sum = left && bareExpression(left);
    const [base, offset] = sum?.type === 'binary_expression' && source.of(childIn(sum, 'operator') ?? sum) === '+' ? [childIn(sum, 'left'), childIn(sum, 'right')] : [];
    return right && base && offset ? [candidate('Mask the offset before it is added', replace(node, `${source.of(base)} + (${source.of(offset)} & ${source.of(right)})`))] : [];
  });
}

/** What lies at an odd place is moved to an even one, or copied byte by byte. */
function aligned(s: RepairSituation): Candidate[] {
  const { source, rejected, rejectedFn } = s;
  const packed = [...source.text.matchAll(/\s*__attribute__\(\((?:packed|__packed__)\)\)|\s+__packed\b/g)].map((m) => candidate('Lay the struct out without `packed`, each member at a multiple of its size', { start: m.index, end: m.index + m[0].length, newText: '' }));
  const wide = all(rejected, (node) => node.type === 'pointer_expression' && /^\*\s*\(/.test(source.of(node)) && !(node.parent?.type === 'assignment_expression' && node.field === 'left')).flatMap((node) => {
    const inner = childIn(node, 'argument');
    const cast = inner?.type === 'cast_expression' ? inner : undefined;
    const [type, value] = cast ? [childIn(cast, 'type'), childIn(cast, 'value')] : [];
    const statement = statementOf(node);
    if (!type || !value || !statement) return [];
    const name = freshName(source, rejectedFn.body, 'copy');
    const plain = source.of(type).replace(/\s*\*\s*$/, '').replaceAll(/\bconst\b\s*/g, '');
    return [candidate('Copy it with __builtin_memcpy()', before(source, statement, [`${plain} ${name};`, `__builtin_memcpy(&${name}, ${source.of(value)}, sizeof(${name}));`]), replace(node, name))];
  });
  const stores = all(rejected, (node) => node.type === 'assignment_expression' && /^\*\s*\(/.test(source.of(childIn(node, 'left') ?? node))).flatMap((node) => stored(s, node));
  return [...wide, ...stores, ...packed, ...evenBuffer(s)].filter(({ edits }) => separate(edits));
}

/** `*(T *)p = x` by memcpy. */
function stored({ source, rejected, rejectedFn }: RepairSituation, node: CNode): Candidate[] {
  const [left, right] = [childIn(node, 'left'), childIn(node, 'right')];
  const cast = left && childIn(left, 'argument');
  const [type, value] = cast?.type === 'cast_expression' ? [childIn(cast, 'type'), childIn(cast, 'value')] : [];
  if (!right || !type || !value || rejected.type !== 'expression_statement') return [];
  const name = freshName(source, rejectedFn.body, 'copy');
  return [candidate('Copy it with __builtin_memcpy()', instead(source, rejected, [`${source.of(type).replace(/\s*\*\s*$/, '')} ${name} = ${source.of(right)};`, `__builtin_memcpy(${source.of(value)}, &${name}, sizeof(${name}));`]))];
}

/** A buffer on the stack that begins at a multiple of eight. */
function evenBuffer({ source, rejectedFn, rejected }: RepairSituation): Candidate[] {
  const used = new Set(all(rejected, ({ type }) => type === 'identifier').map((node) => source.of(node)));
  return source.locals(rejectedFn).filter(({ name, dimensions }) => used.has(name) && dimensions.length > 0).map((local) => {
    const bracket = local.value ? childIn(local.declarator, 'declarator') : local.declarator;
    return candidate(`Align \`${local.name}\` to 8 bytes`, insert(bracket?.end ?? local.declarator.end, ' __attribute__((aligned(8)))'));
  });
}

/** A function that is verified by itself knows nothing of its caller: made part of it. */
function inlined({ source, fn, rejectedFn }: RepairSituation): Candidate[] {
  return [...new Set([rejectedFn, fn, ...source.functions])].filter(({ item }) => !item.section).flatMap(({ span, body }) => {
    const head = source.text.slice(span.start, body.start);
    const noinline = /\b__noinline\b|__attribute__\(\((?:noinline|__noinline__)\)\)/.exec(head);
    const found: Candidate[] = [];
    if (noinline) found.push(candidate('Make the function a part of its callers: `__always_inline`', replace({ start: span.start + noinline.index, end: span.start + noinline.index + noinline[0].length }, '__always_inline'), ...(/\bstatic\b/.test(head) ? [] : [insert(span.start, 'static ')])));
    if (!/\bstatic\b/.test(head)) found.push(candidate('Make the function `static`, so that it is verified with what its callers know', insert(span.start, 'static ')));
    else if (!noinline && !/__always_inline/.test(head)) found.push(candidate('Make the function a part of its callers: `__always_inline`', replace({ start: span.start + head.indexOf('static'), end: span.start + head.indexOf('static') + 6 }, 'static __always_inline')));
    return found;
  });
}

