import type { Term } from '../terms/term.ts';
import { isFalse, widthOf } from '../terms/term.ts';
import type { Terms } from '../terms/terms.ts';
import type { Cells } from './cells.ts';
import type { Context } from './context.ts';
import type { Layouts } from './layout.ts';
import type { Maps } from './maps.ts';
import { isWritten, loaded, stored, type Memory } from './memory.ts';
import type { Output } from './output.ts';
import { merged, moved, number, type CoreOffset, type Place, type Region, type Value } from './value.ts';

/** An entry that was deleted or replaced: addresses of it lead to what it was. */
export interface Gone {
  readonly map: string;
  readonly key: Term;
  readonly when: Term;
  /** How many statements there were. */
  readonly at: number;
}

/** What holds at one point of a program. Immutable. */
export interface State {
  readonly registers: readonly (Value | undefined)[];
  readonly memory: Memory;
  readonly gone: readonly Gone[];
}

/** Below that no kernel has anything: reading there fails, and gives 0. */
const FIRST_PAGE = 4096n;
/** Places of a table that are told apart when it is read at a place that is computed. */
const MAX_TABLE = 64;

/** Reads and writes memory of all kinds. What cannot be followed is told to `unsupported`, and anything is read then. */
export class Access {
  readonly #out: Output;
  readonly #terms: Terms;
  readonly #maps: Maps;
  readonly #context: Context;
  readonly #layouts: Layouts;
  readonly #packet: PacketReads;
  readonly #unsupported: (what: string) => void;
  #unknown = 0;

  constructor(out: Output, maps: Maps, context: Context, layouts: Layouts, packet: PacketReads, unsupported: (what: string) => void) {
    this.#out = out;
    this.#terms = out.terms;
    this.#maps = maps;
    this.#context = context;
    this.#layouts = layouts;
    this.#packet = packet;
    this.#unsupported = unsupported;
  }

