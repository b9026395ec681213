import type { ConditionsReport } from '../checks/contract/conditions.ts';
import type { Language } from '../checks/program.ts';
import type { Knowledge, SearchHit } from '../knowledge/knowledge.ts';
import { annotate, conditionsIn, numbered, type Annotated, type Condition } from './conditions.ts';
import type { DraftProgress } from './drafter.ts';
import type { ChatModel, Message } from './model/chat.ts';
import { fence, fill, languageNames, type Prompts } from './prompt.ts';
import { recordsFor } from './records.ts';

export type JudgeContract = (text: string, signal: AbortSignal) => Promise<ConditionsReport>;

export interface ComprehendDeps {
  readonly model: ChatModel;
  readonly prompts: Prompts;
  readonly knowledge: Knowledge;
  readonly judge: JudgeContract;
}

export interface ToComprehend {
  readonly sentence: string;
  readonly language: Language;
  readonly text: string;
  readonly hits: readonly SearchHit[];
}

/** What a program must do, in conditions that can be used, and what the check says of it with them. */
export interface Comprehended {
  readonly text: string;
  /** With its 0-based line in `text`. */
  readonly conditions: readonly (Condition & { readonly at: number })[];
  readonly report: ConditionsReport;
}

/** Answers that are asked for: a weak set is sent back. */
const MAX_ASKED = 3;

/**
 * Has the model say in conditions what a program must do. Conditions that say nothing, contradict each other or cannot be read are sent back; what
 * is still unfit after that is left out. Undefined when nothing usable came. Throws as the model's client does.
 */
export async function comprehend(program: ToComprehend, deps: ComprehendDeps, signal: AbortSignal, onProgress: (progress: DraftProgress) => void): Promise<Comprehended | undefined> {
  const messages: Message[] = [{ role: 'user', content: question(program, deps) }];
  let last: Comprehended | undefined;
  for (let asked = 0; asked < MAX_ASKED; asked++) {
    const reply = await deps.model.chat(messages, signal, onProgress);
    const read = conditionsIn(reply.text);
    // A model that answers with something else altogether will not do better when asked again.
    if ('problem' in read && read.none) break;
    const judged = 'problem' in read ? undefined : await judgedWith(read.conditions, program.text, deps, signal);
    if (judged?.report.unfit.length === 0) return judged;
    last = judged ?? last;
    messages.push({ role: 'assistant', content: reply.text }, { role: 'user', content: sentBack(judged, 'problem' in read ? read.problem : '') });
  }
  return last && withoutUnfit(last, program.text, deps, signal);
}

function question({ sentence, language, text, hits }: ToComprehend, { prompts, knowledge }: ComprehendDeps): string {
  const c = language === 'c';
  return fill(prompts.comprehend, {
    language: languageNames[language],
    sentence: fence(sentence),
    program: fence(numbered(text), language),
    specs: recordsFor(knowledge, hits),
    invariant: c ? 'map[k]' : '@map[k]',
    entry: c ? 'map[key]' : '@map[key]',
  });
}

async function judgedWith(conditions: readonly Condition[], text: string, { judge }: ComprehendDeps, signal: AbortSignal): Promise<Comprehended> {
  const annotated: Annotated = annotate(text, conditions);
  const report = await judge(annotated.text, signal);
  signal.throwIfAborted();
  return { text: annotated.text, conditions: conditions.map((condition, i) => ({ ...condition, at: annotated.lines[i] ?? 0 })), report };
}

function sentBack(judged: Comprehended | undefined, problem: string): string {
  const reasons = judged ? judged.report.unfit.map(({ line, why }) => `${judged.conditions.find(({ at }) => at === line)?.clause ?? `line ${line + 1}`}: ${why}`) : [problem];
  return `These conditions cannot be used:\n${fence(reasons.join('\n'))}\nAnswer with the whole array again, in one fenced code block; keep what was not named.`;
}

async function withoutUnfit({ conditions, report }: Comprehended, text: string, deps: ComprehendDeps, signal: AbortSignal): Promise<Comprehended | undefined> {
  const fit = conditions.filter(({ at }) => !report.unfit.some(({ line }) => line === at));
  if (fit.length === 0) return undefined;
  const judged = await judgedWith(fit, text, deps, signal);
  return judged.report.unfit.length === 0 ? judged : undefined;
}
