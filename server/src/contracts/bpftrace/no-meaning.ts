import type { Span } from '../../base/span.ts';

/** Thrown inside of the translation where something has no meaning yet; whoever translates a whole clause or probe catches it. */
export class NoMeaning extends Error {
  /** Of the innermost expression, in the document; set on the way out. */
  span: Span | undefined;
}
