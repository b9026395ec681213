import { KIND } from '../btf/btf.ts';
import type { Steps } from '../turns.ts';
import type { TypeSpace } from './type-space.ts';

/** Types looked at in one step: about two milliseconds. */
const TYPES_A_STEP = 4000;
const TAG_WORDS: Readonly<Record<number, string>> = { [KIND.struct]: 'struct', [KIND.union]: 'union', [KIND.enum]: 'enum', [KIND.enum64]: 'enum' };

/**
 * What each type is called in the header. A kernel has types of one name that differ; C allows one of each name. The
 * first keeps it and the others get `___2`, `___3`, …: programs that read by BTF leave out everything behind `___`.
 */
export class Names {
  readonly #space: TypeSpace;
  /** Only of types that could not keep their name. */
  readonly #other = new Map<number, string>();
  /** Structs, unions and enums share one room of names. */
  readonly #tags = new Room();
  /** Typedefs, enumerators and functions share the other. */
  readonly #ordinary = new Room();
  /** Which word each plain tag stands behind. */
  readonly #words = new Map<string, string>();

  private constructor(space: TypeSpace) {
    this.#space = space;
  }

  static *of(space: TypeSpace): Steps<Names> {
    const names = new Names(space);
    const forwards: number[] = [];
    for (let type = 1; type < space.end; type++) {
      const kind = space.kind(type);
      if (kind === KIND.forward) forwards.push(type);
      else if (kind === KIND.typedef) names.#claim(names.#ordinary, type);
      else if (TAG_WORDS[kind] !== undefined && names.#claim(names.#tags, type)) names.#words.set(space.name(type), TAG_WORDS[kind]);
      if (type % TYPES_A_STEP === 0) yield;
    }
    for (const type of forwards) names.#claimForward(type);
    return names;
  }

  /** `struct sock`, `enum pid_type___2`. */
  tag(type: number): string {
    const word = TAG_WORDS[this.#space.kind(type)] ?? (this.#space.kindFlag(type) ? 'union' : 'struct');
    return `${word} ${this.#nameOf(type)}`;
  }

  typedef(type: number): string {
    return this.#nameOf(type);
  }

  /** A name for an enumerator or function; each call gives another one. */
  ordinary(name: string): string {
    return this.#ordinary.claim(name);
  }

  /** Whether a typedef or an enumerator has that name. */
  isOrdinary(name: string): boolean {
    return this.#ordinary.has(name);
  }

  #nameOf(type: number): string {
    return this.#other.get(type) ?? this.#space.name(type);
  }

  /** Tells whether the type keeps its name. */
  #claim(room: Room, type: number): boolean {
    const name = this.#space.name(type);
    if (name === '') return false;
    const given = room.claim(name);
    if (given !== name) this.#other.set(type, given);
    return given === name;
  }

  /** A type that is only declared is that of its name, if it is of the same sort. */
  #claimForward(type: number): void {
    const name = this.#space.name(type);
    const word = this.#space.kindFlag(type) ? 'union' : 'struct';
    if ((this.#words.get(name) ?? word) !== word) this.#claim(this.#tags, type);
    else this.#words.set(name, word);
  }
}

class Room {
  /** Names that are taken, each with how many wanted it. */
  readonly #taken = new Map<string, number>();

  has(name: string): boolean {
    return this.#taken.has(name);
  }

  claim(name: string): string {
    let count = (this.#taken.get(name) ?? 0) + 1;
    let given = name;
    if (count > 1) for (given = `${name}___${count}`; this.#taken.has(given); given = `${name}___${count}`) count++;
    this.#taken.set(name, count);
    if (given !== name) this.#taken.set(given, 1);
    return given;
  }
}
