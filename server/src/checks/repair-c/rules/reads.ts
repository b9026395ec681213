import { all, around, childIn, find, rootOf, type CFunction, type CNode, type CSource } from '../c-source.ts';
import { before, candidate, insert, replace, statementOf, type Candidate, type Edit } from '../edit.ts';
import type { NeedOf, RepairRule, RepairSituation } from '../situation.ts';
import { separate } from './bounds.ts';
import { freshName } from './null.ts';

/** What is followed like a pointer and is none the verifier knows: read by a helper instead. */
export const probeReads: RepairRule<NeedOf<'valid-pointer'>> = (s) => readCandidates(s, s.need.value.variable, s.need.address === 'user' && !isKernels(s));

/** A struct outside of what system calls and user programs are given is the kernel's. */
function isKernels({ source, rejectedFn, need }: RepairSituation<NeedOf<'valid-pointer'>>): boolean {
  const type = need.value.variable === undefined ? undefined : source.typeOf(rejectedFn, need.value.variable);
  const section = rejectedFn.item.section?.name ?? '';
  return type !== undefined && type.pointers > 0 && /\b(?:struct|union)\b/.test(type.specifiers) && section !== '' && !/sys_|syscall|uprobe|uretprobe|usdt/.test(section);
}

type ReadSituation = Pick<RepairSituation, 'source' | 'rejected' | 'rejectedFn'> & Partial<Pick<RepairSituation, 'explanation'>>;

export function readCandidates(s: ReadSituation, variable: string | undefined, user: boolean): Candidate[] {
  const { source, rejected, rejectedFn } = s;
  const lies = (node: CNode): boolean => liesInMemory(s, node);
  const everywhere = variable === undefined ? [] : membersOf(source, rejectedFn.body, variable).filter(lies);
  const here = membersOf(source, rejected, undefined).filter(lies);
  const macros = user ? ['BPF_PROBE_READ_USER', 'BPF_CORE_READ_USER'] : ['BPF_CORE_READ', 'BPF_PROBE_READ'];
  const bits = user ? [] : ['BPF_CORE_READ_BITFIELD_PROBED'];
  const found: Candidate[] = [];
  for (const nodes of [everywhere, here.filter((node) => variable === undefined || rootText(source, node) === variable), here]) {
    if (nodes.length === 0) continue;
    for (const macro of macros) found.push(candidate(`Read with ${macro}()`, ...nodes.map((node) => replace(node, `${macro}(${pathOf(source, node).join(', ')})`)), ...included(source, 'bpf/bpf_core_read.h')));
    for (const macro of bits) found.push(candidate(`Read the bit field with ${macro}()`, ...nodes.map((node) => replace(node, `${macro}(${bitPath(source, node)})`)), ...included(source, 'bpf/bpf_core_read.h')));
  }
  return [...found, ...copies(s, variable, user)].filter(({ edits }) => separate(edits));
}

/**
 * Structures of the programs' interface that lie nowhere in memory: the verifier turns each access of a member into one of
 * the kernel's own structure, whose bytes at that offset are something else. A helper that copies would read those.
 */
const TRANSLATED = /\b(?:__sk_buff|xdp_md|bpf_sock(?:_addr|_ops|opt)?|bpf_tcp_sock|bpf_xdp_sock|sk_msg_md|sk_reuseport_md|bpf_sk_lookup|bpf_sysctl|bpf_perf_event_data)\b/;

export function liesInMemory({ source, rejectedFn, explanation }: ReadSituation, node: CNode): boolean {
  const root = rootText(source, node);
  // Behind what the context has there is something, and nothing that was asked for. A place in it that varies is another matter.
  const beyond = explanation?.class === 'context-access' && !/variable|modified/.test(explanation.complaint) && root === source.contextOf(rejectedFn);
  return root === undefined || (!beyond && !TRANSLATED.test(source.typeOf(rejectedFn, root)?.specifiers ?? ''));
}

function rootText(source: CSource, node: CNode): string | undefined {
  const root = rootOf(node);
  return root && source.of(root);
}

