import { resolve, type CType } from '../../../../kernel/ctype.ts';
import { plural } from '../../../../base/text.ts';
import { problem, type Problem } from '../../../bpftrace/problem.ts';
import { inC } from '../../syntax/document.ts';
import type { CParam } from '../../syntax/item.ts';
import type { CAnalysis, CProgram } from '../analyze.ts';
import { argumentText, isVoid, prototypeOf, type Prototype } from '../prototype.ts';

/** What a program declares as its arguments, against what it is attached to. */
export function checkArguments(program: CProgram, { inventory, declared }: CAnalysis): Problem[] {
  const { fn, section, placed } = program;
  // BPF_PROG2 has commas inside its arguments; a macro of the program's own may mean something else.
  if (!section || fn.macro === undefined || declared.has(fn.macro) || /^BPF_(?:PROG2|USDT|STRUCT_OPS)/.test(fn.macro)) return [];
  const wrong = wrongMacro(program);
  if (wrong !== undefined) return [problem('program-arguments', 'warning', wrong, inC(placed, fn.nameSpan))];
  const proto = prototypeOf(inventory, section);
  if (!proto) return [];
  const expected = expectedOf(proto, section.kind.prefix);
  const most = Math.max(expected.length, ...(section.kind.attach === 'lsm' ? [proto.arguments.length + 1] : []));
  const extra = fn.params[most];
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
  if (type === 'kprobe' && macro === 'BPF_PROG') return `BPF_PROG takes its arguments from BTF, which a ${prefix} program has not: use ${/ret/.test(prefix) ? 'BPF_KRETPROBE' : prefix === 'ksyscall' ? 'BPF_KSYSCALL' : 'BPF_KPROBE'}.`;
  if ((type === 'tracing' || type === 'lsm') && /^BPF_(?:K|U)/.test(macro)) return `${macro} takes its arguments from registers, which a ${prefix} program has not: use BPF_PROG.`;
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
  if (declared === undefined) return undefined;
  const actual = resolve(type);
  if (actual.kind === 'int' || actual.kind === 'enum') return actual.kind === 'int' && actual.size === 8 ? undefined : 'no pointer here';
  const name = pointedTo(actual);
  if (name === undefined || name === declared) return undefined;
  // From registers one may read what lies around a struct as the bigger one that it is part of: then it is in no other place.
  if (casts && !all.some((other) => pointedTo(resolve(other)) === declared)) return undefined;
  return `struct ${name} * here`;
}

function pointedTo(type: CType): string | undefined {
  const to = type.kind === 'pointer' ? resolve(type.to()) : undefined;
  return to?.kind === 'struct' ? to.name || undefined : to?.kind === 'forward' && to.tag === 'struct' ? to.name : undefined;
}
