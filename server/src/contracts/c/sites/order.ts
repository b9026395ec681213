import { child, type Cst } from '../../../language/bpftrace/syntax/cst.ts';
import { HOST, type Order, type Quality } from '../../properties/quality.ts';
import { swappedByHand } from '../../properties/swapped-by-hand.ts';
import { printedBy, swapOf } from '../flow/calls.ts';
import { argumentsOf, operatorOf } from '../flow/piece.ts';
import { directivesOf } from './format.ts';
import type { Writer } from './writer.ts';

type Network = Extract<Order, { kind: 'network' }>;

/** `network-order` at one expression or statement. */
export function networkOrder(w: Writer, node: Cst): void {
  if (node.type === 'binary_expression') inBinary(w, node);
  else if (node.type === 'assignment_expression') inAssignment(w, node);
  else if (node.type === 'switch_statement') inSwitch(w, node);
  else if (node.type === 'call_expression') inCall(w, node);
}

function network(w: Writer, node: Cst): Network | undefined {
  const { order } = w.of(node).quality;
  return order?.kind === 'network' ? order : undefined;
}

function misread(w: Writer, node: Cst, { bits }: Network, how: string): void {
  w.ofValue(node, 'network-order', node, `${w.text(node)}, which is in network byte order, is ${how} as it is`, (n) => `__builtin_bswap${bits}(${n}) == ${n}`);
}

function inCall(w: Writer, node: Cst): void {
  const printed = printedBy(w.piece, node);
  if (printed) {
    for (const { argument, conversion } of directivesOf(w, printed)) if (/^[diuxX]$/.test(conversion)) shown(w, argument, 'printed');
    return;
  }
  const swap = swapOf(w.text(child(node, 'function')));
  const [value] = argumentsOf(node);
  const order = value && network(w, value);
  if (value && order && swap !== undefined && swap > order.bits) misread(w, value, order, `swapped as ${swap} bits`);
}

/** A number that is shown or computed with: wrong in network order, right where it was turned round for that. */
function shown(w: Writer, node: Cst, how: string): void {
  const order = network(w, node);
  if (order) misread(w, node, order, how);
  else if (isTurned(w, node)) w.before(node, 'network-order', `${w.text(node)} is ${how} in the host's order`, '1');
}

function isTurned(w: Writer, node: Cst): boolean {
  return w.of(node).turned === true;
}

function inBinary(w: Writer, node: Cst): void {
  const [left, right] = [child(node, 'left'), child(node, 'right')];
  if (!left || !right) return;
  for (const [value, other] of [[left, right], [right, left]] as const) {
    const order = network(w, value);
    const compares = /^(?:[<>]=?|[=!]=)$/.test(operatorOf(node));
    if (order && value === left && compares && network(w, other)) w.before(value, 'network-order', `${w.text(value)} and ${w.text(other)} are compared in one order`, '1');
    else if (order ? isWrong(w, operatorOf(node), value, order, other) : compares && isTurned(w, value)) shown(w, value, compares ? 'compared' : 'computed with');
  }
}

function isWrong(w: Writer, op: string, value: Cst, order: Network, other: Cst): boolean {
  const { quality } = w.of(other);
  const counts = quality.order?.kind !== 'network' && quality.constant !== 0n;
  switch (op) {
    case '==':
    case '!=':
      return isHosts(quality, order.bits, w.text(value));
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '+':
    case '-':
      return counts;
    // Addresses are multiplied to make hashes of them; ports and lengths are not.
    case '*':
    case '/':
      return counts && order.bits === 16;
    default:
      return false;
  }
}

/** Whether what a number in network order is compared with is known to be one of the host's. */
function isHosts({ constant, order }: Quality, bits: number, text: string): boolean {
  return constant === undefined ? order?.kind === HOST.kind : !swappedByHand(constant, bits, text);
}

function inAssignment(w: Writer, node: Cst): void {
  const [left, right] = [child(node, 'left'), child(node, 'right')];
  const order = right && network(w, right);
  if (left && right && order && /^[-+]=$/.test(operatorOf(node)) && !network(w, left)) misread(w, right, order, 'computed with');
}

function inSwitch(w: Writer, node: Cst): void {
  const [condition] = (child(node, 'condition')?.children ?? []).filter(({ type }) => /[a-z]/.test(type));
  const order = condition && network(w, condition);
  const cases = (child(node, 'body')?.children ?? []).flatMap((one) => (one.type === 'case_statement' ? (child(one, 'value') ?? []) : []));
  if (!condition || cases.length === 0) return;
  if (order ? cases.some((one) => isHosts(w.of(one).quality, order.bits, w.text(condition))) : isTurned(w, condition)) shown(w, condition, 'compared');
}
