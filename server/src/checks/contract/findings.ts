import type { Range } from '../../base/range.ts';
import type { Evidence, Finding } from '../finding.ts';
import { flatCounterexample, type Proof, type ProofCounterexample } from './proof.ts';
import { repairsOf, type Source } from './repairs.ts';
import { shortName, toldSteps, unknownText, violationText } from './words.ts';

/** Places along the way that are told of; longer ways are for the view. */
const MAX_EVIDENCE = 20;

/** Of properties nobody wrote down, only what somebody has to do something about is told; the rest is counted above the probe. */
const TOLD_UNASKED: ReadonlySet<Proof['reason']> = new Set(['contradictory', 'time-out', 'killed', 'crashed', 'disagreement']);

/** What a person is told of verdicts about a text; nothing of what is proved. */
export function findingsOf(proofs: readonly Proof[], source: Source): Finding[] {
  return proofs.flatMap((proof) => {
    if (proof.verdict === 'refuted' && proof.counterexample) return [refuted(proof, proof.counterexample, source)];
    const told = proof.verdict === 'unknown' && (proof.property === 'contract' || TOLD_UNASKED.has(proof.reason));
    return told ? [unproved(proof)] : [];
  });
}

function refuted(proof: Proof, counterexample: ProofCounterexample, source: Source): Finding {
  const own = proof.property === 'contract';
  return {
    check: 'contract',
    code: own ? 'contract-violated' : proof.property,
    severity: own ? 'error' : 'warning',
    message: [`${own ? 'This does not hold' : 'This need not hold'}: ${proof.says}.`, violationText(proof, counterexample), realText(counterexample)].filter((part) => part !== '').join(' '),
    range: proof.range,
    evidence: evidenceOf(counterexample),
    repairs: repairsOf(proof, source),
    counterexample: flatCounterexample(proof.says, counterexample),
  };
}

function unproved(proof: Proof): Finding {
  const what = proof.property === 'contract' ? 'This contract' : `${capital(proof.says)}: this`;
  return { check: 'contract', code: 'unproved', severity: 'info', message: `${what} is neither proved nor refuted. ${capital(unknownText(proof))}`, range: proof.range, evidence: [], repairs: [] };
}

/** What the real program did is worth telling where it did the same. */
function realText({ real }: ProofCounterexample): string {
  return real?.outcome === 'ran' ? `(${capital(real.says)}.)` : '';
}

/** The way to the violation, the events told apart when there are several. */
function evidenceOf({ events }: ProofCounterexample): Evidence[] {
  const found = events.flatMap((event, i): Evidence[] => {
    const { handler, range, inputs } = event;
    const values = inputs.map(({ name, text }) => `${shortName(name)} = ${text}`).join(', ');
    const head: Evidence = { range: startOf(range), message: `${events.length > 1 ? `${i + 1}. ` : ''}${handler}${values === '' ? '' : ` with ${values}`}` };
    return [head, ...toldSteps(event, i === events.length - 1).map(({ range: place, text }): Evidence => ({ range: place, message: text }))];
  });
  return found.length <= MAX_EVIDENCE ? found : [...found.slice(0, MAX_EVIDENCE / 2), ...found.slice(-MAX_EVIDENCE / 2)];
}

const startOf = ({ start }: Range): Range => ({ start, end: start });

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
