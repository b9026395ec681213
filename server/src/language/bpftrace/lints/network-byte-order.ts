import type { Analysis } from '../analysis/analysis.ts';
import { bare, literalInteger } from '../syntax/walk.ts';
import type { Problem, SpanRepair } from '../problem.ts';
import type { Expr } from '../syntax/ast.ts';
import { declaredType, fieldOf } from './fields.ts';
import { originOf, storedIn } from './flow.ts';
import { directives, type Directive } from './format.ts';
import type { ProbeView, Use, View } from './view.ts';

/** How many bits a field in network byte order has, and what it is called. */
interface Network { readonly bits: 16 | 32 | 64; readonly field: string }

const NUMBER = new Set(['d', 'i', 'u']);
const COMPARISONS = new Set(['==', '!=', '<', '>', '<=', '>=']);
const FOLDS = new Set(['hist', 'lhist', 'sum', 'avg', 'min', 'max', 'stats', 'tseries']);

/** `network-byte-order`: a field declared `__be16` or `__be32` whose value is printed or compared as it is. */
export function byteOrder(view: View): readonly Problem[] {
  // Fields are the only source; a program without one in this order has nothing to say.
  if (!view.probes.some((probe) => probe.of('field').some(({ expr }) => networkField(view.analysis, expr)))) return [];
  return view.probes.flatMap((probe) => inProbe(view, probe));
}

function inProbe(view: View, probe: ProbeView): Problem[] {
  const network = (expr: Expr, order: number): Network | undefined => networkValue(view, probe, expr, order);
  const uses: readonly Use[] = [...probe.of('call'), ...probe.of('binary'), ...probe.of('map')];
  return uses.flatMap((use) => sinks(probe, use, (expr) => network(expr, use.order)));
}

/** Through variables, and through maps into which nothing else is written. */
function networkValue(view: View, probe: ProbeView, expr: Expr, order: number): Network | undefined {
  const at = originOf(probe, expr, order);
  if (at.kind !== 'map') return networkField(view.analysis, at);
  const [one, ...others] = storedIn(view, at.name);
  const first = one && networkField(view.analysis, one.value);
  return first && others.every(({ value }) => networkField(view.analysis, value)?.bits === first.bits) ? first : undefined;
}

function networkField(analysis: Analysis, at: Expr): Network | undefined {
  const field = fieldOf(at);
  const type = field && declaredType(analysis, field);
  const bits = type?.kind === 'typedef' ? /^__be(16|32|64)$/.exec(type.name)?.[1] : undefined;
  return field && bits !== undefined ? { bits: Number(bits) as Network['bits'], field: field.name.text } : undefined;
}

type Lookup = (expr: Expr) => Network | undefined;

function sinks(probe: ProbeView, use: Use, network: Lookup): Problem[] {
  const { expr } = use;
  if (expr.kind === 'call') return [...printed(probe, expr, network), ...folded(probe, expr, network), ...shown(probe, use, expr, network)];
  if (expr.kind === 'binary' && (expr.op === '+' || expr.op === '-')) return computed(probe, expr, network);
  if (expr.kind === 'binary' && COMPARISONS.has(expr.op)) return [...compared(probe, expr.op, expr.left, expr.right, network), ...compared(probe, expr.op, expr.right, expr.left, network)];
  const outer = use.around.at(-1);
  const counts = expr.kind === 'map' && outer?.kind === 'assign' && outer.target === expr && outer.value.kind === 'call' && (outer.value.callee.text === 'count' || FOLDS.has(outer.value.callee.text));
  return counts ? (expr.keys ?? []).flatMap((key) => elements(probe, key, use.order)).flatMap((key) => report(probe, key, network(key), 'is printed as the key of this map')) : [];
}

/** Those of a tuple, written here or held by a variable; else the value itself. */
function elements(probe: ProbeView, value: Expr, order: number): readonly Expr[] {
  const at = originOf(probe, value, order);
  return at.kind === 'tuple' ? at.elements.flatMap((one) => elements(probe, one, order)) : [value];
}

function printed(probe: ProbeView, call: Extract<Expr, { kind: 'call' }>, network: Lookup): Problem[] {
  return directives(call).flatMap((d) => (d.argument && NUMBER.has(d.conversion) ? report(probe, d.argument, network(d.argument), `is printed with \`${d.text}\``, d) : []));
}

/** `print($port)`, `print((comm, $port))`. */
function shown(probe: ProbeView, { order }: Use, call: Extract<Expr, { kind: 'call' }>, network: Lookup): Problem[] {
  const [value] = call.args;
  if (!value || call.callee.text !== 'print' || call.args.length > 1) return [];
  return elements(probe, value, order).flatMap((one) => report(probe, one, network(one), 'is printed as it is'));
}

