import { nothingFound, type State, type UsedMember } from '../../../language/bpftrace/analysis/check/state.ts';
import type { BtType } from '../../../language/bpftrace/analysis/types.ts';
import type { Problem } from '../../../language/bpftrace/problem.ts';
import type { Expr, Keyword } from '../ast.ts';
import type { Clause } from '../parse/parse.ts';
import type { Place } from '../place/place.ts';
import type { Checker, Host, Meaning, Named } from './checker.ts';
import { constantOf } from './constants.ts';
import { typeOfExpr } from './expression.ts';
import { requireTruth } from './operators.ts';

/** What is known of a condition. */
export interface Understood {
  /** What is wrong, by place. Nothing can be proved while there are errors. */
  readonly problems: readonly Problem[];
  /** The type of an expression in it. */
  readonly typeOf: (node: Expr) => BtType | undefined;
  /** What a name in it stands for: an identifier, a variable, a map. */
  readonly meaningOf: (node: Expr) => Meaning | undefined;
  /** The value of what is known beforehand: numbers, enumerators, bounds of a range. */
  readonly constantOf: (node: Expr) => bigint | undefined;
  /** Fields of structs that are named in it. */
  readonly members: readonly UsedMember[];
}

/** A clause with all that is known of it: also what is wrong with its text and its place. */
export interface CheckedClause<Owner, At> extends Understood {
  readonly clause: Clause;
  readonly place: Place<Owner, At>;
}

/** Said of a program, where it can be meant; a contract that is right needs no advice. */
const ADVICE = new Set(['unnecessary-cast', 'distinct-pointers']);

export interface Circumstances {
  readonly keyword: Keyword | undefined;
  /** Names beside those of the host: an invariant's keys. */
  readonly bound: readonly (Named & { readonly name: string })[];
}

/** Checks names and types of a condition. `fresh` is what the host's checker knows; it may learn from it. */
export function understand(expr: Expr, host: Host, fresh: State, { keyword, bound }: Circumstances): Understood {
  const types = new Map<Expr, BtType>();
  const meanings = new Map<Expr, Meaning>();
  const visit = (node: Expr): BtType => {
    const type = typeOfExpr(checker, node);
    types.set(node, type);
    return type;
  };
  // What bpftrace's checker is given are our own nodes: see asHost.
  const state: State = { ...fresh, found: nothingFound(), base: 0, visit: visit as unknown as State['visit'] };
  const checker: Checker = { host, state, keyword, types, meanings, bound: [...bound], old: 0, visit };
  requireTruth(checker, expr);
  const problems = [...state.found.problems.values()].filter(({ code }) => !ADVICE.has(code)).toSorted(byPlace);
  return { problems, typeOf: (node) => types.get(node), meaningOf: (node) => meanings.get(node), constantOf: (node) => constantOf(checker, node), members: state.found.members };
}

const byPlace = (a: Problem, b: Problem): number => a.span.start - b.span.start || a.span.end - b.span.end;

/** Checks a clause. `keys` are the types of an invariant's keys; `about` is what is wrong with the map it names. */
export function checkClause<Owner, At>(clause: Clause, place: Place<Owner, At>, host: Host, fresh: State, keys: readonly BtType[], about: readonly Problem[]): CheckedClause<Owner, At> {
  const bound = (clause.subject?.keys ?? []).map(({ text }, index): Named & { name: string } => ({ name: text, type: keys[index] ?? { kind: 'unknown' }, meaning: { kind: 'key', index } }));
  const understood = understand(clause.expr, host, fresh, { keyword: clause.keyword, bound });
  // Where something may stand that is no contract nobody can say.
  const text = [...clause.problems, ...(place.kind === 'misplaced' && clause.keyword !== undefined ? [place.problem] : [])];
  // What follows from a mistake in the text, or from the wrong map, is not told of.
  const told = text.some(({ severity }) => severity === 'error') ? text : [...text, ...(about.length > 0 ? about : understood.problems)];
  return { ...understood, clause, place, problems: told.toSorted(byPlace) };
}
