import type { Candidate } from './candidates.ts';

/** Leaving out one at a time costs a question each: behind these many the rest is told as it is. */
const MOST = 4;

/** Those of the candidates that a proof needs: without any of them it does not hold any more. `holds`: whether it does with these. */
export async function needed(candidates: readonly Candidate[], holds: (candidates: readonly Candidate[]) => Promise<boolean>): Promise<readonly Candidate[]> {
  const guesses = candidates.filter(({ isRange }) => isRange);
  let left = candidates;
  // Ranges of numbers are kept by many maps and needed by few proofs.
  if (guesses.length > 0) {
    const without = candidates.filter(({ isRange }) => !isRange);
    if (await holds(without)) left = without;
  }
  for (const one of [...left].reverse().slice(0, MOST)) {
    if (left.length === 1) break;
    const fewer = left.filter((other) => other !== one);
    if (await holds(fewer)) left = fewer;
  }
  return left;
}
