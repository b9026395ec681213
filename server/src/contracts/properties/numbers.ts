import type { Assign, BinaryOp, Expr } from '../../language/bpftrace/syntax/ast.ts';
import type { BtType } from '../../language/bpftrace/analysis/types.ts';
import { bare, literalInteger } from '../../language/bpftrace/syntax/walk.ts';
import { recordOf } from '../../language/bpftrace/queries/record.ts';
import { isBuiltin } from '../../language/bpftrace/lints/fields.ts';
import { originOf } from '../../language/bpftrace/lints/flow.ts';
import type { ProbeView, Use } from '../../language/bpftrace/lints/view.ts';
import { isConstant, outerOf, siteAt, textOf, type Ground } from './ground.ts';
import type { Site } from './site.ts';

/** `div-by-zero`: every divisor that is no constant. */
export function divisions(ground: Ground, probe: ProbeView): Site[] {
  return operations(probe, ['/', '%']).flatMap(({ node, right }) => {
    const constant = ground.flow.of(right).constant;
    return (constant !== undefined && constant !== 0n) || isBuiltin(bare(right), 'ncpus') ? [] : [siteAt('div-by-zero', probe, node, { kind: 'nonzero', of: right }, `the divisor ${textOf(probe, right)} is not 0`)];
  });
}

/** `unsigned-underflow`: differences of unsigned numbers, where the result is used as a number. */
export function differences(ground: Ground, probe: ProbeView): Site[] {
  return operations(probe, ['-']).flatMap(({ node, left, right, use }) => {
    const types = [ground.analysis.typeOf(left), ground.analysis.typeOf(right)];
    const counted = node.kind === 'assign' ? types[0] : ground.analysis.typeOf(node);
    if (counted?.kind !== 'integer' || types.some((one) => one?.kind !== 'integer') || !isOfUnsigned(ground, counted, types, node) || (isConstant(ground, left) && isConstant(ground, right))) return [];
    if (use && (wraps(ground, probe, use, types) || isAge(ground, probe, use.order, left, right))) return [];
    return [siteAt('unsigned-underflow', probe, node, { kind: 'at-most', low: right, high: left }, `${textOf(probe, right)} is at most ${textOf(probe, left)}`)];
  });
}

/** Newer versions give every difference a sign, and what holds one: it is one of unsigned numbers all the same. */
function isOfUnsigned(ground: Ground, result: Extract<BtType, { kind: 'integer' }>, types: readonly (BtType | undefined)[], node: Site['node']): boolean {
  if (!ground.analysis.shared.rules.modern) return !result.signed;
  return types.every(isUnsigned) || (node.kind === 'assign' && isUnsigned(types[1]) && holdsUnsigned(ground, node.target));
}

const isUnsigned = (type: BtType | undefined): boolean => type?.kind === 'integer' && !type.signed;

/** Whether a variable or map gets unsigned numbers, and beside them only constants and differences. */
function holdsUnsigned({ analysis, view }: Ground, target: Expr): boolean {
  if (target.kind !== 'variable' && target.kind !== 'map') return false;
  const given = view.probes.flatMap(assignments).filter((at) => at.target.kind === target.kind && 'name' in at.target && at.target.name === target.name && (at.op === '=' || at.op === '+='));
  const types = given.filter(({ value }) => literalInteger(value) === undefined && bare(value).kind !== 'binary').map(({ value }) => analysis.typeOf(value));
  return types.length > 0 && types.every(isUnsigned);
}

interface Operation {
  readonly node: Site['node'];
  readonly left: Expr;
  readonly right: Expr;
  /** Absent for an assignment. */
  readonly use?: Use;
}

function operations(probe: ProbeView, ops: readonly BinaryOp[]): Operation[] {
  const binary = probe.of('binary').flatMap((use): Operation[] => (ops.includes(use.expr.op) ? [{ node: use.expr, left: use.expr.left, right: use.expr.right, use }] : []));
  return [...binary, ...assignments(probe).flatMap((at): Operation[] => (ops.some((op) => at.op === `${op}=`) ? [{ node: at, left: at.target, right: at.value }] : []))];
}

/** All assignments of a probe, in the order of the source. */
export function assignments(probe: ProbeView): Assign[] {
  return [...new Set(probe.uses.flatMap(({ around }) => around.flatMap((one) => (one.kind === 'assign' ? [one] : []))))];
}

/**
 * Differences that are meant to run over: taken as signed, cut to the width of what is subtracted (sequence numbers), asked only whether they are 0, or masked. Through the
 * variable that holds one: what is read from it is always taken as signed.
 */
function wraps(ground: Ground, probe: ProbeView, use: Use, types: readonly (BtType | undefined)[]): boolean {
  const outer = outerOf(use);
  if (takenAsWrapped(ground, outer, use.expr, types)) return true;
  if (outer?.kind !== 'assign' || outer.op !== '=' || outer.target.kind !== 'variable') return false;
  const { name } = outer.target;
  const reads = probe.of('variable').filter((read) => read.expr.name === name && read.order > use.order && !isTarget(read));
  return reads.length > 0 && reads.every((read) => takenAsWrapped(ground, outerOf(read), read.expr, types));
}

/** `nsecs - $task->start_boottime`: the kernel took that time before. What an event hands over may lie ahead (`expires`), unless its name says otherwise. */
function isAge({ analysis, flow }: Ground, probe: ProbeView, order: number, left: Expr, right: Expr): boolean {
  const [clock, stamp] = [originOf(probe, left, order), originOf(probe, right, order)];
  const { unit } = flow.of(stamp);
  return isClock(clock) && stamp.kind === 'field' && unit?.dimension === 'time' && (recordOf(analysis.typeOf(stamp.object))?.args === false || PAST.test(stamp.name.text));
}

const PAST = /^(?:now|start|begin)|(?:stamp|_start|_begin|_time)$/;

function isClock(expr: Expr): boolean {
  return expr.kind === 'call' ? expr.callee.text === 'nsecs' : isBuiltin(expr, 'nsecs') || isBuiltin(expr, 'elapsed');
}

const isTarget = ({ expr, around }: Use): boolean => {
  const outer = around.at(-1);
  return outer?.kind === 'assign' && outer.target === expr;
};

function takenAsWrapped({ analysis }: Ground, outer: Use['around'][number] | undefined, expr: Expr, types: readonly (BtType | undefined)[]): boolean {
  if (outer?.kind === 'binary') return outer.op === '&' || ((outer.op === '==' || outer.op === '!=') && (bare(outer.left) === expr || bare(outer.right) === expr));
  if (outer?.kind !== 'cast') return false;
  const to = analysis.typeOf(outer);
  return to?.kind === 'integer' && (to.signed || (to.bits < 64 && types.every((one) => one?.kind === 'integer' && one.bits <= to.bits)));
}

/** `out-of-bounds`: indexes of arrays whose length is known. One of length 1 or none stands at the end of a struct and goes on. */
export function indexes(ground: Ground, probe: ProbeView): Site[] {
  return probe.of('index').flatMap(({ expr }) => {
    const of = ground.analysis.typeOf(expr.object);
    if (of?.kind !== 'array' || of.length <= 1 || ground.analysis.typeOf(expr.index)?.kind !== 'integer') return [];
    const constant = ground.flow.of(expr.index).constant;
    if (constant !== undefined && constant >= 0n && constant < BigInt(of.length)) return [];
    return [siteAt('out-of-bounds', probe, expr, { kind: 'below', of: expr.index, limit: of.length }, `the index ${textOf(probe, expr.index)} is below ${of.length}, the length of ${textOf(probe, expr.object)}`)];
  });
}
