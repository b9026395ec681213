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
  const uses = newUses();
  walk(body, (expr) => note(expr, uses), (statement) => {
    if (statement.kind === 'put' || statement.kind === 'remove' || statement.kind === 'clear') uses.written.add(statement.map);
    if (statement.kind === 'put') uses.filled.add(statement.map);
  });
  return uses;
}

export function usesOfExpr(expr: IrExpr): Uses {
  const uses = newUses();
  walkExpr(expr, (one) => note(one, uses));
  return uses;
}

const newUses = (): Uses => ({ read: new Set(), written: new Set(), filled: new Set(), names: new Set(), compared: new Set() });

function note(expr: IrExpr, uses: Uses): void {
  if (expr.kind === 'read') uses.names.add(expr.name);
  if (expr.kind === 'entry' || expr.kind === 'present') uses.read.add(expr.map);
  if (expr.kind === 'apply' && COMPARISONS.has(expr.op)) for (const arg of expr.args) if (arg.kind === 'const') uses.compared.add(arg.value);
}

/** Every statement and expression of a body. */
export function walk(body: readonly IrStmt[], onExpr: (expr: IrExpr) => void, onStatement: (statement: IrStmt) => void = () => undefined): void {
  for (const statement of body) {
    onStatement(statement);
    for (const expr of expressionsOf(statement)) walkExpr(expr, onExpr);
    if (statement.kind === 'if') walk([...statement.then, ...statement.otherwise], onExpr, onStatement);
    if (statement.kind === 'loop') walk(statement.body, onExpr, onStatement);
  }
}

function expressionsOf(statement: IrStmt): readonly IrExpr[] {
  switch (statement.kind) {
    case 'set':
      return [statement.value];
    case 'put':
      return [statement.key, statement.value];
    case 'remove':
      return [statement.key];
    case 'if':
    case 'loop':
    case 'assume':
    case 'assert':
      return [statement.condition];
    case 'clear':
    case 'leave':
      return [];
  }
}

function walkExpr(expr: IrExpr, onExpr: (expr: IrExpr) => void): void {
  onExpr(expr);
  if (expr.kind === 'apply') for (const arg of expr.args) walkExpr(arg, onExpr);
  else if (expr.kind === 'entry' || expr.kind === 'present') walkExpr(expr.key, onExpr);
  else if (expr.kind === 'read' && expr.of) walkExpr(expr.of, onExpr);
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
