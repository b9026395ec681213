import { nothingFound, type State, type UsedMember } from '../../../language/bpftrace/analysis/check/state.ts';
import type { BtType } from '../../../language/bpftrace/analysis/types.ts';
import type { Problem } from '../../../language/bpftrace/problem.ts';
import type { Expr } from '../ast.ts';
import type { Clause } from '../parse/parse.ts';
import type { Place } from '../place/place.ts';
import type { Checker, Host, Meaning, Named } from './checker.ts';
import { typeOfExpr } from './expression.ts';
import { requireTruth } from './operators.ts';

/** A clause with all that is known of it. */
export interface CheckedClause<Owner, At> {
  readonly clause: Clause;
  readonly place: Place<Owner, At>;
  /** What is wrong with its text, its place, its names and types, by place. Nothing can be proved while there are errors. */
  readonly problems: readonly Problem[];
  /** The type of an expression in it. */
  typeOf(node: Expr): BtType | undefined;
  /** What a name in it stands for: an identifier, a variable, a map. */
  meaningOf(node: Expr): Meaning | undefined;
  /** Fields of structs that are named in it. */
  readonly members: readonly UsedMember[];
}

/** Said of a program, where it can be meant; a contract that is right needs no advice. */
const ADVICE = new Set(['unnecessary-cast', 'distinct-pointers']);

/** Checks names and types of a clause. `keys` are those of an invariant's map; `state` is made for one clause. */
export function checkClause<Owner, At>(clause: Clause, place: Place<Owner, At>, host: Host, fresh: State, keys: readonly BtType[] = []): CheckedClause<Owner, At> {
  const types = new Map<Expr, BtType>();
  const meanings = new Map<Expr, Meaning>();
  const visit = (node: Expr): BtType => {
    const type = typeOfExpr(checker, node);
    types.set(node, type);
    return type;
  };
  // What bpftrace's checker is given are our own nodes: see asHost.
  const state: State = { ...fresh, found: nothingFound(), base: 0, visit: visit as unknown as State['visit'] };
  const bound = (clause.subject?.keys ?? []).map(({ text }, index): Named & { name: string } => ({ name: text, type: keys[index] ?? { kind: 'unknown' }, meaning: { kind: 'key', index } }));
  const checker: Checker = { host, state, keyword: clause.keyword, types, meanings, bound, old: 0, visit };
  requireTruth(checker, clause.expr);
  const readable = !clause.problems.some(({ severity }) => severity === 'error') && place.kind !== 'misplaced';
  const found = readable ? [...state.found.problems.values()].filter(({ code }) => !ADVICE.has(code)) : [];
  const misplaced = place.kind === 'misplaced' ? [place.problem] : [];
  const problems = [...clause.problems, ...misplaced, ...found].toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  return { clause, place, problems, typeOf: (node) => types.get(node), meaningOf: (node) => meanings.get(node), members: state.found.members };
}

/** A problem of a clause that is found outside of its condition. */
export function alsoWrong<Owner, At>(checked: CheckedClause<Owner, At>, more: readonly Problem[]): CheckedClause<Owner, At> {
  return more.length === 0 || checked.problems.length > 0 ? checked : { ...checked, problems: more };
}
