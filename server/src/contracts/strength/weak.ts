import type { Span } from '../../base/span.ts';
import { widthOf, type IrExpr, type IrHandler, type IrProgram, type IrStmt } from '../ir/ir.ts';
import type { Verdict } from '../verdict.ts';
import { mutants } from './mutate.ts';

/** Why a condition says nothing about the program it stands in. */
export interface Weak {
  /** The clause. */
  readonly span: Span;
  /** `always-true`: of any values at all; `unbreakable`: no small mistake in the program breaks it: it repeats the code, or speaks of something else. */
  readonly why: 'always-true' | 'unbreakable';
}

/** Judges an IR program as the check does. */
export type Judge = (program: IrProgram) => Promise<readonly Verdict[]>;

const CLAUSE = 'contract';

/**
 * Which of a program's clauses, all of them proved, say nothing. `most`: mistakes that are tried; a clause that none of them breaks counts as weak.
 * Stops early, with no further weak ones, when `judge` gives up because it was cancelled: it then answers `unknown`.
 */
export async function weakClauses(program: IrProgram, judge: Judge, most: number): Promise<readonly Weak[]> {
  const always = new Map<string, Span>();
  for (const { span, result } of await judge(ofAnyValues(program))) if (result.kind === 'proved') always.set(key(span), span);
  const left = new Map(clausesOf(program).filter((span) => !always.has(key(span))).map((span) => [key(span), span]));
  let tried = 0;
  for (const mutant of mutants(program)) {
    if (left.size === 0 || tried++ === most) break;
    for (const { span, property, result } of await judge(onlyClauses(mutant.program, left))) if (property === CLAUSE && result.kind === 'refuted') left.delete(key(span));
  }
  return [...[...always.values()].map((span): Weak => ({ span, why: 'always-true' })), ...[...left.values()].map((span): Weak => ({ span, why: 'unbreakable' }))].toSorted((a, b) => a.span.start - b.span.start);
}

const key = ({ start, end }: Span): string => `${start}-${end}`;

function clausesOf({ handlers, invariants = [] }: IrProgram): Span[] {
  const spans = [...handlers.flatMap(({ body }) => assertsIn(body)), ...invariants].filter(({ property }) => property === CLAUSE).map(({ span }) => span);
  return [...new Map(spans.map((span) => [key(span), span])).values()];
}

function assertsIn(body: readonly IrStmt[]): Extract<IrStmt, { kind: 'assert' }>[] {
  return body.flatMap((statement) => {
    if (statement.kind === 'assert') return [statement];
    if (statement.kind === 'if') return [...assertsIn(statement.then), ...assertsIn(statement.otherwise)];
    return statement.kind === 'loop' ? assertsIn(statement.body) : [];
  });
}

/** Each clause alone, with any values of what it speaks of: what holds then says nothing. */
function ofAnyValues(program: IrProgram): IrProgram {
  const asserts = program.handlers.flatMap(({ body }) => assertsIn(body)).filter(({ property }) => property === CLAUSE);
  const handlers = [...asserts, ...(program.invariants ?? [])].map(({ condition, property, span }, i): IrHandler => ({ name: `clause ${i}`, span, body: [{ kind: 'assert', condition: anyValues(program, condition), property, span }] }));
  return { maps: [], handlers };
}

/** Variables, entries and what is read become inputs of their own. */
function anyValues(program: IrProgram, expr: IrExpr): IrExpr {
  switch (expr.kind) {
    case 'const':
      return expr;
    case 'variable':
      return { kind: 'read', name: `variable ${expr.name}`, width: expr.width };
    case 'read':
      return { ...expr, ...(expr.of && { of: anyValues(program, expr.of) }) };
    case 'present':
    case 'entry':
      return { kind: 'read', name: `${expr.kind} ${expr.map}`, width: widthOf(program, expr), of: anyValues(program, expr.key) };
    case 'apply':
      return { ...expr, args: expr.args.map((arg) => anyValues(program, arg)) };
  }
}

/** Without the assertions that are not asked about: fewer questions. */
function onlyClauses(program: IrProgram, wanted: ReadonlyMap<string, Span>): IrProgram {
  const asked = ({ span, property }: { readonly span: Span; readonly property: string }): boolean => property === CLAUSE && wanted.has(key(span));
  const inBody = (body: readonly IrStmt[]): IrStmt[] =>
    body.flatMap((statement): IrStmt[] => {
      if (statement.kind === 'assert') return asked(statement) ? [statement] : [];
      if (statement.kind === 'if') return [{ ...statement, then: inBody(statement.then), otherwise: inBody(statement.otherwise) }];
      return [statement.kind === 'loop' ? { ...statement, body: inBody(statement.body) } : statement];
    });
  const { invariants } = program;
  return { ...program, handlers: program.handlers.map((handler) => ({ ...handler, body: inBody(handler.body) })), ...(invariants && { invariants: invariants.filter(asked) }) };
}
