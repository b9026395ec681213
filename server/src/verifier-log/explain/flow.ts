import { readRegisters, writtenRegister, type Instruction, type Register } from '../parse/instruction.ts';
import type { SourceNote, Trace } from '../parse/trace.ts';
import { parseValue, property, type Value } from '../state/value.ts';
import { derivedValue } from './derived.ts';

/** Where a value was made: the position on the path, and how. A position of -1 is before the program's first step. */
export interface Origin {
  readonly position: number;
  readonly register: Register;
  readonly how: 'call' | 'load' | 'constant' | 'address' | 'arithmetic' | 'argument' | 'stack' | 'uninitialized' | 'unknown';
  /** Positions the value passed from its making to its use, the making first: copies, offsets, spills, fills. */
  readonly passed: readonly number[];
}

/** Steps that are looked through for a state. */
const MAX_SEEN = 200;

/** Copies and sums that are followed where no state is printed. */
const MAX_DERIVED = 20;
const FRAME = parseValue('fp0');

/** Loops may bring the same value round again and again. */
const MAX_LINKS = 200;

/**
 * The path the verifier was on when it stopped, from the program's first instruction to the rejected one, and questions
 * about it. Positions count steps of the path.
 */
export class Flow {
  readonly trace: Trace;
  /** Visits, in order. */
  readonly path: Int32Array;
  readonly #decoded = new Map<number, Instruction>();
  #depth = 0;

  constructor(trace: Trace) {
    this.trace = trace;
    this.path = pathOf(trace);
  }

  /** Position of the rejected instruction; -1 when the log tells no step. */
  get last(): number {
    return this.path.length - 1;
  }

