import { findField, resolve } from '../../kernel/ctype.ts';
import type { Analysis } from '../../language/bpftrace/analysis/analysis.ts';
import type { Cast, Expr } from '../../language/bpftrace/syntax/ast.ts';
import { bare, literalInteger } from '../../language/bpftrace/syntax/walk.ts';
import { recordOf } from '../../language/bpftrace/queries/record.ts';
import { originOf, storedIn } from '../../language/bpftrace/lints/flow.ts';
import type { ProbeView, Use } from '../../language/bpftrace/lints/view.ts';
import { outerOf, siteAt, textOf, type Ground } from './ground.ts';
import type { Site } from './site.ts';

/** `lossy-cast`: casts to fewer bits, unless the upper bits mean nothing there or are dropped on purpose. */
export function casts(ground: Ground, probe: ProbeView): Site[] {
  return probe.of('cast').flatMap((use) => {
    const { expr } = use;
    const to = ground.analysis.typeOf(expr);
    const bits = bitsOf(ground, expr.operand);
    if (to?.kind !== 'integer' || to.of || bits === undefined || to.bits >= bits || ground.flow.of(expr.operand).constant !== undefined) return [];
    if (fromRegister(ground, probe, expr.operand, use.order) || isSmall(expr.operand, to.bits) || onPurpose(ground, probe, use, expr, to.bits) || isDistance(ground, probe, expr.operand, use.order, to.bits)) return [];
    const type = `${to.signed ? 'int' : 'uint'}${to.bits}`;
    return [siteAt('lossy-cast', probe, expr, { kind: 'fits', of: expr.operand, bits: to.bits, signed: to.signed }, `${textOf(probe, expr.operand)} fits into ${type}`)];
  });
}

function bitsOf({ analysis }: Ground, expr: Expr): number | undefined {
  const type = analysis.typeOf(expr);
  return type?.kind === 'integer' ? type.bits : type?.kind === 'pointer' ? 64 : undefined;
}

/** Through variables, and maps that are given nothing else. */
function fromRegister(ground: Ground, probe: ProbeView, expr: Expr, order: number): boolean {
  if (isRegister(ground, probe, expr)) return true;
  const at = bare(expr);
  if (at.kind !== 'variable' && at.kind !== 'map') return false;
  const origin = originOf(probe, at, order);
  if (origin.kind !== 'map') return isRegister(ground, probe, origin);
  const stored = storedIn(ground.view, origin.name);
  return stored.length > 0 && stored.every(({ value }) => isRegister(ground, probe, value));
}

/**
 * A register holds what the function or call was given: of an `int` the lower half, whatever stands above. Results of system calls and their arguments
 * are kept in as many bits as a register has, too.
 */
function isRegister({ analysis }: Ground, probe: ProbeView, expr: Expr): boolean {
  const at = bare(expr);
  if (at.kind === 'identifier') return /^(?:retval|s?arg\d+)$/.test(at.name) && !isLength(analysis, probe, at.name);
  if (at.kind === 'call') return at.callee.text === 'reg' || (at.callee.text === 'retval' && at.args.length === 0);
  if (at.kind !== 'field') return false;
  const record = recordOf(analysis.typeOf(at.object));
  if (!record?.args) return false;
  const type = findField(record.struct, at.name.text)?.type();
  const c = type && resolve(type);
  return /^tracepoint:syscalls:sys_exit_/.test(record.struct.name) || (c?.kind === 'int' && c.size === 8 && /\bint\b/.test(c.name) && !/long/.test(c.name));
}

/** Kernel types of lengths, positions and the like: all of their bits count. */
const LENGTHS = new Set(['size_t', 'ssize_t', 'loff_t', 'sector_t', 'u64', '__u64', 's64', '__s64']);

/** A parameter that every function of the probe declares as such. */
function isLength({ options }: Analysis, { points }: ProbeView, name: string): boolean {
  const index = /^arg(\d+)$/.exec(name)?.[1];
  return index !== undefined && points.every(({ provider, parts }) => {
    const type = provider === 'kprobe' ? options.inventory.func(parts.at(-1) ?? '')?.proto.params[Number(index)]?.type() : undefined;
    return type?.kind === 'typedef' && LENGTHS.has(type.name);
  });
}

/** Builtins whose type is wider than what they can be, and random numbers, which lose nothing. */
function isSmall(expr: Expr, bits: number): boolean {
  const at = bare(expr);
  const name = at.kind === 'identifier' ? at.name : at.kind === 'call' && at.args.length === 0 ? at.callee.text : '';
  return name === 'rand' || (bits >= 32 && /^(?:pid|tid|uid|gid|cpu|ncpus|numaid|ppid|cpid)$/.test(name));
}

/** The difference of two numbers of that width: sequence numbers that run over. */
function isDistance({ analysis }: Ground, probe: ProbeView, expr: Expr, order: number, bits: number): boolean {
  const at = originOf(probe, expr, order);
  return at.kind === 'binary' && at.op === '-' && [at.left, at.right].every((side) => {
    const type = analysis.typeOf(side);
    return type?.kind === 'integer' && type.bits <= bits;
  });
}

/** The upper bits are looked at as well (`x >> 32`), those that are lost are masked anyway, or numbers that run over are reckoned with one of that width. */
function onPurpose({ analysis }: Ground, probe: ProbeView, use: Use, expr: Cast, bits: number): boolean {
  const outer = outerOf(use);
  if (outer?.kind === 'binary' && outer.op === '&') {
    const mask = literalInteger(bare(outer.left) === expr ? outer.right : outer.left);
    if (mask !== undefined && mask >= 0n && mask >> BigInt(bits) === 0n) return true;
  }
  if (outer?.kind === 'binary' && outer.op === '-' && isNoWider(analysis, bare(outer.left) === expr ? outer.right : outer.left, bits)) return true;
  const text = probe.textOf(bare(expr.operand));
  return probe.of('binary').some(({ expr: shift }) => shift.op === '>>' && probe.textOf(bare(shift.left)) === text && analysis.typeOf(shift.left)?.kind === 'integer' && (literalInteger(shift.right) ?? 0n) >= BigInt(bits));
}

/** A number that has no more bits by itself, not one that was cut as well. */
function isNoWider(analysis: Analysis, other: Expr, bits: number): boolean {
  const type = analysis.typeOf(other);
  return type?.kind === 'integer' && type.bits <= bits && bare(other).kind !== 'cast' && literalInteger(other) === undefined;
}
