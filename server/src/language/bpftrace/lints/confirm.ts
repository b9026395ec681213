import type { Problem, SpanRepair } from '../problem.ts';

/** What a program's analysis and lints say together. */
export type Judge = (text: string) => readonly Problem[];

/**
 * Marks the repairs that were tried: the repaired program has one finding of that kind less, and no error and no other
 * finding more. `judge` parses, analyses and lints a text.
 */
export function confirmRepairs(text: string, problems: readonly Problem[], judge: Judge): readonly Problem[] {
  if (problems.every((p) => p.repairs.length === 0)) return problems;
  const before = tally(judge(text));
  return problems.map((p) => ({ ...p, repairs: p.repairs.map((r) => ({ ...r, sure: r.sure || solves(before, tally(judge(applied(text, r))), p.code) })) }));
}

/** The text with a repair's edits made. */
export function applied(text: string, repair: SpanRepair): string {
  const edits = repair.edits.toSorted((a, b) => b.span.start - a.span.start || b.span.end - a.span.end);
  return edits.reduce((t, e) => t.slice(0, e.span.start) + e.newText + t.slice(e.span.end), text);
}

type Tally = ReadonlyMap<string, number>;

function tally(problems: readonly Problem[]): Tally {
  const counts = new Map<string, number>();
  for (const { code } of problems) counts.set(code, (counts.get(code) ?? 0) + 1);
  return counts;
}

function solves(before: Tally, after: Tally, code: string): boolean {
  const more = [...after].some(([c, n]) => n > (before.get(c) ?? 0));
  return !more && (after.get(code) ?? 0) < (before.get(code) ?? 0);
}
