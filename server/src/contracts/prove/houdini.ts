import { Evaluation, type Value } from '../terms/evaluate.ts';
import type { Term } from '../terms/term.ts';
import type { AnyEvent } from './any-event.ts';
import type { Asker } from './ask.ts';
import type { Candidate } from './candidates.ts';
import { Turns } from './turns.ts';

/**
 * The largest part of the candidates that every event keeps true together: those that some event breaks, given the others, are left out until none is
 * (Flanagan and Leino's "Houdini"). Nothing is kept when the solver does not answer.
 */
export async function inductive(asker: Asker, events: readonly AnyEvent[], candidates: readonly Candidate[]): Promise<readonly Candidate[]> {
  const turns = new Turns();
  for (const event of events) {
    event.suppose(candidates);
    await turns.next();
  }
  let kept: readonly Candidate[] = candidates.filter((candidate) => candidate.invariant || !events.some((event) => isHard(event.lost(candidate))));
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

const HARD: ReadonlySet<Term['op']> = new Set(['mul', 'udiv', 'urem', 'sdiv', 'srem']);

/** Whether it takes a product or quotient of two values that are both unknown: seldom worth the time for a guess. */
function isHard(root: Term | undefined): boolean {
  const seen = new Set<Term>(root ? [root] : []);
  for (const term of seen) {
    if (HARD.has(term.op) && term.args.every(({ value }) => value === undefined)) return true;
    for (const arg of term.args) seen.add(arg);
  }
  return false;
}

/** Of the time for a question, what is spent on all candidates together, and on one alone. */
const TOGETHER = 0.25;
const ALONE = 0.05;

/** Those that this event keeps; undefined without an answer. */
async function keep(asker: Asker, event: AnyEvent, candidates: readonly Candidate[]): Promise<readonly Candidate[] | undefined> {
  let kept = candidates;
  for (;;) {
    const lost = kept.flatMap((candidate) => event.lost(candidate) ?? []);
    const found = await asker.find([...event.always, ...event.held(kept), asker.terms.any(lost)], TOGETHER);
    if (found.kind === 'none') return kept;
    const left = found.kind === 'found' ? unbroken(event, kept, found.values) : found.reason === 'killed' ? undefined : await keptAlone(asker, event, kept);
    if (!left || left.length === kept.length) return found.kind === 'unknown' ? left : undefined;
    kept = left;
  }
}

function unbroken(event: AnyEvent, candidates: readonly Candidate[], model: ReadonlyMap<string, Value>): readonly Candidate[] {
  const values = new Evaluation(model);
  return candidates.filter((candidate) => {
    const term = event.lost(candidate);
    return !term || !values.holds(term);
  });
}

/** One that is too hard to decide is not kept: the others may be easy. */
async function keptAlone(asker: Asker, event: AnyEvent, candidates: readonly Candidate[]): Promise<readonly Candidate[] | undefined> {
  const kept: Candidate[] = [];
  for (const candidate of candidates) {
    const lost = event.lost(candidate);
    const found = lost && (await asker.find([...event.always, ...event.held(candidates), lost], ALONE));
    if (found?.kind === 'unknown' && found.reason === 'killed') return undefined;
    if (!found || found.kind === 'none') kept.push(candidate);
  }
  return kept;
}
