import { UserError } from '../../../base/error.ts';
import { contains, type Span } from '../../../base/span.ts';
import type { Sym } from '../../../language/bpftrace/analysis/analysis.ts';
import type { TypeRef } from '../../../language/bpftrace/syntax/ast.ts';
import { everyExpr, typesIn, type Expr } from '../ast.ts';
import type { Meaning } from '../check/checker.ts';
import type { AnyClause } from './at.ts';

/** What can be renamed: of the program, or of one contract. */
export type Target =
  | { readonly kind: 'symbol'; readonly sym: Sym }
  /** Of a C program, by the place of its name. */
  | { readonly kind: 'c'; readonly declaration: Span }
  /** The variable of a quantifier, the key of an invariant. */
  | { readonly kind: 'bound'; readonly declaration: Span };

/** A name in a contract. */
export interface Occurrence {
  /** With its `$` or `@`. */
  readonly name: string;
  readonly span: Span;
  readonly of: Target;
  readonly declares: boolean;
}

/** The names in a clause, by place. `symbols`: those of a bpftrace program, for maps, members and types. */
export function namesIn(checked: AnyClause, symbols: readonly Sym[] = []): Occurrence[] {
  const { clause: { subject, expr }, members } = checked;
  const found: Occurrence[] = [];
  const add = (name: string, { start, end }: Span, of: Target | undefined, declares = false): void => {
    if (of) found.push({ name, span: { start, end }, of, declares });
  };
  if (subject) add(subject.name, subject.nameSpan, symbolTarget(symbols, subject.name, ['map']));
  for (const key of subject?.keys ?? []) add(key.text, key, bound(key), true);
  for (const node of everyExpr(expr)) {
    const at = nameOf(node);
    if (at) add(at.name, at.span, targetOf(checked, checked.meaningOf(node)));
    if (node.kind === 'quantifier') add(node.variable.text, node.variable, bound(node.variable), true);
    for (const type of typesIn(node)) add(type.name.text, type.name, typeTarget(symbols, type));
  }
  for (const { struct, name, span } of members) {
    const containers = [`${struct.kind} ${struct.name}`, `typedef ${struct.name}`];
    const sym = symbols.find((s) => s.kind === 'member' && s.name === name && s.container !== undefined && containers.includes(s.container));
    add(name, span, sym && { kind: 'symbol', sym });
  }
  return found.toSorted((a, b) => a.span.start - b.span.start);
}

const bound = ({ start, end }: Span): Target => ({ kind: 'bound', declaration: { start, end } });

function symbolTarget(symbols: readonly Sym[], name: string, kinds: readonly Sym['kind'][]): Target | undefined {
  const sym = symbols.find((s) => s.name === name && kinds.includes(s.kind));
  return sym && { kind: 'symbol', sym };
}

function typeTarget(symbols: readonly Sym[], { tag, name }: TypeRef): Target | undefined {
  return symbolTarget(symbols, name.text, tag === 'enum' ? ['enum'] : tag === 'name' ? ['typedef', 'struct'] : ['struct']);
}

function nameOf(node: Expr): { readonly name: string; readonly span: Span } | undefined {
  if (node.kind === 'map') return { name: node.name, span: node.nameSpan };
  return node.kind === 'identifier' || node.kind === 'variable' ? { name: node.name, span: node } : undefined;
}

function targetOf({ clause }: AnyClause, meaning: Meaning | undefined): Target | undefined {
  switch (meaning?.kind) {
    case 'symbol':
      return { kind: 'symbol', sym: meaning.sym };
    case 'constant':
      if (meaning.sym) return { kind: 'symbol', sym: meaning.sym };
      return meaning.declaration && { kind: 'c', declaration: meaning.declaration };
    case 'bound':
      return bound(meaning.quantifier.variable);
    case 'key': {
      const key = clause.subject?.keys?.[meaning.index];
      return key && bound(key);
    }
    case 'parameter':
    case 'local':
    case 'global':
    case 'map':
    case 'function':
      return meaning.declaration && { kind: 'c', declaration: meaning.declaration };
    default:
      return undefined;
  }
}

/** The name at an offset, its end included. */
export function nameAt(clauses: readonly AnyClause[], offset: number, symbols?: readonly Sym[]): Occurrence | undefined {
  const checked = clauses.find(({ clause }) => contains(clause, offset));
  return checked && namesIn(checked, symbols).find(({ span }) => contains(span, offset));
}

export function sameTarget(a: Target, b: Target): boolean {
  if (a.kind === 'symbol') return b.kind === 'symbol' && a.sym === b.sym;
  return b.kind === a.kind && a.declaration.start === b.declaration.start;
}

/** Where contracts name it: what an editor shows and renames beside the places in the program. */
export function occurrencesOf(clauses: readonly AnyClause[], target: Target): Occurrence[] {
  const symbols = target.kind === 'symbol' ? [target.sym] : [];
  return clauses.flatMap((checked) => namesIn(checked, symbols).filter(({ of }) => sameTarget(of, target)));
}

/** A new name for what only a contract names. Throws UserError when it cannot be one, or is taken in the clause. */
export function checkedBoundName(clauses: readonly AnyClause[], { of, span }: Occurrence, wanted: string, symbols?: readonly Sym[]): string {
  if (!/^[A-Za-z_]\w*$/.test(wanted)) throw new UserError('rename', `'${wanted}' is no name: a letter or _, then letters, digits and _.`);
  const checked = clauses.find(({ clause }) => contains(clause, span.start));
  const names = checked ? [...namesIn(checked, symbols), ...everyExpr(checked.clause.expr).flatMap((node) => (node.kind === 'identifier' ? [{ name: node.name, of: undefined }] : []))] : [];
  if (names.some((other) => other.name === wanted && (!other.of || !sameTarget(other.of, of)))) throw new UserError('rename', `This contract names something else ${wanted} already.`);
  return wanted;
}
