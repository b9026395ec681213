import type { Call, Expr } from '../../syntax/ast.ts';
import { sizeOf } from '../ctypes/convert.ts';
import type { BtType } from '../types.ts';
import { bare } from '../../syntax/walk.ts';
import { isMonotonic } from './call-returns.ts';
import { literalOf } from './literals.ts';
import { isUnknown } from './relations.ts';
import { mapName } from './maps.ts';
import { fault, mapState, type State } from './state.ts';
import { say } from './words.ts';

type Check = (state: State, call: Call, types: readonly BtType[]) => void;

/** What bpftrace asks of arguments beyond their types, by function. */
const CHECKS: Readonly<Record<string, Check>> = {
  lhist: checkLhist,
  hist: (state, call) => within(state, call, 1, 'bits', 0n, 5n),
  tseries: checkTseries,
  str: (state, call) => notNegative(state, call, 1),
  buf: checkBuf,
  strncmp: (state, call) => notNegative(state, call, 2),
  ntop: checkNtop,
  macaddr: checkMacaddr,
  pton: checkPton,
  kstack: checkStack,
  ustack: checkStack,
  reg: checkRegister,
  signal: checkSignal,
  strftime: checkClock,
  len: checkLen,
};

export function checkValues(state: State, call: Call, types: readonly BtType[]): void {
  CHECKS[call.callee.text]?.(state, call, types);
}

function integerAt(state: State, call: Call, index: number): bigint | undefined {
  const arg = call.args[index];
  const value = arg ? literalOf(state, arg) : undefined;
  return typeof value === 'bigint' ? value : undefined;
}

function wrong(state: State, at: Expr | undefined, call: Call, message: string): void {
  fault(state, 'wrong-arguments', at ?? call, message);
}

function within(state: State, call: Call, index: number, what: string, least: bigint, most: bigint): void {
  const value = integerAt(state, call, index);
  if (value !== undefined && (value < least || value > most)) wrong(state, call.args[index], call, `${what} of ${call.callee.text}() must be ${least} to ${most}, not ${value}.`);
}

function notNegative(state: State, call: Call, index: number): void {
  const value = integerAt(state, call, index);
  if (value !== undefined && value < 0n) wrong(state, call.args[index], call, `The length of ${call.callee.text}() cannot be negative.`);
}

function checkLhist(state: State, call: Call): void {
  const [min, max, step] = [1, 2, 3].map((i) => integerAt(state, call, i));
  if (min === undefined || max === undefined || step === undefined) return;
  if (step <= 0n) return wrong(state, call.args[3], call, 'The step of lhist() must be at least 1.');
  if (min < 0n) return wrong(state, call.args[1], call, 'lhist() cannot begin below 0.');
  if (max < 0n) return wrong(state, call.args[2], call, 'lhist() cannot end below 0.');
  if (min > max) return wrong(state, call.args[1], call, `lhist() goes from its smaller to its larger bound; ${min} is larger than ${max}.`);
  if ((max - min) / step > 1000n) return wrong(state, call.args[3], call, `This lhist() would have ${(max - min) / step} steps; 1000 are possible. Make the step at least ${(max - min + 999n) / 1000n}.`);
  if (max - min < step) wrong(state, call.args[3], call, `The step of lhist() (${step}) is larger than its whole range (${max - min}).`);
}

function checkTseries(state: State, call: Call): void {
  const interval = integerAt(state, call, 1);
  if (interval !== undefined && interval <= 0n) wrong(state, call.args[1], call, 'The interval of tseries() must be positive.');
  within(state, call, 2, 'The number of intervals', 1n, 1_000_000n);
  const aggregation = call.args[3] ? literalOf(state, call.args[3]) : undefined;
  if (typeof aggregation === 'string' && !['avg', 'sum', 'max', 'min'].includes(aggregation)) wrong(state, call.args[3], call, `tseries() can keep "avg", "max", "min" or "sum" of each interval, not "${aggregation}".`);
}

function checkBuf(state: State, call: Call, types: readonly BtType[]): void {
  const [data] = types;
  if (call.args.length === 1 && data && !isUnknown(data) && data.kind !== 'array') wrong(state, call.args[0], call, `buf() knows the length of arrays only; for ${say(data)} give it as second argument.`);
  notNegative(state, call, 1);
}

