import type { Assign, Expr, Let, MapAccess, Probe } from '../../language/bpftrace/syntax/ast.ts';
import type { BUILT_IN } from '../verdict.ts';

export type BuiltIn = (typeof BUILT_IN)[number];

/** One place where a built-in property is asserted. */
export interface Site {
  readonly property: BuiltIn;
  readonly probe: Probe;
  /**
   * What the property is about: the assertion stands right before this is carried out, its operands being computed. An assignment is one that computes (`-=`, `/=`).
   * Spans count from the item, as everywhere.
   */
  readonly node: Expr | Assign;
  readonly condition: Condition;
  /** The condition in words, for people: `the divisor args.nr_sector is not 0`. */
  readonly says: string;
}

/**
 * What must hold, over expressions of the program: each one mentioned is `node` or one of its operands, is free of side effects, and is translated
 * with the type and the values it has at that place.
 */
export type Condition =
  /** To get here is the violation: what is wrong is wrong for all values. */
  | { readonly kind: 'never' }
  /** `of != 0` */
  | { readonly kind: 'nonzero'; readonly of: Expr }
  /** `low <= high`, both unsigned, in 64 bits. */
  | { readonly kind: 'at-most'; readonly low: Expr; readonly high: Expr }
  /** `of < limit`, unsigned in 64 bits: below 0 is far above. */
  | { readonly kind: 'below'; readonly of: Expr; readonly limit: number }
  /** The entry is there. */
  | { readonly kind: 'present'; readonly entry: MapAccess }
  /** `of`, in its own type, has the same value in an integer of so many bits. */
  | { readonly kind: 'fits'; readonly of: Expr; readonly bits: number; readonly signed: boolean }
  /** The lower `bits` of `of` read the same in both byte orders: `bswap(of) == of`. */
  | { readonly kind: 'same-swapped'; readonly of: Expr; readonly bits: 16 | 32 | 64 }
  /** A field reached from `object` (a record, or a pointer to one: `object.path[0].path[1]…`) has another value than this. Fields of `args` have `args` as object. */
  | { readonly kind: 'field-not'; readonly object: Expr; readonly path: readonly string[]; readonly value: bigint }
  /** A truth value that was remembered (see Memory). */
  | { readonly kind: 'remembered'; readonly name: string }
  | { readonly kind: 'true' }
  /** That of the branch which a ternary takes. */
  | { readonly kind: 'choice'; readonly on: Expr; readonly then: Condition; readonly otherwise: Condition };

/**
 * A truth value that is to be kept for later: right before the assignment is carried out, the IR variable `name` (of width `bool`) is set to the condition. So a variable that was
 * given an entry which may be absent, or an address that means something for one family only, is judged where its value is used.
 */
export interface Memory {
  readonly probe: Probe;
  readonly at: Assign | Let;
  /** No variable of the program has such a name. */
  readonly name: string;
  readonly condition: Condition;
}

/** Where the properties of a program are asserted, in the order of the source. */
export interface Properties {
  readonly sites: readonly Site[];
  readonly memories: readonly Memory[];
}
