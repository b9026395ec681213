import { atLeast } from '../../../base/version.ts';
import { bare, literalInteger } from '../syntax/walk.ts';
import type { Problem } from '../problem.ts';
import type { Expr } from '../syntax/ast.ts';
import { isRetval, returnsPointer, returnsUntyped, signedResult } from './retval.ts';
import type { ProbeView, View } from './view.ts';

const ORDERED = new Set(['<', '<=', '>', '>=']);

/** `unsigned-retval`: `retval < 0` in a return probe, where `retval` is a uint64 and never below 0. */
export function unsignedRetval(view: View): readonly Problem[] {
  return view.probes.filter((p) => returnsUntyped(p)).flatMap((probe) => probe.of('binary').flatMap(({ expr }) => {
    if (!ORDERED.has(expr.op)) return [];
    const flipped = isRetval(expr.right);
    const value = flipped ? expr.right : expr.left;
    if (!isRetval(value)) return [];
    const limit = literalInteger(flipped ? expr.left : expr.right);
    const op = flipped ? FLIP[expr.op] : expr.op;
    const signed = signedResult(view, probe);
    // Newer versions compare with a negative literal as int64, which is right for functions that return 64 bits.
    const asInt64 = atLeast(view.analysis.options.version, 0, 25) && signed?.bits !== 32;
    const senseless = limit !== undefined && (limit < 0n ? !asInt64 : limit === 0n && (op === '<' || op === '>='));
    const missesErrors = limit === 0n && op === '>' && signed !== undefined;
    if (!senseless && !missesErrors) return [];
    return [problemAt(probe, bare(value), probe.sourceOf(expr), senseless, returnsPointer(view, probe) ? 'int64' : `int${signed?.bits ?? 32}`)];
  }));
}

const FLIP: Readonly<Record<string, string>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' };

function problemAt(probe: ProbeView, value: Expr, text: string, senseless: boolean, type: string): Problem {
  const span = probe.at(value);
  return {
    code: 'unsigned-retval', severity: 'warning', span, evidence: [],
    message: `\`retval\` is a uint64 here: ${senseless ? `\`${text}\` is always the same` : `a negative error is above 0 too, so \`${text}\` lets errors through`}. Write \`(${type})retval\`.`,
    repairs: [{ title: `Read retval as ${type}`, sure: false, edits: [{ span: { start: span.start, end: span.start }, newText: `(${type})` }] }],
  };
}
