import type { Span } from '../../../base/span.ts';
import type { Call, Expr, Str } from '../syntax/ast.ts';

/** A `%d` of a format string with the argument it prints. */
export interface Directive {
  /** As written: `%-6d`. */
  readonly text: string;
  /** Last letter: `d`, `x`, `s`. */
  readonly conversion: string;
  /** What follows in the text, up to the next directive. */
  readonly after: string;
  readonly span: Span;
  readonly argument: Expr | undefined;
}

const PRINTERS = new Set(['printf', 'errorf', 'warnf', 'system', 'cat', 'debugf']);
const DIRECTIVE = /%(?:%|[-+ #0]*(?:\d+|\*)?(?:\.(?:\d+|\*))?(?:hh|h|ll|l|j|z|t)?(?:rx|rh|gr|[a-zA-Z]))/g;

/** The directives of a call that prints by a format string; none for other calls. */
export function directives(call: Call): readonly Directive[] {
  const format = call.args[0];
  if (!PRINTERS.has(call.callee.text) || format?.kind !== 'string') return [];
  return read(format, call.args.slice(1));
}

function read(format: Str, args: readonly Expr[]): Directive[] {
  const found = [...format.raw.matchAll(DIRECTIVE)].filter(([text]) => text !== '%%');
  return found.map((match, i) => {
    const start = match.index;
    const end = start + match[0].length;
    const after = format.raw.slice(end, found[i + 1]?.index ?? format.raw.length - 1);
    return { text: match[0], conversion: match[0].slice(-1), after, span: { start: format.start + start, end: format.start + end }, argument: args[i] };
  });
}
