import type { Instruction, Register } from '../parse/instruction.ts';
import { constantOf, parseValue, property, type Value } from '../state/value.ts';

/**
 * What an instruction makes of what was known before it, where the log prints no states: kernels before 5.16 print them at
 * branches only. Undefined where that takes more than copying, adding, masking and the size of what is loaded.
 */
export function derivedValue(instruction: Instruction, before: (register: Register) => Value | undefined): Value | undefined {
  if (instruction.kind === 'move') return 'constant' in instruction.from ? parseValue(String(instruction.from.constant)) : instruction.wide ? before(instruction.from.register) : undefined;
  const most = largest(instruction, before);
  if (most !== undefined) return parseValue(`scalar(smin=0,smax=${most},umin=0,umax=${most})`);
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

/** The largest number a mask, a load of one or two bytes or a shift of such a number can give; none is a pointer. */
function largest(instruction: Instruction, before: (register: Register) => Value | undefined): number | undefined {
  if (instruction.kind === 'load') return !instruction.signed && instruction.from.size <= 2 ? 2 ** (8 * instruction.from.size) - 1 : undefined;
  if (instruction.kind !== 'arithmetic' || !instruction.by || !('constant' in instruction.by)) return undefined;
  const by = Number(instruction.by.constant);
  if (instruction.operator === '&') return by >= 0 && by < 2 ** 31 ? by : undefined;
  const known = property(before(instruction.to), 'umax');
  return instruction.operator === '<<' && instruction.wide && known !== undefined && by < 32 && known * 2 ** by < 2 ** 53 ? known * 2 ** by : undefined;
}
