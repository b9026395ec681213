import { emptyRange } from '../../base/range.ts';
import type { Settings } from '../../settings.ts';
import { finding, type Finding } from '../finding.ts';
import type { Check } from '../pipeline.ts';
import { proved } from '../prove.ts';
import { findingsOf } from './findings.ts';
import type { Prover, Proven } from './prover.ts';

/** What a program means: its contracts and the built-in properties, proved or refuted. `real`: the real program is run where it can be led to what was found. */
export function contractCheck(prover: Prover, settings: () => Settings, { real }: { readonly real: boolean }): Check {
  return {
    name: 'contract',
    languages: ['bpftrace', 'c'],
    afterErrors: 'skip',
    async run(program, context) {
      const { 'contracts.enabled': enabled, 'contracts.timeoutMs': timeoutMs } = settings();
      if (!enabled) return { findings: [] };
      const limit = AbortSignal.timeout(context.timeoutMs);
      const limited = { ...context, signal: context.signal ? AbortSignal.any([context.signal, limit]) : limit };
      const judged = (text: string, run: boolean): Promise<Proven> => prover.prove({ ...program, text }, limited, { engine: 'z3', timeoutMs, real: run });
      const proven = await judged(program.text, real);
      // A program that is no program is told of by other checks.
      if (proven.kind === 'not') return { findings: [], ...(proven.skipped ? { skipped: proven.reason } : {}) };
      const findings = findingsOf(proven.proofs, { text: program.text, language: program.language });
      const judgeText = async (text: string): Promise<readonly Finding[]> => {
        const again = await judged(text, false);
        return again.kind === 'not' ? [finding('contract', 'not-read', 'error', again.reason, emptyRange)] : findingsOf(again.proofs, { text, language: program.language });
      };
      return { findings, proofs: { proofs: proven.proofs, assumptions: proven.assumptions }, mend: () => proved(program.text, findings, judgeText) };
    },
  };
}
