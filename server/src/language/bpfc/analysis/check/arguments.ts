import { printCType, resolve, type CType } from '../../../../kernel/ctype.ts';
import { plural } from '../../../../base/text.ts';
import { problem, type Problem } from '../../../bpftrace/problem.ts';
import { inC } from '../../syntax/document.ts';
import type { CParam } from '../../syntax/item.ts';
import type { CAnalysis, CProgram } from '../analyze.ts';
import { argumentText, functionName, isVoid, memberPrototype, prototypeOf, type Prototype } from '../prototype.ts';

/** What a program declares as its arguments, against what it is attached to. */
export function checkArguments(program: CProgram, { inventory, declared, shared }: CAnalysis): Problem[] {
  const { fn, section, placed } = program;
  // BPF_PROG2 has commas inside its arguments; a macro of the program's own may mean something else.
  if (!section || fn.macro === undefined || declared.has(fn.macro) || /^BPF_(?:PROG2|STRUCT_OPS)/.test(fn.macro)) return [];
  const wrong = wrongMacro(program);
  if (wrong !== undefined) return [problem('program-arguments', 'warning', wrong, inC(placed, fn.nameSpan))];
  if (fn.macro === 'BPF_USDT' || section.kind.prefix === 'kretsyscall') return [];
  // Such a macro takes the system call's own arguments, not those of the kernel's function for it.
  if (section.kind.prefix === 'kprobe' && /SYSCALL/.test(fn.macro)) return [];
  const proto = section.kind.type === 'struct_ops' ? memberPrototype(inventory, shared.operations.get(fn.name)) : prototypeOf(inventory, section);
  if (!proto) return [];
  const expected = expectedOf(proto, section.kind.prefix);
  const most = Math.max(expected.length, ...(section.kind.attach === 'lsm' ? [proto.arguments.length + 1] : []));
  const extra = fn.params[most];
  if (extra && most === 0 && section.kind.prefix === 'kretprobe') return [problem('program-arguments', 'warning', `${proto.of} returns nothing, so there is no argument here.`, inC(placed, extra))];
  if (extra) return [problem('program-arguments', 'warning', `${proto.of} gives ${plural(most, 'argument')}, and this is one more: ${signature(proto, section.kind.prefix)}.`, inC(placed, extra))];
  return fn.params.flatMap((param, i) => {
    const type = expected[i];
    const message = type && mismatch(param, type, expected, section.kind.type === 'kprobe');
    return message === undefined ? [] : [problem('program-arguments', 'warning', `${proto.of} gives ${message}: ${signature(proto, section.kind.prefix)}.`, inC(placed, param))];
  });
}

/** A macro that reads its arguments from where this type of program has none. */
function wrongMacro({ fn: { macro = '', params }, section }: CProgram): string | undefined {
  if (params.length === 0) return undefined;
  const { prefix, type } = section?.kind ?? { prefix: '', type: '' };
  const target = section?.target ?? '';
  if ((macro === 'BPF_USDT') !== /^usdt/.test(prefix)) return macro === 'BPF_USDT' ? `BPF_USDT takes the arguments of a marker, which a ${prefix} program has not: use SEC("usdt/path:provider:name").` : `${macro} takes its arguments from where a marker has none: use BPF_USDT.`;
  if (type === 'kprobe' && macro === 'BPF_PROG') return `BPF_PROG takes its arguments from BTF, which a ${prefix} program has not: use ${/ret/.test(prefix) ? 'BPF_KRETPROBE' : prefix === 'ksyscall' ? 'BPF_KSYSCALL' : 'BPF_KPROBE'}.`;
  if ((type === 'tracing' || type === 'lsm') && /^BPF_(?:K|U)/.test(macro)) return `${macro} takes its arguments from registers, which a ${prefix} program has not: use BPF_PROG.`;
  if (type !== 'kprobe') return undefined;
  if (/^BPF_[KU]RETPROBE$/.test(macro) && /^(?:[ku]probe(?!\.session)|uprobe\.(?!session)|kprobe\.multi|ksyscall)/.test(prefix) && !/session/.test(prefix)) return `${macro} takes what a function returned, and a ${prefix} program runs before it returns: use ${prefix === 'ksyscall' ? 'BPF_KSYSCALL' : macro.replace('RET', '')}, or SEC("${prefix.replace(/(?=probe|syscall)/, 'ret')}${target === '' ? '' : `/${target}`}").`;
  if (/^BPF_[KU]PROBE$/.test(macro) && /^(?:kret|uret)/.test(prefix)) return `A function's arguments are gone when it returns: ${macro.replace('PROBE', 'RETPROBE')}(name, ret) has what it returned.`;
  if (macro === 'BPF_KPROBE' && prefix === 'ksyscall') return `A system call's function gets its arguments in a struct pt_regs: use BPF_KSYSCALL.`;
  if (/^BPF_(?:KSYSCALL|KPROBE_SYSCALL)$/.test(macro) && prefix === 'kprobe' && target !== '' && !/sys_/.test(target)) return `${macro} takes the arguments of a system call, and ${functionName(target)} is none: use BPF_KPROBE.`;
  return undefined;
}

