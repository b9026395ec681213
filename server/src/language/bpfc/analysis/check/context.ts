import { resolve } from '../../../../kernel/ctype.ts';
import { problem, type Problem } from '../../../bpftrace/problem.ts';
import { PROGRAM_TYPES } from '../../catalogue/program-types.ts';
import { inC } from '../../syntax/document.ts';
import type { CItem } from '../../syntax/item.ts';
import type { CAnalysis, CProgram } from '../analyze.ts';
import { prototypeOf } from '../prototype.ts';

/** Structs that are the context of some type of program. */
const CONTEXTS = new Set(PROGRAM_TYPES.flatMap(({ context }) => context ?? []));

/** The one parameter of a program that is declared without a macro, against what the kernel passes. */
export function checkContext(program: CProgram, analysis: CAnalysis): Problem[] {
  const { fn, section, placed } = program;
  const [first, second] = fn.params;
  if (!section || !first || fn.macro !== undefined || /^(?:ext|struct_ops|syscall)$/.test(section.kind.type)) return [];
  const struct = /^(?:const |volatile )*struct (\w+) \*$/.exec(first.type)?.[1]?.replace(/___.*$/, '');
  const message = struct === undefined || !isUsed(first.name, struct, placed.item) ? undefined : wrongContext(struct, program, analysis);
  if (message !== undefined) return [problem('program-arguments', 'warning', message, inC(placed, first))];
  if (!second) return [];
  return [problem('program-arguments', 'warning', `The kernel passes one argument, the context; nothing is passed here.${macroFor(program, analysis)}`, inC(placed, second))];
}

/** A context that is only passed on may be called what one likes; an argument that it is not is wrong wherever it is named. */
function isUsed(name: string, struct: string, { text }: CItem): boolean {
  return name !== '' && new RegExp(CONTEXTS.has(struct) ? `\\b${name}\\s*->|\\bPT_REGS_\\w+\\(\\s*${name}\\b` : `\\b${name}\\b[^]*\\b${name}\\b`).test(text);
}

function wrongContext(struct: string, program: CProgram, analysis: CAnalysis): string | undefined {
  const { section, type } = program;
  const { inventory, declared } = analysis;
  const kind = section?.kind;
  if (!kind || !type || declared.has(struct)) return undefined;
  const known = CONTEXTS.has(struct) || inventory.types.struct(struct) !== undefined;
  const expected = type.context;
  if (expected !== undefined) {
    if (struct === expected || !known || (type.name === 'perf_event' && struct === 'pt_regs')) return undefined;
    // A kprobe of a type's own and a tracepoint's record look alike in headers of old; other structs of the kernel are surely arguments.
    if (type.name === 'kprobe' || CONTEXTS.has(struct)) return `A program of type ${type.name} gets struct ${expected} *, not struct ${struct} *.${macroFor(program, analysis)}`;
    return undefined;
  }
  if (kind.attach === 'iter') {
    const own = `bpf_iter__${section.target}`;
    return section.target !== '' && struct.startsWith('bpf_iter__') && struct !== own && inventory.types.struct(own) ? `The iterator of ${section.target} gets struct ${own} *, not struct ${struct} *.` : undefined;
  }
  if (type.name === 'tracepoint') return wrongRecord(struct, section.target, analysis);
  if (!/^(?:tracing|lsm)$/.test(type.name) || !known || struct === 'bpf_raw_tracepoint_args') return undefined;
  return `A ${kind.prefix} program gets its arguments as an array of __u64, not struct ${struct} *.${macroFor(program, analysis)}`;
}

/** The struct of another tracepoint's record. Several tracepoints may share one. */
function wrongRecord(struct: string, target: string, { inventory }: CAnalysis): string | undefined {
  const [category = '', event = ''] = target.split('/');
  if (CONTEXTS.has(struct)) return `A tracepoint program gets the tracepoint's record, not struct ${struct} *: look for struct trace_event_raw_… in vmlinux.h.`;
  if (!struct.startsWith('trace_event_raw_')) return undefined;
  if (category === 'syscalls') {
    const right = event.startsWith('sys_enter_') ? 'trace_event_raw_sys_enter' : 'trace_event_raw_sys_exit';
    return struct === right || !/^sys_(?:enter|exit)_/.test(event) ? undefined : `${category}:${event} gets struct ${right} *, not struct ${struct} *.`;
  }
  const record = inventory.types.struct(struct);
  const format = inventory.tracepoint(category, event);
  if (!record || !format || format.fields.length === 0) return undefined;
  const places = new Map(record.fields().map((field) => [field.name.replace(/^__data_loc_/, ''), field.bitOffset / 8]));
  const fits = format.fields.some(({ name, offset }) => places.get(name) === offset);
  const own = inventory.types.struct(`trace_event_raw_${event}`) ? ` Its own is struct trace_event_raw_${event}.` : '';
  return fits ? undefined : `No field of struct ${struct} is where ${category}:${event} has it.${own}`;
}

/** How to get at arguments by name, where there is a way. */
function macroFor({ fn, section }: CProgram, { inventory }: CAnalysis): string {
  if (!section) return '';
  const { prefix, type } = section.kind;
  const macro = type === 'kprobe' ? (/^u?kretprobe|^uretprobe/.test(prefix) ? 'BPF_KRETPROBE' : /syscall$/.test(prefix) ? 'BPF_KSYSCALL' : 'BPF_KPROBE') : type === 'tracing' || type === 'lsm' ? 'BPF_PROG' : undefined;
  if (macro === undefined || /^usdt/.test(prefix)) return '';
  const named = prototypeOf(inventory, section)?.arguments.some((argument) => resolve(argument.type()).kind === 'pointer') ?? false;
  return ` For its arguments by name write ${macro}(${fn.name}${named ? ', …' : ''}).`;
}
