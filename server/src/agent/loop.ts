import { UserError } from '../base/error.ts';
import { emptyRange } from '../base/range.ts';
import { finding, hasErrors, type CheckName, type Finding } from '../checks/finding.ts';
import type { CheckReport, PipelineObserver } from '../checks/pipeline.ts';
import { extensionOf, type Language, type Program } from '../checks/program.ts';
import type { Facts } from '../kernel/facts.ts';
import type { Knowledge, SearchHit } from '../knowledge/knowledge.ts';
import type { Comprehended, ToComprehend } from './comprehend.ts';
import { withoutClauses } from './conditions.ts';
import type { Draft, Drafter, DraftProgress, FixTask, Turn } from './drafter.ts';
import type { AgentEvent, AgentVerdict } from './events.ts';
import { feedbackText } from './feedback.ts';
import { leftOut } from './left-out.ts';
import { movedBehind } from './moved.ts';
import type { Prompts } from './prompt.ts';
import { cleanSentence } from './sentence.ts';
import { accepted, findingsOf, judge, notJudged, rejected, type Candidate } from './verdict.ts';

export interface GenerateRequest {
  readonly sentence: string;
  readonly language: Language;
  /** The program to fix, where none is to be written anew. */
  readonly fix?: FixTask | undefined;
}

export interface GenerateDeps {
  readonly knowledge: Knowledge;
  readonly drafter: Drafter;
  readonly prompts: Prompts;
  /** Name of the target, for the transcript. */
  readonly target: string;
  /** Absent when the target could not be asked. */
  readonly facts?: Facts | undefined;
  /** 1 or more. */
  readonly maxAttempts: number;
  /** Runs every check there is for the program's language. */
  check(program: Program, observer: PipelineObserver, signal: AbortSignal): Promise<readonly CheckReport[]>;
  /** Has conditions written of what a program must do, and judges it by them. Absent when nobody writes any, or they are not wanted. */
  comprehend?: ((program: ToComprehend, signal: AbortSignal, onProgress: (progress: DraftProgress) => void) => Promise<Comprehended | undefined>) | undefined;
}

type Emit = (event: AgentEvent) => void;

const EXAMPLES_TO_SHOW = 4;
const SPECS_TO_SHOW = 8;

/**
 * Turns a sentence into a program that passed every check, or tells honestly that there is none. Emits
 * every step in order; the verdict is both emitted and returned. Undefined when cancelled: `cancelled`
 * is then the last event. Throws UserError for a bad sentence and for a drafter that cannot work.
 */
export async function generate(request: GenerateRequest, deps: GenerateDeps, emit: Emit, signal: AbortSignal): Promise<AgentVerdict | undefined> {
  const sentence = cleanSentence(request.sentence);
  try {
    signal.throwIfAborted();
    emit({ event: 'started', sentence, language: request.language, target: deps.target, drafter: deps.drafter.info });
    const verdict = await new Generation({ ...request, sentence }, deps, emit, signal).run();
    emit(verdict);
    return verdict;
  } catch (error) {
    if (!signal.aborted) throw error;
    emit({ event: 'cancelled' });
    return undefined;
  }
}

/** One run of the feedback loop. */
class Generation {
  readonly #request: GenerateRequest;
  readonly #deps: GenerateDeps;
  readonly #emit: Emit;
  readonly #signal: AbortSignal;
  readonly #candidates: Candidate[] = [];
  readonly #history: Turn[] = [];

  constructor(request: GenerateRequest, deps: GenerateDeps, emit: Emit, signal: AbortSignal) {
    this.#request = request;
    this.#deps = deps;
    this.#emit = emit;
    this.#signal = signal;
  }

