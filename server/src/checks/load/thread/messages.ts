import type { LogView } from '../../../verifier-log/view/view.ts';
import type { LogMark } from '../../../verifier-log/view/data.ts';

/** What is told of a log that was read. */
export interface Opened {
  readonly lines: number;
  readonly truncated: boolean;
  readonly rejection?: { readonly class: string; readonly message: string; readonly complaint: string };
  readonly marks: readonly LogMark[];
}

/** What can be asked of a log that was read. */
export type Question = { [M in 'lines' | 'state' | 'find' | 'ofSource']: readonly [method: M, ...Parameters<LogView[M]>] }['lines' | 'state' | 'find' | 'ofSource'];
export type Answer<Q extends Question> = ReturnType<LogView[Q[0]]>;

export type ToThread =
  | { readonly kind: 'text'; readonly id: string; readonly piece: string }
  | { readonly kind: 'open'; readonly id: string; readonly call: number; readonly source: string; readonly object?: Uint8Array }
  | { readonly kind: 'explain'; readonly id: string; readonly call: number; readonly source?: string; readonly object?: Uint8Array }
  | { readonly kind: 'ask'; readonly id: string; readonly call: number; readonly question: Question }
  | { readonly kind: 'close'; readonly id: string };

export type FromThread = { readonly call: number } & ({ readonly value: unknown } | { readonly error: string });
