import type { Span } from '../../../base/span.ts';
import { tokenize } from './tokens.ts';

/** Kinds whose parts are paths: a slash right behind their colon begins one. */
const AFTER_PATH = /^(?:uprobe|uretprobe|usdt|u|ur|U|watchpoint|asyncwatchpoint|w|aw):\S*$/;

/** What was typed behind an attach point: its line, and only a comma-separated list of attach points before the slash. */
const HEADER = /^(?:[A-Za-z_*][\w*]*(?::[^\s,/]*)*|[A-Za-z]+:\/?\S+)(?:\s*,\s*\S+)*\s*$/;

/** What a slash that was just typed asks for. */
export type SlashAnswer =
  /** It opens a predicate: its closing slash belongs behind the cursor. */
  | 'close'
  /** It stands before the closing slash that was put there: one of them is too many. */
  | 'overtype';

/** Judges the slash before `offset`. Undefined where it is a division, or part of a path or a comment. */
export function typedSlash(text: string, offset: number): SlashAnswer | undefined {
  const slash = offset - 1;
  if (text[slash] !== '/') return undefined;
  const start = headerStart(text, slash);
  const behind = lineAfter(text, offset);
  if (/^\/[ \t]*(?:\{.*)?\r?$/.test(behind)) return opensPredicate(upToPredicate(text.slice(start, slash))) ? 'overtype' : undefined;
  if (!/^[ \t]*(?:\{.*)?\r?$/.test(behind) || text[slash - 1] === '/') return undefined;
  return opensPredicate(text.slice(start, slash)) ? 'close' : undefined;
}

/** The header before a predicate: up to the first slash behind white space. */
function upToPredicate(header: string): string {
  const found = /\s\//.exec(header);
  return found ? header.slice(0, found.index + 1) : header;
}

function opensPredicate(header: string): boolean {
  const code = header.replace(/^[\s;]+/, '');
  const last = code.split(',').at(-1)?.trim() ?? '';
  return HEADER.test(code.trim()) && (!AFTER_PATH.test(last) || /\s$/.test(code));
}

function lineAfter(text: string, offset: number): string {
  const end = text.indexOf('\n', offset);
  return text.slice(offset, end < 0 ? text.length : end);
}

/** Behind the last block, comment or directive before the slash, outside of strings. */
function headerStart(text: string, slash: number): number {
  let start = 0;
  let depth = 0;
  for (const token of tokenize(text, [], 0, slash)) {
    const word = text[token.start];
    if (token.kind === 'comment' || word === '#') start = depth === 0 ? lineEndAfter(text, token.end, word === '#') : start;
    else if (word === '{') depth++;
    else if (word === '}') {
      depth = Math.max(depth - 1, 0);
      start = token.end;
    }
  }
  return depth > 0 ? slash : Math.min(start, slash);
}

function lineEndAfter(text: string, offset: number, wholeLine: boolean): number {
  const end = wholeLine ? text.indexOf('\n', offset) : offset;
  return end < 0 ? text.length : end;
}

/** The line of a brace that was just typed, up to it, when nothing else stands on it: it is to be indented anew. */
export function lonelyBrace(text: string, offset: number): Span | undefined {
  const brace = offset - 1;
  if (text[brace] !== '}') return undefined;
  const start = Math.max(text.lastIndexOf('\n', brace), text.lastIndexOf('\r', brace)) + 1;
  return /^[ \t]*$/.test(text.slice(start, brace)) ? { start, end: brace } : undefined;
}

/** White space before the line in which the bracket opens that a closing one at `at` closes. */
export function indentationOfOpener(text: string, at: number): string | undefined {
  const open: number[] = [];
  for (const token of tokenize(text, [], 0, at)) {
    if (token.kind !== 'operator') continue;
    if (text[token.start] === '{') open.push(token.start);
    else if (text[token.start] === '}') open.pop();
  }
  const opener = open.at(-1);
  if (opener === undefined) return undefined;
  const line = Math.max(text.lastIndexOf('\n', opener), text.lastIndexOf('\r', opener)) + 1;
  return /^[ \t]*/.exec(text.slice(line))?.[0] ?? '';
}
