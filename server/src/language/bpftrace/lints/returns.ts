import { atLeast } from '../../../base/version.ts';
import { resolve, type CType } from '../../../kernel/ctype.ts';
import { bare, literalInteger } from '../analysis/walk.ts';
import type { Problem } from '../problem.ts';
import type { Expr } from '../syntax/ast.ts';
import { isBuiltin, valueOf } from './fields.ts';
import type { ProbeView, Use, View } from './view.ts';

/** What a function returns where negative numbers are errors. */
interface Signed { readonly functionName: string; readonly bits: number }

const ORDERED = new Set(['<', '<=', '>', '>=']);

/** `unsigned-retval`: `retval < 0` in a return probe, where `retval` is a uint64 and never below 0. */
export function unsignedRetval(view: View): readonly Problem[] {
  return view.probes.filter((p) => returnsUntyped(p)).flatMap((probe) => probe.uses.flatMap(({ expr }) => {
    if (expr.kind !== 'binary' || !ORDERED.has(expr.op)) return [];
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
    return [problemAt(probe, bare(value), probe.textOf(expr), senseless, returnsPointer(view, probe) ? 'int64' : `int${signed?.bits ?? 32}`)];
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

/** `signed-return`: the untyped `retval` of a function that can fail, in a histogram or total. */
export function signedReturn(view: View): readonly Problem[] {
  return view.probes.flatMap((probe) => probe.uses.flatMap((use) => {
    const { expr } = use;
    const [value] = expr.kind === 'call' ? expr.args : [];
    if (expr.kind !== 'call' || !value) return [];
    const how = untypedIn(view, probe, expr.callee.text, value) ?? signedIn(probe, expr.callee.text, value);
    return how === undefined || guarded(probe, use) ? [] : [report(probe, value, expr.callee.text, how)];
  }));
}

interface How { readonly why: string; readonly test: string }

/** Every folding function takes the error -11 for 18446744073709551605, or 4294967285. */
function untypedIn(view: View, probe: ProbeView, folds: string, value: Expr): How | undefined {
  const signed = returnsUntyped(probe) && /^(?:hist|lhist|sum|avg|min|max|stats)$/.test(folds) && isRetval(value) ? signedResult(view, probe) : undefined;
  if (!signed) return undefined;
  const shown = signed.bits === 64 ? '18446744073709551605' : '4294967285';
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

/** Without a cast: a cast says that its author thought of the sign. */
function isRetval(expr: Expr): boolean {
  return isBuiltin(bare(expr), 'retval');
}

function returnsUntyped(probe: ProbeView): boolean {
  return probe.points.length > 0 && probe.points.every((p) => p.provider === 'kretprobe' || p.provider === 'uretprobe');
}

/** The signed integer all traced kernel functions return, as BTF tells; undefined when one returns something else or is not known. */
function signedResult(view: View, probe: ProbeView): Signed | undefined {
  const found = probe.points.map((p) => {
    const functionName = p.parts.at(-1) ?? '';
    const func = p.provider === 'kretprobe' ? view.analysis.options.inventory.func(functionName) : undefined;
    const bits = func && signedBits(func.proto.returns());
    return bits === undefined ? undefined : { functionName, bits };
  });
  return found.every((f) => f !== undefined) ? found[0] : undefined;
}

function signedBits(type: CType): number | undefined {
  const at = resolve(type);
  return at.kind === 'int' && at.signed && at.encoding === undefined && at.size >= 4 ? at.size * 8 : undefined;
}

function returnsPointer(view: View, probe: ProbeView): boolean {
  return probe.points.some((p) => p.provider === 'kretprobe' && resolveReturn(view, p.parts.at(-1) ?? '') === 'pointer');
}

function resolveReturn(view: View, name: string): CType['kind'] | undefined {
  const func = view.analysis.options.inventory.func(name);
  return func && resolve(func.proto.returns()).kind;
}

/** `void-retval`: the `retval` of a function that returns nothing. */
export function voidRetval(view: View): readonly Problem[] {
  return view.probes.flatMap((probe) => {
    const names = probe.points.map((p) => (p.provider === 'kretprobe' ? (p.parts.at(-1) ?? '') : ''));
    const reads = probe.uses.filter(({ expr }) => isBuiltin(expr, 'retval'));
    if (reads.length === 0 || names.length === 0 || !names.every((name) => resolveReturn(view, name) === 'void')) return [];
    return reads.map(({ expr }) => ({
      code: 'void-retval', severity: 'warning' as const, span: probe.at(expr), evidence: [], repairs: [],
      message: `\`${names[0] ?? ''}\` returns nothing: \`retval\` is whatever was left in the register.`,
    }));
  });
}
