import type { Span } from '../../../base/span.ts';
import { Brackets, type StructuralFault } from './brackets.ts';
import { ItemScanner, type Stop } from './item-scanner.ts';
import { isSpace, lineEnd, looksLikeHeader, wordAt } from './lex.ts';
import type { Patch } from './patch.ts';
import { scanProbe } from './probe-header.ts';

export type SegmentKind = 'directive' | 'c-type' | 'config' | 'import' | 'map-decl' | 'macro' | 'func' | 'probe' | 'garbage';

/** The text of one top-level item. Attach points, faults and patches count from the start of the text. */
export interface Segment extends Span {
  readonly kind: SegmentKind;
  /** Of a probe. */
  readonly attachPoints: readonly Span[];
  readonly faults: readonly StructuralFault[];
  readonly patches: readonly Patch[];
  /** Nested deeper than the parser may go. */
  readonly tooDeep: boolean;
}

export interface Segmentation {
  readonly segments: readonly Segment[];
  readonly comments: readonly Span[];
}

const KEYWORDS: Readonly<Record<string, SegmentKind>> = {
  struct: 'c-type',
  union: 'c-type',
  enum: 'c-type',
  typedef: 'c-type',
  config: 'config',
  import: 'import',
  let: 'map-decl',
  macro: 'macro',
  fn: 'func',
};

/** No program has more items; what follows is not read. */
const MAX_ITEMS = 3_000;

/** So many items may run to the end of the text before every header ends what is open: keeps the time linear. */
const MAX_RESCANS = 4;

/**
 * Cuts a program into its top-level items. In balanced text the brackets decide. An item that is still open at the
 * end of the text is cut before the first line inside it that looks like the header of another item.
 */
export function segment(text: string): Segmentation {
  const segments: Segment[] = [];
  const comments: Span[] = [];
  const lastCommentEnd = text.lastIndexOf('*/');
  let rescans = 0;
  let pos = text.startsWith('\uFEFF') ? 1 : 0;
  while (pos < text.length) {
    if (isSpace(text[pos])) pos++;
    else if (segments.length === MAX_ITEMS) {
      segments.push(theRest(text, pos));
      break;
    }
    else if (text.startsWith('//', pos) || text.startsWith('#!', pos)) {
      const end = lineEnd(text, pos, text.length);
      comments.push({ start: pos, end });
      pos = end;
    } else if (text.startsWith('/*', pos) && pos + 2 <= lastCommentEnd) {
      const end = text.indexOf('*/', pos + 2) + 2;
      comments.push({ start: pos, end });
      pos = end;
    } else {
      const options = { eager: rescans >= MAX_RESCANS, lastCommentEnd };
      let scanned = scanItem(text, pos, text.length, options);
      if (scanned.openAtEnd && scanned.candidate !== undefined) {
        rescans++;
        scanned = scanItem(text, pos, scanned.candidate, options);
      }
      segments.push(scanned.segment);
      comments.push(...scanned.comments);
      pos = Math.max(scanned.segment.end, pos + 1);
    }
  }
  return { segments, comments };
}

function theRest(text: string, start: number): Segment {
  const brackets = new Brackets(text);
  brackets.add({ code: 'too-complex', message: `No program has more than ${MAX_ITEMS} probes and definitions; the rest is not read.`, span: { start, end: start + 1 } });
  return { kind: 'garbage', start, end: text.length, attachPoints: [], faults: brackets.faults, patches: [], tooDeep: false };
}

interface Scanned {
  readonly segment: Segment;
  readonly comments: readonly Span[];
  readonly openAtEnd: boolean;
  readonly candidate: number | undefined;
}

function scanItem(text: string, start: number, limit: number, options: { eager: boolean; lastCommentEnd: number }): Scanned {
  let kind = kindAt(text, start);
  const scanner = new ItemScanner(text, start, limit, { ...options, c: kind === 'c-type' });
  let stop = scan(scanner, kind);
  if (stop === 'garbage') {
    kind = 'garbage';
    stop = scanGarbage(scanner);
  }
  const { brackets } = scanner;
  const openAtEnd = stop === 'end' && brackets.depth > 0;
  // What was cut ends with its last token; what is open at the end of the text goes on up to there.
  const end = openAtEnd && limit === text.length ? text.length : Math.max(scanner.significant, scanner.comments.at(-1)?.end ?? 0);
  scanner.operandExpected('');
  brackets.finish(scanner.significant, end);
  const { faults, patches, tooDeep } = brackets;
  return { segment: { kind, start, end, attachPoints: kind === 'probe' ? scanner.attachPoints : [], faults, patches, tooDeep }, comments: scanner.comments, openAtEnd, candidate: scanner.candidate };
}

function kindAt(text: string, at: number): SegmentKind {
  if (text[at] === '#') return 'directive';
  const word = wordAt(text, at);
  if (word === '' && text[at] !== '*') return 'garbage';
  return text[at + word.length] === ':' ? 'probe' : (KEYWORDS[word] ?? 'probe');
}

