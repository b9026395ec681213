import type { CEnum } from '../../../kernel/ctype.ts';
import type { Span } from '../../../base/span.ts';
import type { Sym } from '../../../language/bpftrace/analysis/analysis.ts';
import type { State } from '../../../language/bpftrace/analysis/check/state.ts';
import type { BtType } from '../../../language/bpftrace/analysis/types.ts';
import type * as host from '../../../language/bpftrace/syntax/ast.ts';
import type { Call, Expr, Keyword, Language, MapAccess, Quantifier } from '../ast.ts';

/** What a name in a contract stands for. */
export type Meaning =
  | { readonly kind: 'bound'; readonly quantifier: Quantifier }
  /** The key of an invariant's map with that number. */
  | { readonly kind: 'key'; readonly index: number }
  /** bpftrace: a variable, map or parameter of the program, a `#define` that is no number. */
  | { readonly kind: 'symbol'; readonly sym: Sym }
  | { readonly kind: 'builtin' }
  /** A number that is known beforehand; `sym`, in C `declaration`, where the program itself says which. */
  | { readonly kind: 'constant'; readonly value: bigint; readonly of?: CEnum; readonly sym?: Sym; readonly declaration?: Span }
  /** C: what the function gives back. */
  | { readonly kind: 'result' }
  /** C: where it is declared, when that is known. */
  | { readonly kind: 'parameter' | 'local' | 'global' | 'map' | 'function'; readonly name: string; readonly declaration?: Span }
  /** It is there, but nothing is known of it. */
  | { readonly kind: 'unknown' };

export interface Named {
  readonly type: BtType;
  readonly meaning: Meaning;
}

/** How the host language resolves names. Each function reports what it does not know and answers all the same. */
export interface Host {
  readonly language: Language;
  word(checker: Checker, node: host.Identifier): Named;
  variable(checker: Checker, node: host.Variable): Named;
  map(checker: Checker, node: MapAccess): Named;
  /** A call of a function that is none of the contracts'. */
  call(checker: Checker, node: Call): BtType;
  /** The value of an entry of a map, when an expression that was visited is one. */
  entry(checker: Checker, node: Expr): BtType | undefined;
}

/** The check of one clause. */
export interface Checker {
  readonly host: Host;
  /** bpftrace's own checker, whose rules for fields, casts and operators hold here too; it visits nodes by `visit`. */
  readonly state: State;
  readonly keyword: Keyword | undefined;
  readonly types: Map<Expr, BtType>;
  readonly meanings: Map<Expr, Meaning>;
  /** Names of quantifiers around the expression and of an invariant's keys, the innermost last. */
  readonly bound: (Named & { readonly name: string })[];
  /** How many old() are around. */
  old: number;
  readonly visit: (node: Expr) => BtType;
}

/**
 * A node as bpftrace's checker takes it: those that both languages have are alike, and it looks at what is inside only
 * through `state.visit`, which is ours.
 */
export function asHost<K extends host.Expr['kind']>(node: Extract<Expr, { kind: K }>): Extract<host.Expr, { kind: K }> {
  return node as unknown as Extract<host.Expr, { kind: K }>;
}
