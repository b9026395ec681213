import type { Problem } from '../../../language/bpftrace/problem.ts';
import type { Language } from '../ast.ts';
import type { Clause } from '../parse/parse.ts';

/** Where a comment stands, whatever is in it. */
export type Where<Owner, At> =
  /** Between items; `next` is the probe or function directly below. */
  | { readonly kind: 'top'; readonly next: Owner | undefined }
  /** In a body; `at` is undefined inside of a statement. */
  | { readonly kind: 'body'; readonly owner: Owner; readonly at: At | undefined }
  /** In a header, in a struct. */
  | { readonly kind: 'elsewhere' };

/** What a clause is of. */
export type Place<Owner, At> =
  /** An invariant. */
  | { readonly kind: 'top' }
  /** Of a whole probe or function: `requires`, `ensures`. */
  | { readonly kind: 'entry'; readonly owner: Owner }
  /** Of one point in a body: `assume`, `assert`. */
  | { readonly kind: 'statement'; readonly owner: Owner; readonly at: At }
  | { readonly kind: 'misplaced'; readonly owner: Owner | undefined; readonly problem: Problem };

/** Whether a clause may stand where it does. One without a keyword is judged by where it stands. */
export function judgePlace<Owner, At>(clause: Clause, where: Where<Owner, At>, language: Language): Place<Owner, At> {
  const owner = where.kind === 'body' ? where.owner : where.kind === 'top' ? where.next : undefined;
  const misplaced = (message: string): Place<Owner, At> => ({ kind: 'misplaced', owner, problem: { code: 'misplaced-contract', severity: 'error', message, span: clause.word.end > clause.word.start ? clause.word : clause, evidence: [], repairs: [] } });
  const what = language === 'c' ? 'function' : 'probe';
  if (!clause.ownLine) return misplaced(`A contract has a line to itself, above ${clause.keyword === 'requires' || clause.keyword === 'ensures' ? `the ${what}` : 'the statement'} it is about. Move it there.`);
  const keyword = clause.keyword ?? (where.kind === 'body' ? 'assert' : 'requires');
  switch (keyword) {
    case 'assume':
    case 'assert':
      if (where.kind === 'body') return where.at === undefined ? misplaced(`${keyword} cannot stand inside of a statement: move it above, or put the statement between braces.`) : { kind: 'statement', owner: where.owner, at: where.at };
      return misplaced(`${keyword} stands between the statements of a ${what}. Above a ${what} write ${keyword === 'assume' ? 'requires: what holds when it is entered' : 'ensures: what holds when it is left'}.`);
    case 'requires':
    case 'ensures':
      if (where.kind === 'top') return where.next === undefined ? misplaced(`${keyword} stands directly above a ${what}; there is none below.`) : { kind: 'entry', owner: where.next };
      return misplaced(`${keyword} stands directly above the ${what}. Between statements write ${keyword === 'requires' ? 'assume' : 'assert'}.`);
    case 'invariant':
      return where.kind === 'top' ? { kind: 'top' } : misplaced(`An invariant stands outside of all ${what}s: move it to the top.`);
  }
}
