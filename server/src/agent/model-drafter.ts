import { summarizeTarget } from './describe-target.ts';
import type { Draft, Drafter, DraftProgress, DraftRequest, Turn } from './drafter.ts';
import type { DrafterInfo } from './events.ts';
import { describeFindings } from './feedback.ts';
import { extractProgram } from './extract.ts';
import type { ChatModel, Message } from './model/chat.ts';
import { fence, fill, languageNames, type Prompts } from './prompt.ts';
import { MAX_RECORD, recordsFor } from './records.ts';
import type { Knowledge, SearchHit } from '../knowledge/knowledge.ts';

const MAX_EXAMPLES = 3;
/** Earlier attempts shown to the model, newest kept first: small models have small contexts. */
const MAX_HISTORY = 40_000;

/** A language model drafts; it sees what was retrieved, the target's facts, its own earlier drafts and what was wrong with them. */
export class ModelDrafter implements Drafter {
  readonly info: DrafterInfo;
  readonly #model: ChatModel;
  readonly #prompts: Prompts;
  readonly #knowledge: Knowledge;

  constructor(options: { model: ChatModel; prompts: Prompts; knowledge: Knowledge }) {
    this.info = { kind: 'model', model: options.model.name };
    this.#model = options.model;
    this.#prompts = options.prompts;
    this.#knowledge = options.knowledge;
  }

  async draft(request: DraftRequest, signal: AbortSignal, onProgress: (progress: DraftProgress) => void): Promise<Draft> {
    const reply = await this.#model.chat(this.#messages(request), signal, onProgress);
    const found = extractProgram(reply.text, request.language);
    if (found.kind === 'program') return { kind: 'program', text: found.text, origin: { kind: 'generated', model: this.#model.name } };
    const cut = reply.cut ? ' It was cut off at the model\'s length limit; answer more briefly.' : '';
    return { kind: 'no-program', message: found.message + cut };
  }

  #messages(request: DraftRequest): Message[] {
    return [
      { role: 'system', content: this.#prompts[request.language === 'c' ? 'system-c' : 'system-bpftrace'] },
      { role: 'user', content: this.#question(request) },
      ...recent(request.history).flatMap((turn) => turnMessages(turn, request)),
    ];
  }

  #question({ sentence, fix, facts, hits, language }: DraftRequest): string {
    const known = { target: fence(summarizeTarget(facts)), specs: recordsFor(this.#knowledge, hits), language: languageNames[language] };
    if (fix) return fill(this.#prompts.fix, { ...known, source: fence(fix.text, language), findings: fence(describeFindings(fix.findings, fix.text)) });
    return fill(this.#prompts.draft, { ...known, sentence: fence(sentence), examples: this.#examples(hits) });
  }

  #examples(hits: readonly SearchHit[]): string {
    const examples = hits.filter((hit) => hit.kind === 'example').slice(0, MAX_EXAMPLES).map((hit) => this.#knowledge.example(hit.id));
    const shown = examples.filter((e) => e !== undefined).map((e) => `${e.description}\n${fence(e.text.slice(0, MAX_RECORD), e.language)}`);
    return shown.length > 0 ? shown.join('\n\n') : 'None found.';
  }
}

/** The model's own earlier draft, without the prose around it, and what was said about it. */
function turnMessages(turn: Turn, request: DraftRequest): Message[] {
  const draft = turn.text === undefined ? '(an answer without a program)' : fence(turn.text.slice(0, MAX_HISTORY / 2), request.language);
  return [
    { role: 'assistant', content: draft },
    { role: 'user', content: turn.feedback },
  ];
}

function recent(history: readonly Turn[]): Turn[] {
  const kept: Turn[] = [];
  let size = 0;
  for (const turn of history.toReversed()) {
    size += (turn.text?.length ?? 0) + turn.feedback.length;
    if (kept.length > 0 && size > MAX_HISTORY) break;
    kept.unshift(turn);
  }
  return kept;
}