/** Members reached through a pointer, the longest chains, where they are read. */
function membersOf(source: CSource, within: CNode, variable: string | undefined): CNode[] {
  return all(within, ({ type }) => type === 'field_expression').filter((node) => {
    if (node.parent?.type === 'field_expression' || !source.of(node).includes('->')) return false;
    if (variable !== undefined && rootText(source, node) !== variable) return false;
    if (/[[(]/.test(source.of(node).replace(/^\([^()]*\)/, ''))) return false;
    return isRead(source, node);
  });
}

function isRead(source: CSource, node: CNode): boolean {
  const up = node.parent;
  if (up?.type === 'pointer_expression' && source.of(up).startsWith('&')) return false;
  if (up?.type === 'assignment_expression' && node.field === 'left') return false;
  return up?.type !== 'update_expression' && up?.type !== 'subscript_expression' && around(node, (each) => each.type === 'call_expression' && /^(?:BPF_|bpf_core_|__builtin_preserve)/.test(source.of(each))) === undefined;
}

/** `a->b.c->d` as what the macros take: `a`, `b.c`, `d`. */
function pathOf(source: CSource, node: CNode): string[] {
  const base = childIn(node, 'argument');
  const member = source.of(childIn(node, 'field') ?? node);
  if (!base) return [source.of(node)];
  const arrow = source.of(childIn(node, 'operator') ?? node) === '->';
  if (base.type === 'field_expression') {
    const path = pathOf(source, base);
    return arrow ? [...path, member] : [...path.slice(0, -1), `${path.at(-1) ?? ''}.${member}`];
  }
  return [source.of(base), member];
}

function bitPath(source: CSource, node: CNode): string {
  const path = pathOf(source, node);
  const last = path.pop() ?? '';
  return path.length === 1 ? `${path[0] ?? ''}, ${last}` : `BPF_CORE_READ(${path.join(', ')}), ${last}`;
}

/** `*p` and `p[i]`, and members of arrays: copied to the stack first. */
function copies(s: ReadSituation, variable: string | undefined, user: boolean): Candidate[] {
  const { source, rejected, rejectedFn: fn } = s;
  const reads = all(rejected, ({ type }) => /^(?:pointer|subscript|field)_expression$/.test(type)).filter((node) => !source.of(node).startsWith('&') && isWhole(node) && isUsed(source, node) && (variable === undefined || rootText(source, node) === variable) && liesInMemory(s, node));
  const [read] = reads;
  const statement = read && statementOf(read);
  if (!read || !statement) return [];
  const name = freshName(source, fn.body, 'copy');
  const type = typeOfRead(source, fn, read);
  const address = read.type === 'pointer_expression' ? source.of(childIn(read, 'argument') ?? read) : `&${source.of(read)}`;
  const kinds = user ? ['user'] : ['kernel', 'user'];
  return kinds.map((kind) => candidate(`Copy \`${source.of(read)}\` with bpf_probe_read_${kind}()`,
    before(source, statement, [`${type} ${name} = 0;`, `bpf_probe_read_${kind}(&${name}, sizeof(${name}), ${address});`]),
    replace(read, name)));
}

function isWhole(node: CNode): boolean {
  return !(node.parent && /^(?:field|subscript)_expression$/.test(node.parent.type) && node.field === 'argument');
}

function isUsed(source: CSource, node: CNode): boolean {
  const up = node.parent;
  return !(up?.type === 'pointer_expression' && source.of(up).startsWith('&')) && !(up?.type === 'assignment_expression' && node.field === 'left') && up?.type !== 'update_expression';
}

/** The type of what is read, without `const`: the copy is written to. */
function typeOfRead(source: CSource, fn: CFunction, read: CNode): string {
  const cast = find(read, ({ type }) => type === 'cast_expression');
  const root = rootText(source, read);
  if (read.type === 'pointer_expression' && cast) return source.of(childIn(cast, 'type') ?? cast).replaceAll(/\bconst\b/g, '').replace('*', '').trim();
  const type = root === undefined ? undefined : source.typeOf(fn, root);
  if (type && type.pointers === 1 && read.type !== 'field_expression' && !/->|\./.test(source.of(read))) return type.specifiers.replaceAll(/\bconst\b\s*/g, '').trim();
  return `__typeof__(${source.of(read)})`;
}

/** The header behind the last `#include`, when it is not there yet. */
export function included(source: CSource, header: string): Edit[] {
  if (source.text.includes(`<${header}>`)) return [];
  const last = [...source.text.matchAll(/^[ \t]*#[ \t]*include\b[^\n]*/gm)].at(-1);
  return last ? [insert(last.index + last[0].length, `\n#include <${header}>`)] : [];
}

