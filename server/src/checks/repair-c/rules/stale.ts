import { all, around, calleeOf, calls, childIn, isStatement, type CFunction, type CNode, type CSource } from '../c-source.ts';
import { after, before, candidate, inBlock, type Candidate } from '../edit.ts';
import { bailOut } from '../leave.ts';
import type { NeedOf, RepairRule, RepairSituation } from '../situation.ts';
import { packetEnd } from './packet.ts';

type S = RepairSituation<NeedOf<'fresh-pointer'>>;

/** Pointers that a call made invalid: read again behind it, or the call moved behind the last use. */
export const freshPointer: RepairRule<NeedOf<'fresh-pointer'>> = (s) => {
  const { source, need, rejected, rejectedFn } = s;
  const call = calls(source, rejectedFn.body).filter(({ end, start }) => end <= rejected.end && start >= 0).findLast((each) => source.of(each).startsWith(need.lostBy)) ?? localCall(s);
  const losing = call && around(call, isStatement);
  if (!call || !losing) return [];
  return /submit|discard|release|destroy|drop|put|unlock/.test(need.lostBy) ? moved(s, losing) : [...reloaded(s, losing), ...setUpAgain(s, losing)];
};

/** The function of the program in which the call stands. */
function localCall({ source, need, rejected, rejectedFn }: S): CNode | undefined {
  const names = source.functions.filter(({ body }) => calls(source, body, need.lostBy).length > 0).map(({ item }) => item.name);
  return calls(source, rejectedFn.body).findLast((each) => each.end <= rejected.end && names.some((name) => source.of(each).startsWith(`${name}(`)));
}

/** What is given back is used once more: given back later. */
function moved({ source, rejected }: S, losing: CNode): Candidate[] {
  if (losing.type !== 'expression_statement') return [];
  const gone = { start: lineStart(source, losing), end: losing.end, newText: '' };
  const text = source.of(losing);
  const value = rejected.type === 'return_statement' ? rejected.children.find(({ type }) => !/^(?:return|;|comment)$/.test(type)) : undefined;
  if (!value) return [candidate(`Do \`${text}\` behind the last use`, gone, after(source, rejected, [text]))];
  return [candidate(`Do \`${text}\` behind the last use`, gone, { start: rejected.start, end: rejected.end, newText: `int result = ${source.of(value)};\n${source.indentAt(rejected.start)}${text}\n${source.indentAt(rejected.start)}return result;` })];
}

function lineStart(source: CSource, node: CNode): number {
  return source.text.lastIndexOf('\n', node.start - 1);
}