  /** As many bytes from an address on. */
  load(state: State, address: Value, bytes: number, core?: CoreOffset): Value {
    const [only, ...more] = address.places;
    if (!only) return number(this.#kernel(address, bytes, core));
    if (more.length === 0) return this.#at(state, only, bytes, core);
    return merged(this.#terms, address.places.map((place) => ({ when: place.when, value: this.#at(state, place, bytes, core) })));
  }

  /** The state with a value in memory; map entries are written by statements, under a condition. */
  store(state: State, address: Value, value: Value, when: Term): State {
    if (address.places.length === 0) {
      this.#unsupported('a write to memory that is not the program\'s own');
      return state;
    }
    const several = address.places.length > 1;
    return address.places.reduce((at, place) => {
      const old = several ? this.#at(at, place, widthOf(value.term) / 8) : undefined;
      const next = old ? number(this.#terms.ite(place.when, value.term, old.term)) : value;
      return this.#put(at, place, next, several ? this.#terms.all([when, place.when]) : when);
    }, state);
  }

  /** Something of which nothing is known. */
  anything(bits: number, what = 'unknown'): Term {
    return this.#out.read(this.#unknown++ === 0 ? what : `${what} #${this.#unknown}`, bits);
  }

  /** What a place of the outside held in the beginning; undefined for what was nothing. */
  initial(region: Region, offset: number, bytes: number): Term | undefined {
    if (region.kind === 'context') return this.#terms.extract(this.#context.read(offset, bytes).term, 0, bytes * 8);
    return region.kind === 'packet' ? this.#packet.read(offset, bytes) : undefined;
  }

  #at(state: State, place: Place, bytes: number, core?: CoreOffset): Value {
    const { region } = place;
    const offset = constant(place.offset);
    switch (region.kind) {
      case 'own':
      case 'context':
        if (offset === undefined) return this.#lost(region.kind === 'own' ? 'memory at a place that is computed' : 'a field of the context at a place that is computed', bytes);
        if (region.kind === 'context' && !isWritten(state.memory, region, offset, bytes)) return this.#context.read(offset, bytes);
        return loaded(this.#terms, state.memory, region, offset, bytes, (at, count) => this.initial(region, at, count) ?? this.anything(count * 8, 'memory that was not set'));
      case 'packet':
        return this.#fromPacket(state, place, bytes, core);
      case 'constant':
        return number(this.#table(region, place.offset, bytes));
      case 'entry':
        this.#stillThere(state, region, place.when);
        return number(this.#slice(this.#maps.entry(region.map, region.key), place.offset, bytes));
      case 'variable':
        return number(this.#slice(this.#maps.variable(region.map), place.offset, bytes));
      case 'map':
        return this.#lost('the inside of a map', bytes);
    }
  }

  #lost(what: string, bytes: number): Value {
    this.#unsupported(what);
    return number(this.anything(bytes * 8));
  }

  #put(state: State, place: Place, value: Value, when: Term): State {
    const { region } = place;
    const offset = constant(place.offset);
    if (region.kind === 'entry' || region.kind === 'variable') {
      if (region.kind === 'entry') this.#stillThere(state, region, place.when);
      const key = region.kind === 'entry' ? region.key : this.#maps.onlyKey;
      const whole = region.kind === 'entry' ? this.#maps.entry(region.map, key) : this.#maps.variable(region.map);
      this.#maps.put(region.map, key, this.#replaced(whole, place.offset, value.term), when);
      return state;
    }
    if (region.kind === 'packet') this.#packet.written(offset);
    if (offset === undefined || region.kind === 'constant' || region.kind === 'map') {
      this.#unsupported('a write to a place that is computed');
      return state;
    }
    return { ...state, memory: stored(state.memory, region, offset, value) };
  }

  #stillThere({ gone }: State, region: Extract<Region, { kind: 'entry' }>, here: Term): void {
    if (region.map.kind !== 'hash') return;
    if (gone.some(({ map, key, when, at }) => map === region.map.name && at > region.made && !isFalse(this.#terms.eq(key, region.key)) && !isFalse(this.#terms.all([here, when])))) this.#unsupported(`an entry of ${region.map.name} that is used after it was deleted or replaced`);
  }

  #fromPacket(state: State, place: Place, bytes: number, core: CoreOffset | undefined): Value {
    const offset = constant(place.offset);
    if (offset === undefined) return number(this.#packet.computed(place.offset, bytes));
    const leaf = core && this.#leafOf(core, bytes);
    return loaded(this.#terms, state.memory, place.region, offset, bytes, (at, count) => this.#packet.read(at, count, at === offset && count === bytes ? leaf : undefined));
  }

  #leafOf({ struct, offset }: CoreOffset, bytes: number): string | undefined {
    const type = this.#layouts.named(struct);
    return type && this.#layouts.leaves(type).find((leaf) => leaf.offset === offset && leaf.bytes === bytes)?.name;
  }

  /** Memory of the kernel, by the fields of its structs where they are known; 0 through a null pointer. */
  #kernel(address: Value, bytes: number, core: CoreOffset | undefined): Term {
    const terms = this.#terms;
    const root = core ? moved(terms, number(address.term), terms.bits(BigInt(-core.offset), 64)).term : address.core?.root;
    const struct = core?.struct ?? address.core?.struct;
    const from = core?.offset ?? (root && distance(address.term, root));
    const value = root && struct !== undefined && from !== undefined ? this.#fields(moved(terms, number(address.term), terms.bits(BigInt(-from), 64)).term, struct, from, bytes) : this.#out.read(`${bytes * 8} bits at`, bytes * 8, address.term);
    return terms.ite(terms.order('ult', address.term, terms.bits(FIRST_PAGE, 64)), terms.bits(0n, bytes * 8), value);
  }

  #fields(root: Term, struct: string, from: number, bytes: number): Term {
    const type = this.#layouts.named(struct);
    const leaves = type ? this.#layouts.leaves(type) : [];
    const parts: Term[] = [];
    for (let at = from; at < from + bytes; ) {
      const leaf = leaves.find(({ offset, bytes: size }) => offset <= at && at < offset + size);
      const end = leaf ? Math.min(leaf.offset + leaf.bytes, from + bytes) : at + 1;
      const start = leaf?.offset ?? at;
      const whole = this.#out.read(leaf?.name ?? `${struct} + ${at}`, (leaf?.bytes ?? 1) * 8, this.#terms.arithmetic('add', root, this.#terms.bits(BigInt(start), 64)));
      parts.unshift(this.#terms.extract(whole, (at - start) * 8, (end - at) * 8));
      at = end;
    }
    return this.#terms.concat(parts);
  }

  #slice(whole: Term, offset: Term, bytes: number): Term {
    const at = constant(offset);
    const width = widthOf(whole);
    if (at !== undefined && at >= 0 && (at + bytes) * 8 <= width) return this.#terms.extract(whole, at * 8, bytes * 8);
    if (at !== undefined || bytes * 8 > width) return this.#lost('memory outside of an entry', bytes).term;
    return this.#terms.extract(this.#terms.arithmetic('lshr', whole, this.#bitsOf(offset, width)), 0, bytes * 8);
  }

  #replaced(whole: Term, offset: Term, value: Term): Term {
    const terms = this.#terms;
    const at = constant(offset);
    const [width, own] = [widthOf(whole), widthOf(value)];
    if (at !== undefined && at >= 0 && at * 8 + own <= width) {
      const [low, high] = [at * 8, width - at * 8 - own];
      return terms.concat([...(high > 0 ? [terms.extract(whole, at * 8 + own, high)] : []), value, ...(low > 0 ? [terms.extract(whole, 0, low)] : [])]);
    }
    if (at !== undefined || own > width) {
      this.#unsupported('memory outside of an entry');
      return whole;
    }
    const shift = this.#bitsOf(offset, width);
    const mask = terms.arithmetic('shl', terms.zext(terms.bits(-1n, own), width), shift);
    return terms.arithmetic('or', terms.arithmetic('and', whole, terms.not(mask)), terms.arithmetic('shl', terms.zext(value, width), shift));
  }

  /** A distance in bytes as one in bits, as wide as what is shifted. */
  #bitsOf(offset: Term, width: number): Term {
    const bits = this.#terms.arithmetic('shl', offset, this.#terms.bits(3n, 64));
    return this.#terms.resize(bits, width, false);
  }

  #table({ bytes: table, settable, name }: Extract<Region, { kind: 'constant' }>, offset: Term, bytes: number): Term {
    const terms = this.#terms;
    const at = constant(offset);
    const valueAt = (from: number): Term => terms.bits(table.subarray(from, from + bytes).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n), bytes * 8);
    if (settable) return at === undefined ? this.#lost('a constant at a place that is computed', bytes).term : this.#out.read(at === 0 && table.length === bytes ? name : `${name} + ${at}`, bytes * 8);
    if (at !== undefined) return valueAt(at);
    if (table.length / bytes > MAX_TABLE) return this.#lost('a long table that is read at a place that is computed', bytes).term;
    return Array.from({ length: Math.floor(table.length / bytes) }, (_, i) => i * bytes).reduceRight((rest, from) => terms.ite(terms.eq(offset, terms.bits(BigInt(from), 64)), valueAt(from), rest), valueAt(0));
  }
}

