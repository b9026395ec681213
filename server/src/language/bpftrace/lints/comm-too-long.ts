import { bare } from '../syntax/walk.ts';
import type { Problem } from '../problem.ts';
import type { Expr } from '../syntax/ast.ts';
import { fieldOf, isBuiltin } from './fields.ts';
import type { View } from './view.ts';

const COMM_LENGTH = 15;

/** `comm-too-long`: `comm` compared with a name longer than the 15 bytes the kernel keeps. */
export function commTooLong(view: View): readonly Problem[] {
  return view.probes.flatMap((probe) => probe.of('binary').flatMap(({ expr }) => {
    if ((expr.op !== '==' && expr.op !== '!=')) return [];
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
