import { child, type Cst } from '../../../language/bpftrace/syntax/cst.ts';
import { swapped } from '../../properties/quality.ts';
import { field, pointedTo, store, typeOfHelper, value, type Frame } from './evaluate.ts';
import { argumentsOf, textOf, type Piece } from './piece.ts';
import { parameterInRegister, resultOf, resultOfHelper } from './sources.ts';
import { elementOf } from './types.ts';
import { copied, NO_VALUE, type CValue } from './value.ts';

/** How deep macros of the program's own are followed into each other. */
const MAX_DEPTH = 8;

const SWAPS: readonly (readonly [RegExp, 16 | 32 | 64])[] = [
  [/^(?:(?:bpf_|__bpf_)?(?:ntohs|htons)|__builtin_bswap16|__bswap_(?:constant_)?16|___bpf_swab16|bpf_(?:be16_to_cpu|cpu_to_be16))$/, 16],
  [/^(?:(?:bpf_|__bpf_)?(?:ntohl|htonl)|__builtin_bswap32|__bswap_(?:constant_)?32|___bpf_swab32|bpf_(?:be32_to_cpu|cpu_to_be32))$/, 32],
  [/^(?:__builtin_bswap64|___bpf_swab64|bpf_(?:be64_to_cpu|cpu_to_be64))$/, 64],
];

/** Bits that a function or macro turns round; undefined for others. */
export function swapOf(name: string): 16 | 32 | 64 | undefined {
  return SWAPS.find(([pattern]) => pattern.test(name))?.[1];
}

/** `BPF_CORE_READ(p, a.b, c)` and the like. */
const PATH = /^(?:BPF_CORE_READ|BPF_PROBE_READ)(?:_USER)?$/;
/** `BPF_CORE_READ_INTO(&to, p, a.b, c)`. */
const PATH_INTO = /^(?:BPF_CORE_READ|BPF_PROBE_READ)(?:_USER)?_INTO$/;
/** Copies of memory: to, how much, from. */
const COPY = /^bpf_(?:probe_read(?:_kernel|_user)?|core_read(?:_user)?)$/;
/** To, from, how much. */
const MEMCPY = /^(?:__builtin_)?memcpy$/;
const REGISTER = /^PT_REGS_(?:(RC|RET)|PARM(\d))(?:_CORE|_SYSCALL|_CORE_SYSCALL)?$/;

export const isRead = (name: string): boolean => PATH.test(name) || PATH_INTO.test(name);

export function called(frame: Frame, node: Cst): CValue {
  const callee = child(node, 'function');
  const name = textOf(frame.piece, callee);
  const args = argumentsOf(node);
  if (PATH.test(name)) return pathRead(frame, node, name, args);
  const [first] = args;
  if (PATH_INTO.test(name) && first) {
    const read = pathRead(frame, node, name, args.slice(1));
    copyTo(frame, value(frame, first), read);
    return NO_VALUE;
  }
  if (callee && callee.type !== 'identifier') value(frame, callee);
  const given = args.map((arg) => (arg.type === 'type_descriptor' ? NO_VALUE : value(frame, arg)));
  const piece = frame.world.piece(name);
  return piece ? ofProgram(frame, piece, given) : ofHelper(frame, name, args, given);
}

/** `copied` values have lost where they lie, but not what they point to. */
function copyTo(frame: Frame, pointer: CValue, given: CValue): void {
  if (pointer.points) store(frame, pointer.points, copied(given), '', undefined);
}

function ofProgram(frame: Frame, piece: Piece, given: readonly CValue[]): CValue {
  const { world } = frame;
  if (piece.kind === 'macro') {
    if (frame.depth >= MAX_DEPTH) return NO_VALUE;
    const bound = new Map(piece.params.map(({ name }, i) => [name, given[i] ?? NO_VALUE]));
    return frame.statements({ ...frame, piece, bound, depth: frame.depth + 1 }, piece.body);
  }
  given.forEach((one, i) => { world.put(`param ${piece.name} ${i}`, one); });
  const type = world.types.written(piece.returns);
  const result = world.at(`result ${piece.name}`);
  return { ...NO_VALUE, ...result, type: type ?? result?.type };
}

