import type { Instruction, Register } from '../parse/instruction.ts';
import { constantOf, parseValue, property, type Value } from '../state/value.ts';

/**
 * What an instruction makes of what was known before it, where the log prints no states: kernels before 5.16 print them at
 * branches only. Undefined where that takes more than copying and adding.
 */
export function derivedValue(instruction: Instruction, before: (register: Register) => Value | undefined): Value | undefined {
  if (instruction.kind === 'move') return 'constant' in instruction.from ? parseValue(String(instruction.from.constant)) : instruction.wide ? before(instruction.from.register) : undefined;
  if (instruction.kind !== 'arithmetic' || !instruction.wide || (instruction.operator !== '+' && instruction.operator !== '-') || !instruction.by) return undefined;
  const to = before(instruction.to);
  const by = 'constant' in instruction.by ? instruction.by.constant : constantOf(before(instruction.by.register));
  if (to === undefined || by === undefined) return undefined;
  const added = instruction.operator === '+' ? by : -by;
  const constant = constantOf(to);
  if (constant !== undefined) return parseValue(String(constant + added));
  if (to.type === 'scalar') return undefined;
  return { ...to, properties: new Map([...to.properties, ['off', String((property(to, 'off') ?? 0) + Number(added))]]) };
}
