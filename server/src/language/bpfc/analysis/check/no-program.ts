import { problem, type Problem } from '../../../bpftrace/problem.ts';
import { PROGRAM_TYPES } from '../../catalogue/program-types.ts';
import { SECTION_KINDS } from '../../catalogue/sections.ts';
import { functionsOf, inC, type PlacedCItem } from '../../syntax/document.ts';
import type { CDeclaration } from '../../syntax/item.ts';
import type { CAnalysis } from '../analyze.ts';
import { mentionsOf } from '../shared.ts';

/** Which section a macro that declares a program goes with. */
const SECTION_OF: Readonly<Record<string, string>> = {
  BPF_PROG: 'fentry/function', BPF_PROG2: 'fentry/function', BPF_KPROBE: 'kprobe/function', BPF_KRETPROBE: 'kretprobe/function', BPF_UPROBE: 'uprobe/path:function',
  BPF_URETPROBE: 'uretprobe/path:function', BPF_KSYSCALL: 'ksyscall/name', BPF_KPROBE_SYSCALL: 'ksyscall/name', BPF_USDT: 'usdt/path:provider:name',
};

/**
 * Functions that are meant as programs and that libbpf does not take for any, because they are in no section: nobody names
 * them and a macro of programs declares them, or they get a program's context in a file that has no program.
 */
export function checkSectionless({ document, programs, declared, shared }: CAnalysis): Problem[] {
  return functionsOf(document).flatMap(({ placed, fn }) => {
    if (fn.section || !fn.body || /\bstatic\b|\binline\b/.test(fn.returns)) return [];
    const byMacro = fn.macro !== undefined && !declared.has(fn.macro) ? SECTION_OF[fn.macro] : undefined;
    const section = byMacro ?? (programs.length === 0 && fn.macro === undefined && fn.params.length === 1 ? sectionFor(fn.params[0]?.type ?? '') : undefined);
    if (section === undefined || document.items.some(({ item }) => item !== placed.item && mentionsOf(shared, item).includes(fn.name))) return [];
    return [problem('no-section', 'warning', `${fn.name} is in no section, so nothing loads it as a program. Write SEC("${section}") before it.`, inC(placed, fn.nameSpan))];
  });
}

function sectionFor(type: string): string | undefined {
  const struct = /^struct (\w+) \*$/.exec(type)?.[1];
  if (struct === 'pt_regs') return 'kprobe/function';
  if (struct === '__sk_buff') return 'tc';
  const kind = PROGRAM_TYPES.find(({ context }) => struct !== undefined && context === struct);
  return kind && SECTION_KINDS.find(({ type: of }) => of === kind.name)?.prefix;
}

/** A map as libbpf took it before its version 1.0, and takes it no longer. */
export function checkLegacyMap(placed: PlacedCItem, declaration: CDeclaration): Problem[] {
  if (declaration.kind !== 'variable' && declaration.kind !== 'other') return [];
  const { section } = declaration;
  if (section?.name !== 'maps' || !/\bstruct\s+bpf_map_def\b/.test(placed.item.text)) return [];
  const name = declaration.kind === 'variable' ? declaration.name : 'm';
  return [problem('map-setup', 'warning', `libbpf 1.0 and newer do not read maps from SEC("maps"). Write struct { __uint(type, …); … } ${name} SEC(".maps");`, inC(placed, section.nameSpan))];
}
