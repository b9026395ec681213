import type { Problem } from '../problem.ts';
import type { View } from './view.ts';

const REGISTERS = ['di', 'si', 'dx', 'r10', 'r8', 'r9'];

/** `syscall-wrapper`: arguments of `__x64_sys_…`, which has only one: the registers of the caller. */
export function syscallWrapper(view: View): readonly Problem[] {
  return view.probes.flatMap((probe) => {
    const wrapped = probe.points.length > 0 && probe.points.every((p) => p.provider === 'kprobe' && /^__(?:x64|ia32|arm64|s390x)_sys_/.test(p.parts.at(-1) ?? ''));
    if (!wrapped) return [];
    const x64 = probe.points.every((p) => p.parts.at(-1)?.startsWith('__x64_') === true);
    return probe.of('identifier').flatMap(({ expr }) => {
      const index = /^arg([1-5])$/.exec(expr.name)?.[1];
      if (index === undefined) return [];
      const register = REGISTERS[Number(index)] ?? '';
      const span = probe.at(expr);
      const event = (probe.points[0]?.parts.at(-1) ?? '').replace(/^__\w+?_sys_/, 'sys_enter_');
      return [{
        code: 'syscall-wrapper' as const, severity: 'warning' as const, span, evidence: [],
        message: `This function has one argument, the caller's \`struct pt_regs *\`: \`${expr.name}\` is whatever the register held. Use \`tracepoint:syscalls:${event}\`, whose fields have names${x64 ? `, or read \`((struct pt_regs *)arg0)->${register}\`` : ''}.`,
        repairs: x64 ? [{ title: `Read the register ${register}`, sure: false, edits: [{ span, newText: `((struct pt_regs *)arg0)->${register}` }] }] : [],
      }];
    });
  });
}
