import type { IrExpr, IrHandler, IrProgram, IrStmt } from '../ir/ir.ts';

/** What a handler, or an expression, has to do with the maps and clocks. */
export interface Uses {
  readonly read: Set<string>;
  readonly written: Set<string>;
  /** Those of the written ones that get entries. */
  readonly filled: Set<string>;
  readonly names: Set<string>;
  /** Numbers that something is compared with. */
  readonly compared: Set<bigint>;
}

const COMPARISONS: ReadonlySet<string> = new Set(['eq', 'ult', 'ule', 'slt', 'sle']);

export function usesOf(body: readonly IrStmt[]): Uses {
  const uses: Uses = { read: new Set(), written: new Set(), filled: new Set(), names: new Set(), compared: new Set() };
  for (const statement of body) ofStatement(statement, uses);
  return uses;
}

export function usesOfExpr(expr: IrExpr): Uses {
  const uses: Uses = { read: new Set(), written: new Set(), filled: new Set(), names: new Set(), compared: new Set() };
  ofExpr(expr, uses);
  return uses;
}

function ofStatement(statement: IrStmt, uses: Uses): void {
  switch (statement.kind) {
    case 'set':
      return ofExpr(statement.value, uses);
    case 'put':
      uses.written.add(statement.map);
      uses.filled.add(statement.map);
      ofExpr(statement.key, uses);
      return ofExpr(statement.value, uses);
    case 'remove':
      uses.written.add(statement.map);
      return ofExpr(statement.key, uses);
    case 'clear':
      uses.written.add(statement.map);
      return;
    case 'if':
      ofExpr(statement.condition, uses);
      for (const one of [...statement.then, ...statement.otherwise]) ofStatement(one, uses);
      return;
    case 'loop':
      ofExpr(statement.condition, uses);
      for (const one of statement.body) ofStatement(one, uses);
      return;
    case 'assume':
    case 'assert':
      return ofExpr(statement.condition, uses);
    case 'leave':
      return;
  }
}

function ofExpr(expr: IrExpr, uses: Uses): void {
  switch (expr.kind) {
    case 'read':
      uses.names.add(expr.name);
      if (expr.of) ofExpr(expr.of, uses);
      return;
    case 'entry':
    case 'present':
      uses.read.add(expr.map);
      return ofExpr(expr.key, uses);
    case 'apply':
      if (COMPARISONS.has(expr.op)) for (const arg of expr.args) if (arg.kind === 'const') uses.compared.add(arg.value);
      for (const arg of expr.args) ofExpr(arg, uses);
      return;
    case 'const':
    case 'variable':
      return;
  }
}

/** Handlers that share maps, directly or through others, or through invariants over several maps. What one group does, another never sees. */
export function groupsOf(program: IrProgram): readonly IrProgram[] {
  const group = new Map<string, string>();
  const find = (one: string): string => {
    const parent = group.get(one) ?? one;
    return parent === one ? one : find(parent);
  };
  const join = (a: string, b: string): void => void group.set(find(a), find(b));
  const ofHandler = (handler: IrHandler, n: number): string => `handler ${n} ${handler.name}`;
  for (const [n, handler] of program.handlers.entries()) {
    const { read, written } = usesOf(handler.body);
    for (const map of [...read, ...written]) join(ofHandler(handler, n), map);
  }
  for (const { map, condition } of program.invariants ?? []) for (const other of usesOfExpr(condition).read) join(map, other);
  const roots = new Set([...program.handlers.map((handler, n) => find(ofHandler(handler, n))), ...(program.invariants ?? []).map(({ map }) => find(map))]);
  return [...roots].map((root) => ({
    ...program,
    maps: program.maps.filter(({ name }) => find(name) === root),
    handlers: program.handlers.filter((handler, n) => find(ofHandler(handler, n)) === root),
    invariants: (program.invariants ?? []).filter(({ map }) => find(map) === root),
  }));
}