function scan(scanner: ItemScanner, kind: SegmentKind): Stop | 'garbage' {
  switch (kind) {
    case 'garbage':
      return 'garbage';
    case 'directive':
      return scanDirective(scanner);
    case 'probe':
      return scanProbe(scanner);
    case 'map-decl':
      return scanLine(scanner, ')');
    case 'import':
      return scanLine(scanner, '"');
    case 'c-type':
    case 'config':
    case 'macro':
    case 'func':
      return scanBlockItem(scanner, kind);
  }
}

/** A preprocessor line. bpftrace, other than C, joins no lines; the next one is taken along when it is no item. */
function scanDirective(scanner: ItemScanner): Stop {
  const { text, limit, brackets } = scanner;
  let end = lineEnd(text, scanner.pos, limit);
  while (text[end - 1] === '\\' && end < limit) {
    const next = text.indexOf('\n', end) + 1;
    if (looksLikeHeader(text, next)) break;
    brackets.add({ code: 'syntax-error', message: 'bpftrace reads one line of a directive: a backslash joins no other to it.', span: { start: end - 1, end } });
    end = lineEnd(text, next, limit);
  }
  while (isSpace(text[end - 1])) end--;
  scanner.token(end - scanner.pos);
  return 'stop';
}

/** `let @x = hash(1);`, `import "x";`: up to the semicolon, which may be missing. */
function scanLine(scanner: ItemScanner, last: string): Stop {
  const { text, brackets } = scanner;
  scanner.token(wordAt(text, scanner.pos).length);
  for (;;) {
    const newLine = scanner.gap();
    const char = text[scanner.pos];
    if (scanner.pos >= scanner.limit || char === undefined) return 'end';
    if (char === ';') {
      scanner.token(1, () => brackets.semicolon(scanner.significant));
      return 'stop';
    }
    const over = text[scanner.significant - 1] === last || char === '{' || char === '}' || (newLine && looksLikeHeader(text, scanner.pos));
    if (brackets.depth === 0 && over) return 'stop';
    const stop = scanner.next();
    if (stop) return stop;
  }
}

/** What has a word before, and a block. */
function scanBlockItem(scanner: ItemScanner, kind: 'c-type' | 'config' | 'macro' | 'func'): Stop {
  const { text } = scanner;
  scanner.token(wordAt(text, scanner.pos).length);
  const stop = scanner.until('{};');
  if (stop !== 'stop' || text[scanner.pos] === '}') return stop;
  if (text[scanner.pos] === ';') {
    scanner.token(1);
    return 'stop';
  }
  const ended = scanner.block();
  if (ended === 'stop' && kind === 'c-type') behindType(scanner);
  return ended;
}

/** Attributes or a name behind the brace of a type, and its semicolon. */
function behindType(scanner: ItemScanner): void {
  const behind = /[ \t]*(?:\n[ \t]*)?(?:[\w*(), \t]*;|__attribute__[ \t]*\(\([\w(), \t]*\)\))/y;
  behind.lastIndex = scanner.pos;
  if (behind.test(scanner.text) && behind.lastIndex <= scanner.limit) scanner.token(behind.lastIndex - scanner.pos);
}

/** Text that begins no item, up to a brace that closes nothing or to the next header. */
function scanGarbage(scanner: ItemScanner): Stop {
  const { text, brackets } = scanner;
  const before = brackets.faults.length;
  const start = scanner.pos;
  // Closing brackets and semicolons that follow each other are one mistake.
  const alone = /[;})\]][;})\]\s]*/y;
  alone.lastIndex = start;
  const closers = alone.exec(text)?.[0].trimEnd().length ?? 0;
  const stop = closers > 0 ? 'stop' : scanner.until('}');
  if (stop === 'stop') scanner.token(Math.max(closers, 1));
  if (brackets.faults.length === before) brackets.add(garbageFault(text, start, scanner.significant));
  return stop;
}

function garbageFault(text: string, start: number, end: number): Parameters<ItemScanner['brackets']['add']>[0] {
  const span = { start, end: Math.max(start + 1, Math.min(end, lineEnd(text, start, end))) };
  const found = text.slice(start, end);
  const repair = { title: `Remove ${found}`, newText: '' };
  if (/^[;\s]+$/.test(found)) return { code: 'syntax-error', message: 'No semicolon belongs here.', span, repair };
  if (/^[;})\]\s]+$/.test(found)) return { code: 'unexpected-bracket', message: `This ${text[start] ?? ''} closes nothing.`, span, repair };
  const first = text[start];
  if (first === ':') return { code: 'syntax-error', message: 'Expected the kind of probe before the colon.', span: { start, end: start + 1 } };
  if (first === '{') return { code: 'syntax-error', message: 'Expected a probe before this block.', span: { start, end: start + 1 } };
  return { code: 'syntax-error', message: 'This belongs to no probe.', span };
}
