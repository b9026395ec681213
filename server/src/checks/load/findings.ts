import { emptyRange } from '../../base/range.ts';
import { explainText, type Explanation } from '../../verifier-log/explain/explain.ts';
import { finding, type Finding } from '../finding.ts';
import type { Program } from '../program.ts';
import { lastLines } from '../skip.ts';
import { explainLog, LONG_LOG } from './explain-log.ts';
import { explainedFinding } from './explained.ts';

/** A program of an object that the target did not load, by itself, and what its loader printed. */
export interface RefusedLoad {
  /** The function's name; undefined when the object could not be taken apart. */
  readonly program?: string | undefined;
  /** The loader's standard error with the verifier's log of level 1, the beginning cut off where it was endless. */
  readonly said: string;
  /** The same with the log of level 2, where it was asked for. */
  readonly verbose?: string | undefined;
  /** The object as it was built: its line information says more than the logs of kernels before 6.9. */
  readonly object?: Uint8Array | undefined;
}

/** The findings of explanations; where there is none, one that has the loader's last words. */
export function findingsOfLoad({ said }: RefusedLoad, explained: readonly Explanation[], { text }: Pick<Program, 'text'>): readonly Finding[] {
  if (explained.length > 0) return explained.map((explanation) => explainedFinding(explanation, text));
  const message = 'The kernel did not load the program.';
  return [{ ...finding('load', 'load-failed', 'error', message, emptyRange), evidence: [{ message: lastLines(said.slice(-MAX_LAST_LINES), 8) }] }];
}

/** Characters in which the last lines of a long log are looked for. */
const MAX_LAST_LINES = 20_000;

/** What the log of a refused program means; nothing where no rule knows it. Rejects when `signal` says so. */
export function explanationsOfLoad({ said, verbose, object }: RefusedLoad, source: string, signal?: AbortSignal): Promise<readonly Explanation[]> {
  return explainLog(verbose ?? said, { source, object }, signal);
}

/**
 * Whether level 2 of the log, each instruction's state on every path, may say more: where level 1 could not be explained. Not
 * where that is long: when the kernel gives up, level 1 has 59 MB, and level 2 did not come to an end within a minute.
 */
export function wantsVerbose({ said }: RefusedLoad): boolean {
  return said.length <= LONG_LOG && /^processed \d+ insns/m.test(said) && explainText(said).every((explanation) => explanation.class === 'unknown');
}
