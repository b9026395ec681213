import type { Span } from '../../../../base/span.ts';
import type { CMember, Expr, Item } from '../../syntax/ast.ts';
import type { Reference, SymbolKind } from '../analysis.ts';
import type { Problem } from '../../problem.ts';

/**
 * A name that a program introduces. Its places count from the start of the item it is in, so that they stay right while
 * other items are edited.
 */
export interface Draft {
  readonly kind: SymbolKind;
  readonly name: string;
  /** The item that introduces it. */
  readonly home: Item;
  /** Where it can be seen; undefined: in the whole document. */
  readonly scope: Span | undefined;
  readonly definition: Span;
  /** Every occurrence of what its item keeps for itself; of a global the definition only. */
  readonly references: Reference[];
  readonly member?: CMember;
  readonly container?: string;
  /** False for `let $x;` until something is assigned. */
  assigned?: boolean;
}

/** A global's occurrence in an item: of a declaration, or of a map by its name, which needs none. */
export interface Use extends Reference {
  readonly of: Draft | string;
}

/** What the names of one item stand for; places count from its start. */
export interface Bound {
  readonly locals: readonly Draft[];
  readonly uses: readonly Use[];
  readonly problems: readonly Problem[];
}

/** What names mean, found before types are. */
export interface Names {
  /** Declarations that can be used everywhere, by `globalKey`. */
  readonly globals: ReadonlyMap<string, Draft>;
  /** Where declarations are made once more, or mention each other. */
  readonly mentions: readonly (Use & { readonly item: Item })[];
  /** What a variable, a map that is a parameter, or an identifier at its place stands for. */
  readonly of: WeakMap<Expr, Draft>;
  in(item: Item): Bound;
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
