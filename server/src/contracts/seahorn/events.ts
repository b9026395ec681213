import { readName, type IrEvent } from '../ir/interpret.ts';
import type { SeahornInputs } from './counterexample.ts';
import type { SeahornFile, SeahornInput } from './print.ts';
import { WORD } from './words.ts';

/** The values that functions returned, taken one after the other; 0 behind the last. */
class Values {
  readonly #left: Map<string, bigint[]>;

  constructor(inputs: SeahornInputs) {
    this.#left = new Map([...inputs].map(([name, values]) => [name, [...values]]));
  }

  take({ functions, width }: SeahornInput): bigint {
    const words = functions.map((name, n) => (this.#left.get(name)?.shift() ?? 0n) << BigInt(n * WORD));
    return BigInt.asUintN(width, words.reduce((sum, word) => sum | word, 0n));
  }
}

const EVENT: SeahornInput = { name: '', functions: ['nd_event'], width: 8 };

/** The events that SeaHorn's values stand for. Events that are none are left out. What is read through addresses is known when the events ran. */
export function eventsOf(file: SeahornFile, inputs: SeahornInputs): readonly IrEvent[] {
  const values = new Values(inputs);
  const events: IrEvent[] = [];
  for (let n = 0; n < file.events; n++) {
    const reads = new Map(file.clocks.map((clock): [string, bigint] => [clock.name, values.take(clock)]));
    const printed = file.handlers[Number(values.take(EVENT)) - 1];
    if (!printed) continue;
    for (const read of printed.reads) reads.set(read.name, values.take(read));
    events.push({ handler: printed.handler.name, reads: new Reads(reads, printed.through, values) });
  }
  return events;
}

/** Takes the value at an address when it is asked for first: in the order in which the C program asked. */
class Reads extends Map<string, bigint> {
  readonly #through: readonly SeahornInput[];
  readonly #values: Values;

  constructor(known: ReadonlyMap<string, bigint>, through: readonly SeahornInput[], values: Values) {
    super(known);
    this.#through = through;
    this.#values = values;
  }

  override get(name: string): bigint | undefined {
    const known = super.get(name);
    if (known !== undefined) return known;
    const read = this.#through.find((one) => name.startsWith(PREFIX(one.name)));
    if (!read) return undefined;
    const value = this.#values.take(read);
    this.set(name, value);
    return value;
  }
}

/** How all reads of a name through an address begin. */
const PREFIX = (name: string): string => readName(name, 0n).slice(0, -1);