function expectedOf(proto: Prototype, prefix: string): CType[] {
  const result = proto.result && !isVoid(proto.result) ? [proto.result] : [];
  if (prefix === 'kretprobe') return result;
  return [...proto.arguments.map((argument) => argument.type()), ...(/^(?:fexit|fmod_ret|lsm)/.test(prefix) ? result : [])];
}

function signature(proto: Prototype, prefix: string): string {
  const types = expectedOf(proto, prefix);
  const names = prefix === 'kretprobe' ? [] : proto.arguments;
  const text = types.map((type, i) => argumentText({ name: names[i]?.name ?? 'ret', type: () => type }, i));
  return text.join(', ') || 'nothing';
}

/** Only what is surely wrong: a pointer to one struct for a pointer to another, or for no pointer at all. */
function mismatch(param: CParam, type: CType, all: readonly CType[], casts: boolean): string | undefined {
  const declared = /^(?:const |volatile )*struct (\w+) \*$/.exec(param.type)?.[1]?.replace(/___.*$/, '');
  const actual = resolve(type);
  if (declared === undefined) return otherMismatch(param, actual);
  if (actual.kind === 'int' || actual.kind === 'enum') return actual.kind === 'int' && actual.size === 8 ? undefined : 'no pointer here';
  const name = pointedTo(actual);
  if (name === undefined || name === declared) return undefined;
  // From registers one may read what lies around a struct as the bigger one that it is part of: then it is in no other place.
  if (casts && !all.some((other) => pointedTo(resolve(other)) === declared)) return undefined;
  return `struct ${name} * here`;
}

/** An address in what cannot hold it, and text where a struct is: do_unlinkat() gets a struct filename *, not the name. */
function otherMismatch({ type }: CParam, actual: CType): string | undefined {
  if (actual.kind !== 'pointer') return undefined;
  const written = type.replace(/\b(?:const|volatile) /g, '');
  if (NARROW.test(written)) return `${printCType(actual)} here, an address of 8 bytes that does not fit ${written}`;
  const struct = pointedTo(actual);
  return struct !== undefined && /^(?:signed |unsigned )?char \*$/.test(written) ? `struct ${struct} * here` : undefined;
}

/** Types of four bytes and less. */
const NARROW = /^(?:char|bool|short|int|unsigned|unsigned (?:char|short|int)|(?:__)?[us](?:8|16|32)|u?int(?:8|16|32)_t|pid_t|uid_t|gid_t)$/;

function pointedTo(type: CType): string | undefined {
  const to = type.kind === 'pointer' ? resolve(type.to()) : undefined;
  return to?.kind === 'struct' ? to.name || undefined : to?.kind === 'forward' && to.tag === 'struct' ? to.name : undefined;
}
