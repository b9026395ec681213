import type { Span } from '../../../base/span.ts';
import type { Item } from './ast.ts';

/** One immutable parse of a whole program. Never fails: what cannot be read is an item of kind `bad-item` with faults. */
export interface Document {
  /** As the editor has it: CRLF, tabs and a BOM are kept, offsets count UTF-16 units of this text. */
  readonly text: string;
  readonly items: readonly PlacedItem[];
  /** Comments anywhere in the text, in order; spans in the document. */
  readonly comments: readonly Span[];
}

/** A top-level item at its place. Spans of `item`, `faults` and all nodes inside count from `start`. */
export interface PlacedItem {
  readonly start: number;
  readonly end: number;
  readonly item: Item;
  /** Its text alone made it: no bracket or quote had to be imagined. */
  readonly plain: boolean;
  readonly faults: readonly Fault[];
}

/** What is wrong with the text itself; a `span` of length 0 marks a place where something is missing. */
export interface Fault {
  /** kebab-case: `unclosed-string`, `unclosed-bracket`, `unexpected-bracket`, `syntax-error`, … */
  readonly code: string;
  readonly message: string;
  readonly span: Span;
  readonly evidence: readonly { readonly span: Span; readonly message: string }[];
  /** Text that repairs it, when it is clear. */
  readonly repair?: { readonly title: string; readonly span: Span; readonly newText: string };
}
