import { Evaluation } from '../terms/evaluate.ts';
import type { AnyEvent } from './any-event.ts';
import type { Asker } from './ask.ts';
import type { Candidate } from './candidates.ts';

/**
 * The largest part of the candidates that every event keeps true together: those that some event breaks, given the others, are left out until none is
 * (Flanagan and Leino's "Houdini"). Nothing is kept when the solver does not answer.
 */
export async function inductive(asker: Asker, events: readonly AnyEvent[], candidates: readonly Candidate[]): Promise<readonly Candidate[]> {
  let kept = candidates;
  for (const event of events) event.suppose(candidates);
  let calm = 0;
  for (let n = 0; calm < events.length; n++) {
    const event = events[n % events.length];
    if (!event) break;
    const left = await keep(asker, event, kept);
    if (!left) return [];
    calm = left.length === kept.length ? calm + 1 : 1;
    kept = left;
  }
  return kept;
}

/** Those that this event keeps; undefined without an answer. */
async function keep(asker: Asker, event: AnyEvent, candidates: readonly Candidate[]): Promise<readonly Candidate[] | undefined> {
  let kept = candidates;
  for (;;) {
    const lost = kept.flatMap((candidate) => event.lost(candidate) ?? []);
    const found = await asker.find([...event.always, ...event.held(kept), asker.terms.any(lost)]);
    if (found.kind === 'none') return kept;
    if (found.kind === 'unknown') return undefined;
    const values = new Evaluation(found.values);
    const left = kept.filter((candidate) => {
      const term = event.lost(candidate);
      return !term || !values.holds(term);
    });
    if (left.length === kept.length) return undefined;
    kept = left;
  }
}
