import type { Problem } from '../problem.ts';
import type { Expr } from '../syntax/ast.ts';
import { isBuiltin, valueOf } from './fields.ts';
import { isRetval, returnsUntyped, signedResult } from './retval.ts';
import type { ProbeView, Use, View } from './view.ts';

/** `signed-return`: the untyped `retval` of a function that can fail, in a histogram or total. */
export function signedReturn(view: View): readonly Problem[] {
  return [...view.probes.flatMap((probe) => inCalls(view, probe)), ...asKeys(view)];
}

/** `@[retval] = count()`: the key is printed as the unsigned number. */
function asKeys(view: View): Problem[] {
  return [...view.maps.values()].flat().filter((u) => u.role === 'count').flatMap((u) => u.keys.flatMap((key) => {
    const signed = isRetval(key) && returnsUntyped(u.probe) && !guarded(u.probe, u.use) ? signedResult(view, u.probe) : undefined;
    if (!signed) return [];
    const [type, shown] = signed.bits === 64 ? ['int64', MINUS_11.wide] : ['int32', MINUS_11.narrow];
    const span = u.probe.at(key);
    return [{
      code: 'signed-return', severity: 'warning' as const, span, evidence: [],
      message: `\`${signed.functionName}\` returns negative error numbers, and \`retval\` is unsigned here: -11 is printed as ${shown}. Write \`(${type})retval\`.`,
      repairs: [{ title: `Read retval as ${type}`, sure: false, edits: [{ span: { start: span.start, end: span.start }, newText: `(${type})` }] }],
    }];
  }));
}

/** How -11 (EAGAIN) looks in an unsigned register, when the function returns 64 bits and when it returns 32. */
const MINUS_11 = { wide: '18446744073709551605', narrow: '4294967285' };

function inCalls(view: View, probe: ProbeView): Problem[] {
  return probe.of('call').flatMap((use) => {
    const { expr } = use;
    const [value] = expr.args;
    if (!value) return [];
    const how = untypedIn(view, probe, expr.callee.text, value) ?? signedIn(probe, expr.callee.text, value);
    return how === undefined || guarded(probe, use) ? [] : [report(probe, value, expr.callee.text, how)];
  });
}

interface How { readonly why: string; readonly test: string }

/** Every folding function takes the error -11 for 18446744073709551605, or 4294967285. */
function untypedIn(view: View, probe: ProbeView, folds: string, value: Expr): How | undefined {
  const signed = returnsUntyped(probe) && /^(?:hist|lhist|sum|avg|min|max|stats)$/.test(folds) && isRetval(value) ? signedResult(view, probe) : undefined;
  if (!signed) return undefined;
  const shown = signed.bits === 64 ? MINUS_11.wide : MINUS_11.narrow;
  return { why: `\`${signed.functionName}\` returns negative error numbers, and \`retval\` is unsigned here: -11 counts as ${shown}`, test: `(${signed.bits === 64 ? 'int64' : 'int32'})retval >= 0` };
}

/** A total or mean of signed results takes errors for small negative amounts. */
function signedIn(probe: ProbeView, folds: string, value: Expr): How | undefined {
  const at = valueOf(value);
  const isRet = at.kind === 'field' && at.name.text === 'ret' && probe.points.every((p) => p.provider === 'tracepoint' && /^sys_exit_?/.test(p.parts[1] ?? ''));
  return isRet && /^(?:sum|avg|stats)$/.test(folds) && probe.points.length > 0 ? { why: `A failed call has a negative error number in \`ret\`, which \`${folds}()\` takes for an amount`, test: `${probe.textOf(at)} > 0` } : undefined;
}

function report(probe: ProbeView, value: Expr, folds: string, how: How): Problem {
  const { header, predicate } = probe.info.probe;
  const end = probe.at(header).end;
  const repairs = predicate ? [] : [{ title: 'Leave failed calls out', sure: false, edits: [{ span: { start: end, end }, newText: ` /${how.test}/` }] }];
  return { code: 'signed-return', severity: 'warning', span: probe.at(value), evidence: [], repairs, message: `${how.why}. Leave errors out of \`${folds}()\`: \`/${how.test}/\`.` };
}

/** A condition that mentions the result decides about errors, whatever it says: `unsigned-retval` looks at how. */
function guarded(probe: ProbeView, use: Use): boolean {
  return probe.uses.some((u) => u.order < use.order && u.inCondition && (isBuiltin(u.expr, 'retval') || (u.expr.kind === 'field' && u.expr.name.text === 'ret') || (u.expr.kind === 'variable' && holdsResult(probe, u.expr.name))));
}

function holdsResult(probe: ProbeView, name: string): boolean {
  return probe.uses.some(({ expr, around }) => {
    const outer = around.find((a) => a.kind === 'assign');
    return outer?.kind === 'assign' && outer.target.kind === 'variable' && outer.target.name === name && (isBuiltin(expr, 'retval') || (expr.kind === 'field' && expr.name.text === 'ret'));
  });
}
