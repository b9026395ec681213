/** What the pre-scanner knows of bpftrace's tokens: space, comments, strings, and how an item may begin. */

/** A line that looks like the beginning of a new top-level item; to be tried at the start of a line. */
const HEADER =
  /(?:BEGIN|END|begin|end)\b(?=[ \t]*(?:[{/,]|\r?$))|[A-Za-z_*][\w*]*:(?!:)|(?:macro|fn)[ \t]+[A-Za-z_]|config[ \t]*=|#[ \t]*[a-z]|(?:struct|union|enum|typedef)[ \t]+\w|let[ \t]+@|import[ \t]+"/my;

export function looksLikeHeader(text: string, at: number): boolean {
  HEADER.lastIndex = at;
  return HEADER.test(text);
}

/** The next place at the start of a line, from `from` on and before `limit`, that looks like a header. */
export function nextHeader(text: string, from: number, limit: number): number | undefined {
  for (let at = text.indexOf('\n', from) + 1; at > 0 && at < limit; at = text.indexOf('\n', at) + 1) {
    if (looksLikeHeader(text, at)) return at;
  }
  return undefined;
}

export function isSpace(char: string | undefined): boolean {
  return char === ' ' || char === '\n' || char === '\t' || char === '\r' || char === '\v' || char === '\f';
}

const WORD = /[A-Za-z0-9_]/;

export function isWordChar(char: string | undefined): boolean {
  return char !== undefined && WORD.test(char);
}

const WORD_AT = /\w*/y;

/** The word that begins here; empty when there is none. */
export function wordAt(text: string, at: number): string {
  WORD_AT.lastIndex = at;
  return WORD_AT.exec(text)?.[0] ?? '';
}

/** Where the line of `at` ends: before its LF or CRLF, at most at `limit`. */
export function lineEnd(text: string, at: number, limit: number): number {
  const newline = text.indexOf('\n', at);
  const end = newline < 0 || newline > limit ? limit : newline;
  return end > at && text[end - 1] === '\r' ? end - 1 : end;
}

/** Columns of white space before the first character of the line of `at`. */
export function indentOf(text: string, at: number): number {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  let end = start;
  while (text[end] === ' ' || text[end] === '\t') end++;
  return end - start;
}

/** Is there only white space between the start of the line and `at`? */
export function isFirstOnLine(text: string, at: number): boolean {
  let before = at - 1;
  while (text[before] === ' ' || text[before] === '\t') before--;
  return before < 0 || text[before] === '\n';
}

/** The end of a string that begins at `at`; strings end with their line, and a backslash hides one character. */
export function stringEnd(text: string, at: number, limit: number): { end: number; closed: boolean } {
  for (let next = at + 1; next < limit; next++) {
    const char = text[next];
    if (char === '"') return { end: next + 1, closed: true };
    if (char === '\n') return { end: text[next - 1] === '\r' ? next - 1 : next, closed: false };
    if (char === '\\' && text[next + 1] !== '\n' && text[next + 1] !== '\r') next++;
  }
  return { end: limit, closed: false };
}

/**
 * Where a missing quote most likely belongs in the rest of a line: before the arguments that follow a format, or
 * before the brackets and the semicolon at the end.
 */
export function missingQuote(text: string, start: number, end: number): number {
  const rest = text.slice(start + 1, end);
  const args = /,\s*(?:[$@]|args\b|[a-z_]+\()/.exec(rest);
  if (args) return start + 1 + args.index;
  return start + 1 + rest.replace(/[\s;)\]},]+$/, '').length;
}
