import { emptyRange } from '../../base/range.ts';
import { explainText, type Explanation } from '../../verifier-log/explain/explain.ts';
import { readLineInfo } from '../../verifier-log/parse/line-info.ts';
import { finding, type Finding } from '../finding.ts';
import type { Program } from '../program.ts';
import { lastLines } from '../skip.ts';
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

/** Why a program of a BPF C source did not load. At least one finding, the first of them an error. */
export function findingsOfLoad(refused: RefusedLoad, { text }: Pick<Program, 'text'>): readonly Finding[] {
  const explained = explanationsOfLoad(refused, text);
  if (explained.length > 0) return explained.map((explanation) => explainedFinding(explanation, text));
  const message = 'The kernel did not load the program.';
  return [{ ...finding('load', 'load-failed', 'error', message, emptyRange), evidence: [{ message: lastLines(refused.said, 8) }] }];
}

/** What the log of a refused program means; nothing where no rule knows it. */
export function explanationsOfLoad({ said, verbose, object }: RefusedLoad, source: string): readonly Explanation[] {
  const lineInfo = object && readLineInfo(object);
  return explainText(verbose ?? said, { source, ...(lineInfo ? { lineInfo } : {}) });
}

/**
 * Whether level 2 of the log, each instruction's state on every path, may say more: where level 1 could not be explained. Not
 * where the kernel gave up: level 1 of that has 59 MB, and level 2 did not come to an end within a minute.
 */
export function wantsVerbose({ said }: RefusedLoad): boolean {
  return /^processed \d+ insns/m.test(said) && explainText(said).every((explanation) => explanation.class === 'unknown');
}