/** Statements before the call that a function or macro of the program makes up, which keep where the packet begins: `cursor_init(&c, skb);`. */
function setUps({ source, rejectedFn }: S, losing: CNode): { readonly text: string; readonly callee: string; readonly names: readonly string[] }[] {
  const bodies = [...source.functions.map(({ item, body }) => [item.name, source.of(body)] as const), ...[...source.text.matchAll(/^[ \t]*#[ \t]*define[ \t]+(\w+)\(((?:[^\n\\]|\\\n|\\.)*)/gm)].map((m) => [m[1] ?? '', m[2] ?? ''] as const)];
  const reads = new Set(bodies.filter(([, text]) => /->\s*data\b/.test(text)).map(([name]) => name));
  const calling = calls(source, rejectedFn.body).filter((call) => call.end <= losing.start && call.parent?.type === 'expression_statement' && reads.has(calleeOf(source, call)));
  const context = source.contextOf(rejectedFn);
  return calling.map((call) => ({ text: `${source.of(call)};`, callee: calleeOf(source, call), names: all(childIn(call, 'arguments') ?? call, ({ type }) => type === 'identifier').map((node) => source.of(node)).filter((name) => name !== context) }));
}

function setUpAgain(s: S, losing: CNode): Candidate[] {
  if (!inBlock(losing)) return [];
  const later = s.source.text.slice(losing.end, s.rejectedFn.body.end);
  const used = setUps(s, losing).filter(({ names }) => names.some((name) => new RegExp(`\\b${name}\\b`).test(later)));
  return used.map(({ text, callee }) => candidate(`Call ${callee}() again behind ${s.need.lostBy}()`, after(s.source, losing, [text])));
}

interface Made {
  readonly name: string;
  readonly value: string;
  readonly needs: readonly string[];
}

function reloaded(s: S, losing: CNode): Candidate[] {
  const { source, need, rejected, rejectedFn: fn } = s;
  const given = setUps(s, losing);
  const made = assignments(source, fn, losing.start);
  const wanted = new Map<string, Made>();
  const later = new Set(all(fn.body, ({ type, start }) => type === 'identifier' && start >= losing.end).map((node) => source.of(node)));
  const take = (name: string): void => {
    const at = made.findLast((each) => each.name === name);
    if (!at || wanted.has(name)) return;
    wanted.set(name, at);
    at.needs.forEach(take);
  };
  take(need.value.variable ?? '');
  for (const { name, value } of made) if (/\bdata(?:_end|_meta)?\b/.test(value) && later.has(name)) take(name);
  const end = packetEnd(source, fn);
  const inRejected = new Set(all(rejected, ({ type }) => type === 'identifier').map((node) => source.of(node)));
  take(/\)(\w+)$/.exec(end ?? '')?.[1] ?? '');
  for (const { name } of made) if (inRejected.has(name) && typedPointer(source, fn, name)) take(name);
  const isPacket = (name: string, seen: readonly string[] = []): boolean => given.some(({ names }) => names.includes(name))
    || made.some((each) => each.name === name && (/->data(?:_end|_meta)?\b/.test(each.value) || (holdsAddress(source, fn, name) && !OF_HELPER.test(each.value) && each.needs.some((other) => !seen.includes(other) && isPacket(other, [...seen, name])))));
  const order = made.map(({ name }) => name).filter((name, i, names) => names.lastIndexOf(name) === i && wanted.has(name) && isPacket(name));
  if (order.length === 0) return [];
  const needed = new Set(order.flatMap((name) => wanted.get(name)?.needs ?? []));
  const again = given.filter(({ names }) => names.some((name) => needed.has(name))).map(({ text }) => text);
  const set = [...again, ...order.map((name) => `${name} = ${wanted.get(name)?.value ?? ''};`)];
  const reached = order.filter((name) => typedPointer(source, fn, name) && (name === need.value.variable || inRejected.has(name)));
  const check = end === undefined ? [] : reached.flatMap((name) => [`if ((void *)(${name} + 1) > ${end})`, `${source.indent}${bailOut(source, fn, losing.end)}`]);
  const title = `Read ${order.map((name) => `\`${name}\``).join(', ')} again behind ${need.lostBy}()`;
  const place = (code: readonly string[]): Candidate[] => [...(inBlock(losing) ? [candidate(title, after(source, losing, code))] : []), candidate(title, before(source, rejected, code))];
  return [...place([...set, ...check]), ...place(set)];
}

/** What a helper gives lies elsewhere, also where its arguments were read from the packet. */
const OF_HELPER = /^(?:\([^()]*\)\s*)*bpf_\w+\(/;

/** Not a number that was read from the packet. Of what has no declaration here (`c.pos`) nothing is known. */
function holdsAddress(source: CSource, fn: CFunction, name: string): boolean {
  const type = source.typeOf(fn, name);
  return type === undefined || type.pointers > 0 || /\b(?:long|size_t|u?intptr_t|(?:__)?[us](?:int)?64(?:_t)?)\b/.test(type.specifiers);
}

function typedPointer(source: CSource, fn: CFunction, name: string): boolean {
  const type = source.typeOf(fn, name);
  return type?.pointers === 1 && !/\bvoid\b/.test(type.specifiers);
}

/** What the function's variables were made from, in its order. */
function assignments(source: CSource, fn: CFunction, until: number): Made[] {
  return all(fn.body, (node) => (node.type === 'init_declarator' || node.type === 'assignment_expression') && node.start < until).flatMap((node) => {
    const value = childIn(node, 'value') ?? childIn(node, 'right');
    const target = childIn(node, 'declarator') ?? childIn(node, 'left');
    if (!value || !target) return [];
    const name = source.of(target).replace(/^[*\s]*(?:const\s+)?/, '');
    const needs = all(value, ({ type }) => type === 'identifier').map((each) => source.of(each));
    return /^[\w.>-]+$/.test(name) ? [{ name, value: source.of(value), needs: needs.filter((each) => each !== name) }] : [];
  });
}