  async run(): Promise<AgentVerdict> {
    const hits = await retrieve(this.#deps.knowledge, this.#request);
    this.#emit({ event: 'retrieved', hits });
    for (let attempt = 1; attempt <= this.#deps.maxAttempts; attempt++) {
      const draft = await this.#draft(attempt, hits);
      if (draft.kind === 'none') return this.#rejected(attempt - 1, draft.message);
      const verdict = draft.kind === 'program' ? await this.#judge(attempt, draft, hits) : this.#unusable(attempt, 'syntax', [finding('syntax', 'no-program', 'error', draft.message, emptyRange)]);
      if (verdict) return verdict;
    }
    return this.#rejected(this.#deps.maxAttempts);
  }

  async #draft(attempt: number, hits: readonly SearchHit[]): Promise<Draft> {
    this.#emit({ event: 'drafting', attempt });
    const { sentence, language, fix } = this.#request;
    const facts = this.#deps.facts ? { facts: this.#deps.facts } : {};
    const draft = await this.#deps.drafter.draft({ sentence, language, fix, ...facts, hits, history: this.#history }, this.#signal, (progress) => {
      if (progress.kind === 'delta') this.#emit({ event: 'delta', attempt, text: progress.text });
      else this.#emit({ event: 'waiting', attempt, reason: progress.reason, ms: progress.ms });
    });
    this.#signal.throwIfAborted();
    return draft;
  }

  /** Sends a draft through every check. Undefined: it failed, and there may be a next attempt. */
  async #judge(attempt: number, draft: Extract<Draft, { kind: 'program' }>, hits: readonly SearchHit[]): Promise<AgentVerdict | undefined> {
    const { text, origin } = draft;
    const { language, fix } = this.#request;
    this.#emit({ event: 'drafted', attempt, text, origin });
    const lost = fix ? leftOut(fix.text, text, language) : [];
    if (lost.length > 0) return this.#unusable(attempt, 'semantics', lost, text);
    const program: Program = { uri: `kgent-draft:///attempt-${attempt}${extensionOf[language]}`, version: attempt, text, language };
    const reports = await this.#deps.check(program, this.#observer(attempt), this.#signal);
    this.#signal.throwIfAborted();
    const candidate: Candidate = { attempt, text, language, origin, reports };
    const sameAs = this.#candidates.find((c) => sameProgram(withoutClauses(c.text), withoutClauses(text)))?.attempt;
    this.#candidates.push(candidate);
    const judgement = judge(reports);
    if (judgement.kind === 'passed') return this.#judgeMeaning(candidate, hits, sameAs);
    if (judgement.kind === 'not-judged') return notJudged(candidate, judgement.reason);
    this.#feedBack(attempt, findingsOf(candidate), text, sameAs);
    return undefined;
  }

  /** A program that loads may still print wrong answers. Undefined: it does, and there may be a next attempt. */
  async #judgeMeaning(candidate: Candidate, hits: readonly SearchHit[], sameAs: number | undefined): Promise<AgentVerdict | undefined> {
    const { comprehend } = this.#deps;
    const understood = comprehend && (await this.#comprehended(candidate, comprehend, hits));
    const judged = understood ? this.#withConditions(candidate, understood) : candidate;
    if (!this.#isWrong(judged)) return accepted(judged);
    this.#feedBack(judged.attempt, findingsOf(judged), judged.text, sameAs);
    return undefined;
  }

  /** What a replayed counterexample shows is worth another attempt; a warning alone does not refuse the last one. */
  #isWrong({ attempt, reports }: Candidate): boolean {
    const findings = reports.filter(({ check }) => check === 'contract').flatMap((report) => report.findings);
    return hasErrors(findings) || (attempt < this.#deps.maxAttempts && findings.some(({ counterexample }) => counterexample));
  }

  #withConditions(candidate: Candidate, { text, conditions, report }: Comprehended): Candidate {
    const { attempt } = candidate;
    this.#emit({ event: 'comprehended', attempt, text, conditions: conditions.map(({ at, clause, meaning }) => ({ line: at, clause, meaning })) });
    const { findings, skipped, ms } = report;
    const checked: CheckReport = { check: 'contract', findings, ms, ...(skipped !== undefined && { skipped }) };
    const observer = this.#observer(attempt);
    observer.checking?.('contract');
    observer.checked?.(checked);
    const inserted = conditions.map(({ at }) => at);
    const others = candidate.reports.filter(({ check }) => check !== 'contract').map((earlier) => ({ ...earlier, findings: earlier.findings.map((found) => movedBehind(found, inserted)) }));
    const judged: Candidate = { ...candidate, text, reports: [...others, checked] };
    this.#candidates[this.#candidates.length - 1] = judged;
    return judged;
  }

  /** The program is there already: a model that fails now takes it away from nobody. */
  async #comprehended({ attempt, language, text }: Candidate, comprehend: NonNullable<GenerateDeps['comprehend']>, hits: readonly SearchHit[]): Promise<Comprehended | undefined> {
    this.#emit({ event: 'comprehending', attempt });
    try {
      const understood = await comprehend({ sentence: this.#request.sentence, language, text, hits }, this.#signal, (progress) => {
        if (progress.kind === 'waiting') this.#emit({ event: 'waiting', attempt, reason: progress.reason, ms: progress.ms });
      });
      this.#signal.throwIfAborted();
      if (!understood) this.#emit({ event: 'comprehended', attempt, text, conditions: [] });
      return understood;
    } catch (error) {
      if (this.#signal.aborted || !(error instanceof UserError)) throw error;
      this.#emit({ event: 'comprehended', attempt, text, conditions: [], why: error.message });
      return undefined;
    }
  }

  #observer(attempt: number): PipelineObserver {
    return {
      checking: (check) => this.#emit({ event: 'checking', attempt, check }),
      checked: ({ check, findings, skipped, ms }) => {
        const outcome = skipped !== undefined ? 'skipped' : hasErrors(findings) ? 'failed' : 'passed';
        this.#emit({ event: 'checked', attempt, check, outcome, findings, ...(skipped === undefined ? {} : { reason: skipped }), ms });
      },
    };
  }

  /** A reply that no check needs to look at counts as a check that failed: transcript and sidebar show it like any other. */
  #unusable(attempt: number, check: CheckName, findings: readonly Finding[], text?: string): undefined {
    this.#emit({ event: 'checking', attempt, check });
    this.#emit({ event: 'checked', attempt, check, outcome: 'failed', findings, ms: 0 });
    this.#feedBack(attempt, findings, text);
  }

  #feedBack(attempt: number, findings: readonly Finding[], text?: string, sameAs?: number): void {
    const program = text === undefined ? {} : { text };
    const feedback = feedbackText(this.#deps.prompts, { attempt, ...program, findings, sameAs });
    this.#history.push({ ...program, findings, feedback });
    if (attempt < this.#deps.maxAttempts) this.#emit({ event: 'feedback', attempt, text: feedback });
  }

  #rejected(attempts: number, why?: string): AgentVerdict {
    return rejected(attempts, this.#candidates, this.#history.at(-1)?.findings ?? [], why);
  }
}

/** What the memory holds about a sentence: the nearest examples of the language, and the nearest specs that language can use. */
async function retrieve(knowledge: Knowledge, { sentence, language }: GenerateRequest): Promise<readonly SearchHit[]> {
  const [examples, specs] = await Promise.all([
    knowledge.search(sentence, { k: EXAMPLES_TO_SHOW * 4, kinds: ['example'] }),
    knowledge.search(sentence, { k: SPECS_TO_SHOW, kinds: ['attach-point', 'field', language === 'c' ? 'helper' : 'bpftrace'] }),
  ]);
  const fitting = examples.filter((hit) => knowledge.example(hit.id)?.language === language).slice(0, EXAMPLES_TO_SHOW);
  return [...fitting, ...specs].toSorted((a, b) => b.score - a.score);
}

function sameProgram(a: string, b: string): boolean {
  return a.replace(/\s+/g, ' ').trim() === b.replace(/\s+/g, ' ').trim();
}
