import { applyTerms } from '../terms/apply.ts';
import { isTrue, type Term } from '../terms/term.ts';
import type { Terms } from '../terms/terms.ts';

/** What an array that is an input holds at a key. */
export interface ArrayRead {
  readonly key: Term;
  readonly value: Term;
}

/**
 * Terms without arrays, which a solver decides as formulas of bits: what is written becomes choices by comparing keys, and what an array that is an
 * input holds at a key becomes an input of its own, of which `constraints` say that equal keys have equal values.
 */
export class Scalars {
  readonly constraints: Term[] = [];
  readonly #terms: Terms;
  readonly #made = new Map<Term, Term>();
  readonly #selected = new Map<string, Term>();
  readonly #reads = new Map<string, ArrayRead[]>();

  constructor(terms: Terms) {
    this.#terms = terms;
  }

  /** Where an array was looked at. */
  reads(name: string): readonly ArrayRead[] {
    return this.#reads.get(name) ?? [];
  }

  /** With a stack of our own, as deep as the terms are. */
  of(root: Term): Term {
    const todo = [root];
    for (let term = todo.at(-1); term; term = todo.at(-1)) {
      const open = this.#made.has(term) ? [] : term.args.filter((arg) => !this.#made.has(arg));
      if (open.length > 0) todo.push(...open);
      else {
        if (!this.#made.has(term)) this.#made.set(term, this.#make(term));
        todo.pop();
      }
    }
    return this.#known(root);
  }

  #known(term: Term): Term {
    return this.#made.get(term) ?? term;
  }

  #make(term: Term): Term {
    const [array, key] = term.args;
    if (!array || typeof term.sort === 'object') return term;
    if (term.op === 'select' && key) return this.#select(array, this.#known(key));
    const args = term.args.map((arg) => this.#known(arg));
    return args.every((arg, n) => arg === term.args[n]) ? term : applyTerms(this.#terms, term, args);
  }

  #select(array: Term, key: Term): Term {
    const id = `${array.id} ${key.id}`;
    const known = this.#selected.get(id);
    if (known) return known;
    const value = this.#lookUp(array, key);
    this.#selected.set(id, value);
    return value;
  }

  #lookUp(array: Term, key: Term): Term {
    const terms = this.#terms;
    const [first, second, third] = array.args;
    if (array.op === 'filled' && first) return this.#known(first);
    if (array.op === 'ite' && first && second && third) return terms.ite(this.#known(first), this.#select(second, key), this.#select(third, key));
    if (array.op === 'store' && first && second && third) {
      const same = terms.eq(this.#known(second), key);
      return isTrue(same) ? this.#known(third) : terms.ite(same, this.#known(third), this.#select(first, key));
    }
    return this.#read(array, key);
  }

  #read(array: Term, key: Term): Term {
    const terms = this.#terms;
    const name = array.name ?? '';
    const { sort } = array;
    if (typeof sort !== 'object') throw new TypeError(`${name} is no array`);
    const reads = this.#reads.get(name) ?? [];
    const value = terms.input(`${name} #${reads.length}`, sort.value);
    for (const other of reads) this.constraints.push(terms.implies(terms.eq(key, other.key), terms.eq(value, other.value)));
    this.#reads.set(name, [...reads, { key, value }]);
    return value;
  }
}
