import { writtenRegister, type Register } from '../parse/instruction.ts';
import type { Trace } from '../parse/trace.ts';
import { assignedVariable } from '../explain/c/text.ts';

/** Visits that are looked back at for a name. */
const MAX_BACK = 1000;
const MAX_COPIES = 8;

/** The variable a register stands for before a visit: the one that the line assigns which made the value. */
export function variableIn(trace: Trace, visit: number, register: Register): string | undefined {
  let of = register;
  let made = definition(trace, visit, of);
  for (let copies = 0; made >= 0 && copies < MAX_COPIES; copies++) {
    const variable = assignedVariable(trace.sourceOf(made)?.text ?? '');
    if (variable !== undefined && isLast(trace, made, of)) return variable;
    const instruction = trace.instruction(made);
    if (instruction.kind !== 'move' || !('register' in instruction.from)) return undefined;
    of = instruction.from.register;
    made = definition(trace, made, of);
  }
  return undefined;
}

function definition(trace: Trace, visit: number, register: Register): number {
  const frame = trace.frameOf(visit);
  let at = trace.previous(visit);
  for (let steps = 0; at >= 0 && steps < MAX_BACK; steps++, at = trace.previous(at)) {
    if (trace.frameOf(at) > frame) continue;
    if (trace.frameOf(at) < frame) return -1;
    const instruction = trace.instruction(at);
    if (writtenRegister(instruction) === register) return at;
    if (register <= 5 && (instruction.kind === 'call' || instruction.kind === 'local-call')) return -1;
  }
  return -1;
}

/** Whether the register holds what its line computes, not a step on the way: nothing but copies of it follows in that line. */
function isLast(trace: Trace, made: number, register: Register): boolean {
  const note = trace.sourceOf(made);
  for (let at = made + 1; at < trace.count && trace.previous(at) === at - 1 && trace.sourceOf(at) === note; at++) {
    const instruction = trace.instruction(at);
    if (writtenRegister(instruction) === undefined) continue;
    if (instruction.kind !== 'move' || !('register' in instruction.from) || instruction.from.register !== register) return false;
  }
  return true;
}
