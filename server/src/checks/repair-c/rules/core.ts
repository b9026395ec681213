import { all, argumentsOf, around, calleeOf, calls, childIn, type CNode, type CSource } from '../c-source.ts';
import { candidate, insert, instead, replace, type Candidate, type Edit } from '../edit.ts';
import type { KernelMember, RepairRule, RepairSituation } from '../situation.ts';
import { included } from './reads.ts';

/** What a relocation asked the kernel for: `struct task_struct___old` and `state`. */
interface Asked {
  readonly tag: string;
  readonly path: readonly string[];
}

const READS = /^(?:BPF_(?:CORE|PROBE)_READ\w*|bpf_core_read\w*|__builtin_preserve_access_index)$/;

/** A field that this kernel does not have: by the name it has, or read only where it is there. */
export const relocated: RepairRule = (s) => {
  const asked = askedIn(s.explanation.complaint);
  if (!asked) return [];
  const uses = usesOf(s.source, asked);
  return uses.length === 0 ? [] : [...renamed(s, asked), ...guarded(s.source, asked, uses)];
};

// failed to resolve CO-RE relocation <byte_off> [5] struct task_struct___my.statex (0:0 @ offset 0)
function askedIn(complaint: string): Asked | undefined {
  const m = /<\w+> \[\d+\] ((?:struct|union) \w+)\.([\w.]+)/.exec(complaint);
  return m ? { tag: m[1] ?? '', path: (m[2] ?? '').split('.') } : undefined;
}

/** Where the field is read: calls of the macros, and members reached directly. */
function usesOf(source: CSource, { path, tag }: Asked): CNode[] {
  const last = path.at(-1) ?? '';
  return source.functions.flatMap((fn) => {
    const reads = calls(source, fn.body).filter((call) => READS.test(calleeOf(source, call)) && new RegExp(`\\b${last}\\b`).test(source.of(call)));
    const outer = reads.filter((call) => around(call.parent, (node) => reads.includes(node)) === undefined);
    const direct = all(fn.body, (node) => node.type === 'field_expression' && source.of(childIn(node, 'field') ?? node) === last && node.parent?.type !== 'field_expression').filter((node) => around(node, (each) => outer.includes(each)) === undefined);
    return [...outer, ...direct.filter((node) => ofType(source, fn, node, tag))];
  });
}

/** Whether an access begins with a pointer to the type. Where that cannot be told it counts. */
function ofType(source: CSource, fn: CSource['functions'][number], node: CNode, tag: string): boolean {
  let base = node;
  for (let inner = childIn(base, 'argument'); inner; inner = childIn(base, 'argument')) base = inner;
  const type = base.type === 'identifier' ? source.typeOf(fn, source.of(base)) : undefined;
  return type === undefined || type.specifiers.includes(tag);
}

/** The kernel's name for it, in the program's own declaration of the type and wherever it is read. */
function renamed({ source, context }: RepairSituation, { tag, path }: Asked): Candidate[] {
  const near = context.members?.(tag.replace(/___\w+$/, ''), path) ?? [];
  const last = path.at(-1) ?? '';
  return near.map((member) => {
    const declared = declaredIn(source, tag, last, member);
    const read = source.functions.flatMap((fn) => all(fn.body, (node) => /^(?:field_)?identifier$/.test(node.type) && source.of(node) === last && source.local(fn, last) === undefined));
    return candidate(`Use the name this kernel has: \`${member.name}\``, ...declared, ...read.map((node) => replace(node, member.name)));
  });
}

/** The member in the program's own declaration: another name, and the kernel's type where it is a plain number. */
function declaredIn(source: CSource, tag: string, name: string, member: KernelMember): Edit[] {
  const at = new RegExp(`\\b${tag.replaceAll(/\s+/g, '\\s+')}\\s*\\{`).exec(source.text);
  if (!at) return [];
  const end = source.text.indexOf('\n}', at.index) < 0 ? source.text.length : source.text.indexOf('\n}', at.index) + 2;
  const close = closingOf(source.text, at.index + at[0].length) ?? end;
  const within = source.text.slice(at.index, close);
  const m = new RegExp(`((?:unsigned |signed )?\\b\\w+)(\\s+)${name}\\b(?=\\s*[;:\\[])`).exec(within);
  if (!m) return [];
  const start = at.index + m.index;
  const type = m[1] ?? '';
  const end2 = start + m[0].length;
  return [replace({ start: end2 - name.length, end: end2 }, member.name), ...(member.number === undefined ? [] : [replace({ start, end: start + type.length }, member.number)])];
}

function closingOf(text: string, from: number): number | undefined {
  let depth = 1;
  for (let i = from; i < text.length; i++) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return i;
  }
  return undefined;
}

/** Read where it is there; 0 where it is not. */
function guarded(source: CSource, { tag, path }: Asked, uses: readonly CNode[]): Candidate[] {
  const exists = `bpf_core_field_exists(((${tag} *)0)->${path.join('.')})`;
  const edits = uses.flatMap((node) => {
    const call = around(node, (each) => each.type === 'call_expression' && each.parent?.type === 'expression_statement');
    const statement = call?.parent;
    const written = node.parent?.type === 'assignment_expression' && node.field === 'left';
    if (statement && argumentsOf(call).length > 0 && (call === node || source.of(node.parent ?? node).startsWith('&'))) return [instead(source, statement, [`if (${exists})`, `${source.indent}${source.of(statement)}`])];
    return written || source.of(node.parent ?? node).startsWith('&') ? [] : [replace(node, `(${exists} ? ${source.of(node)} : 0)`)];
  });
  return edits.length === 0 ? [] : [candidate(`Read \`${path.join('.')}\` only where the kernel has it`, ...edits, ...included(source, 'bpf/bpf_core_read.h'))];
}

/** What the kernel has not, as a function: called only where it is there. */
export function calledIfThere({ source, context }: Pick<RepairSituation, 'source' | 'context'>, name: string): Candidate[] {
  const near = context.nearKfuncs?.(name) ?? [];
  const meant = near.map((other) => candidate(`Call \`${other}\`, which this kernel has`, ...[...source.text.matchAll(new RegExp(`\\b${name}\\b`, 'g'))].map(({ index }) => replace({ start: index, end: index + name.length }, other))));
  const at = new RegExp(`\\bextern\\b[^;]*\\b${name}\\b[^;]*?(\\s__ksym\\b)|(?<=[;}\\n])[^;{}\\n]*\\b${name}\\s*\\([^;{}]*?(\\s__ksym\\b)`).exec(source.text);
  if (!at) return meant;
  const weak = /__weak/.test(at[0]) ? [] : [insert(at.index + at[0].length, ' __weak')];
  const uses = source.functions.flatMap(({ body }) => calls(source, body, name)).map((call) => {
    const statement = call.parent?.type === 'expression_statement' ? call.parent : undefined;
    return statement ? instead(source, statement, [`if (${name})`, `${source.indent}${source.of(statement)}`]) : replace(call, `(${name} ? ${source.of(call)} : 0)`);
  });
  return [...meant, ...(weak.length + uses.length > 0 ? [candidate(`Call ${name}() only where the kernel has it`, ...weak, ...uses)] : [])];
}
