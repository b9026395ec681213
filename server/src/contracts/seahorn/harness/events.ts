import { readName, type IrEvent } from '../../ir/interpret.ts';
import type { SeahornInputs } from '../counterexample.ts';
import type { Input } from './inputs.ts';
import type { HarnessFile } from './print.ts';

/** The bits of what a handler reads under a name. */
export type WidthOf = (handler: string, read: string) => number | undefined;

/** The events that SeaHorn's values stand for, as a proof calls what they read. Events that are none are left out. */
export function eventsOfHarness(file: HarnessFile, inputs: SeahornInputs, widthOf: WidthOf): readonly IrEvent[] {
  const left = new Map([...inputs].map(([name, values]) => [name, [...values]]));
  const take = ({ nd, calls, bytes }: Input): bigint => {
    let sum = 0n;
    for (let n = 0; n < calls; n++) sum |= (left.get(nd)?.shift() ?? 0n) << BigInt(n * 64);
    return BigInt.asUintN(bytes * 8, sum);
  };
  const always = new Map(file.settings.map((input): [string, bigint] => [input.read, take(input)]));
  const events: IrEvent[] = [];
  for (let n = 0; n < file.events; n++) {
    const reads = new Map([...always, ...file.clocks.map((clock): [string, bigint] => [clock.read, take(clock)])]);
    const handler = file.handlers[Number(left.get('nd_event')?.shift() ?? 0n) - 1];
    if (!handler) continue;
    for (const [name, value] of handler.known) reads.set(name, value);
    let packet = 0n;
    for (const input of handler.inputs) {
      const value = take(input);
      if (input.read === 'packet') packet = value >> 16n;
      else if (input.read !== '') reads.set(readName(input.read, input.at), input.choices?.[Number(value)] ?? value);
    }
    events.push({ handler: handler.name, reads: new Asked(reads, packet, file.asked, left, (read) => widthOf(handler.name, read)) });
  }
  return events;
}

/** Knows of the packet's bytes, and takes what is asked for when it is asked for first: in the order in which the C program asked. */
class Asked extends Map<string, bigint> {
  readonly #packet: bigint;
  readonly #asked: readonly Input[];
  readonly #left: Map<string, bigint[]>;

  readonly #widthOf: (read: string) => number | undefined;

  constructor(known: ReadonlyMap<string, bigint>, packet: bigint, asked: readonly Input[], left: Map<string, bigint[]>, widthOf: (read: string) => number | undefined) {
    super(known);
    [this.#packet, this.#asked, this.#left, this.#widthOf] = [packet, asked, left, widthOf];
  }

  override get(name: string): bigint | undefined {
    const found = super.get(name) ?? this.#inPacket(name) ?? this.#taken(name);
    if (found === undefined) return undefined;
    const width = this.#widthOf(name);
    const value = width === undefined ? found : BigInt.asUintN(width, found);
    this.set(name, value);
    return value;
  }

  /** `packet[12] (h_proto)`, as wide as it is read; `packet byte of 0xc`. */
  #inPacket(name: string): bigint | undefined {
    const at = /^packet\[(\d+)\]/.exec(name)?.[1];
    if (at !== undefined) return this.#packet >> BigInt(8 * Number(at));
    const byte = /^packet byte of 0x([0-9a-f]+)$/.exec(name)?.[1];
    return byte === undefined ? undefined : BigInt.asUintN(8, this.#packet >> (8n * BigInt(`0x${byte}`)));
  }

  #taken(name: string): bigint | undefined {
    const own = name.replace(/ #\d+$/, '').replace(/\(\)$/, '');
    const input = this.#asked.find(({ read }) => read !== '' && read === own);
    return input && this.#left.get(input.nd)?.shift();
  }
}
