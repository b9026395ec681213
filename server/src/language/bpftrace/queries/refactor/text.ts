/** White space before the first character of the line of an offset. */
export function lineIndentation(text: string, offset: number): string {
  const start = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? '';
}

/** One level of indentation as the program has it: its first indented line, or a tab. */
export function oneLevel(text: string): string {
  return /^(\t|[ ]+)\S/m.exec(text)?.[1] ?? '\t';
}
