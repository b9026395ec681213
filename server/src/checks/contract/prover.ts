import { LineIndex } from '../../base/line-index.ts';
import { emptyRange, type Range } from '../../base/range.ts';
import type { Instrumented } from '../../contracts/c/instrument.ts';
import type { IrProgram } from '../../contracts/ir/ir.ts';
import { prove, type ProofCache } from '../../contracts/prove/prove.ts';
import { weakClauses, type Weak } from '../../contracts/strength/weak.ts';
import type { Translated, Verdict } from '../../contracts/verdict.ts';
import { Z3Solver } from '../../solver/z3.ts';
import type { CheckContext } from '../pipeline.ts';
import type { Program } from '../program.ts';
import { compared } from './engines.ts';
import { proofsOf, type Proof } from './proof.ts';
import type { MarkedText } from './replay/marked.ts';
import type { Replayer } from './replay/replayer.ts';

export const ENGINES = ['z3', 'seahorn', 'both'] as const;
export type ProofEngine = (typeof ENGINES)[number];

/** What is verified of a program, or why it cannot be; `skipped`: for want of something outside of the program. */
export type Translation = { readonly kind: 'translated'; readonly translated: Translated; readonly marked?: MarkedText; /** Of BPF C, what was compiled. */ readonly instrumented?: Instrumented } | { readonly kind: 'not'; readonly reason: string; readonly skipped: boolean };

export type Translate = (program: Program, context: CheckContext) => Promise<Translation>;

/** Verdicts of the other engine and what is to be known of them, or why there are none. */
export type OtherEngine = (translated: Translated, program: Program, context: CheckContext, timeoutMs: number, instrumented?: Instrumented) => Promise<{ readonly verdicts: readonly Verdict[]; readonly notes?: readonly string[] } | { readonly skipped: string }>;

export interface ProverOptions {
  readonly translate: Translate;
  readonly seahorn: OtherEngine;
  /** Has real programs do what was found. */
  readonly replayer?: Replayer;
}

export interface ProveRequest {
  readonly engine: ProofEngine;
  /** Milliseconds for one question to the engine. */
  readonly timeoutMs: number;
  /** Whether the real program is run on the target where it can be led to what refutes a condition. */
  readonly real?: boolean;
}

export type Proven =
  | { readonly kind: 'proven'; readonly proofs: readonly Proof[]; readonly assumptions: readonly Assumption[]; readonly notUnderstood: readonly Assumption[]; readonly ms: number }
  | Exclude<Translation, { kind: 'translated' }>;

/** Mistakes that are made in a program to see whether its clauses notice: some seconds of work. */
const MUTANTS = 60;

/** Milliseconds for a whole program, unless one question may take more than a tenth of it. */
const TOTAL_MS = 20_000;

/** Something to be known of a place: what is taken for granted there, beside what all verdicts rest on, or what is not understood. */
export interface Assumption {
  readonly range: Range;
  readonly text: string;
}

/** Proves programs. The solver is started with the first one; what was proved before is remembered. */
export class Prover {
  readonly #options: ProverOptions;
  readonly #solver = new Z3Solver();
  readonly #cache: ProofCache = new Map();

  constructor(options: ProverOptions) {
    this.#options = options;
  }

  /** A verdict for each property of a program. Rejects only for defects. */
  async prove(program: Program, context: CheckContext, { engine, timeoutMs, real = false }: ProveRequest): Promise<Proven> {
    const started = performance.now();
    const translation = await this.#options.translate(program, context);
    if (translation.kind === 'not') return translation;
    const { translated, marked, instrumented } = translation;
    const lines = new LineIndex(program.text);
    const other = engine === 'z3' ? undefined : await this.#options.seahorn(translated, program, context, timeoutMs, instrumented);
    if (other && 'skipped' in other) return { kind: 'not', reason: other.skipped, skipped: true };
    const byZ3 = (asked: Translated): Promise<readonly Verdict[]> => prove(asked, this.#solver, { timeoutMs, totalMs: Math.max(TOTAL_MS, timeoutMs * 10), signal: context.signal, cache: this.#cache });
    const own = engine === 'seahorn' ? undefined : await byZ3(translated);
    const verdicts = own && other ? compared(own, other.verdicts) : (own ?? other?.verdicts ?? []);
    const ms = Math.round(performance.now() - started);
    const replayed = real ? await this.#options.replayer?.replayed({ program, context, translated, marked, verdicts, prove: byZ3 }) : undefined;
    return {
      kind: 'proven',
      proofs: proofsOf(replayed ?? verdicts, lines),
      assumptions: [...(other?.notes ?? []).map((text) => ({ range: emptyRange, text })), ...translated.assumptions.map(({ span, text }) => ({ range: lines.range(span), text }))],
      // What is about one property is told with its verdict.
      notUnderstood: translated.unsupported.filter(({ only }) => only === undefined).map(({ span, what }) => ({ range: lines.range(span), text: what })),
      ms,
    };
  }

  /** Which clauses, all of them proved, say nothing of the program. */
  async weak(program: Program, context: CheckContext, timeoutMs: number): Promise<readonly { readonly range: Range; readonly why: Weak['why'] }[]> {
    const translation = await this.#options.translate(program, context);
    if (translation.kind === 'not') return [];
    const { translated } = translation;
    const lines = new LineIndex(program.text);
    const judge = (changed: IrProgram): Promise<readonly Verdict[]> => prove({ ...translated, program: changed }, this.#solver, { timeoutMs, signal: context.signal });
    const weak = await weakClauses(translated.program, judge, MUTANTS);
    return context.signal?.aborted ? [] : weak.map(({ span, why }) => ({ range: lines.range(span), why }));
  }

  async dispose(): Promise<void> {
    await this.#solver.dispose();
  }
}
