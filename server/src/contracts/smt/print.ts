import { widthOf, type Sort, type Term } from '../terms/term.ts';

/**
 * Terms as SMT-LIB 2 text. Each term that is no leaf gets a definition of its own, once in the life of a printer, so that the text is as
 * long as the terms are many, and a solver that is asked several questions about a program reads what they share once.
 */
export class SmtPrinter {
  readonly #named = new Map<Term, string>();
  readonly #inputs = new Map<string, Sort>();
  #text: string[] = [];

  /** Every input that was printed so far. */
  get inputs(): ReadonlyMap<string, Sort> {
    return this.#inputs;
  }

  /** The name or literal of a term; what it needs is added to the definitions. */
  ref(root: Term): string {
    const todo = [root];
    for (let term = todo.at(-1); term; term = todo.at(-1)) {
      const open = this.#named.has(term) ? [] : term.args.filter((arg) => !this.#named.has(arg));
      if (open.length > 0) todo.push(...open);
      else {
        if (!this.#named.has(term)) this.#named.set(term, this.#define(term));
        todo.pop();
      }
    }
    return this.#named.get(root) ?? '';
  }

  /** The declarations and definitions since the last call. */
  definitions(): string {
    const text = this.#text.join('\n');
    this.#text = [];
    return text;
  }

  #define(term: Term): string {
    if (term.op === 'const') return literal(term);
    if (term.op === 'input') {
      const name = quoted(term.name ?? '');
      this.#inputs.set(term.name ?? '', term.sort);
      this.#text.push(`(declare-const ${name} ${sortOf(term.sort)})`);
      return name;
    }
    const name = `t${term.id}`;
    this.#text.push(`(define-fun ${name} () ${sortOf(term.sort)} ${applicationOf(term, term.args.map((arg) => this.#named.get(arg) ?? ''))})`);
    return name;
  }
}

/** `|@start[tid]|`: any text but bars and backslashes may stand between bars. */
export function quoted(name: string): string {
  return `|${name.replace(/[|\\]/g, '_')}|`;
}

function literal({ sort, value = 0n }: Term): string {
  if (typeof sort !== 'number') return value === 1n ? 'true' : 'false';
  return `(_ bv${value} ${sort})`;
}

function sortOf(sort: Sort): string {
  if (sort === 'bool') return 'Bool';
  return typeof sort === 'number' ? `(_ BitVec ${sort})` : `(Array ${sortOf(sort.key)} ${sortOf(sort.value)})`;
}

function applicationOf(term: Term, refs: readonly string[]): string {
  const [first] = term.args;
  const list = refs.join(' ');
  switch (term.op) {
    case 'eq':
      return `(= ${list})`;
    case 'conj':
      return `(and ${list})`;
    case 'disj':
      return `(or ${list})`;
    case 'negate':
      return `(not ${list})`;
    case 'extract':
      return `((_ extract ${(term.low ?? 0) + widthOf(term) - 1} ${term.low ?? 0}) ${list})`;
    case 'zext':
    case 'sext':
      return `((_ ${term.op === 'zext' ? 'zero' : 'sign'}_extend ${widthOf(term) - (first ? widthOf(first) : 0)}) ${list})`;
    case 'ite':
    case 'select':
    case 'store':
    case 'concat':
      return `(${term.op} ${list})`;
    case 'filled':
      return `((as const ${sortOf(term.sort)}) ${list})`;
    default:
      return `(bv${term.op} ${list})`;
  }
}
