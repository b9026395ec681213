import { contains, type Span } from '../../../base/span.ts';
import { operands, type Expr } from '../ast.ts';
import type { CheckedClause } from '../check/clause.ts';
import { tokenize, type Token } from '../tokens.ts';

/** A clause of either language, for what does not depend on it. */
export type AnyClause = CheckedClause<unknown, unknown>;

/** The clause an offset is in, its end included: there it is being typed. */
export function clauseAt<C extends AnyClause>(clauses: readonly C[], offset: number): C | undefined {
  return clauses.find(({ clause }) => contains(clause, offset) && clause.lines.some((line) => contains(line, offset)));
}

/** The expressions around an offset, the outermost first. */
export function pathTo(root: Expr, offset: number): Expr[] {
  const path: Expr[] = [];
  for (let at: Expr | undefined = contains(root, offset) ? root : undefined; at; ) {
    path.push(at);
    const inside: Expr[] = operands(at).filter((node) => contains(node, offset));
    // One that begins here goes before one that ends here.
    at = inside.find((node) => node.start === offset) ?? inside.at(-1);
  }
  return path;
}

/** The words and signs behind the keyword. */
export function tokensOf({ clause }: AnyClause, text: string): readonly Token[] {
  return tokenize(text, clause.body).tokens;
}

/** The word that is being typed before an offset, with its `$` or `@`; empty where there is none. */
export function wordBefore(text: string, offset: number): Span {
  let start = offset;
  while (start > 0 && /\w/.test(text[start - 1] ?? '')) start--;
  if (start > 0 && /[$@]/.test(text[start - 1] ?? '')) start--;
  return { start, end: offset };
}