  number(position: number): number {
    return position < 0 || position > this.last ? -1 : this.trace.instructionNumber(this.#visit(position));
  }

  frame(position: number): number {
    return this.trace.frameOf(this.#visit(position));
  }

  logLine(position: number): number {
    return this.trace.lineOf(this.#visit(position));
  }

  source(position: number): SourceNote | undefined {
    return position < 0 ? undefined : this.trace.sourceOf(this.#visit(position));
  }

  /** An instruction's text is the same at each visit: it is decoded once. */
  instruction(position: number): Instruction {
    const number = this.number(position);
    let known = this.#decoded.get(number);
    if (!known) {
      known = position < 0 || position > this.last ? { kind: 'other' } : this.trace.instruction(this.#visit(position));
      this.#decoded.set(number, known);
    }
    return known;
  }

  /** What the verifier knew of a register before the step; undefined when the log does not tell. */
  before(position: number, register: Register): Value | undefined {
    const frame = this.frame(position);
    const own = this.trace.stateBefore(this.#visit(position));
    if (own?.frame === frame && own.registers.has(register)) return own.registers.get(register);
    const definition = this.definition(position, register);
    for (let p = position - 1; p >= Math.max(0, definition); p--) {
      if (this.frame(p) !== frame) continue;
      const found = this.#printed(p, register, frame) ?? (p > definition ? this.#printedBefore(p, register, frame) : undefined);
      if (found) return found;
    }
    if (definition < 0 && position > 0) return register === 10 ? FRAME : this.#printedBefore(0, register, frame);
    return this.#acrossFrames(definition, register, frame) ?? this.#derived(definition, register, frame);
  }

  /** What copying and adding make of earlier values, where the log tells no state. */
  #derived(definition: number, register: Register, frame: number): Value | undefined {
    if (definition < 0 || this.frame(definition) !== frame || this.#depth > MAX_DERIVED) return undefined;
    const instruction = this.instruction(definition);
    if (writtenRegister(instruction) !== register) return undefined;
    this.#depth++;
    const value = derivedValue(instruction, (of) => (of === 10 ? FRAME : this.before(definition, of)));
    this.#depth--;
    return value;
  }

  /** An argument of a function of the program: what the caller knew of it. */
  #acrossFrames(definition: number, register: Register, frame: number): Value | undefined {
    return definition >= 0 && this.frame(definition) < frame && register >= 1 && register <= 5 && this.instruction(definition).kind === 'local-call' ? this.before(definition, register) : undefined;
  }

  /** What the verifier knew of a register after the step. */
  after(position: number, register: Register): Value | undefined {
    return this.#printed(position, register, this.frame(position)) ?? (position < this.last ? this.before(position + 1, register) : undefined);
  }

  /** What the first state printed behind a step says of a register that nothing wrote in between: kernels before 5.18 print few. */
  seenAfter(position: number, register: Register): Value | undefined {
    const frame = this.frame(position);
    for (let p = position + 1; p <= this.last && p < position + MAX_SEEN; p++) {
      if (this.frame(p) !== frame) continue;
      const written = this.#printed(p, register, frame);
      if (written || writtenRegister(this.instruction(p)) === register) return written;
    }
    return undefined;
  }

  #printed(position: number, register: Register, frame: number): Value | undefined {
    const visit = this.#visit(position);
    // Most lines say nothing of a register; reading them all would make long walks slow.
    if (!this.trace.mentions(visit, register)) return undefined;
    const state = this.trace.stateAfter(visit);
    return state?.frame === frame ? state.registers.get(register) : undefined;
  }

  #printedBefore(position: number, register: Register, frame: number): Value | undefined {
    const state = this.trace.stateBefore(this.#visit(position));
    return state?.frame === frame ? state.registers.get(register) : undefined;
  }

  /**
   * The latest step before `position` that gave the register its value; for an argument of one of the program's own
   * functions, the call. -1 when it was there from the beginning.
   */
  definition(position: number, register: Register): number {
    const frame = this.frame(position);
    for (let p = position - 1; p >= 0; p--) {
      const at = this.frame(p);
      const instruction = this.instruction(p);
      if (at > frame) {
        if (register === 0 && instruction.kind === 'exit' && at === frame + 1 && this.frame(p + 1) === frame) return p;
        continue;
      }
      if (at < frame) return p;
      if (writtenRegister(instruction) === register) return p;
      if (register <= 5 && (instruction.kind === 'call' || instruction.kind === 'local-call')) return p;
    }
    return -1;
  }

  /** The latest store into a slot of the frame's stack before `position`; -1 when there is none. */
  slotDefinition(position: number, frame: number, offset: number): number {
    for (let p = position - 1; p >= 0; p--) {
      const instruction = this.instruction(p);
      if (instruction.kind !== 'store' && instruction.kind !== 'atomic') continue;
      const { base, offset: at, size } = instruction.place;
      const from = base === 10 ? (this.frame(p) === frame ? at : undefined) : this.#stackOffset(p, base, at);
      if (from !== undefined && from <= offset && offset < from + size) return p;
    }
    return -1;
  }

  #stackOffset(position: number, base: Register, offset: number): number | undefined {
    const value = this.before(position, base);
    return value?.type === 'fp' ? (property(value, 'off') ?? 0) + offset : undefined;
  }

  /** Offset from the frame's top of a memory operand that lies on the stack. */
  stackPlace(position: number, base: Register, offset: number): number | undefined {
    return base === 10 ? offset : this.#stackOffset(position, base, offset);
  }

  /** Follows a register's value back to where it was made. */
  origin(position: number, register: Register): Origin {
    const passed: number[] = [];
    let at = position;
    let of = register;
    const made = (how: Origin['how'], where: number): Origin => ({ position: where, register: of, how, passed: passed.toReversed() });
    for (let links = 0; links < MAX_LINKS; links++) {
      if (of === 10) return made('stack', -1);
      const p = this.definition(at, of);
      // Of a log whose beginning is cut off nobody can tell.
      if (p < 0) return made(this.trace.isCut ? 'unknown' : of >= 1 && of <= 5 ? 'argument' : 'uninitialized', -1);
      const instruction = this.instruction(p);
      if (this.frame(p) < this.frame(at) && instruction.kind !== 'local-call') return made('argument', p);
      switch (instruction.kind) {
        case 'local-call':
          if (of === 0 || this.frame(p) === this.frame(at)) return made(of === 0 ? 'call' : 'uninitialized', p);
          break;
        case 'exit':
          break;
        case 'call':
          return made(of === 0 ? 'call' : 'uninitialized', p);
        case 'address':
          return made('address', p);
        case 'move': {
          if (!('register' in instruction.from)) return made('constant', p);
          if (!instruction.wide || instruction.signExtends) return made('arithmetic', p);
          of = instruction.from.register;
          break;
        }
        case 'arithmetic': {
          const pointer = this.#pointerOperand(p, instruction);
          if (pointer === undefined) return made('arithmetic', p);
          of = pointer;
          break;
        }
        case 'load': {
          const slot = this.stackPlace(p, instruction.from.base, instruction.from.offset);
          const store = slot === undefined ? -1 : this.slotDefinition(p, this.frame(p), slot);
          const spilled = store < 0 ? undefined : this.instruction(store);
          if (spilled?.kind !== 'store' || !('register' in spilled.value)) return made('load', p);
          passed.push(p);
          of = spilled.value.register;
          passed.push(store);
          at = store;
          continue;
        }
        default:
          return made('load', p);
      }
      passed.push(p);
      at = p;
    }
    return made('unknown', at);
  }

  /** Of a sum, the register that is the pointer: the sum points to the same thing. */
  #pointerOperand(position: number, instruction: Extract<Instruction, { kind: 'arithmetic' }>): Register | undefined {
    if (!instruction.wide || (instruction.operator !== '+' && instruction.operator !== '-')) return undefined;
    if (!instruction.by || !('register' in instruction.by)) return this.#isPointer(position, instruction.to) === false ? undefined : instruction.to;
    if (this.#isPointer(position, instruction.to)) return instruction.to;
    if (this.#isPointer(position, instruction.by.register)) return instruction.by.register;
    return undefined;
  }

  #isPointer(position: number, register: Register): boolean | undefined {
    const value = this.before(position, register);
    return value === undefined ? undefined : value.type !== 'scalar';
  }

  /** Conditional branches before `position` that the register takes part in, the latest first. */
  branches(position: number, matches: (branch: Extract<Instruction, { kind: 'branch' }>, at: number) => boolean, until = 0): number[] {
    const found: number[] = [];
    for (let p = position - 1; p >= Math.max(0, until); p--) {
      const instruction = this.instruction(p);
      if (instruction.kind === 'branch' && matches(instruction, p)) found.push(p);
    }
    return found;
  }

  /** The latest step before `position` and after `since` of which something is true. */
  latest(position: number, since: number, holds: (at: number) => boolean): number | undefined {
    for (let p = position - 1; p > since; p--) if (holds(p)) return p;
    return undefined;
  }

  /** Whether the path went on at the branch's target. */
  taken(position: number): boolean {
    const instruction = this.instruction(position);
    return (instruction.kind === 'branch' || instruction.kind === 'jump') && this.number(position + 1) === instruction.target;
  }

  /** Registers a step reads, by what the instruction shows. */
  reads(position: number): readonly Register[] {
    return readRegisters(this.instruction(position));
  }

  #visit(position: number): number {
    return this.path[position] ?? -1;
  }
}

/** The way back from the last step to where its verification began. */
function pathOf(trace: Trace): Int32Array {
  const reversed: number[] = [];
  for (let visit = trace.count - 1; visit >= 0; visit = trace.previous(visit)) reversed.push(visit);
  return Int32Array.from(reversed.reverse());
}
