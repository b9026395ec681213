import { findField, resolve, type CStruct } from '../../../kernel/ctype.ts';
import { isCountable, isInteger, isPointer, isUnknown } from '../../../language/bpftrace/analysis/check/relations.ts';
import { fault } from '../../../language/bpftrace/analysis/check/state.ts';
import { either, plural, say } from '../../../language/bpftrace/analysis/check/words.ts';
import { unknown, type BtType } from '../../../language/bpftrace/analysis/types.ts';
import type { Call, Expr } from '../ast.ts';
import { contractFunction, type ContractFunction } from '../functions.ts';
import type { Checker } from './checker.ts';

export function typeOfCalled(checker: Checker, node: Call): BtType {
  const { host, state, keyword } = checker;
  const known = contractFunction(node.callee.text, host.language);
  if (!known) return host.call(checker, node);
  if (node.args.length !== known.params.length) {
    for (const arg of node.args) checker.visit(arg);
    fault(state, 'wrong-arguments', node, `${known.name}() takes ${plural(known.params.length, 'argument')}, not ${node.args.length}: ${known.form}.`);
    return resultOf(known, undefined);
  }
  if (known.only && keyword && !known.only.includes(keyword)) fault(state, 'misplaced', node.callee, `${known.name}() means something in ${either(known.only)} only: elsewhere nothing was before.`);
  if (known.name === 'old' && checker.old > 0) fault(state, 'misplaced', node.callee, 'old() inside of old() means nothing more.');
  checker.old += known.name === 'old' ? 1 : 0;
  const types = node.args.map((arg, i) => argument(checker, known, i, arg));
  checker.old -= known.name === 'old' ? 1 : 0;
  return resultOf(known, types[0]);
}

function resultOf({ gives }: ContractFunction, first: BtType | undefined): BtType {
  switch (gives) {
    case 'bool':
      return { kind: 'bool' };
    case 'value':
      return first ?? unknown;
    case 'same':
      return first && isInteger(first) ? { kind: 'integer', bits: first.bits, signed: false } : unknown;
    default:
      return { kind: 'integer', bits: gives, signed: false };
  }
}

function argument(checker: Checker, called: ContractFunction, index: number, arg: Expr): BtType {
  const { state, visit, host } = checker;
  const takes = called.params[index]?.takes;
  const type = visit(arg);
  if (takes === 'entry') {
    const form = host.language === 'c' ? 'map[key]' : '@map[key]';
    if (!host.entry(checker, arg) && arg.kind !== 'missing') fault(state, 'wrong-arguments', arg, `${called.name}() asks for an entry of a map: ${called.name}(${form}).`);
    return type;
  }
  const wrong = isUnknown(type) ? undefined : takes === 'integer' ? notInteger(type) : takes === 'pointer' ? notAddress(type) : takes === 'socket' ? notSocket(type) : undefined;
  if (wrong !== undefined) fault(state, 'wrong-arguments', arg, `${called.name}() needs ${wrong}; this is ${say(type)}.`);
  return type;
}

const notInteger = (type: BtType): string | undefined => (isInteger(type) || type.kind === 'bool' || isCountable(type) ? undefined : 'an integer');
const notAddress = (type: BtType): string | undefined => (isPointer(type) || isInteger(type) || type.kind === 'array' || type.kind === 'string' ? undefined : 'a pointer');

function notSocket(type: BtType): string | undefined {
  const to = isPointer(type) ? type.to() : type;
  if (isUnknown(to) || (to.kind === 'record' && isSocket(to.struct))) return undefined;
  return 'a socket, such as a struct sock *';
}

/** Fields that tell the family, and the socket that others stand for. */
const FAMILY = ['skc_family', 'sk_family', '__sk_common', 'family', 'sa_family', 'sin_family', 'sin6_family', 'sk'];

const sockets = new WeakMap<CStruct, boolean>();

/** Structs of the kernel have hundreds of fields: each is looked through once. */
function isSocket(struct: CStruct): boolean {
  const known = sockets.get(struct) ?? beginsWithSocket(struct, 0);
  sockets.set(struct, known);
  return known;
}

/** The kernel's sockets begin with a socket: tcp_sock, inet_connection_sock, inet_sock, sock. */
function beginsWithSocket(struct: CStruct, depth: number): boolean {
  const fields = struct.fields();
  // One that is only declared here may be a socket.
  if (fields.length === 0 || FAMILY.some((name) => findField(struct, name))) return true;
  const first = fields[0] && resolve(fields[0].type());
  return depth < 8 && first?.kind === 'struct' && beginsWithSocket(first, depth + 1);
}
