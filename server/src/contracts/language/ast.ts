import type { Span } from '../../base/span.ts';
import type { BinaryOp as HostOp, Bool, Identifier, Integer, Missing, Name, Positional, Str, TypeRef, Variable } from '../../language/bpftrace/syntax/ast.ts';

/**
 * Expressions of contracts: those of the host language and a few more. All spans are offsets of the document; a node in a
 * clause of several lines may have a line's end and a `//@` inside. Nodes that both languages have look as bpftrace's do.
 */
export type Expr =
  | Integer | Str | Bool | Identifier | Variable | MapAccess | Positional | Call | SizeOf
  | Unary | Binary | Ternary | Field | Index | Cast | Tuple | Paren | Quantifier | Missing;

/** `@x`, `@x[1, 2]`; the name has its `@`. */
export interface MapAccess extends Span { readonly kind: 'map'; readonly name: string; readonly nameSpan: Span; /** Absent without brackets. */ readonly keys?: readonly Expr[] }
/** A function of contracts (`old`, `ntohs`, `present`, …) or of the host. */
export interface Call extends Span { readonly kind: 'call'; readonly callee: Name; readonly args: readonly Expr[]; /** Inside the parentheses. */ readonly argSpan: Span }
export interface SizeOf extends Span { readonly kind: 'sizeof'; readonly of: TypeRef | Expr }
export interface Unary extends Span { readonly kind: 'unary'; readonly op: '-' | '!' | '~' | '*' | '&' | '+'; readonly operand: Expr }
export interface Binary extends Span { readonly kind: 'binary'; readonly op: BinaryOp; readonly opSpan: Span; readonly left: Expr; readonly right: Expr }
export type BinaryOp = HostOp | '==>';
export interface Ternary extends Span { readonly kind: 'ternary'; readonly condition: Expr; readonly then?: Expr; readonly otherwise: Expr }
export interface Field extends Span { readonly kind: 'field'; readonly object: Expr; readonly op: '.' | '->'; readonly opSpan: Span; /** Empty while half-typed. */ readonly name: Name }
export interface Index extends Span { readonly kind: 'index'; readonly object: Expr; readonly index: Expr }
export interface Cast extends Span { readonly kind: 'cast'; readonly type: TypeRef; readonly operand: Expr }
export interface Tuple extends Span { readonly kind: 'tuple'; readonly elements: readonly Expr[] }
export interface Paren extends Span { readonly kind: 'paren'; readonly inner: Expr }
/** `forall x in enum E : P`, `exists i in 0..8 : P`; its body goes on as far as it can. */
export interface Quantifier extends Span { readonly kind: 'quantifier'; readonly quantifier: 'forall' | 'exists'; readonly variable: Name; readonly over: Domain; readonly body: Expr }
export type Domain = EnumDomain | RangeDomain;
/** All members of an enum. */
export interface EnumDomain extends Span { readonly kind: 'enum-domain'; readonly enum: TypeRef }
/** The integers from one constant to another, which is not among them. */
export interface RangeDomain extends Span { readonly kind: 'range-domain'; readonly from: Expr; readonly to: Expr }

export const KEYWORDS = ['assume', 'assert', 'requires', 'ensures', 'invariant'] as const;
export type Keyword = (typeof KEYWORDS)[number];

/** What an invariant is of: `@map[k1, k2]`, in C `map[k]`. */
export interface Subject extends Span {
  /** With its `@`. */
  readonly name: string;
  readonly nameSpan: Span;
  /** What the condition calls the keys; absent for a map that has none. */
  readonly keys?: readonly Name[];
}

/** The language around the clauses. */
export type Language = 'bpftrace' | 'c';

/** The expressions directly inside one, in source order. */
export function operands(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'map':
      return expr.keys ?? [];
    case 'call':
      return expr.args;
    case 'sizeof':
      return expr.of.kind === 'type' ? [] : [expr.of];
    case 'unary':
    case 'cast':
      return [expr.operand];
    case 'binary':
      return [expr.left, expr.right];
    case 'ternary':
      return expr.then ? [expr.condition, expr.then, expr.otherwise] : [expr.condition, expr.otherwise];
    case 'field':
      return [expr.object];
    case 'index':
      return [expr.object, expr.index];
    case 'tuple':
      return expr.elements;
    case 'paren':
      return [expr.inner];
    case 'quantifier':
      return expr.over.kind === 'range-domain' ? [expr.over.from, expr.over.to, expr.body] : [expr.body];
    default:
      return [];
  }
}

/** An expression and everything in it, the outer ones first, by place. */
export function everyExpr(root: Expr): Expr[] {
  const found: Expr[] = [];
  const waiting = [root];
  for (let at = waiting.pop(); at; at = waiting.pop()) {
    found.push(at);
    waiting.push(...operands(at).toReversed());
  }
  return found;
}

/** The types written in an expression itself. */
export function typesIn(expr: Expr): readonly TypeRef[] {
  if (expr.kind === 'cast') return [expr.type];
  if (expr.kind === 'sizeof' && expr.of.kind === 'type') return [expr.of];
  return expr.kind === 'quantifier' && expr.over.kind === 'enum-domain' ? [expr.over.enum] : [];
}

/** Without the parentheses around it. */
export function bare(expr: Expr): Expr {
  let at = expr;
  while (at.kind === 'paren') at = at.inner;
  return at;
}