function checkNtop(state: State, call: Call, types: readonly BtType[]): void {
  const index = call.args.length - 1;
  const type = types[index];
  if (!type || (type.kind !== 'array' && type.kind !== 'string')) return;
  const size = sizeOf(type);
  if (size !== 4 && size !== 16) wrong(state, call.args[index], call, `An address for ntop() has 4 or 16 bytes, not ${size}.`);
}

function checkMacaddr(state: State, call: Call, types: readonly BtType[]): void {
  const [type] = types;
  const arg = call.args[0];
  if (!type || !arg) return;
  if (bare(arg).kind === 'string') return wrong(state, arg, call, 'macaddr() reads the 6 bytes of an address, not text that is written out.');
  const size = sizeOf(type);
  if ((type.kind === 'array' || type.kind === 'string') && (state.rules.modern ? size < 6 : size !== 6)) wrong(state, arg, call, `An address for macaddr() has 6 bytes, not ${size}.`);
}

function checkPton(state: State, call: Call): void {
  const text = call.args[0] ? literalOf(state, call.args[0]) : undefined;
  if (typeof text !== 'string') return;
  const four = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  const right = four ? four.slice(1).every((part) => Number(part) < 256) : text.includes(':') && /^[\da-fA-F:.]+$/.test(text) && text.split('::').length <= 2 && (text.includes('::') || text.split(':').length === 8 || text.includes('.'));
  if (!right) wrong(state, call.args[0], call, `"${text}" is no IPv4 or IPv6 address.`);
}

/** Frames a stack can have at most. */
const MAX_FRAMES = 1024n;

function checkStack(state: State, call: Call): void {
  for (const [i, arg] of call.args.entries()) {
    const value = integerAt(state, call, i);
    if (value !== undefined && value > MAX_FRAMES) wrong(state, arg, call, `A stack has at most ${MAX_FRAMES} frames.`);
    const at = bare(arg);
    if (at.kind === 'identifier' && at.name === 'build_id' && call.callee.text === 'kstack') wrong(state, arg, call, 'The mode build_id is for ustack only.');
  }
}

const REGISTERS: Readonly<Record<string, readonly string[]>> = {
  x86_64: ['r15', 'r14', 'r13', 'r12', 'bp', 'bx', 'r11', 'r10', 'r9', 'r8', 'ax', 'cx', 'dx', 'si', 'di', 'orig_rax', 'ip', 'cs', 'flags', 'sp', 'ss'],
  aarch64: [...Array.from({ length: 31 }, (_, i) => `r${i}`), 'sp', 'pc', 'pstate'],
};

function checkRegister(state: State, call: Call): void {
  const name = call.args[0] ? literalOf(state, call.args[0]) : undefined;
  const known = REGISTERS[state.options.inventory.arch];
  if (known && typeof name === 'string' && !known.includes(name)) wrong(state, call.args[0], call, `${state.options.inventory.arch} has no register "${name}": ${known.join(', ')}.`);
}

function checkSignal(state: State, call: Call): void {
  const value = call.args[0] ? literalOf(state, call.args[0]) : undefined;
  if (typeof value === 'bigint' && (value < 1n || value > 64n)) wrong(state, call.args[0], call, `Signals are numbered 1 to 64; ${value} is none.`);
}

function checkClock(state: State, call: Call): void {
  const time = call.args[1] ? bare(call.args[1]) : undefined;
  if (time?.kind === 'call' && isMonotonic(time)) wrong(state, time, call, 'strftime() needs a clock that knows the time of day: nsecs, nsecs(boot) or nsecs(tai).');
}

/** Measured with 0.27: only elements are counted, and a map without keys has none. */
function checkLen(state: State, call: Call): void {
  const map = call.args[0] ? bare(call.args[0]) : undefined;
  const name = state.rules.modern && map?.kind === 'map' ? mapName(state, map) : undefined;
  if (name !== undefined && mapState(state, name).key?.kind === 'none') wrong(state, map, call, `len() counts the elements of a map with keys; ${name} has none.`);
}
