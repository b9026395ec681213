import type { Range } from '../../base/range.ts';
import type { Finding } from '../finding.ts';
import type { Check, CheckContext } from '../pipeline.ts';
import type { Program } from '../program.ts';
import { findingsOf } from './findings.ts';
import type { Proof } from './proof.ts';
import type { Prover } from './prover.ts';
import { unknownText } from './words.ts';

/** What is said of a program with conditions somebody wrote of it without reading it as a person does. */
export interface ConditionsReport {
  readonly findings: readonly Finding[];
  /** Why nothing was judged. */
  readonly skipped?: string;
  /** Conditions that cannot be used: they cannot be read, contradict each other, or say nothing. 0-based lines. */
  readonly unfit: readonly { readonly line: number; readonly why: string }[];
  readonly ms: number;
}

export interface ConditionsOptions {
  readonly prover: Prover;
  /** The check that tells what is wrong with a clause itself. */
  readonly semantics: Check;
  /** Milliseconds for one question to the solver. */
  readonly timeoutMs: number;
  /** A person asked for conditions: nobody repairs the program first where it breaks some of them. */
  readonly asked?: boolean;
}

const WHY_WEAK = {
  'always-true': 'it holds for all values, whatever the program does',
  unbreakable: 'no mistake in the program would break it: it repeats the code, or speaks of something else',
} as const;

/** Judges a program's clauses, and whether each says something of it. */
export async function judgeConditions(program: Program, context: CheckContext, { prover, semantics, timeoutMs, asked = false }: ConditionsOptions): Promise<ConditionsReport> {
  const started = performance.now();
  const report = (rest: Omit<ConditionsReport, 'ms'>): ConditionsReport => ({ ...rest, ms: Math.round(performance.now() - started) });
  const wrong = (await semantics.run(program, context)).findings.filter(({ severity, range }) => severity === 'error' && isClause(program, range));
  if (wrong.length > 0) return report({ findings: [], unfit: wrong.map(({ range, message }) => ({ line: range.start.line, why: message })) });
  const proven = await prover.prove(program, context, { engine: 'z3', timeoutMs });
  if (proven.kind === 'not') return report({ findings: [], unfit: [], skipped: proven.reason });
  const own = proven.proofs.filter(({ property }) => property === 'contract');
  const empty = own.filter(({ reason }) => reason === 'contradictory' || reason === 'vacuous').map((proof) => ({ line: lineOf(proof), why: unknownText(proof) }));
  // A program that is wrong by its conditions is repaired first: what they say is seen by that.
  const weak = !asked && own.some(({ verdict }) => verdict === 'refuted') ? [] : await prover.weak(program, context, timeoutMs);
  const findings = findingsOf(proven.proofs, { text: program.text, language: program.language });
  return report({ findings, unfit: [...empty, ...weak.map(({ range, why }) => ({ line: range.start.line, why: WHY_WEAK[why] }))] });
}

const lineOf = ({ range }: Proof): number => range.start.line;

/** Whether a place lies in a `//@` comment. */
function isClause({ text }: Program, { start }: Range): boolean {
  return /^\s*\/\/@/.test(text.split('\n')[start.line] ?? '');
}
