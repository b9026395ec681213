import type { Span } from '../../base/span.ts';
import { isFalse, widthOf, type Term } from '../terms/term.ts';
import type { Terms } from '../terms/terms.ts';
import type { Access, Gone, State } from './access.ts';
import { arithmetic, condition } from './alu.ts';
import { atomic } from './atomic.ts';
import { bpfLoop } from './callback.ts';
import type { Calls } from './calls.ts';
import { flowOf, type Element, type Flow } from './flow.ts';
import { bytesOf, CALLEE, CLASS, classOf, isCall, isExit, isJump, JUMP, LOAD_64, MODE, modeOf, operationOf, successors, usesRegister, type Instruction } from './instruction.ts';
import { mergedMemory } from './memory.ts';
import type { BpfProgram, Code } from './object.ts';
import type { Output } from './output.ts';
import { totalStays } from './totals.ts';
import { merged, moved, number, type CoreOffset, type Region, type Value } from './value.ts';

/** A way to get somewhere. */
interface Way {
  readonly when: Term;
  readonly state: State;
}

/** Rounds of a loop that are looked at. */
const ROUNDS = 40;
/** Functions inside each other that are followed. */
const MAX_CALLS = 8;
/** Instructions of one handler, those of loops each time. */
const MAX_STEPS = 40_000;
/** More terms than that no solver answers in time. */
const MAX_TERMS = 400_000;
const STACK = 0x2000_0000n;
/** The number of `bpf_loop`. */
const BPF_LOOP = 181;

/** Raised when a program is too large to be followed. */
export class TooLarge extends Error {}

export interface Circumstances {
  readonly program: BpfProgram;
  readonly out: Output;
  readonly access: Access;
  readonly calls: Calls;
  readonly unsupported: (what: string) => void;
  /** The text of a line of the program; undefined for lines of headers. */
  readonly spanOf: (file: string, line: number) => Span | undefined;
}

/** Executes the instructions of one handler with terms for values; each statement counts under the condition of getting there. */
export class Machine {
  readonly #with: Circumstances;
  readonly #terms: Terms;
  #steps = 0;
  #frames = 0;

  constructor(circumstances: Circumstances) {
    this.#with = circumstances;
    this.#terms = circumstances.out.terms;
  }

