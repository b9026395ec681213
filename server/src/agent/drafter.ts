import type { Finding } from '../checks/finding.ts';
import type { Language } from '../checks/program.ts';
import type { Facts } from '../kernel/facts.ts';
import type { SearchHit } from '../knowledge/knowledge.ts';
import type { AgentEvent, DrafterInfo } from './events.ts';

/** An earlier attempt as the drafter gets to see it. */
export interface Turn {
  /** The program; absent when the reply held none. */
  readonly text?: string;
  readonly findings: readonly Finding[];
  /** What was said about it: the text of its `feedback` event. */
  readonly feedback: string;
}

/** A program that is there already, and what is wrong with it: the finding to fix first. */
export interface FixTask {
  readonly text: string;
  readonly findings: readonly Finding[];
}

export interface DraftRequest {
  /** Cleaned: not empty, at most 4,000 characters, no control characters. */
  readonly sentence: string;
  readonly language: Language;
  /** Present when a program is to be fixed instead of written. */
  readonly fix?: FixTask | undefined;
  /** Absent when the target could not be asked. */
  readonly facts?: Facts;
  readonly hits: readonly SearchHit[];
  /** Oldest first. */
  readonly history: readonly Turn[];
}

export type Origin = Extract<AgentEvent, { event: 'drafted' }>['origin'];

export type Draft =
  | { readonly kind: 'program'; readonly text: string; readonly origin: Origin }
  /** There was an answer but no program in it; worth telling the drafter and asking again. */
  | { readonly kind: 'no-program'; readonly message: string }
  /** Nothing (more) to offer; asking again is of no use. */
  | { readonly kind: 'none'; readonly message: string };

/** What happens while a draft is made. */
export type DraftProgress = { readonly kind: 'delta'; readonly text: string } | { readonly kind: 'waiting'; readonly reason: string; readonly ms: number };

export interface Drafter {
  readonly info: DrafterInfo;
  /** Throws UserError when the drafter cannot work at all (bad key, dead server); throws the signal's reason when aborted. */
  draft(request: DraftRequest, signal: AbortSignal, onProgress: (progress: DraftProgress) => void): Promise<Draft>;
}
