import { emptyRange } from '../../base/range.ts';
import type { Explanation } from '../../verifier-log/explain/explain.ts';
import type { Finding } from '../finding.ts';
import { PROOF_LIMITS, provedRepairs, type ProofLimits, type Prover } from './prove.ts';

/** Rejections whose repairs are tried; those of the others are offered as they are. */
const MAX_PROVED = 4;

/** A rejection with the finding that tells of it. */
export interface Explained {
  readonly finding: Finding;
  readonly explanation: Explanation;
}

/** The findings with repairs: those of the first few rejections were tried on the target, within the limits all together. */
export async function withRepairs(text: string, explained: readonly Explained[], prover: Prover, limits: ProofLimits = PROOF_LIMITS): Promise<readonly Finding[]> {
  const until = Date.now() + limits.ms;
  const before = explained.map(({ explanation }) => explanation);
  const findings: Finding[] = [];
  for (const [i, { finding, explanation }] of explained.entries()) {
    const ms = until - Date.now();
    const tries = i < MAX_PROVED && ms > 0 && !prover.signal?.aborted;
    const repairs = tries ? await provedRepairs(text, explanation, before, prover, { ...limits, ms }) : prover.repairs(explanation, text);
    findings.push(finding.range === emptyRange && repairs.length === 0 ? finding : { ...finding, repairs });
  }
  return findings;
}
