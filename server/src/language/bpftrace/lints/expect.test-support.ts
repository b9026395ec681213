import { expect } from 'vitest';
import type { Version } from '../../../base/version.ts';
import { bundled } from '../../../../test/support/inventory.ts';
import { marked, parse, texts } from '../../../../test/support/marked.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { analyze } from '../analysis/analyze.ts';
import type { Problem } from '../problem.ts';
import { lint } from './lint.ts';

/** What lints say of a program, judged against the kernel that comes with Kgent. */
export function lintText(text: string, version?: Version): readonly Problem[] {
  return lint(analysisOf(text, version));
}

/** What the analysis and lints say together. */
export function judge(text: string, version?: Version): readonly Problem[] {
  const analysis = analysisOf(text, version);
  return [...analysis.problems, ...lint(analysis)];
}

function analysisOf(text: string, version: Version = [0, 27, 1]): Analysis {
  return analyze(parse(text), { version, inventory: bundled, unsafe: false, targetName: 'the target' });
}

/** Checks that a lint reports exactly the places between `«` and `»`, and nothing where there are none. */
export function expectLint(code: string, source: string, version?: Version): readonly Problem[] {
  const { text, spans } = marked(source);
  const found = lintText(text, version).filter((p) => p.code === code);
  expect(texts(text, found.map((p) => p.span)), text).toEqual(texts(text, spans));
  expect(found.map((p) => p.span)).toEqual(spans);
  for (const p of found) for (const r of p.repairs) expect(r.edits.length, r.title).toBeGreaterThan(0);
  return found;
}

/** The program with a repair applied. */
export function repaired(text: string, problem: Problem | undefined, which = 0): string {
  const edits = (problem?.repairs[which]?.edits ?? []).toSorted((a, b) => b.span.start - a.span.start || b.span.end - a.span.end);
  return edits.reduce((t, e) => t.slice(0, e.span.start) + e.newText + t.slice(e.span.end), text);
}
