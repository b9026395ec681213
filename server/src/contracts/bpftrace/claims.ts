import type { Span } from '../../base/span.ts';
import type { Analysis, ProbeInfo } from '../../language/bpftrace/analysis/analysis.ts';
import type { BtType } from '../../language/bpftrace/analysis/types.ts';
import type { Assign, Expr } from '../../language/bpftrace/syntax/ast.ts';
import type { IrExpr } from '../ir/ir.ts';
import type { Property } from '../verdict.ts';

/** A condition that must hold where an expression is evaluated, for the program to mean what it says. */
export interface Claim {
  readonly property: Property;
  /** What it is about, counted from the start of the item as nodes are; the expression itself when absent. */
  readonly span?: Span;
  /** A truth value. */
  readonly condition: IrExpr;
  /** In words: `@calls is not 0`. */
  readonly says: string;
}

/** A place in a probe, as the translation is there. */
export interface Here {
  readonly analysis: Analysis;
  readonly info: ProbeInfo;
  /** The type of an expression as bpftrace computes it; `unknown` when it has none. */
  typeOf(node: Expr): BtType;
  /**
   * The value of an expression that stands inside of the one that was asked about, or of an assignment's target before it: as wide as its type (64 bits
   * for pointers and strings). Undefined when it is no number, or has no meaning here. Does not evaluate anything once more: effects count once.
   */
  value(node: Expr): IrExpr | undefined;
}

/**
 * What is asked of each expression of a program, when its operands were translated and before it counts itself, and of each assignment before it is
 * done. What stands around it (predicate, short circuits, branches) guards the claim already.
 */
export type ClaimsOf = (node: Expr | Assign, here: Here) => readonly Claim[];
