/** What a program says of itself: at this place of it stands this. */
export interface Assertion {
  /** Of the program without its assertions, from zero. */
  readonly row: number;
  readonly column: number;
  readonly expected: string;
}

const ASSERTION = /^\s*\/\/\s*(\^+|<-)\s*(\S+)$/;

/**
 * Takes the assertions out of a program. Each is a comment on a line of its own and speaks of the last line that is none:
 * `// ^^^ this` of the columns over its carets, `// <- this` of the column that its slashes stand in.
 */
export function asserted(text: string): { readonly program: string; readonly assertions: readonly Assertion[] } {
  const lines: string[] = [];
  const assertions: Assertion[] = [];
  for (const line of text.split('\n')) {
    const [, mark, expected] = ASSERTION.exec(line) ?? [];
    if (mark === undefined || expected === undefined) {
      lines.push(line);
      continue;
    }
    const first = mark === '<-' ? line.indexOf('//') : line.indexOf('^');
    const columns = mark === '<-' ? 1 : mark.length;
    for (let column = first; column < first + columns; column++) assertions.push({ row: lines.length - 1, column, expected });
  }
  return { program: lines.join('\n'), assertions };
}
