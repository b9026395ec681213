import type { IrExpr, IrHandler, IrProgram, IrStmt } from '../ir/ir.ts';
import { usesOfInvariant, type Asserted } from './scope.ts';

/** What a file is about: handlers that can matter to what is asserted in it. */
export interface Scope {
  readonly handlers: readonly IrHandler[];
  /** Whether what earlier events left in maps can matter: if not, one event stands for all. */
  readonly stateful: boolean;
}

/** Handlers with one of the assertions, and those that write what it depends on. */
export function scopeOf(program: IrProgram, asserted: ReadonlySet<Asserted>): Scope {
  const slice = new Slice(asserted);
  for (const invariant of program.invariants ?? []) if (asserted.has(invariant)) for (const map of usesOfInvariant(program, invariant).looked) slice.maps.add(map);
  for (let before = -1; before !== slice.size; ) {
    before = slice.size;
    for (const handler of program.handlers) slice.visit(handler);
  }
  return { handlers: program.handlers.filter((handler) => slice.handlers.has(handler)), stateful: slice.maps.size > 0 };
}

/** What assertions depend on, grown until nothing is added: maps, and variables by their handlers. The order of statements is not looked at. */
class Slice {
  readonly maps = new Set<string>();
  readonly handlers = new Set<IrHandler>();
  readonly #variables = new Map<IrHandler, Set<string>>();
  readonly #asserted: ReadonlySet<Asserted>;

  constructor(asserted: ReadonlySet<Asserted>) {
    this.#asserted = asserted;
  }

  get size(): number {
    return this.maps.size + this.handlers.size + [...this.#variables.values()].reduce((sum, { size }) => sum + size, 0);
  }

  visit(handler: IrHandler): void {
    if (this.#block(handler.body, handler)) this.handlers.add(handler);
  }

  /** Whether something in it matters. */
  #block(body: readonly IrStmt[], handler: IrHandler): boolean {
    return body.map((statement) => this.#statement(statement, handler)).some((matters) => matters);
  }

  #statement(statement: IrStmt, handler: IrHandler): boolean {
    const inside = this.handlers.has(handler);
    switch (statement.kind) {
      case 'set':
        return this.#when(this.#variables.get(handler)?.has(statement.name) === true, handler, statement.value);
      case 'put':
        return this.#when(this.maps.has(statement.map), handler, statement.key, statement.value);
      case 'remove':
        return this.#when(this.maps.has(statement.map), handler, statement.key);
      case 'clear':
        return this.maps.has(statement.map);
      case 'assert':
        return this.#when(this.#asserted.has(statement), handler, statement.condition);
      // Whether an event counts, or goes on, matters where the event does.
      case 'assume':
        return this.#when(inside, handler, statement.condition);
      case 'leave':
        return inside;
      case 'if':
        return this.#when([statement.then, statement.otherwise].map((body) => this.#block(body, handler)).includes(true), handler, statement.condition);
      case 'loop':
        return this.#when(this.#block(statement.body, handler) || inside || this.#asserted.has(statement), handler, statement.condition);
    }
  }

  /** What is read matters where the statement does. */
  #when(matters: boolean, handler: IrHandler, ...read: readonly IrExpr[]): boolean {
    if (matters) for (const expr of read) this.#read(expr, handler);
    return matters;
  }

  #read(expr: IrExpr, handler: IrHandler): void {
    if (expr.kind === 'variable') this.#variables.set(handler, (this.#variables.get(handler) ?? new Set()).add(expr.name));
    else if (expr.kind === 'entry' || expr.kind === 'present') {
      this.maps.add(expr.map);
      this.#read(expr.key, handler);
    } else if (expr.kind === 'read' && expr.of) this.#read(expr.of, handler);
    else if (expr.kind === 'apply') for (const arg of expr.args) this.#read(arg, handler);
  }
}
