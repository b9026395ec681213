import { Lines, emptyRange, type Range } from '../../../base/range.ts';
import type { Evidence, Finding, Repair } from '../../finding.ts';
import { SOURCE_FILE } from './arguments.ts';
import type { ClangFixit, ClangMessage } from './messages.ts';

/** clang's diagnostics as findings; those in headers stand at the include that led there, with the header named. */
export function toFindings(messages: readonly ClangMessage[], text: string): Finding[] {
  const lines = new Lines(text);
  return messages.map((message) => {
    const own = message.file === SOURCE_FILE;
    return {
      check: 'compile',
      code: codeOf(message.text, message.severity),
      severity: message.severity === 'warning' ? 'warning' : 'error',
      message: own ? message.text : `In ${shown(message.file)}, line ${message.line}: ${message.text}`,
      range: own ? place(lines, message) : includeOf(lines, message),
      evidence: message.notes.map((note): Evidence => (note.file === SOURCE_FILE ? { range: place(lines, note), message: note.text } : { message: `${shown(note.file)}:${note.line}: ${note.text}` })),
      repairs: own ? repairs(lines, message) : [],
    };
  });
}

// use of undeclared identifier 'zz'   |   'bpf/bpf_helpers.h' file not found   |   call to undeclared function 'bpf_foo'; ISO C99 …
const CODES: readonly (readonly [RegExp, string])[] = [
  [/undeclared function|implicit declaration of function|implicitly declaring/, 'unknown-function'],
  [/undeclared identifier/, 'unknown-identifier'],
  [/file not found/, 'missing-header'],
  [/^no member named/, 'unknown-field'],
  [/^unknown type name|incomplete type/, 'unknown-type'],
  [/^expected|^extraneous/, 'syntax-error'],
  [/incompatible|conversion|invalid operands|requires pointer/, 'type-mismatch'],
];

function codeOf(text: string, severity: ClangMessage['severity']): string {
  return CODES.find(([pattern]) => pattern.test(text))?.[1] ?? `clang-${severity}`;
}

/** From the place to the end of the range, or of the word there when clang gives only a point. */
function place(lines: Lines, message: Pick<ClangMessage, 'line' | 'column' | 'endLine' | 'endColumn'>): Range {
  const line = message.line - 1;
  const from = lines.utf16Column(line, message.column - 1);
  if (message.endLine !== message.line || message.endColumn !== message.column) {
    return lines.clamp(line, from, message.endLine - 1, lines.utf16Column(message.endLine - 1, message.endColumn - 1));
  }
  const word = /^(?:\w+|.)/u.exec(lines.at(line).slice(from))?.[0].length ?? 0;
  return lines.clamp(line, from, line, from + word);
}

function repairs(lines: Lines, message: ClangMessage): Repair[] {
  if (message.fixits.length === 0) return [];
  const edits = message.fixits.map((fixit) => ({ range: exact(lines, fixit), newText: fixit.newText }));
  const [only] = message.fixits;
  const title = message.fixits.length === 1 && only ? (only.newText ? `Write '${only.newText}' here` : 'Remove this') : 'Apply what clang suggests';
  return [{ title, sure: false, edits }];
}

function exact(lines: Lines, fixit: ClangFixit): Range {
  const at = (line: number, column: number): { line: number; character: number } => ({ line: line - 1, character: lines.utf16Column(line - 1, column - 1) });
  return { start: at(fixit.line, fixit.column), end: at(fixit.endLine, fixit.endColumn) };
}

const shown = (file: string): string => file.replace(/^\.\//, '');

/** clang 14 tells of the way to a header once for several messages; then it is the include that names it, or the first. */
function includeOf(lines: Lines, { file, includedFrom }: ClangMessage): Range {
  const known = includedFrom.find((from) => from.file === SOURCE_FILE)?.line;
  if (known !== undefined) return lines.wholeLine(known - 1);
  const name = file.slice(file.lastIndexOf('/') + 1);
  return includeLine(lines, (text) => text.includes(name)) ?? includeLine(lines, () => true) ?? emptyRange;
}

/** The first `#include` that a text fits. */
export function includeLine(lines: Lines, fits: (line: string) => boolean): Range | undefined {
  for (let i = 0; i < lines.count; i++) if (/^\s*#\s*include\b/.test(lines.at(i)) && fits(lines.at(i))) return lines.wholeLine(i);
  return undefined;
}
