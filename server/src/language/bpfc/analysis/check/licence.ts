import { problem, type Problem } from '../../../bpftrace/problem.ts';
import { helperNamed } from '../../catalogue/helpers.ts';
import { macroNamed } from '../../catalogue/macros.ts';
import { inC, includesOf } from '../../syntax/document.ts';
import type { CItem } from '../../syntax/item.ts';
import type { CAnalysis } from '../analyze.ts';
import type { CPiece } from '../shared.ts';

/** Licences the kernel takes for compatible: license_is_gpl_compatible(). */
const COMPATIBLE = new Set(['GPL', 'GPL v2', 'GPL and additional rights', 'Dual BSD/GPL', 'Dual MIT/GPL', 'Dual MPL/GPL']);

/** The first call in an item of what only programs under the GPL may call, in its own offsets. */
export function firstUnderGpl(item: CItem, { declared }: CAnalysis): CPiece['gplOnly'] {
  const call = item.calls.find(({ name }) => !declared.has(name) && needsGpl(name));
  return call && { name: call.name, start: call.nameSpan.start, end: call.nameSpan.end };
}

/** A helper under the GPL in a program without such a licence. Told once, at the first. */
export function checkLicence({ document, programs }: CAnalysis, first: CPiece['gplOnly']): Problem[] {
  if (!first || programs.length === 0) return [];
  const licence = document.items.flatMap((placed) => {
    const { declaration: d } = placed.item;
    return (d.kind === 'variable' || d.kind === 'other') && d.section?.name === 'license' ? [{ placed, text: d.kind === 'variable' ? d.text : undefined, section: d.section }] : [];
  })[0];
  if (licence) {
    if (licence.text === undefined || COMPATIBLE.has(licence.text)) return [];
    return [problem('gpl-only', 'error', `The kernel lets only programs under the GPL call ${first.name}; "${licence.text}" is none. "GPL" and "Dual BSD/GPL" are.`, inC(licence.placed, licence.section))];
  }
  // A header of the program's own may have it.
  if (includesOf(document).some((name) => !/^(?:vmlinux\.h|bpf\/|linux\/|asm\/)/.test(name))) return [];
  const at = document.text.trimEnd().length;
  return [{
    ...problem('gpl-only', 'error', `The kernel lets only programs under the GPL call ${first.name}, and this one has no licence. Add char LICENSE[] SEC("license") = "GPL";`, { start: first.start, end: first.end }),
    repairs: [{ title: 'Add the licence', sure: false, edits: [{ span: { start: at, end: at }, newText: '\n\nchar LICENSE[] SEC("license") = "GPL";' }] }],
  }];
}

function needsGpl(name: string): boolean {
  return helperNamed(name)?.gplOnly ?? (macroNamed(name) !== undefined && /^(?:bpf_printk|BPF_(?:CORE_READ|PROBE_READ)(?:_USER)?(?:_STR)?(?:_INTO)?|BPF_SEQ_PRINTF|BPF_SNPRINTF|bpf_core_read(?:_user)?(?:_str)?)$/.test(name));
}
