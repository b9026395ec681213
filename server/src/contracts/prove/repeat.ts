import { interpret, type IrEvent } from '../ir/interpret.ts';
import type { IrHandler, IrProgram } from '../ir/ir.ts';
import { placeId, poolOf, Random, Readings, readsOf } from './sample.ts';
import { Turns } from './turns.ts';
import { usesOf } from './uses.ts';

/** Numbers that something is counted up to, and how often one event is repeated for them. */
const MOST = 256n;
const CONSTANTS = 4;
/** What events read is made up this often. */
const TRIES = 6;

/**
 * Runs a handler again and again with the same readings, alone and with another one behind it: what goes wrong only when something was counted up to
 * a number the program compares with takes more events than a solver looks at. Gives the shortest run seen for each place, by `placeId`.
 */
export async function repeat(program: IrProgram, handlers: readonly IrHandler[], wanted: ReadonlySet<string>): Promise<ReadonlyMap<string, readonly IrEvent[]>> {
  const found = new Map<string, readonly IrEvent[]>();
  const writers = handlers.filter(({ first, body }) => !first && usesOf(body).filled.size > 0);
  const counted = [...new Set(handlers.flatMap(({ body }) => [...usesOf(body).compared]))].filter((value) => value > 2n && value <= MOST).sort((a, b) => Number(a - b)).slice(0, CONSTANTS).map(Number);
  if (counted.length === 0) return found;
  const turns = new Turns();
  for (let round = 0; round < TRIES && found.size < wanted.size; round++) {
    const made = readings(program, handlers, new Random(round + 1));
    const look = (names: readonly string[]): void => {
      const events = names.map(made);
      for (const { event, property, span } of interpret(program, events).violations) {
        const id = placeId({ property, span });
        if (wanted.has(id) && event + 1 < (found.get(id)?.length ?? Infinity)) found.set(id, events.slice(0, event + 1));
      }
    };
    const firsts = handlers.filter(({ first }) => first).map(({ name }) => name);
    for (const { name } of writers) {
      const times = (count: number): readonly string[] => [...firsts, ...Array.from({ length: count }, () => name)];
      look(times(Math.max(...counted) + 2));
      for (const last of handlers) {
        if (last.first || last.name === name) continue;
        for (const count of new Set(counted.flatMap((value) => [value - 1, value, value + 1]))) {
          look([...times(count), last.name]);
          await turns.next();
        }
      }
    }
  }
  return found;
}

/** Events that read the same; time goes on by the same span. */
function readings(program: IrProgram, handlers: readonly IrHandler[], random: Random): (handler: string, n: number) => IrEvent {
  const widths = readsOf(handlers);
  const pool = poolOf(handlers);
  const values = new Map<string, bigint>();
  const value = (name: string): bigint => {
    const known = values.get(name) ?? random.value(widths.get(name) ?? 64, pool);
    values.set(name, known);
    return known;
  };
  const step = random.step();
  return (handler, n) => ({ handler, reads: new Readings(new Map((program.clocks ?? []).map((clock) => [clock, 1n + step * BigInt(n)])), value) });
}
