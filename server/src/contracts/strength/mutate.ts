import type { Span } from '../../base/span.ts';
import { apply, bits, not, truth, type IrExpr, type IrHandler, type IrOp, type IrProgram, type IrStmt, type Width } from '../ir/ir.ts';

/** A program with one small mistake in it. */
export interface Mutant {
  readonly program: IrProgram;
  /** Of the statement that was changed. */
  readonly span: Span;
  /** `without the condition`: for people. */
  readonly what: string;
}

interface Changed<T> {
  readonly to: T;
  readonly what: string;
}

/**
 * The mistakes people make: a condition left out or turned round, a limit off by one, a sign, a unit or a byte order forgotten, the wrong field,
 * a step left out. Clauses stay as they are. Each handler in turn gives one, so that the first ones are spread over the program.
 */
export function* mutants(program: IrProgram): Generator<Mutant> {
  const waiting = program.handlers.map((handler, at) => ({ at, handler, changes: changesOf(handler.body, readsIn(handler)) }));
  while (waiting.length > 0) {
    for (const one of [...waiting]) {
      const next = one.changes.next();
      if (next.done) waiting.splice(waiting.indexOf(one), 1);
      else yield { program: { ...program, handlers: program.handlers.with(one.at, { ...one.handler, body: next.value.to }) }, span: next.value.span, what: next.value.what };
    }
  }
}

interface ChangedBody extends Changed<readonly IrStmt[]> {
  readonly span: Span;
}

function* changesOf(body: readonly IrStmt[], reads: readonly IrExpr[]): Generator<ChangedBody> {
  for (const [at, statement] of body.entries()) {
    for (const { to, what, span } of changesOfStatement(statement, reads)) yield { to: to === undefined ? body.toSpliced(at, 1) : body.with(at, to), what, span };
  }
}

type ChangedStmt = Changed<IrStmt | undefined> & { readonly span: Span };

function* changesOfStatement(statement: IrStmt, reads: readonly IrExpr[]): Generator<ChangedStmt> {
  const { span } = statement;
  switch (statement.kind) {
    case 'assume':
    case 'assert':
      return;
    case 'if':
      yield { to: { ...statement, condition: truth(true) }, what: 'as if the condition always held', span };
      yield { to: { ...statement, condition: truth(false) }, what: 'as if the condition never held', span };
      for (const { to, what } of changesOfExpr(statement.condition, reads)) yield { to: { ...statement, condition: to }, what, span };
      for (const inner of changesOf(statement.then, reads)) yield { ...inner, to: { ...statement, then: inner.to } };
      for (const inner of changesOf(statement.otherwise, reads)) yield { ...inner, to: { ...statement, otherwise: inner.to } };
      return;
    case 'loop':
      for (const inner of changesOf(statement.body, reads)) yield { ...inner, to: { ...statement, body: inner.to } };
      return;
    default:
      yield { to: undefined, what: 'without this step', span };
  }
  if (statement.kind === 'set' || statement.kind === 'put') for (const { to, what } of changesOfExpr(statement.value, reads)) yield { to: { ...statement, value: to }, what, span };
  if (statement.kind === 'put' || statement.kind === 'remove') for (const { to, what } of changesOfExpr(statement.key, reads)) yield { to: { ...statement, key: to }, what: `another key: ${what}`, span };
}

/** An operation that is easily taken for another one. */
const MISTAKEN: Readonly<Partial<Record<IrOp, readonly IrOp[]>>> = {
  ult: ['ule', 'slt'], ule: ['ult', 'sle'], slt: ['sle', 'ult'], sle: ['slt', 'ule'],
  add: ['sub'], sub: ['add'], mul: ['udiv'], udiv: ['mul', 'urem'], urem: ['udiv'], sdiv: ['udiv'], srem: ['urem'],
  and: ['or'], or: ['and'], shl: ['lshr'], lshr: ['shl', 'ashr'], ashr: ['lshr'], conj: ['disj'], disj: ['conj'], zext: ['sext'], sext: ['zext'],
};