/** What a packet held in the beginning. */
export class PacketReads {
  readonly #out: Output;
  readonly #cells: Cells;
  readonly #unsupported: (what: string) => void;
  /** Once a place is computed all is read by bytes, so that the same byte has one value. */
  readonly computedBefore: boolean;
  isComputed = false;
  #isWritten = false;

  constructor(out: Output, cells: Cells, computedBefore: boolean, unsupported: (what: string) => void) {
    this.#out = out;
    this.#cells = cells;
    this.computedBefore = computedBefore;
    this.#unsupported = unsupported;
  }

  read(offset: number, bytes: number, name?: string): Term {
    if (this.computedBefore) return this.#bytes(this.#out.terms.bits(BigInt(offset), 64), bytes);
    const cell = this.#cells.at(offset, bytes, name);
    return this.#out.terms.extract(this.#out.read(this.#called(cell), cell.bytes * 8), (offset - cell.offset) * 8, bytes * 8);
  }

  #called(cell: { readonly offset: number; readonly bytes: number }): string {
    const name = this.#cells.name(cell);
    return `packet[${cell.offset}]${name === undefined ? '' : ` (${name})`}`;
  }

  computed(offset: Term, bytes: number): Term {
    this.isComputed = true;
    if (this.#isWritten) this.#unsupported('a packet that is read at a place that is computed after it was written');
    return this.#bytes(offset, bytes);
  }

  written(offset: number | undefined): void {
    this.#isWritten = true;
    if (offset === undefined || this.computedBefore) this.#unsupported('a packet that is written, and read at a place that is computed');
  }

  #bytes(offset: Term, bytes: number): Term {
    const { terms } = this.#out;
    return terms.concat(Array.from({ length: bytes }, (_, i) => this.#out.read('packet byte', 8, terms.arithmetic('add', offset, terms.bits(BigInt(bytes - 1 - i), 64)))));
  }
}

/** How far one address is from another, when that is seen. */
function distance(to: Term, from: Term): number | undefined {
  const split = (term: Term): readonly [Term, bigint] => {
    const [base, more] = term.args;
    return term.op === 'add' && base && more?.value !== undefined ? [base, more.value] : [term, 0n];
  };
  const [[a, far], [b, near]] = [split(to), split(from)];
  return a === b ? Number(BigInt.asIntN(64, far - near)) : undefined;
}

export function constant({ value }: Term): number | undefined {
  return value === undefined ? undefined : Number(BigInt.asIntN(64, value));
}
