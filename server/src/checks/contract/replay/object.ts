import { readLinked, type LinkedObject, type ObjectSymbol } from '../../../kernel/elf/object-symbols.ts';
import { CALLEE, isCall } from '../../../contracts/bytecode/instruction.ts';
import { readProgram } from '../../../contracts/bytecode/object.ts';
import type { MapInfo } from '../../../contracts/bytecode/value.ts';
import { HELPERS } from '../../../language/bpfc/catalogue/helpers.ts';
import { numberOf } from './bytes.ts';

/** A variable that lives as long as the program: a part of a map that the loader makes of its section. */
export interface Variable {
  readonly section: string;
  readonly offset: number;
  /** What it holds in the beginning. */
  readonly initial: Uint8Array;
}

/** What is to be known of an object to run its programs. */
export interface RealObject {
  /** Sections of its functions, by their names. */
  readonly sections: ReadonlyMap<string, string>;
  readonly maps: ReadonlyMap<string, MapInfo>;
  readonly variables: ReadonlyMap<string, Variable>;
  /** What a constant holds that may be set before loading: `port`, `ports + 4` as reads are called. */
  constant(read: string): bigint | undefined;
  /** Helpers it calls that do something to the machine or to processes of it. */
  readonly acting: readonly string[];
}

/** Helpers whose effect goes beyond the program, its maps and its packet. */
const ACTING = /^bpf_(?:clone_redirect|send_signal|probe_write_user|override_return|setsockopt|sys_|tcp_send_ack|timer_|(?:sk|msg)_redirect|tail_call$)/;

/** Throws UserError when the bytes are no object. */
export function readRealObject(file: Uint8Array): RealObject {
  const elf = readLinked(file);
  const { functions, maps, codes } = readProgram(file);
  const called = [...codes.values()].flatMap(({ instructions }) => instructions.flatMap((one) => (one && isCall(one) && one.src === CALLEE.helper ? [HELPERS[one.imm - 1]?.name ?? `the helper ${one.imm}`] : [])));
  return {
    sections: new Map(functions.map(({ name, code }) => [name, code.name])),
    maps,
    variables: new Map(dataOf(elf, /^\.(?:bss|data)/).map(({ name, section, value, size, bytes }) => [name, { section, offset: value, initial: bytes.length === 0 ? new Uint8Array(size) : bytes }])),
    constant: constantsOf(elf),
    acting: [...new Set(called.filter((name) => ACTING.test(name)))],
  };
}

type Data = Omit<ObjectSymbol, 'section'> & { readonly section: string; /** Empty for what is all 0. */ readonly bytes: Uint8Array };

function dataOf({ sections, symbols }: LinkedObject, where: RegExp): readonly Data[] {
  return symbols.flatMap((symbol): Data[] => {
    const section = sections[symbol.section];
    if (symbol.type !== 1 || !section || !where.test(section.name)) return [];
    return [{ ...symbol, section: section.name, bytes: section.bytes.slice(symbol.value, symbol.value + symbol.size) }];
  });
}

function constantsOf(elf: LinkedObject): RealObject['constant'] {
  const data = new Map(dataOf(elf, /^\.rodata/).map((one) => [one.name, one]));
  return (read) => {
    const [, name = '', from, bits] = /^(\w+)(?: \+ (\d+))?(?: \((\d+) bits\))?$/.exec(read) ?? [];
    const bytes = data.get(name)?.bytes.subarray(Number(from ?? 0));
    // How many are read is not told: all above them must be 0 then.
    return bytes && bytes.length <= 8 && bits === undefined ? numberOf(bytes) : undefined;
  };
}
