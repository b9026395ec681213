/** One generation as far as its events have told. Pure: an event and the old state give the new one. */
import type { AgentEvent, AgentVerdict } from '../../../server/src/protocol.ts';

type Of<Name extends AgentEvent['event']> = Extract<AgentEvent, { event: Name }>;
type CheckedEvent = Of<'checked'>;

export interface CheckState {
  readonly name: CheckedEvent['check'];
  /** Absent while it runs. */
  readonly done?: CheckedEvent;
}

export interface AttemptState {
  readonly number: number;
  /** Characters of the model's answer so far. */
  readonly received: number;
  readonly drafted?: Of<'drafted'>;
  readonly checks: readonly CheckState[];
  /** What it must do, in conditions; `writing` while the model writes them. */
  readonly conditions?: 'writing' | Of<'comprehended'>;
  /** Why the model is being waited for. */
  readonly waiting?: string;
  readonly feedback?: string;
}

export interface GenerationState {
  readonly id: string;
  readonly sentence: string;
  readonly started?: Of<'started'>;
  readonly hits?: Of<'retrieved'>['hits'];
  readonly attempts: readonly AttemptState[];
  readonly verdict?: AgentVerdict;
  readonly cancelled: boolean;
  /** The request itself failed: the message for the user. */
  readonly failure?: string;
}

export function startGeneration(id: string, sentence: string): GenerationState {
  return { id, sentence, attempts: [], cancelled: false };
}

export function isOver(state: GenerationState): boolean {
  return state.cancelled || state.verdict !== undefined || state.failure !== undefined;
}

/** Changes attempt `number`, which comes into being when it was not known. */
function change(state: GenerationState, number: number, edit: (attempt: AttemptState) => AttemptState): GenerationState {
  const known = state.attempts.some((a) => a.number === number);
  const attempts = known ? state.attempts : [...state.attempts, { number, received: 0, checks: [] }];
  return { ...state, attempts: attempts.map((a) => (a.number === number ? edit(a) : a)) };
}

/** The attempt without the wait: something arrived. */
function arrived({ waiting: _, ...attempt }: AttemptState): AttemptState {
  return attempt;
}

function setCheck(attempt: AttemptState, check: CheckState): AttemptState {
  const known = attempt.checks.some((c) => c.name === check.name);
  return { ...attempt, checks: known ? attempt.checks.map((c) => (c.name === check.name ? check : c)) : [...attempt.checks, check] };
}

export function applyEvent(state: GenerationState, event: AgentEvent): GenerationState {
  switch (event.event) {
    case 'started':
      return { ...state, started: event };
    case 'retrieved':
      return { ...state, hits: event.hits };
    case 'drafting':
      return change(state, event.attempt, arrived);
    case 'delta':
      return change(state, event.attempt, (a) => ({ ...arrived(a), received: a.received + event.text.length }));
    case 'drafted':
      return change(state, event.attempt, (a) => ({ ...arrived(a), drafted: event }));
    case 'checking':
      return change(state, event.attempt, (a) => setCheck(a, { name: event.check }));
    case 'checked':
      return change(state, event.attempt, (a) => setCheck(a, { name: event.check, done: event }));
    case 'comprehending':
      return change(state, event.attempt, (a) => ({ ...a, conditions: 'writing' }));
    case 'comprehended':
      // The findings that follow are about the program with its conditions.
      return change(state, event.attempt, (a) => ({ ...arrived(a), conditions: event, ...(a.drafted && { drafted: { ...a.drafted, text: event.text } }) }));
    case 'feedback':
      return change(state, event.attempt, (a) => ({ ...a, feedback: event.text }));
    case 'waiting':
      return change(state, event.attempt, (a) => ({ ...a, waiting: event.reason }));
    case 'cancelled':
      return { ...state, cancelled: true };
    case 'accepted':
    case 'rejected':
      return { ...state, verdict: event };
  }
}
