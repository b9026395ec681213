import type { Span } from '../../../../base/span.ts';
import type { CMember, Expr } from '../../syntax/ast.ts';
import type { Reference, SymbolKind } from '../analysis.ts';
import type { Problem } from '../../problem.ts';
import type { Suggestions } from '../suggest.ts';
import type { BtType } from '../types.ts';

/** A symbol while its references and types are still being found. Spans are in the document. */
export interface Draft {
  readonly kind: SymbolKind;
  readonly name: string;
  readonly scope: Span;
  definition: Span;
  readonly references: Reference[];
  type?: BtType;
  keyType?: BtType;
  readonly member?: CMember;
  readonly container?: string;
  /** False for `let $x;` until something is assigned. */
  assigned?: boolean;
}

/** What names mean, found before types are. */
export interface Names {
  readonly all: Draft[];
  /** Declarations that can be used everywhere, by `globalKey`. */
  readonly globals: Map<string, Draft>;
  /** What a variable, map or identifier at its place stands for. */
  readonly of: Map<Expr, Draft>;
  readonly problems: Problem[];
  readonly suggestions: Suggestions;
}

/** Maps, structs, enums, typedefs and plain words live in separate name spaces. */
export function globalKey(kind: SymbolKind, name: string, container?: string): string {
  switch (kind) {
    case 'struct':
      return `struct ${name}`;
    case 'enum':
      return `enum ${name}`;
    case 'member':
      return `${container ?? ''}.${name}`;
    default:
      return name;
  }
}

export function addReference(draft: Draft, span: Span, access: Reference['access']): void {
  draft.references.push({ span, access });
}
