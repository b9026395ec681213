import type { Binary, Expr } from '../../language/bpftrace/syntax/ast.ts';
import { bare, literalInteger } from '../../language/bpftrace/syntax/walk.ts';
import { directives } from '../../language/bpftrace/lints/format.ts';
import type { ProbeView, UseOf } from '../../language/bpftrace/lints/view.ts';
import { FOLDS } from './flow.ts';
import { outerOf, siteAt, textOf, type Ground } from './ground.ts';
import type { Quality } from './quality.ts';
import type { Site } from './site.ts';
import { swappedByHand } from './swapped-by-hand.ts';

type Network = Extract<NonNullable<Quality['order']>, { kind: 'network' }>;

/**
 * `network-order`: numbers in network order that are taken for the host's. The condition is that the value reads the same both ways: a palindrome does no harm,
 * 80 does. Zero, bytes that are masked out, `ntop()`, `bswap()` and comparisons among such numbers are right.
 */
export function networkOrder(ground: Ground, probe: ProbeView): Site[] {
  const binary = probe.of('binary').flatMap((use) => inBinary(ground, probe, use.expr));
  const calls = probe.of('call').flatMap(({ expr }) => {
    const [first] = expr.args;
    if (FOLDS.has(expr.callee.text)) return first && expr.callee.text !== 'count' ? misread(ground, probe, first) : [];
    if (expr.callee.text === 'bswap') return first ? halfSwapped(ground, probe, expr, first) : [];
    if (expr.callee.text === 'ntop') return turnedAddress(ground, probe, expr.args.at(-1));
    if (expr.callee.text === 'print') return expr.args.slice(0, 1).flatMap((value) => misread(ground, probe, value));
    return directives(expr).flatMap(({ conversion, argument }) => (/[diuxX]/.test(conversion) && argument ? misread(ground, probe, argument) : []));
  });
  return [...binary, ...calls, ...probe.of('map').flatMap((use) => inMap(ground, probe, use))];
}

/** A number that is shown or counted with; each part of a tuple. */
function misread(ground: Ground, probe: ProbeView, value: Expr): Site[] {
  const at = bare(value);
  if (at.kind === 'tuple') return at.elements.flatMap((part) => misread(ground, probe, part));
  if (at.kind === 'map' && at.keys === undefined && (ground.view.maps.get(at.name) ?? []).some(({ keys }) => keys.length > 0)) return [];
  const order = network(ground, at);
  return order ? [siteOf(probe, at, order)] : [];
}

/** A port that is swapped as if it had 32 or 64 bits lands in the upper half. */
function halfSwapped(ground: Ground, probe: ProbeView, call: Expr, value: Expr): Site[] {
  const order = network(ground, value);
  const type = ground.analysis.typeOf(value);
  if (!order || type?.kind !== 'integer' || type.bits <= order.bits) return [];
  return [siteAt('network-order', probe, call, { kind: 'same-swapped', of: value, bits: order.bits }, `${textOf(probe, value)}, ${order.bits} bits in network order, is not swapped as ${type.bits} bits`)];
}

/** An address that was turned round is shown with its bytes in reverse. */
function turnedAddress(ground: Ground, probe: ProbeView, value: Expr | undefined): Site[] {
  const type = value && ground.analysis.typeOf(value);
  if (!value || type?.kind !== 'integer' || ground.flow.of(value).order?.kind !== 'host') return [];
  return [siteAt('network-order', probe, bare(value), { kind: 'same-swapped', of: value, bits: 32 }, `${textOf(probe, value)}, which is in the host's order, is the same address in network order`)];
}

function network({ flow }: Ground, expr: Expr): Network | undefined {
  const { order } = flow.of(expr);
  return order?.kind === 'network' ? order : undefined;
}

function siteOf(probe: ProbeView, value: Expr, { bits }: Network): Site {
  return siteAt('network-order', probe, value, { kind: 'same-swapped', of: value, bits }, `${textOf(probe, value)}, which is in network order, is the same number in the host's`);
}

function inBinary(ground: Ground, probe: ProbeView, { op, left, right }: Binary): Site[] {
  const each = (judge: (value: Expr, order: Network, other: Expr) => boolean): Site[] => [[left, right], [right, left]].flatMap(([value, other]) => {
    const order = value && network(ground, value);
    return value && other && order && judge(value, order, other) ? [siteOf(probe, bare(value), order)] : [];
  });
  switch (op) {
    case '==':
    case '!=':
      return each((value, order, other) => otherNumber(ground, probe, value, order, other));
    case '<':
    case '<=':
    case '>':
    case '>=':
      return each((_value, _order, other) => ground.flow.of(other).constant !== 0n);
    case '+':
    case '-':
      return each((_value, _order, other) => !network(ground, other) && ground.flow.of(other).constant !== 0n);
    default:
      return [];
  }
}

/** Whether what it is compared with is known to be a number of the host. */
function otherNumber({ flow }: Ground, probe: ProbeView, value: Expr, order: Network, other: Expr): boolean {
  const quality = flow.of(other);
  const literal = literalInteger(other) ?? quality.constant;
  if (literal !== undefined) return !swappedByHand(literal, order.bits, probe.textOf(value));
  const at = bare(other);
  return quality.order?.kind === 'host' || (at.kind === 'identifier' && at.name.startsWith('ETH_P_'));
}

/** Keys and values of maps that bpftrace prints as numbers when it ends, and keys beside others in the host's order. */
function inMap(ground: Ground, probe: ProbeView, use: UseOf<'map'>): Site[] {
  const { expr } = use;
  const uses = ground.view.maps.get(expr.name) ?? [];
  const outer = outerOf(use);
  const target = outer?.kind === 'assign' && bare(outer.target) === expr ? outer : undefined;
  const printed = !uses.some(({ role }) => role === 'read' || role === 'loop' || role === 'clear' || role === 'delete' || role === 'handed' || role === 'ask');
  const keys = (expr.keys ?? []).flatMap((key, i) => {
    const order = network(ground, key);
    const mixed = order !== undefined && uses.some((one) => one.keys[i] !== undefined && ground.flow.of(one.keys[i]).order?.kind === 'host');
    return order && (mixed || (printed && (target ?? (outer?.kind === 'update' ? outer : undefined)) !== undefined)) ? [siteOf(probe, bare(key), order)] : [];
  });
  const beside = target?.op === '=' && ground.flow.writes.some((write) => write.target.name === expr.name && write.quality.order?.kind === 'host');
  const order = target?.op === '=' && (printed || beside) && !isFold(target.value) ? network(ground, target.value) : undefined;
  return [...keys, ...(target && order ? [siteOf(probe, bare(target.value), order)] : [])];
}

function isFold(expr: Expr): boolean {
  const at = bare(expr);
  return at.kind === 'call' && FOLDS.has(at.callee.text);
}
