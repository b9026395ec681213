/** What the user is told at the end of a generation. No `vscode` here: tested in plain Node. */
import { plural, printable } from '../../../server/src/base/text.ts';
import type { Action } from '../problems.ts';
import type { GenerationState } from './state.ts';

export interface GenerationOutcome {
  readonly gravity: 'info' | 'warning' | 'error';
  readonly message: string;
  readonly actions: readonly Action[];
  readonly offersRun: boolean;
  readonly target: string;
}

/** Undefined while it runs, and when the user cancelled it. The verdict itself says how it came about. */
export function outcomeOf(state: GenerationState): GenerationOutcome | undefined {
  const { verdict, started } = state;
  if (!verdict) return undefined;
  const base = { target: printable(started?.target ?? 'the target'), message: printable(verdict.message) };
  const byModel = started?.drafter.kind === 'model';
  if (verdict.event === 'accepted') {
    const toRead = verdict.findings.length > 0 ? ` It has ${plural(verdict.findings.length, 'finding')} to look at.` : '';
    return { ...base, message: base.message + toRead, gravity: 'info', actions: byModel ? [] : ['settings'], offersRun: true };
  }
  if (verdict.couldNotRun) return { ...base, gravity: 'error', actions: ['connect', 'log'], offersRun: false };
  if (verdict.program) return { ...base, message: `Not accepted. ${base.message}`, gravity: 'warning', actions: ['log'], offersRun: false };
  return { ...base, gravity: 'error', actions: byModel ? ['setApiKey', 'settings', 'log'] : ['settings', 'log'], offersRun: false };
}
