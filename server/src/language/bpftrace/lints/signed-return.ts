import { bare, literalInteger } from '../syntax/walk.ts';
import type { Problem } from '../problem.ts';
import type { Expr } from '../syntax/ast.ts';
import { isBuiltin } from './fields.ts';
import { lastGiven } from './flow.ts';
import { onlyWhere } from './predicate.ts';
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
    const result = value && FOLDS.has(expr.callee.text) ? resultOf(probe, value, use.order) : undefined;
    if (!value || !result) return [];
    const how = untypedIn(view, probe, result) ?? signedIn(view, probe, expr.callee.text, result);
    return how === undefined || guarded(probe, use) ? [] : [report(probe, value, expr.callee.text, how)];
  });
}

const FOLDS = new Set(['hist', 'lhist', 'sum', 'avg', 'min', 'max', 'stats']);

interface How { readonly why: string; readonly test: string }

/** Every folding function takes the error -11 for 18446744073709551605, or 4294967285. */
function untypedIn(view: View, probe: ProbeView, result: Result): How | undefined {
  if (result.cast?.startsWith('int')) return undefined;
  const signed = returnsUntyped(probe) && result.isRetval ? signedResult(view, probe) : undefined;
  if (signed) {
    const shown = signed.bits === 64 ? MINUS_11.wide : MINUS_11.narrow;
    return { why: `\`${signed.functionName}\` returns negative error numbers, and \`retval\` is unsigned here: -11 counts as ${shown}`, test: `(${signed.bits === 64 ? 'int64' : 'int32'})retval >= 0` };
  }
  const unsigned = result.cast !== undefined && isSigned(view, probe, result) ? result.cast : undefined;
  return unsigned === undefined ? undefined : { why: `\`${result.text}\` is negative when the call fails, and \`(${unsigned})\` makes a huge amount of that`, test: `${result.text} >= 0` };
}

/** A total or mean of signed results takes errors for small negative amounts. */
function signedIn(view: View, probe: ProbeView, folds: string, result: Result): How | undefined {
  if (!/^(?:sum|avg|stats)$/.test(folds) || !isSigned(view, probe, result)) return undefined;
  return { why: `A failed call has a negative error number in \`${result.isRetval ? 'retval' : 'ret'}\`, which \`${folds}()\` takes for an amount`, test: `${result.text} > 0` };
}

/** Results bpftrace knows to be signed: `ret` of system calls, and `retval` where BTF gives its type. */
function isSigned(view: View, probe: ProbeView, result: Result): boolean {
  if (probe.points.length === 0) return false;
  if (!result.isRetval) return probe.points.every((p) => p.provider === 'tracepoint' && /^sys_exit_?/.test(p.parts[1] ?? ''));
  return probe.points.every((p) => p.provider === 'fexit') && signedResult(view, probe) !== undefined;
}

function report(probe: ProbeView, value: Expr, folds: string, how: How): Problem {
  const repairs = [onlyWhere(probe, how.test, 'Leave failed calls out')];
  return { code: 'signed-return', severity: 'warning', span: probe.at(value), evidence: [], repairs, message: `${how.why}. Leave errors out of \`${folds}()\`: \`/${how.test}/\`.` };
}

/** A condition that mentions the result decides about errors, whatever it says: `unsigned-retval` looks at how. */
function guarded(probe: ProbeView, use: Use): boolean {
  return probe.uses.some((u) => u.order < use.order && u.inCondition && !asksForZero(u) && (isResult(u.expr) || (u.expr.kind === 'variable' && resultOf(probe, u.expr, u.order) !== undefined)));
}

/** `retval != 0` and `retval` alone let errors through. */
function asksForZero({ expr, around, inPredicate }: Use): boolean {
  const outer = around.at(-1);
  if (outer?.kind === 'binary') return (outer.op === '!=' || outer.op === '&&') && (outer.op === '&&' || literalInteger(outer.right) === 0n || literalInteger(outer.left) === 0n);
  return outer === undefined ? inPredicate : (outer.kind === 'if' || outer.kind === 'ternary') && outer.condition === expr;
}

/** The result of a call behind an amount. */
interface Result {
  readonly isRetval: boolean;
  /** As it is written where it is read: `args.ret`. */
  readonly text: string;
  /** The type of the innermost cast. */
  readonly cast?: string;
}

/** Through variables, casts and what scales: `(uint64)args.ret / 1024`. */
function resultOf(probe: ProbeView, expr: Expr, order: number): Result | undefined {
  const at = bare(expr);
  if (isResult(at)) return { isRetval: at.kind !== 'field', text: probe.textOf(at) };
  if (at.kind === 'cast') {
    const inner = resultOf(probe, at.operand, order);
    return inner && { cast: probe.textOf(at.type), ...inner };
  }
  if (at.kind === 'binary' && /^(?:\/|\*|>>|<<)$/.test(at.op) && literalInteger(at.right) !== undefined) return resultOf(probe, at.left, order);
  const given = at.kind === 'variable' ? lastGiven(probe, at.name, order) : undefined;
  return given && resultOf(probe, given.value, given.order);
}

function isResult(expr: Expr): boolean {
  return isBuiltin(expr, 'retval') || (expr.kind === 'field' && expr.name.text === 'ret');
}
