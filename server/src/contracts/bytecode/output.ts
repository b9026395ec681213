import type { Span } from '../../base/span.ts';
import { apply, bits, truth, UNNAMED, type IrExpr, type IrOp, type IrStmt, type Width } from '../ir/ir.ts';
import { isTrue, type Term } from '../terms/term.ts';
import type { Terms } from '../terms/terms.ts';

/** Expressions of more than so many parts that are used are put into a variable first. */
const SMALL = 6;

interface Lowered {
  readonly expr: IrExpr;
  readonly parts: number;
}

/**
 * Statements of one handler, in order. What is computed is kept as terms, and becomes expressions only where a statement needs
 * it; what is read from outside or from maps is an input of these terms.
 */
export class Output {
  readonly terms: Terms;
  readonly statements: IrStmt[] = [];
  readonly #inputs = new Map<string, IrExpr>();
  readonly #lowered = new Map<Term, Lowered>();
  readonly #reads = new Map<string, Term>();
  readonly #widths = new Map<string, number>();
  span: Span;
  #count = 0;

  constructor(terms: Terms, span: Span) {
    this.terms = terms;
    this.span = span;
  }

  /** A read from outside; one name has one width. */
  read(name: string, width: number, of?: Term): Term {
    const known = this.#widths.get(name);
    const own = known === undefined || known === width ? name : `${name} (${width} bits)`;
    if (own === name) this.#widths.set(name, width);
    const key = `${own} ${of?.id ?? ''}`;
    const term = this.#reads.get(key) ?? this.#input({ kind: 'read', name: own, width, ...(of && { of: this.lower(of) }) }, width);
    this.#reads.set(key, term);
    return term;
  }

  /** Names of all that was read. */
  get reads(): readonly string[] {
    return [...this.#widths.keys()];
  }

  /** The variable of that name that someone else sets. */
  variable(name: string, width: Width): Term {
    const input = `variable ${name}`;
    this.#inputs.set(input, { kind: 'variable', name, width });
    return this.terms.input(input, width);
  }

  /** What an expression is now. */
  kept(expr: IrExpr, width: Width): Term {
    const name = `${UNNAMED}${this.#count++}`;
    this.statements.push({ kind: 'set', name, value: expr, span: this.span });
    return this.#input({ kind: 'variable', name, width }, width);
  }

  /** A statement that counts under a condition. */
  when(condition: Term, statement: (span: Span) => IrStmt): void {
    const made = statement(this.span);
    if (isTrue(condition)) this.statements.push(made);
    else this.statements.push({ kind: 'if', condition: this.lower(condition), then: [made], otherwise: [], span: this.span });
  }

  lower(term: Term): IrExpr {
    const { expr, parts } = this.#lower(term);
    if (parts <= SMALL) return expr;
    const name = `${UNNAMED}${this.#count++}`;
    this.statements.push({ kind: 'set', name, value: expr, span: this.span });
    const variable: IrExpr = { kind: 'variable', name, width: term.sort as Width };
    this.#lowered.set(term, { expr: variable, parts: 1 });
    return variable;
  }

  #lower(term: Term): Lowered {
    const known = this.#lowered.get(term);
    if (known) return known;
    const made = this.#make(term);
    this.#lowered.set(term, made);
    return made;
  }

  #make(term: Term): Lowered {
    if (term.op === 'const') return { expr: term.sort === 'bool' ? truth(term.value === 1n) : bits(term.value ?? 0n, term.sort as number), parts: 1 };
    if (term.op === 'input') {
      const expr = this.#inputs.get(term.name ?? '');
      if (!expr) throw new TypeError(`nothing is known of ${term.name ?? 'an input'}`);
      return { expr, parts: expr.kind === 'read' && expr.of ? 3 : 1 };
    }
    const args = term.args.map((arg) => this.#arg(arg));
    const expr = apply(term.op as IrOp, term.sort as Width, ...args.map((arg) => arg.expr));
    return { expr: term.low === undefined ? expr : { ...expr, low: term.low } as IrExpr, parts: args.reduce((sum, { parts }) => sum + parts, 1) };
  }

  #arg(term: Term): Lowered {
    const lowered = this.#lower(term);
    return lowered.parts <= SMALL ? lowered : { expr: this.lower(term), parts: 1 };
  }

  #input(expr: IrExpr, width: Width): Term {
    const name = `${this.#inputs.size}: ${expr.kind}`;
    this.#inputs.set(name, expr);
    return this.terms.input(name, width);
  }
}
