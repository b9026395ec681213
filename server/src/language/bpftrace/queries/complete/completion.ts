import type { Span } from '../../../../base/span.ts';
import type { Described } from '../described.ts';

export type CompletionKind = 'probe' | 'event' | 'module' | 'field' | 'builtin' | 'function' | 'macro' | 'map' | 'variable' | 'keyword' | 'type' | 'struct' | 'enum' | 'enum-member' | 'constant' | 'config' | 'value';

/** One proposal. */
export interface Completion {
  readonly label: string;
  readonly kind: CompletionKind;
  /** A type or a form, beside the label. */
  readonly detail?: string;
  /** What the proposal replaces; it ends at the cursor. */
  readonly span: Span;
  readonly newText: string;
  /** The same with places to fill in, for editors that can. */
  readonly snippet?: string;
  /** What is typed to find it, where that is not the label. */
  readonly filter?: string;
  /** Lower comes first; equal ones by label. */
  readonly rank: number;
  readonly deprecated?: boolean;
  /** More can be proposed directly behind it. */
  readonly goesOn?: 'proposals' | 'signature';
  /** Made when it is looked at: Markdown. Undefined or empty when there is nothing to say. */
  readonly documentation?: (described: Described) => string | undefined;
}

export interface Completions {
  readonly items: readonly Completion[];
  /** There are more: ask again when more is typed. */
  readonly incomplete: boolean;
}

/** What is nearest to the writer comes first. */
export const RANK = { local: 0, map: 1, own: 2, word: 2, builtin: 3, function: 4, keyword: 5, type: 6, constant: 7, old: 9 } as const;

export const nothing: Completions = { items: [], incomplete: false };