/** Sums with what is in the host's order. Bytes put together by hand use other operators, and literals to both sides. */
function computed(probe: ProbeView, { left, right }: Extract<Expr, { kind: 'binary' }>, network: Lookup): Problem[] {
  const [a, b] = [network(left), network(right)];
  const [value, of] = a ? [left, a] : [right, b];
  return of && !(a && b) && !/addr/.test(of.field) ? report(probe, value, of, 'is computed with') : [];
}

function folded(probe: ProbeView, call: Extract<Expr, { kind: 'call' }>, network: Lookup): Problem[] {
  const [value] = call.args;
  return value && FOLDS.has(call.callee.text) ? report(probe, value, network(value), `is a number for \`${call.callee.text}()\``) : [];
}

function compared(probe: ProbeView, op: string, value: Expr, other: Expr, network: Lookup): Problem[] {
  const of = network(value);
  if (!of || of.bits === 64 || network(other)) return [];
  const literal = literalInteger(other);
  const constant = bare(other);
  const wrong = literal !== undefined ? isHostOrder(of, op, literal) : of.bits === 16 && (constant.kind === 'positional' || (constant.kind === 'identifier' && /^ETH_P_/.test(constant.name)));
  return wrong ? report(probe, value, of, COMPARED) : [];
}

const COMPARED = 'is compared with a number';

/** Whether a number was written as people read the field, not as it lies in memory. Zero is zero in both orders. */
function isHostOrder({ bits, field }: Network, op: string, literal: bigint): boolean {
  if (literal === 0n || literal >= 1n << BigInt(bits)) return false;
  if (op !== '==' && op !== '!=') return true;
  if (/proto/.test(field)) return ETHERTYPES.has(literal);
  if (bits === 16) return !swappedOnPurpose(literal);
  return /addr/.test(field) && isLocal(literal) && !isLocal(swapped(literal));
}

/** IPv4 addresses that programs name: loopback, private, multicast to the local network. */
function isLocal(address: bigint): boolean {
  const [a, b] = [address >> 24n, (address >> 16n) & 0xffn];
  return a === 127n || a === 10n || (a === 192n && b === 168n) || (a === 172n && b >= 16n && b < 32n) || (a === 224n && b === 0n);
}

function swapped(address: bigint): bigint {
  return ((address & 0xffn) << 24n) | ((address & 0xff00n) << 8n) | ((address >> 8n) & 0xff00n) | (address >> 24n);
}

/** Protocols as Ethernet numbers them: IPv4, ARP, VLAN, IPv6. */
const ETHERTYPES = new Set([0x0800n, 0x0806n, 0x8100n, 0x86ddn]);

/** A number whose swapped form is a usual port was swapped by hand. */
function swappedOnPurpose(literal: bigint): boolean {
  const other = ((literal & 0xffn) << 8n) | (literal >> 8n);
  return other < 1024n && literal >= 1024n;
}

function report(probe: ProbeView, value: Expr, of: Network | undefined, how: string, directive?: Directive): Problem[] {
  if (!of) return [];
  const compares = how === COMPARED;
  const address = of.bits === 32 && /addr/.test(of.field) && !compares;
  if (of.bits === 64 || (of.bits === 32 && !address && !directive && !compares)) return [];
  const example = of.bits === 16 ? ': 80 shows as 20480' : '';
  const what = address ? 'an IPv4 address; print it with `ntop()`' : 'in network byte order; turn it round with `bswap()`';
  return [{
    code: 'network-byte-order', severity: 'warning', span: probe.at(value), evidence: [], repairs: [repair(probe, value, address, directive)].flat(),
    message: `\`${of.field}\` is ${what}. Here it ${how}${example}.`,
  }];
}

function repair(probe: ProbeView, value: Expr, address: boolean, directive: Directive | undefined): SpanRepair[] {
  const { start, end } = probe.at(value);
  const around = (name: string): SpanRepair['edits'] => [{ span: { start, end: start }, newText: `${name}(` }, { span: { start: end, end }, newText: ')' }];
  if (!address) return [{ title: 'Swap the bytes with bswap()', sure: false, edits: around('bswap') }];
  if (!directive) return [{ title: 'Make it an address with ntop()', sure: false, edits: around('ntop') }];
  return [{ title: 'Print it with ntop() and %s', sure: false, edits: [{ span: probe.at(directive.span), newText: directive.text.replace(/(?:hh|h|ll|l|j|z|t)?[a-z]$/, 's') }, ...around('ntop')] }];
}
