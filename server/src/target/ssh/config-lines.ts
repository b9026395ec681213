import { UserError } from '../../base/error.ts';

/** One line of a configuration: `Keyword value value …`. */
export interface ConfigLine {
  /** In lower case. */
  readonly keyword: string;
  readonly words: readonly string[];
  /** One-based. */
  readonly line: number;
}

/** The lines of an SSH configuration that say something. Throws a UserError with file and line for one that cannot be read. */
export function configLines(text: string, file: string): ConfigLine[] {
  return text.split(/\r?\n/).flatMap((raw, index) => {
    // Blanks or one `=` between the keyword and its values.
    const [, quoted, bare, rest = ''] = /^\s*(?:"([^"]*)"|([^\s="#][^\s=]*))(?:\s*=\s*|\s+|$)(.*)$/s.exec(raw) ?? [];
    const keyword = (quoted ?? bare)?.toLowerCase();
    if (keyword === undefined) return [];
    const words = split(rest);
    if (words === undefined) throw unreadable(file, index + 1, 'a quotation mark is not closed');
    if (words.length === 0 && (keyword === 'host' || keyword === 'match' || keyword === 'include')) throw unreadable(file, index + 1, `'${keyword}' says nothing`);
    return [{ keyword, words, line: index + 1 }];
  });
}

export function unreadable(file: string, line: number, why: string): UserError {
  return new UserError('ssh-config', `${file}:${line} cannot be read as an SSH configuration: ${why}. Check it with: ssh -G localhost`);
}

/** Words as OpenSSH takes them apart (misc.c, argv_split): quotes of both kinds, a backslash before what it hides, `#` begins a comment. */
function split(text: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const c = text[i] ?? '';
    const next = text[i + 1] ?? '';
    if (c === '\\' && (next === '"' || next === "'" || next === '\\' || (quote === '' && next === ' '))) {
      word = (word ?? '') + next;
      i++;
    } else if (quote !== '') {
      if (c === quote) quote = '';
      else word += c;
    } else if (c === '"' || c === "'") {
      quote = c;
      word ??= '';
    } else if (/\s/.test(c)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (c === '#' && word === undefined) break;
    else word = (word ?? '') + c;
  }
  if (quote !== '') return undefined;
  return word === undefined ? words : [...words, word];
}
