import { bare, literalInteger } from '../analysis/walk.ts';
import type { Problem } from '../problem.ts';
import type { Expr } from '../syntax/ast.ts';
import { fieldOf, isBuiltin, valueOf } from './fields.ts';
import { argumentOf, type ProbeView, type Use, type View } from './view.ts';

/** `percent-of-integers`: `a / b * 100`, where the division has already thrown the fraction away. */
export function percentOfIntegers(view: View): readonly Problem[] {
  return view.probes.flatMap((probe) => probe.uses.flatMap(({ expr }) => {
    if (expr.kind !== 'binary' || expr.op !== '*' || literalInteger(expr.right) !== 100n) return [];
    const ratio = bare(expr.left);
    if (ratio.kind !== 'binary' || ratio.op !== '/' || literalInteger(ratio.right) !== undefined) return [];
    const [part, whole] = [ratio.left, ratio.right].map((e) => source(view, probe, e));
    return [{
      code: 'percent-of-integers' as const, severity: 'warning' as const, span: probe.at(expr), evidence: [],
      message: 'Integers have no fraction: the division gives 0 for every part of a whole, and 0 times 100 is 0. Multiply first.',
      repairs: [{ title: 'Multiply before dividing', sure: false, edits: [{ span: probe.at(expr), newText: `${part ?? ''} * 100 / ${whole ?? ''}` }] }],
    }];
  }));
}

function source(view: View, probe: ProbeView, expr: Expr): string {
  const { start, end } = probe.at(expr);
  return view.analysis.document.text.slice(start, end);
}

const COMM_LENGTH = 15;

/** `comm-too-long`: `comm` compared with a name longer than the 15 bytes the kernel keeps. */
export function commTooLong(view: View): readonly Problem[] {
  return view.probes.flatMap((probe) => probe.uses.flatMap(({ expr }) => {
    if (expr.kind !== 'binary' || (expr.op !== '==' && expr.op !== '!=')) return [];
    const [name, text] = isName(expr.left) ? [expr.left, bare(expr.right)] : [expr.right, bare(expr.left)];
    if (text.kind !== 'string' || !isName(name) || Buffer.byteLength(text.value) <= COMM_LENGTH) return [];
    const kept = Buffer.from(text.value).subarray(0, COMM_LENGTH).toString();
    const repairs = /^[\x20-\x7e]*$/.test(kept) ? [{ title: `Compare with "${kept}"`, sure: false, edits: [{ span: probe.at(text), newText: JSON.stringify(kept) }] }] : [];
    return [{ code: 'comm-too-long' as const, severity: 'warning' as const, span: probe.at(text), evidence: [], repairs, message: `The kernel keeps ${COMM_LENGTH} bytes of a thread's name: it never equals this one. It is cut to "${kept}".` }];
  }));
}

function isName(expr: Expr): boolean {
  return isBuiltin(bare(expr), 'comm') || /^(?:prev_|next_|parent_|child_|old|new)?comm$/.test(fieldOf(expr)?.name.text ?? '');
}

/** `duration-as-date`: a difference of times given to `strftime`, which wants a time. */
export function durationAsDate(view: View): readonly Problem[] {
  return view.probes.flatMap((probe) => probe.uses.flatMap((use: Use) => {
    const argument = argumentOf(use);
    const at = valueOf(use.expr);
    if (argument?.name !== 'strftime' || argument.index !== 1 || at.kind !== 'binary' || at.op !== '-' || !isBuiltin(valueOf(at.left), 'nsecs') || valueOf(at.right).kind === 'integer') return [];
    return [{
      code: 'duration-as-date' as const, severity: 'warning' as const, span: probe.at(use.expr), evidence: [], repairs: [],
      message: '`strftime()` takes a time as `nsecs` gives it and makes a date of it; this is a duration, and comes out as a moment after the machine started. Print it with `printf`, divided into units.',
    }];
  }));
}