  /** From a function's beginning to its end; undefined when it never ends. */
  run(code: Code, at: number, state: State, when: Term): Way | undefined {
    if (this.#frames > MAX_CALLS) throw new TooLarge('functions call each other too deeply');
    this.#frames++;
    const frame: Region = { kind: 'own', name: `frame ${this.#frames}` };
    const top: Value = { term: this.#terms.bits(STACK * BigInt(this.#frames), 64), places: [{ region: frame, offset: this.#terms.bits(0n, 64), when: this.#terms.yes }] };
    const registers = [...state.registers.slice(0, 10)];
    registers[10] = top;
    const left = new Run(this, code, flowOf(code.instructions, at)).from(at, { when, state: { ...state, registers } });
    this.#frames--;
    return left;
  }

  /** One way out of several, whose conditions exclude each other. */
  join(ways: readonly Way[]): Way | undefined {
    const possible = ways.filter(({ when }) => !isFalse(when));
    const [first] = possible;
    if (!first || possible.length === 1) return first;
    const terms = this.#terms;
    const told = distinct(terms, possible);
    const registers = Array.from({ length: 11 }, (_, i): Value | undefined => {
      const values = told.flatMap(({ when, state }) => { const value = state.registers[i]; return value ? [{ when, value }] : []; });
      return values.length === told.length ? merged(terms, values) : undefined;
    });
    const memory = mergedMemory(terms, told.map(({ when, state }) => ({ when, memory: state.memory })), (region, offset) => this.#with.access.initial(region, offset, 1));
    const gone: readonly Gone[] = [...new Set(possible.flatMap(({ state }) => state.gone))];
    return { when: anyOf(terms, possible.map(({ when }) => when)), state: { registers, memory, gone } };
  }

  /** The ways out of a block, by where they lead; `undefined` stands for the function's end. */
  block(code: Code, from: number, to: number, { when, state: before }: Way): readonly { readonly to: number | undefined; readonly way: Way }[] {
    let state = before;
    let at = from;
    for (let one = code.instructions[at]; one; one = code.instructions[at]) {
      this.#count();
      this.#place(code, at);
      const next = at + (one.next === undefined ? 1 : 2);
      if (isExit(one)) return [{ to: undefined, way: { when, state } }];
      if (isJump(one) && !isCall(one)) return this.#jump(code, at, one, { when, state });
      const after = isCall(one) ? this.#call(code, at, one, { when, state }) : { when, state: this.#step(code, at, one, state, when) };
      if (!after) return [];
      state = after.state;
      at = next;
      if (at >= to) break;
    }
    return [{ to: at, way: { when, state } }];
  }

  #count(): void {
    if (++this.#steps > MAX_STEPS) throw new TooLarge(`more than ${MAX_STEPS.toLocaleString('en')} instructions are carried out`);
    if (this.#terms.size > MAX_TERMS) throw new TooLarge('its values depend on too much');
  }

  #place(code: Code, at: number): void {
    const { lines } = code.ext;
    let [low, high] = [0, lines.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((lines[middle]?.at ?? 0) <= at * 8) low = middle + 1;
      else high = middle;
    }
    const line = lines[low - 1];
    const span = line && this.#with.spanOf(line.file, line.line);
    if (span) this.#with.out.span = span;
  }

  #jump(code: Code, at: number, one: Instruction, { when, state }: Way): readonly { to: number; way: Way }[] {
    const [first, second] = successors(code.instructions, at);
    if (first === undefined) return [];
    if (operationOf(one) === JUMP.always || second === undefined) return [{ to: first, way: { when, state } }];
    const taken = condition(this.#terms, one, this.#register(state, one.dst).term, usesRegister(one) ? this.#register(state, one.src).term : this.#terms.no);
    if (!taken) this.#with.unsupported(`the instruction ${one.opcode.toString(16)}`);
    const goes = taken ?? this.#terms.eq(this.#with.access.anything(1), this.#terms.bits(1n, 1));
    const both = [{ to: first, when: goes }, { to: second, when: this.#terms.negate(goes) }];
    return both.flatMap((way) => { const reached = this.#terms.all([when, way.when]); return isFalse(reached) ? [] : [{ to: way.to, way: { when: reached, state } }]; });
  }

  #register(state: State, index: number): Value {
    return state.registers[index] ?? number(this.#with.access.anything(64, 'a register that was not set'));
  }

  #step(code: Code, at: number, one: Instruction, state: State, when: Term): State {
    const set = (value: Value): State => withRegister(state, one.dst, value);
    switch (classOf(one)) {
      case CLASS.alu32:
      case CLASS.alu64:
        return set(this.#arithmetic(code, at, one, state));
      case CLASS.ld:
        return set(one.opcode === LOAD_64 ? this.#wide(code, at, one) : this.#unknown('a load of the classic kind'));
      case CLASS.ldx:
        return set(this.#load(code, at, one, state));
      default:
        return this.#store(one, state, when);
    }
  }

  #unknown(what: string): Value {
    this.#with.unsupported(what);
    return number(this.#with.access.anything(64));
  }

  #arithmetic(code: Code, at: number, one: Instruction, state: State): Value {
    const terms = this.#terms;
    const core = this.#core(code, at);
    const wide = classOf(one) === CLASS.alu64;
    const operation = operationOf(one);
    const source = usesRegister(one) && operation !== 0xd0 ? this.#register(state, one.src) : number(terms.bits(BigInt(one.imm), 64));
    if (operation === 0xb0 && wide && one.offset === 0) return core ? { ...source, coreOffset: core } : source;
    const dst = operation === 0xb0 ? source : this.#register(state, one.dst);
    const term = arithmetic(terms, one, dst.term, source.term);
    if (!term) return this.#unknown(`the instruction ${one.opcode.toString(16)}`);
    if (wide && operation === 0x00) return this.#sum(dst, source, core);
    if (wide && operation === 0x10 && dst.places.length > 0 && source.places.length === 0) return moved(terms, dst, terms.neg(source.term));
    return number(term);
  }

  /** An address and a distance; the distance may be that of a field. */
  #sum(a: Value, b: Value, core: CoreOffset | undefined): Value {
    const [address, distance] = a.places.length === 0 && (b.places.length > 0 || a.coreOffset) ? [b, a] : [a, b];
    const sum = moved(this.#terms, address, distance.term);
    const field = core ?? distance.coreOffset;
    if (!field) return sum;
    return { ...sum, core: { struct: field.struct, root: moved(this.#terms, number(sum.term), this.#terms.bits(BigInt(-field.offset), 64)).term } };
  }

  /** The field that the constant of an instruction is the offset of. */
  #core(code: Code, at: number): CoreOffset | undefined {
    const found = code.ext.core.get(at * 8);
    return found?.kind === 0 ? this.#with.program.layouts.field(found.type, found.path) : undefined;
  }

  #wide(code: Code, at: number, one: Instruction): Value {
    const terms = this.#terms;
    const symbol = code.symbols.get(at);
    const value = (BigInt(one.next ?? 0) << 32n) | BigInt.asUintN(32, BigInt(one.imm));
    if (!symbol) return number(terms.bits(value, 64));
    if (this.#with.program.codes.has(symbol.section)) {
      const start = (symbol.value + one.imm) / 8;
      return { ...number(this.#with.out.read(`the function at ${symbol.section}:${start}`, 64)), code: { section: symbol.section, at: start } };
    }
    const data = this.#with.program.dataAt(symbol, one.imm);
    if (!data) return number(this.#with.out.read(symbol.name === '' ? 'an address of the program' : `&${symbol.name}`, 64));
    return { term: this.#with.calls.baseOf(data.region, data.offset), places: [{ region: data.region, offset: terms.bits(BigInt(data.offset), 64), when: terms.yes }] };
  }

  #load(code: Code, at: number, one: Instruction, state: State): Value {
    const mode = modeOf(one);
    if (mode !== MODE.mem && mode !== MODE.signed) return this.#unknown('a load of an unknown kind');
    const address = moved(this.#terms, this.#register(state, one.src), this.#terms.bits(BigInt(one.offset), 64));
    const bytes = bytesOf(one);
    const value = this.#with.access.load(state, address, bytes, this.#core(code, at));
    if (widthOf(value.term) === 64) return value;
    return number(mode === MODE.signed ? this.#terms.sext(value.term, 64) : this.#terms.zext(value.term, 64));
  }

  #store(one: Instruction, state: State, when: Term): State {
    const bytes = bytesOf(one);
    const address = moved(this.#terms, this.#register(state, one.dst), this.#terms.bits(BigInt(one.offset), 64));
    const source = classOf(one) === CLASS.st ? number(this.#terms.bits(BigInt(one.imm), 64)) : this.#register(state, one.src);
    if (bytes === 8) this.#total(one, state, address, source, when);
    if (modeOf(one) === MODE.mem) return this.#with.access.store(state, address, bytes === 8 ? source : number(this.#terms.extract(source.term, 0, bytes * 8)), when);
    if (modeOf(one) === MODE.atomic) return atomic(this.#terms, this.#with.access, one, state, address, source, when) ?? this.#refused(state, 'an atomic instruction of an unknown kind');
    return this.#refused(state, 'a store of an unknown kind');
  }

  #total(one: Instruction, state: State, address: Value, source: Value, when: Term): void {
    const isAdded = modeOf(one) === MODE.atomic && (one.imm & ~1) === 0;
    if (!isAdded && (modeOf(one) !== MODE.mem || source.term.op !== 'add')) return;
    const old = this.#with.access.load(state, address, 8).term;
    const stays = totalStays(this.#terms, address, old, isAdded ? this.#terms.arithmetic('add', old, source.term) : source.term);
    if (!stays) return;
    const condition = this.#with.out.lower(stays);
    this.#with.out.when(when, (span) => ({ kind: 'assume', condition, span }));
  }

  #refused(state: State, what: string): State {
    this.#with.unsupported(what);
    return state;
  }

  #call(code: Code, at: number, one: Instruction, way: Way): Way | undefined {
    if (one.src === CALLEE.subprogram) return this.#inner(code, at, one, way);
    if (one.src !== CALLEE.helper || usesRegister(one)) {
      this.#with.unsupported(one.src === CALLEE.kfunc ? `${code.symbols.get(at)?.name ?? 'a function'}() of the kernel` : 'a function that is called by its address');
      return { ...way, state: afterCall(way.state, number(this.#with.access.anything(64))) };
    }
    const callback = way.state.registers[2]?.code;
    const target = one.imm === BPF_LOOP && callback ? this.#with.program.codes.get(callback.section) : undefined;
    if (callback && target) {
      const called = (given: readonly Value[], { when, state }: Way): Way | undefined => this.run(target, callback.at, { ...state, registers: state.registers.map((value, i) => given[i - 1] ?? value) }, when);
      return bpfLoop({ terms: this.#terms, rounds: ROUNDS, call: called, join: (ways) => this.join(ways), unfinished: (ways) => { this.unfinished(ways); } }, [1, 2, 3].map((i) => this.#register(way.state, i)), way);
    }
    const args = Array.from({ length: 5 }, (_, i) => way.state.registers[i + 1] ?? number(this.#terms.bits(0n, 64)));
    const { state, result } = this.#with.calls.helper(one.imm, args, way.state, way.when);
    return { ...way, state: afterCall(state, result) };
  }

  #inner(code: Code, at: number, one: Instruction, way: Way): Way | undefined {
    const symbol = code.symbols.get(at);
    const target = symbol ? this.#with.program.codes.get(symbol.section) : code;
    if (!target) {
      this.#with.unsupported(`${symbol?.name ?? 'a function'}() of the kernel`);
      return { ...way, state: afterCall(way.state, number(this.#with.access.anything(64))) };
    }
    const start = symbol ? symbol.value / 8 + one.imm + 1 : at + 1 + one.imm;
    const left = this.run(target, start, way.state, way.when);
    if (!left) return undefined;
    const registers = way.state.registers.map((value, i) => (i === 0 ? left.state.registers[0] : i < 6 ? undefined : value));
    return { when: way.when, state: { ...left.state, registers } };
  }

  /** A loop goes on behind the rounds that are looked at. */
  unfinished(ways: readonly Way[]): void {
    const { out } = this.#with;
    const more = anyOf(this.#terms, ways.map(({ when }) => when));
    if (isFalse(more)) return;
    // Nothing happens in it: it stands for what was not looked at.
    out.statements.push({ kind: 'loop', condition: out.lower(more), body: [], limit: ROUNDS, span: out.span });
  }
}

/** One function that is carried out. */
class Run {
  readonly #machine: Machine;
  readonly #code: Code;
  readonly #flow: Flow;
  readonly #waiting = new Map<number, Way[]>();
  readonly #left: Way[] = [];

  constructor(machine: Machine, code: Code, flow: Flow) {
    this.#machine = machine;
    this.#code = code;
    this.#flow = flow;
  }

  from(at: number, way: Way): Way | undefined {
    this.#waiting.set(at, [way]);
    this.#all(this.#flow.order);
    return this.#machine.join(this.#left);
  }

  #all(elements: readonly Element[]): void {
    for (const element of elements) {
      if (typeof element === 'number') this.#block(element);
      else this.#loop(element.head, element.body);
    }
  }

  #loop(head: number, body: readonly Element[]): void {
    for (let round = 0; this.#waiting.has(head); round++) {
      if (round > ROUNDS) {
        this.#machine.unfinished(this.#waiting.get(head) ?? []);
        this.#waiting.delete(head);
        return;
      }
      this.#block(head);
      this.#all(body);
    }
  }

  #block(block: number): void {
    const way = this.#machine.join(this.#waiting.get(block) ?? []);
    this.#waiting.delete(block);
    if (!way) return;
    for (const next of this.#machine.block(this.#code, block, this.#flow.ends.get(block) ?? block + 1, way)) {
      if (next.to === undefined) this.#left.push(next.way);
      else this.#waiting.set(next.to, [...(this.#waiting.get(next.to) ?? []), next.way]);
    }
  }
}

function withRegister(state: State, index: number, value: Value): State {
  const registers = [...state.registers];
  registers[index] = value;
  return { ...state, registers };
}

/** A call leaves its result and forgets its arguments. */
function afterCall(state: State, result: Value): State {
  return { ...state, registers: state.registers.map((value, i) => (i === 0 ? result : i < 6 ? undefined : value)) };
}

/** The parts of a condition that are all to hold. */
const parts = (terms: Terms, term: Term): readonly Term[] => (term.op === 'conj' ? term.args : term === terms.yes ? [] : [term]);

/** What is common to all ways is left out of their conditions: they are only to be told apart. */
function distinct(terms: Terms, ways: readonly Way[]): readonly Way[] {
  const [first = []] = ways.map(({ when }) => parts(terms, when));
  const common = new Set(first.filter((part) => ways.every(({ when }) => parts(terms, when).includes(part))));
  return ways.map(({ when, state }) => ({ state, when: terms.all(parts(terms, when).filter((part) => !common.has(part))) }));
}

/** One of the conditions holds; those that differ only in one part that is negated in the other are one without it. */
function anyOf(terms: Terms, conditions: readonly Term[]): Term {
  const open = [...new Set(conditions)];
  for (let i = 0; i < open.length; i++) {
    for (let j = i + 1; j < open.length; j++) {
      const [a, b] = [open[i], open[j]];
      const both = a && b && together(terms, a, b);
      if (!both) continue;
      open.splice(j, 1);
      open.splice(i, 1, both);
      i = -1;
      break;
    }
  }
  return terms.any(open);
}

function together(terms: Terms, a: Term, b: Term): Term | undefined {
  const [left, right] = [parts(terms, a), parts(terms, b)];
  const onlyLeft = left.filter((part) => !right.includes(part));
  const onlyRight = right.filter((part) => !left.includes(part));
  const common = left.filter((part) => right.includes(part));
  if (onlyLeft.length === 0 || onlyRight.length === 0) return terms.all(common);
  return terms.all(onlyLeft) === terms.negate(terms.all(onlyRight)) || terms.negate(terms.all(onlyLeft)) === terms.all(onlyRight) ? terms.all(common) : undefined;
}

