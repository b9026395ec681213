import type { Version } from '../../src/base/version.ts';
import { NEWEST_BPFTRACE } from '../../src/checks/against.ts';
import { analyze } from '../../src/language/bpftrace/analysis/analyze.ts';
import type { Analysis } from '../../src/language/bpftrace/analysis/analysis.ts';
import { bundled } from './inventory.ts';
import { marked, parse, type Marked } from './marked.ts';

export const OLDEST: Version = [0, 17, 0];

/** A program with marks, analysed against the bundled kernel and a version of bpftrace, by default the newest. */
export function analyzed(source: string, version: Version = NEWEST_BPFTRACE): Marked & { readonly analysis: Analysis } {
  const found = marked(source);
  return { ...found, analysis: analyze(parse(found.text), { version, inventory: bundled, unsafe: true, targetName: 'the target' }) };
}

/** A text with edits applied, which may stand in any order. */
export function edited(text: string, edits: readonly { readonly span: { readonly start: number; readonly end: number }; readonly newText: string }[]): string {
  return edits.toSorted((a, b) => b.span.start - a.span.start).reduce((result, { span, newText }) => result.slice(0, span.start) + newText + result.slice(span.end), text);
}
