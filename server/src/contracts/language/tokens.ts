import type { Span } from '../../base/span.ts';

export interface Token extends Span {
  readonly kind: 'number' | 'string' | 'char' | 'word' | 'variable' | 'map' | 'sign';
  readonly text: string;
}

export interface Tokens {
  readonly tokens: readonly Token[];
  /** `// why` at the end of a line of a clause. */
  readonly remarks: readonly Span[];
}

const KINDS = ['remark', 'string', 'char', 'number', 'word', 'variable', 'map', 'sign'] as const;
const TOKEN = new RegExp(
  [
    String.raw`(\/\/[^]*)`,
    String.raw`("(?:\\[^]|[^"\\])*"?)`,
    String.raw`('(?:\\[^]|[^'\\])*'?)`,
    // The dots of 0..8 are no fraction's.
    String.raw`(\d\w*)`,
    String.raw`([A-Za-z_]\w*)`,
    String.raw`(\$(?:\w+|#)?)`,
    String.raw`(@\w*)`,
    String.raw`(==>|<<=|>>=|->|=>|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|\.\.|[^\s\uFEFF])`,
  ].join('|'),
  'gu',
);

/** The first tokens in some spans of a text, which are in order; none goes over the end of its span. */
export function tokenize(text: string, spans: readonly Span[], limit = Infinity): Tokens {
  const tokens: Token[] = [];
  const remarks: Span[] = [];
  for (const { start, end } of spans) {
    if (tokens.length >= limit) break;
    for (const match of text.slice(start, end).matchAll(TOKEN)) {
      const kind = KINDS[match.findIndex((group, i) => i > 0 && group !== undefined) - 1] ?? 'sign';
      const at = { start: start + match.index, end: start + match.index + match[0].length };
      if (kind === 'remark') remarks.push({ start: at.start, end: at.start + match[0].trimEnd().length });
      else if (tokens.push({ kind, text: match[0], ...at }) >= limit) break;
    }
  }
  return { tokens, remarks };
}
