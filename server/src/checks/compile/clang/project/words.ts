/** Splits a command line into words as a POSIX shell does, without expanding anything. */
export function commandWords(line: string): readonly string[] {
  const words: string[] = [];
  for (const [word] of line.matchAll(/(?:\\[^]|'[^']*'|"(?:\\[^]|[^"\\])*"|[^\s'"\\])+/g)) {
    words.push(word.replace(/\\([^])|'([^']*)'|"((?:\\[^]|[^"\\])*)"/g, (_, escaped: string | undefined, single: string | undefined, double: string | undefined) => {
      if (escaped !== undefined) return escaped === '\n' ? '' : escaped;
      return single ?? (double ?? '').replace(/\\(["\\$`])/g, '$1');
    }));
  }
  return words;
}
