/** What the input box of "Generate eBPF from description" starts with. No `vscode` here: tested in plain Node. */

/** Longer selections are code the user happens to have selected, not a sentence. */
const MAX_DEFAULT = 1000;

/** A line that is a comment and nothing else; `//@` is a contract and `#include` is code. */
const COMMENT_LINE = /^\s*(?:\/\/(?!@)|\/\*|\*(?=\s|\/|$)|#(?!!)(?=\s)(?!\s*(?:include|define|undef|if|ifdef|ifndef|else|elif|endif|pragma|error)\b))/;

/** The text of a comment line; a line that is no comment stays as it is. */
export function stripComment(line: string): string {
  if (!COMMENT_LINE.test(line)) return line.trim();
  return line
    .replace(/^\s*(?:\/\/+!?|\/\*+|\*+(?!\/)|#+)?\s*/, '')
    .replace(/\s*\*+\/\s*$/, '')
    .trim();
}

/** The selected text, else the comment in the cursor's line, else nothing. */
export function defaultSentence(selection: string, cursorLine: string): string {
  if (selection.trim() !== '') {
    if (selection.length > MAX_DEFAULT) return '';
    return selection.split(/\r?\n/).map(stripComment).filter((line) => line !== '').join(' ');
  }
  if (!COMMENT_LINE.test(cursorLine) || cursorLine.length > MAX_DEFAULT) return '';
  return stripComment(cursorLine);
}

/** What the input box says about a sentence, or undefined when it can be sent. */
export function complainAbout(sentence: string): string | undefined {
  return sentence.trim() === '' ? 'Say in a sentence what the program should observe, for example: count system calls by process' : undefined;
}

const MAX_NAME = 36;

/** No name ends with these. */
const DANGLING = new Set('a an and as at by each every for from in into its of on or per that the their to which with'.split(' '));

/** A file name made of the first words of the first sentence: `count system calls by process` is `count-system-calls-by-process`. */
export function fileNameFor(sentence: string): string {
  const [first = ''] = sentence.split(/[.!?](?:\s|$)/, 1);
  const words = first.toLowerCase().normalize('NFKD').match(/[a-z0-9]+/g) ?? [];
  const kept: string[] = [];
  for (const word of words) {
    if (kept.join('-').length + word.length > MAX_NAME) break;
    kept.push(word);
  }
  while (kept.length > 1 && DANGLING.has(kept.at(-1) ?? '')) kept.pop();
  return kept.join('-') || 'generated';
}
