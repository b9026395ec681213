import type { SeahornAnswer } from '../../../contracts/seahorn/judge.ts';
import type { Outcome, Target } from '../../../target/target.ts';
import { lastLines } from '../../skip.ts';
import { HARNESS, NO_SEA, seaCommand, STATUS, type SeaLimits } from './arguments.ts';

/** How the shell tells of signals. SeaHorn's own statuses for what its solver died of lie above. */
const SIGNALLED = 128;
const SIGNALS = 65;

/** How the shell tells that a command is not there. */
const NOT_FOUND = 127;

export interface SeaRequest {
  readonly text: string;
  /** What has SeaHorn, in front of a shell; empty: the machine itself. */
  readonly front: string;
  readonly limits: SeaLimits;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export type SeaOutcome = SeahornAnswer | { readonly kind: 'missing'; /** What the shell said of `front`. */ readonly detail: string } | { readonly kind: 'cancelled' };

/** Runs SeaHorn on a machine. It never rejects: whatever happens is an outcome. */
export async function runSea(on: Target, { text, front, limits, timeoutMs, signal }: SeaRequest): Promise<SeaOutcome> {
  const outcome = await on.exec({
    argv: seaCommand(front, limits),
    files: [{ name: 'program.c', content: text }],
    timeoutMs,
    signal,
  });
  return read(outcome);
}

function read(outcome: Outcome): SeaOutcome {
  switch (outcome.kind) {
    case 'missing':
      return { kind: 'missing', detail: `${outcome.tool} is not there.` };
    case 'cancelled':
      return { kind: 'cancelled' };
    case 'timed-out':
      return { kind: 'time-out', detail: `SeaHorn did not finish within ${outcome.afterMs / 1000} s.` };
    case 'failed':
      return { kind: 'failed', detail: outcome.message };
    case 'ran':
      return readRun(outcome);
  }
}

function readRun({ stdout, stderr, exitCode, truncated }: Extract<Outcome, { kind: 'ran' }>): SeaOutcome {
  const at = stdout.lastIndexOf(`\n${STATUS}`);
  if (at < 0) {
    if (stdout.includes(NO_SEA)) return { kind: 'missing', detail: '' };
    if (exitCode === NOT_FOUND) return { kind: 'missing', detail: lastLines(stderr, 1) };
    return { kind: exitCode > 128 ? 'killed' : 'failed', detail: `SeaHorn could not be run (status ${exitCode}): ${lastLines(stderr)}` };
  }
  if (truncated) return { kind: 'failed', detail: 'SeaHorn said more than can be read.' };
  const [status = '', ...rest] = stdout.slice(at + 1 + STATUS.length).split('\n');
  const signal = Number(status) - SIGNALLED;
  if (signal > 0 && signal < SIGNALS) return { kind: 'killed', detail: `SeaHorn was ended by signal ${signal}.` };
  const harness = rest[0] === HARNESS ? rest.slice(1).join('\n') : '';
  return { kind: 'ran', run: { stdout: stdout.slice(0, at), stderr, exitCode: Number(status) }, counterexample: harness };
}
