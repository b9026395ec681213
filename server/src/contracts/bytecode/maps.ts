import { type IrExpr, type IrMap } from '../ir/ir.ts';
import type { Term } from '../terms/term.ts';
import type { Output } from './output.ts';
import type { MapInfo } from './value.ts';

/** What handlers read of maps and write to them. */
export class Maps {
  readonly #out: Output;
  readonly #used: Map<string, IrMap>;
  /** How often each map was written. */
  readonly #versions = new Map<string, number>();
  readonly #known = new Map<string, Term>();

  /** `used`: the maps of all handlers, to which those are added that are used here. */
  constructor(out: Output, used: Map<string, IrMap>) {
    this.#out = out;
    this.#used = used;
  }

  /** The key of what has no key. */
  get onlyKey(): Term {
    return this.#out.terms.bits(0n, 1);
  }

  /** What an entry holds now; 0 when it is absent. */
  entry(map: MapInfo, key: Term): Term {
    return this.#now('entry', map, key, map.valueBytes * 8, { kind: 'entry', map: map.name, key: this.#out.lower(key) });
  }

  variable(map: MapInfo): Term {
    return this.#initially(map, this.entry(map, this.onlyKey));
  }

  present(map: MapInfo, key: Term): Term {
    return this.#now('present', map, key, 'bool', { kind: 'present', map: map.name, key: this.#out.lower(key) });
  }

  put(map: MapInfo, key: Term, value: Term, when: Term): void {
    this.#use(map);
    const lowered = { key: this.#out.lower(key), value: this.#out.lower(this.#initially(map, value)) };
    this.#out.when(when, (span) => ({ kind: 'put', map: map.name, ...lowered, span }));
    this.#written(map);
  }

  remove(map: MapInfo, key: Term, when: Term): void {
    this.#use(map);
    const lowered = this.#out.lower(key);
    this.#out.when(when, (span) => ({ kind: 'remove', map: map.name, key: lowered, span }));
    this.#written(map);
  }

  /** Maps are 0 in the beginning: a variable that is not is kept as its difference from what it was. */
  #initially({ initial }: MapInfo, value: Term): Term {
    if (!initial) return value;
    return this.#out.terms.arithmetic('xor', value, this.#out.terms.bits(numberOf(initial), initial.length * 8));
  }

  #now(what: string, map: MapInfo, key: Term, width: number | 'bool', expr: IrExpr): Term {
    this.#use(map);
    const name = `${what} ${map.name} ${this.#versions.get(map.name) ?? 0} ${key.id}`;
    const term = this.#known.get(name) ?? this.#out.kept(expr, width);
    this.#known.set(name, term);
    return term;
  }

  #written({ name }: MapInfo): void {
    this.#versions.set(name, (this.#versions.get(name) ?? 0) + 1);
  }

  #use({ name, keyBytes, valueBytes, initial }: MapInfo): void {
    this.#used.set(name, { name, key: keyBytes * 8 || 1, value: valueBytes * 8 || 1, ...(initial && { from: numberOf(initial) }) });
  }
}

/** The least significant byte comes first. */
function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}
