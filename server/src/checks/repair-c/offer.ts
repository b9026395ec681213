import type { Explanation } from '../../verifier-log/explain/explain.ts';
import type { Finding } from '../finding.ts';
import type { Tell } from '../pipeline.ts';
import { PROOF_LIMITS, provedRepairs, type ProofLimits, type Prover } from './prove.ts';

/** Rejections whose repairs are tried; those of the others are offered as they are. */
const MAX_PROVED = 4;

/** A rejection with the finding that tells of it. */
export interface Explained {
  readonly finding: Finding;
  readonly explanation: Explanation;
}

/**
 * The findings with repairs: those of the first few rejections are tried on the target, within the limits all together. What is
 * offered is told at once, and again after each rejection whose repairs were tried.
 */
export async function withRepairs(text: string, explained: readonly Explained[], prover: Prover, tell: Tell = () => undefined, limits: ProofLimits = PROOF_LIMITS): Promise<readonly Finding[]> {
  const until = Date.now() + limits.ms;
  const before = explained.map(({ explanation }) => explanation);
  const findings = explained.map(({ finding, explanation }, i) => {
    const offered = prover.repairs(explanation, text);
    return { ...finding, repairs: i < MAX_PROVED ? offered.map((repair) => ({ ...repair, trying: true as const })) : offered };
  });
  for (const [i, { finding, explanation }] of explained.slice(0, MAX_PROVED).entries()) {
    tell([...findings]);
    const ms = until - Date.now();
    const tries = ms > 0 && !prover.signal?.aborted;
    findings[i] = { ...finding, repairs: tries ? await provedRepairs(text, explanation, before, prover, { ...limits, ms }) : prover.repairs(explanation, text) };
  }
  return findings;
}