function ofHelper(frame: Frame, name: string, args: readonly Cst[], given: readonly CValue[]): CValue {
  const { world, piece } = frame;
  const [first = NO_VALUE, second = NO_VALUE, third = NO_VALUE] = given;
  const swap = swapOf(name);
  if (swap !== undefined) return { quality: swapped(first.quality, swap), type: first.type, ...(first.quality.order?.kind === 'network' && { turned: true as const }) };
  if (COPY.test(name)) copyTo(frame, first, pointedTo(frame, third));
  if (MEMCPY.test(name)) copyTo(frame, first, pointedTo(frame, second));
  const map = first.points?.place?.startsWith('map ') === true ? first.points.place.slice('map '.length) : undefined;
  if (map !== undefined && name === 'bpf_map_update_elem') world.put(`entry ${map}`, pointedTo(frame, third));
  if (map !== undefined && /^bpf_map_lookup_(?:elem|percpu_elem)$/.test(name)) {
    const type = world.types.written(world.globals.get(map)?.value);
    return { ...NO_VALUE, points: { ...NO_VALUE, type, place: `entry ${map}`, entry: map }, entry: map };
  }
  if (name === 'bpf_core_cast') return { ...first, type: world.types.written(`${textOf(piece, args[1])} *`) };
  const [, result, number] = REGISTER.exec(name) ?? [];
  const register = result !== undefined ? resultOf(world, piece) : number !== undefined ? parameterInRegister(world, piece, Number(number)) : undefined;
  if (register) return { ...register, type: world.types.written('unsigned long') };
  const known = resultOfHelper(name);
  return { quality: { ...(known?.quality ?? {}) }, type: typeOfHelper(world, name), ...(known?.origin && { origin: known.origin }) };
}

/** Members one after the other, each through the pointer before it. */
function pathRead(frame: Frame, node: Cst, name: string, [object, ...path]: readonly Cst[]): CValue {
  let at = object ? value(frame, object) : NO_VALUE;
  const members: CValue[] = [];
  const before = textOf(frame.piece, { start: node.start, end: path[0]?.start ?? node.end });
  const call = PATH_INTO.test(name) ? `${name.replace('_INTO', '')}(${textOf(frame.piece, object)}, ` : before;
  for (const part of path) {
    const whole = textOf(frame.piece, part);
    let from = 0;
    for (const piece of whole.split('.')) {
      const [, member = '', index] = /^\s*(\w+)\s*(\[.*\])?\s*$/.exec(piece) ?? [];
      const ahead = `${textOf(frame.piece, { start: path[0]?.start ?? part.start, end: part.start })}${whole.slice(0, from)}`;
      at = field(frame, at, member, (other) => `${call}${ahead}${other})`);
      if (index !== undefined) at = { ...at, type: elementOf(at.type) };
      members.push(at);
      from += piece.length + 1;
    }
  }
  frame.world.reads.set(node, members);
  return copied(at);
}

/** What is printed of a call's arguments, with its format. */
export interface Printed {
  readonly format: Cst;
  readonly args: readonly Cst[];
}

const PRINTS: Readonly<Record<string, number>> = { bpf_printk: 0, ___bpf_printk: 0, bpf_trace_printk: 0, BPF_SEQ_PRINTF: 1, BPF_SNPRINTF: 2 };

export function printedBy(piece: Piece, node: Cst): Printed | undefined {
  const name = textOf(piece, child(node, 'function'));
  const at = Object.hasOwn(PRINTS, name) ? PRINTS[name] : undefined;
  if (at === undefined) return undefined;
  const args = argumentsOf(node);
  const format = args[at];
  return format && { format, args: args.slice(at + (name === 'bpf_trace_printk' ? 2 : 1)) };
}

