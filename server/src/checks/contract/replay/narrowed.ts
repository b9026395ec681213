import type { IrProgram, IrStmt } from '../../../contracts/ir/ir.ts';
import type { Place } from '../../../contracts/prove/replay.ts';

/** The program with nothing to prove but what stands at these places. */
export function onlyAbout(program: IrProgram, places: readonly Place[]): IrProgram {
  const isAsked = ({ property, span }: Place): boolean => places.some((place) => place.property === property && place.span.start === span.start && place.span.end === span.end);
  const kept = (body: readonly IrStmt[]): readonly IrStmt[] => body.flatMap((statement): readonly IrStmt[] => {
    if (statement.kind === 'assert') return isAsked(statement) ? [statement] : [];
    if (statement.kind === 'if') return [{ ...statement, then: kept(statement.then), otherwise: kept(statement.otherwise) }];
    return [statement.kind === 'loop' ? { ...statement, body: kept(statement.body) } : statement];
  });
  return { ...program, handlers: program.handlers.map((handler) => ({ ...handler, body: kept(handler.body) })), invariants: (program.invariants ?? []).filter(isAsked) };
}
