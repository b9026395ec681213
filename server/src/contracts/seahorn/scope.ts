import type { IrExpr, IrHandler, IrInvariant, IrProgram, IrStmt, Width } from '../ir/ir.ts';

/** What is asserted: a statement of a handler, or an invariant. The loops' bounds are assertions too. */
export type Asserted = Extract<IrStmt, { kind: 'assert' | 'loop' }> | IrInvariant;

/** What is read through addresses: bits of the value, and of the widest address. */
export interface Through {
  readonly width: Width;
  readonly address: number;
}

/** What a handler does with the world around it. */
export interface Uses {
  /** Inputs that are read once in an event, with their widths. */
  readonly reads: ReadonlyMap<string, Width>;
  readonly through: ReadonlyMap<string, Through>;
  readonly variables: ReadonlyMap<string, Width>;
  readonly looked: ReadonlySet<string>;
  readonly written: ReadonlySet<string>;
  readonly asserted: readonly Asserted[];
  /** Whether something is assumed. */
  readonly assumes: boolean;
}

class Collector implements Uses {
  readonly reads = new Map<string, Width>();
  readonly through = new Map<string, Through>();
  readonly variables = new Map<string, Width>();
  readonly looked = new Set<string>();
  readonly written = new Set<string>();
  readonly asserted: Asserted[] = [];
  assumes = false;
  readonly #program: IrProgram;

  constructor(program: IrProgram) {
    this.#program = program;
  }

  block(body: readonly IrStmt[]): void {
    for (const statement of body) this.#statement(statement);
  }

  #statement(statement: IrStmt): void {
    if (statement.kind === 'assert' || statement.kind === 'loop') this.asserted.push(statement);
    this.assumes ||= statement.kind === 'assume';
    switch (statement.kind) {
      case 'set':
        this.expression(statement.value);
        this.variables.set(statement.name, widthIn(this.#program, statement.value));
        return;
      case 'put':
      case 'remove':
        this.expression(statement.key);
        if (statement.kind === 'put') this.expression(statement.value);
        this.written.add(statement.map);
        return;
      case 'clear':
        this.written.add(statement.map);
        return;
      case 'if':
        this.expression(statement.condition);
        this.block(statement.then);
        return this.block(statement.otherwise);
      case 'loop':
        this.expression(statement.condition);
        return this.block(statement.body);
      case 'assume':
      case 'assert':
        return this.expression(statement.condition);
      case 'leave':
    }
  }

  expression(expr: IrExpr): void {
    switch (expr.kind) {
      case 'const':
        return;
      case 'variable':
        if (!this.variables.has(expr.name)) this.variables.set(expr.name, expr.width);
        return;
      case 'read':
        if (!expr.of) return void this.reads.set(expr.name, expr.width);
        this.expression(expr.of);
        this.through.set(expr.name, { width: expr.width, address: Math.max(Number(widthIn(this.#program, expr.of)), this.through.get(expr.name)?.address ?? 0) });
        return;
      case 'entry':
      case 'present':
        this.looked.add(expr.map);
        return this.expression(expr.key);
      case 'apply':
        for (const arg of expr.args) this.expression(arg);
    }
  }
}

function widthIn(program: IrProgram, expr: IrExpr): Width {
  if (expr.kind === 'entry') return program.maps.find(({ name }) => name === expr.map)?.value ?? 64;
  return expr.kind === 'present' ? 'bool' : expr.width;
}

/** What handlers read through addresses, by name. */
export function throughOf(program: IrProgram, handlers: readonly IrHandler[]): ReadonlyMap<string, Through> {
  const all = new Map<string, Through>();
  for (const [name, { width, address }] of handlers.flatMap((handler) => [...usesOf(program, handler).through])) all.set(name, { width, address: Math.max(address, all.get(name)?.address ?? 0) });
  return all;
}

export function usesOf(program: IrProgram, handler: IrHandler): Uses {
  const uses = new Collector(program);
  uses.block(handler.body);
  return uses;
}

/** What an invariant reads; its key and value are among the variables. */
export function usesOfInvariant(program: IrProgram, { map, condition }: IrInvariant): Uses {
  const uses = new Collector(program);
  uses.expression(condition);
  uses.looked.add(map);
  return uses;
}

/** Everything that is asserted in a program, in the order of the source. */
export function assertedIn(program: IrProgram): readonly Asserted[] {
  const all: Asserted[] = [...program.handlers.flatMap((handler) => usesOf(program, handler).asserted), ...(program.invariants ?? [])];
  return all.sort((a, b) => a.span.start - b.span.start);
}

/** The program with no other assertions than these. */
export function withOnly(program: IrProgram, asserted: ReadonlySet<Asserted>): IrProgram {
  const kept = (body: readonly IrStmt[]): readonly IrStmt[] =>
    body.flatMap((statement): readonly IrStmt[] => {
      if (statement.kind === 'assert') return asserted.has(statement) ? [statement] : [];
      if (statement.kind === 'if') return [{ ...statement, then: kept(statement.then), otherwise: kept(statement.otherwise) }];
      return [statement.kind === 'loop' ? { ...statement, body: kept(statement.body) } : statement];
    });
  return { ...program, handlers: program.handlers.map((handler) => ({ ...handler, body: kept(handler.body) })), invariants: (program.invariants ?? []).filter((one) => asserted.has(one)) };
}
