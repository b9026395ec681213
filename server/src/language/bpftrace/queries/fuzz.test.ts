/** Every question about programs that were damaged at random: there is always an answer, in time, inside the text. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../base/error.ts';
import type { Span } from '../../../base/span.ts';
import { analyzed, edited } from '../../../../test/support/analyzed.ts';
import { parse } from '../../../../test/support/marked.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { applyEdits, format } from '../format/format.ts';
import { typedSlash } from './close-predicate.ts';
import { complete } from './complete/complete.ts';
import { folds } from './folds.ts';
import { highlights } from './highlight.ts';
import { hints } from './hints.ts';
import { NOTHING_DESCRIBED } from './described.ts';
import { hoverAt } from './hover/hover.ts';
import { linksOf } from './links.ts';
import { outline, type OutlineEntry } from './outline.ts';
import { refactorings } from './refactor/refactoring.ts';
import { checkedName, renameable, renameSpans } from './rename.ts';
import { selectionSpans } from './selection.ts';
import { signatureAt } from './signature.ts';

const root = join(import.meta.dirname, '../../../../..');
const SOURCES = ['knowledge/examples', 'test-fixtures/bpftrace-errors'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.bt')).map((name) => readFileSync(join(root, folder, name), 'utf8')),
);

/** Numbers that are the same in every run (mulberry32). */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const PIECES = ['{', '}', '(', ')', '[', ']', '"', '/', '/*', '*/', '//', '->', '.', '$', '@', ',', ';', ':', '\n', '\r\n', '𝛼', '\t', 'if', 'args', '0x', '#', 'struct ', 'kprobe:', '\uFEFF', ' '];

/** A text with a few stretches taken out, put in or doubled. */
function damaged(text: string, random: (below: number) => number): string {
  let result = text;
  for (let n = 1 + random(4); n > 0; n--) {
    const at = random(result.length + 1);
    const until = Math.min(result.length, at + random(30));
    const piece = PIECES[random(PIECES.length)] ?? '';
    const put = [piece, '', result.slice(at, until).repeat(2)][random(3)] ?? '';
    result = result.slice(0, at) + put + result.slice(random(2) === 0 ? at : until);
  }
  return result;
}

/** All spans an answer has, wherever they are in it. */
function spansIn(answer: unknown): Span[] {
  if (typeof answer !== 'object' || answer === null) return [];
  const own = 'start' in answer && 'end' in answer ? [answer as Span] : [];
  return [...own, ...Object.values(answer).flatMap((value: unknown) => (typeof value === 'function' ? [] : spansIn(value)))];
}

function ask(analysis: Analysis, offset: number): void {
  const { document } = analysis;
  const { text } = document;
  const { items } = complete(analysis, offset);
  const answers = [items.map((item) => item.span), hoverAt(analysis, offset)?.span, selectionSpans(document, offset), refactorings(analysis, { start: offset, end: Math.min(text.length, offset + 20) }), signatureAt(analysis, offset) === undefined];
  for (const { start, end } of spansIn(answers)) expect(0 <= start && start <= end && end <= text.length).toBe(true);
  for (const item of items.slice(0, 5)) item.documentation?.(NOTHING_DESCRIBED);
  typedSlash(text, offset);
  renames(analysis, offset);
}

function renames(analysis: Analysis, offset: number): void {
  try {
    const { sym } = renameable(analysis, offset);
    const newText = checkedName(analysis, sym, 'fresh_name_1');
    edited(analysis.document.text, renameSpans(analysis, sym).map((span) => ({ span, newText })));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
}

function askWhole(analysis: Analysis): void {
  const { document } = analysis;
  const { text } = document;
  const all = [folds(document), outline(document), highlights(analysis), linksOf(analysis)];
  for (const { start, end } of spansIn(all)) expect(0 <= start && start <= end && end <= text.length).toBe(true);
  for (const { offset } of hints(analysis)) expect(offset).toBeLessThanOrEqual(text.length);
  for (const entry of outline(document)) contained(entry);
  const laidOut = applyEdits(text, format(document, { tabSize: 2, insertSpaces: true }));
  expect(laidOut.replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
  expect(applyEdits(laidOut, format(parse(laidOut), { tabSize: 2, insertSpaces: true }))).toBe(laidOut);
}

/** Editors refuse symbols whose name is not inside of them. */
function contained({ span, nameSpan, children }: OutlineEntry): void {
  expect(span.start <= nameSpan.start && nameSpan.end <= span.end).toBe(true);
  children.forEach(contained);
}

describe('damaged programs', () => {
  it('are answered about like any other', () => {
    const random = randomNumbers(3);
    for (let n = 0; n < 200; n++) {
      const text = damaged(SOURCES[n % SOURCES.length] ?? '', random);
      try {
        const { analysis } = analyzed(text.replaceAll(/[‸«»]/g, ''));
        askWhole(analysis);
        for (let m = 0; m < 8; m++) ask(analysis, random(text.length + 1));
      } catch (error) {
        throw new Error(`In this program:\n${text}`, { cause: error });
      }
    }
  }, 60_000);

  it.each([
    ['one line of a megabyte', `BEGIN { ${'$x = $x + 1; '.repeat(75_000)} }`],
    ['deep nesting', `BEGIN { ${'if (1) { '.repeat(3_000)}${'}'.repeat(3_000)} }`],
    ['deep brackets', `BEGIN { $x = ${'('.repeat(20_000)}1${')'.repeat(20_000)}; }`],
    ['many probes', 'kprobe:vfs_read { @x[tid] = nsecs; }\n'.repeat(5_000)],
    ['an open comment', `BEGIN { } /* ${'a * / '.repeat(100_000)}`],
    ['slashes', `kprobe:f ${'/'.repeat(50_000)} { }`],
    ['colons', 'a:'.repeat(100_000)],
  ])('%s is answered about in time', (_, text) => {
    const { analysis } = analyzed(text);
    const slow: string[] = [];
    const timed = (what: string, work: () => unknown): void => {
      const started = performance.now();
      work();
      const ms = performance.now() - started;
      if (ms > 1000) slow.push(`${what}: ${Math.round(ms)} ms`);
    };
    for (const offset of [0, 9, text.length >> 1, text.length]) {
      timed(`completion at ${offset}`, () => complete(analysis, offset));
      timed(`hover at ${offset}`, () => hoverAt(analysis, offset));
      timed(`signature at ${offset}`, () => signatureAt(analysis, offset));
      timed(`selection at ${offset}`, () => selectionSpans(analysis.document, offset));
      timed(`slash at ${offset}`, () => typedSlash(text, offset));
      timed(`refactoring at ${offset}`, () => refactorings(analysis, { start: offset, end: offset }));
    }
    timed('layout', () => format(analysis.document, { tabSize: 2, insertSpaces: true }));
    timed('highlights', () => highlights(analysis));
    timed('hints', () => hints(analysis));
    timed('folds', () => folds(analysis.document));
    timed('outline', () => outline(analysis.document));
    expect(slow).toEqual([]);
  });
});
