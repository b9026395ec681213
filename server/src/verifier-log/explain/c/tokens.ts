/** A word or sign of C; comments, preprocessor lines and white space are left out. */
export interface Token {
  readonly text: string;
  /** Offset of its first character. */
  readonly at: number;
  /** One-based line. */
  readonly line: number;
}

const TOKEN = /[A-Za-z_]\w*|\d[\w.]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|->|\+\+|--|<<=|>>=|[-+*/%&|^=!<>]=|&&|\|\||<<|>>|[^\s]/y;

/** The source with its comments and preprocessor lines blanked; offsets and lines stay. */
export function withoutComments(source: string): string {
  const blank = (text: string): string => text.replaceAll(/[^\n]/g, ' ');
  const code = source.replaceAll(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g, (m) => (m.startsWith('/') ? blank(m) : m));
  return code.replaceAll(/^[ \t]*#(?:[^\n]*\\\n)*[^\n]*/gm, blank);
}

export function tokens(code: string): readonly Token[] {
  const found: Token[] = [];
  let line = 1;
  let at = 0;
  while (at < code.length) {
    const c = code.charCodeAt(at);
    if (c === 0x0a) line++;
    if (c <= 0x20) {
      at++;
      continue;
    }
    TOKEN.lastIndex = at;
    const text = TOKEN.exec(code)?.[0] ?? code.charAt(at);
    found.push({ text, at, line });
    at += text.length;
  }
  return found;
}
