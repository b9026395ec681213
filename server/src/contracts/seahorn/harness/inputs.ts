import type { CStruct } from '../../../kernel/ctype.ts';
import { partsOf, type Part } from './fields.ts';

/** Values that a function of C gives, and what a proof calls what they are. */
export interface Input {
  readonly nd: string;
  readonly type: string;
  /** How often it is called for one value, the lowest word first. */
  readonly calls: number;
  readonly read: string;
  /** Bytes of the value. */
  readonly bytes: number;
  /** Where it lies, when it is read through an address. */
  readonly at?: bigint;
  /** Addresses that the value chooses from, 0 being none; absent for a plain number. */
  readonly choices?: readonly bigint[];
}

/** What is done when an event begins: lines of C, and the inputs they ask for, in order. */
export interface Setting {
  readonly lines: readonly string[];
  readonly inputs: readonly Input[];
}

/** An object of the kernel's that programs have pointers to. */
interface Pool {
  readonly struct: CStruct;
  readonly parts: readonly Part[];
  readonly base: bigint;
  count: number;
}

export type StructNamed = (name: string) => CStruct | undefined;

const FIRST_OBJECT = 0x7000_0000_0000n;
/** Types of objects that are followed from one pointer to the next. */
const MAX_POOLS = 12;

/** Contexts and objects whose parts are inputs. */
export class Objects {
  readonly #struct: StructNamed;
  readonly #words: ReadonlySet<string>;
  readonly #pools = new Map<string, Pool>();
  /** Whether addresses themselves matter: they are compared or stored. */
  readonly #identity: boolean;

  constructor(struct: StructNamed, words: ReadonlySet<string>, identity: boolean) {
    this.#struct = struct;
    this.#words = words;
    this.#identity = identity;
  }

  /** Sees to it that there is an object of a type, and those that its parts point to. */
  use(name: string): boolean {
    const known = this.#pools.get(name);
    if (known) {
      known.count++;
      return true;
    }
    const struct = this.#struct(name);
    if (!struct || this.#pools.size >= MAX_POOLS) return false;
    const pool: Pool = { struct, parts: partsOf(struct, this.#words), base: FIRST_OBJECT + (BigInt(this.#pools.size) << 32n), count: 1 };
    this.#pools.set(name, pool);
    for (const part of pool.parts) if (part.to !== undefined) this.use(part.to);
    return true;
  }

  has(name: string): boolean {
    return this.#pools.has(name);
  }

  declarations(): readonly string[] {
    return [...this.#pools].map(([name, pool]) => `static struct ${name} kgent_object_${name}[${this.#countOf(pool)}];`);
  }

  /** Values for all parts of all objects. */
  setting(): Setting {
    const made = [...this.#pools].flatMap(([name, pool]) => {
      const roots = new Map<string, number>();
      return Array.from({ length: this.#countOf(pool) }, (_, n) => this.#parts(`kgent_object_${name}[${n}]`, `${name}_${n}`, pool.parts, pool.base + (BigInt(n) << 20n), roots));
    });
    return joined(made);
  }

  /** Values for the parts of a context. */
  context(variable: string, label: string, struct: CStruct, called: (part: Part) => string, skip: (part: Part) => boolean): Setting {
    const parts = partsOf(struct, this.#words).filter((part) => !skip(part));
    return this.#parts(variable, label, parts, undefined, new Map(), called);
  }

  #parts(variable: string, label: string, parts: readonly Part[], base: bigint | undefined, roots: Map<string, number>, called = (part: Part): string => part.name): Setting {
    return joined(parts.map((part): Setting => {
      const target = `${variable}.${part.path}`;
      const read = called(part);
      const at = base === undefined ? {} : { at: base + BigInt(part.offset) };
      const nd = `nd_${label}_${part.path.replace(/\W+/g, '_').replace(/_$/, '')}`;
      if (part.to !== undefined && this.has(part.to)) return this.pointer(nd, part.to, (value) => `${target} = ${value};`, read, roots, at.at);
      if (part.kind === 'text') {
        const words = Math.ceil(part.bytes / 8);
        return { lines: [`kgent_fill(${target}, ${part.bytes}, ${nd});`], inputs: [{ nd, type: 'uint64_t', calls: words, read, bytes: part.bytes, ...at }] };
      }
      const value = part.kind === 'pointer' ? `(void *)(unsigned long)${nd}()` : `${nd}()`;
      return { lines: [`${target} = ${value};`], inputs: [{ nd, type: part.kind === 'bits' ? 'uint32_t' : `uint${part.bytes * 8}_t`, calls: 1, read: part.kind === 'bits' ? '' : read, bytes: part.bytes, ...at }] };
    }));
  }

  /** A pointer to one of the objects of a type, or to none. */
  pointer(nd: string, type: string, into: (value: string) => string, read: string, roots: Map<string, number>, at?: bigint): Setting {
    const pool = this.#pools.get(type);
    if (!pool) throw new TypeError(`there are no objects of struct ${type}`);
    const count = this.#countOf(pool);
    const own = (roots.get(type) ?? 0) % count;
    roots.set(type, own + 1);
    const all = Array.from({ length: count }, (_, n) => n);
    const offered = this.#identity ? all : [own];
    const chosen = offered.reduceRight((rest, n, i) => `kgent_chosen == ${i + 1} ? &kgent_object_${type}[${n}] : ${rest}`, '0');
    const address = (n: number): bigint => pool.base + (BigInt(n) << 20n);
    return {
      lines: [`{ const uint8_t kgent_chosen = ${nd}(); assume(kgent_chosen <= ${offered.length}); ${into(`(${chosen})`)} }`],
      inputs: [{ nd, type: 'uint8_t', calls: 1, read, bytes: 8, choices: [0n, ...offered.map(address)], ...(at === undefined ? {} : { at }) }],
    };
  }

  /** The address that a proof has for an object. */
  addressOf(name: string): bigint | undefined {
    return this.#pools.get(name)?.base;
  }

  #countOf({ count }: Pool): number {
    return Math.min(4, this.#identity ? Math.max(2, count) : count);
  }
}

export function joined(settings: readonly Setting[]): Setting {
  return { lines: settings.flatMap(({ lines }) => lines), inputs: settings.flatMap(({ inputs }) => inputs) };
}

/** The struct that a type as it is written points to. */
export function pointedTo(type: string): string | undefined {
  return /^(?:const\s+)?struct\s+(\w+)\s*(?:const\s*)?\*\s*(?:const)?$/.exec(type.trim())?.[1];
}