function* changesOfExpr(expr: IrExpr, reads: readonly IrExpr[]): Generator<Changed<IrExpr>> {
  if (expr.kind === 'const') {
    yield* changesOfConstant(expr);
    return;
  }
  if (expr.kind === 'read') {
    for (const other of reads) if (other.kind === 'read' && other.width === expr.width && other.name !== expr.name) yield { to: other, what: `${other.name} instead of ${expr.name}` };
    return;
  }
  if (expr.kind === 'entry' || expr.kind === 'present') {
    for (const { to, what } of changesOfExpr(expr.key, reads)) yield { to: { ...expr, key: to }, what: `another key: ${what}` };
    return;
  }
  if (expr.kind !== 'apply') return;
  const whole = swapped(expr);
  if (whole) yield { to: whole, what: 'without changing the byte order' };
  else for (const arg of expr.args) if (expr.op !== 'concat' && sameWidth(arg, expr)) yield { to: arg, what: 'a part instead of the whole' };
  for (const op of MISTAKEN[expr.op] ?? []) yield { to: { ...expr, op }, what: `${op} instead of ${expr.op}` };
  if (expr.op === 'eq') yield { to: not(expr), what: 'the opposite' };
  for (const [at, arg] of expr.args.entries()) for (const { to, what } of changesOfExpr(arg, reads)) yield { to: { ...expr, args: expr.args.with(at, to) }, what };
}

function* changesOfConstant(expr: Extract<IrExpr, { kind: 'const' }>): Generator<Changed<IrExpr>> {
  const { width, value } = expr;
  if (width === 'bool') return;
  yield { to: bits(value + 1n, width), what: `${value + 1n} instead of ${value}` };
  yield { to: bits(value - 1n, width), what: `one less than ${value}` };
}

/** What is turned round when an expression puts the bytes of one value together in the other order. */
function swapped({ op, width, args }: Extract<IrExpr, { kind: 'apply' }>): IrExpr | undefined {
  const bytes = args.flatMap((arg) => (arg.kind === 'apply' && arg.op === 'extract' && arg.width === 8 ? [{ low: arg.low ?? 0, of: arg.args[0] }] : []));
  const of = bytes[0]?.of;
  if (op !== 'concat' || bytes.length !== args.length || !of || bytes.some((byte, i) => byte.low !== 8 * i || JSON.stringify(byte.of, numbers) !== JSON.stringify(of, numbers))) return undefined;
  return widthOfPlain(of) === width ? of : apply('extract', width, of);
}

const numbers = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);

/** Widths that stand in the expression itself; entries of maps have those of their map. */
function widthOfPlain(expr: IrExpr): Width | undefined {
  if (expr.kind === 'entry') return undefined;
  return expr.kind === 'present' ? 'bool' : expr.width;
}

function sameWidth(arg: IrExpr, { width }: Extract<IrExpr, { kind: 'apply' }>): boolean {
  return widthOfPlain(arg) === width;
}

/** All a handler reads from outside, each once. */
function readsIn({ body }: IrHandler): readonly IrExpr[] {
  const found = new Map<string, IrExpr>();
  const inExpr = (expr: IrExpr): void => {
    if (expr.kind === 'read') found.set(expr.name, found.get(expr.name) ?? expr);
    if (expr.kind === 'read' && expr.of) inExpr(expr.of);
    if (expr.kind === 'entry' || expr.kind === 'present') inExpr(expr.key);
    if (expr.kind === 'apply') expr.args.forEach(inExpr);
  };
  const inBody = (statements: readonly IrStmt[]): void => {
    for (const statement of statements) {
      if ('condition' in statement) inExpr(statement.condition);
      if ('key' in statement) inExpr(statement.key);
      if ('value' in statement) inExpr(statement.value);
      if (statement.kind === 'if') [statement.then, statement.otherwise].forEach(inBody);
      if (statement.kind === 'loop') inBody(statement.body);
    }
  };
  inBody(body);
  return [...found.values()];
}
