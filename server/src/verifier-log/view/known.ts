import { MOVES_PACKET } from '../explain/rules/pointers.ts';
import { readRegisters, writtenRegister, type Instruction, type Register } from '../parse/instruction.ts';
import type { Trace } from '../parse/trace.ts';
import type { State, Value } from '../state/value.ts';

/** What was known before a visit of an instruction. A register that is there without a value holds something nobody told. */
export interface Known {
  readonly registers: ReadonlyMap<Register, Value | undefined>;
  readonly slots: ReadonlyMap<number, Value>;
  /** Registers that pointed into a packet, and the call that may have moved it. The verifier takes them for plain numbers, without saying so. */
  readonly moved: ReadonlyMap<Register, string>;
}

/** Visits that are looked back at most: further back nothing is said of a register that matters here. */
const MAX_BACK = 5000;

/** Registers a call leaves without a value. */
const CLOBBERED: readonly Register[] = [1, 2, 3, 4, 5];

/** Gathers what the log tells of every register before a visit: the verifier prints only what an instruction changed. */
export function knownBefore(trace: Trace, visit: number): Known {
  const registers = new Map<Register, Value | undefined>();
  const slots = new Map<number, Value>();
  const moved = new Map<Register, string>();
  let mover: string | undefined;
  const frame = trace.frameOf(visit);
  const addRegister = (register: Register, value: Value): void => {
    if (registers.has(register)) return;
    const isLost = mover !== undefined && /^pkt(?:_meta|_end)?$/.test(value.type);
    registers.set(register, isLost ? undefined : value);
    if (isLost) moved.set(register, mover ?? '');
  };
  const add = (state: State | undefined): boolean => {
    if (state?.frame !== frame) return false;
    for (const [register, value] of state.registers) addRegister(register, value);
    for (const [slot, value] of state.slots) if (!slots.has(slot)) slots.set(slot, value);
    // A whole state tells the frame's address too; a partial one stands behind an instruction.
    return state.registers.has(10);
  };
  let whole = add(trace.stateBefore(visit));
  let at = trace.previous(visit);
  for (let steps = 0; !whole && at >= 0 && steps < MAX_BACK; steps++, at = trace.previous(at)) {
    if (trace.frameOf(at) > frame) continue;
    if (trace.frameOf(at) < frame) {
      addArguments(trace, at, registers);
      break;
    }
    add(trace.stateAfter(at));
    const instruction = trace.instruction(at);
    if (instruction.kind === 'call' && MOVES_PACKET.test(instruction.callee)) mover ??= instruction.callee;
    for (const register of changedBy(instruction)) if (!registers.has(register)) registers.set(register, undefined);
    whole = add(trace.stateBefore(at));
  }
  return { registers, slots, moved };
}

/** A function's arguments are what its caller had in the same registers. */
function addArguments(trace: Trace, call: number, registers: Map<Register, Value | undefined>): void {
  const { registers: given } = knownBefore(trace, call);
  for (const register of CLOBBERED) if (!registers.has(register) && given.has(register)) registers.set(register, given.get(register));
}

/** Registers whose values an instruction gives or takes away. */
function changedBy(instruction: Instruction): readonly Register[] {
  if (instruction.kind === 'call' || instruction.kind === 'local-call') return [0, ...CLOBBERED];
  const written = writtenRegister(instruction);
  return written === undefined ? [] : [written];
}

/** Registers an instruction uses; of calls those that hold something. */
export function usedBy(instruction: Instruction, known: Known): ReadonlySet<Register> {
  if (instruction.kind === 'call' || instruction.kind === 'local-call') return new Set(CLOBBERED.filter((register) => known.registers.get(register) !== undefined));
  return new Set(readRegisters(instruction));
}
