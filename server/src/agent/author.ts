import { UserError } from '../base/error.ts';
import { shorten } from '../base/text.ts';
import type { Finding } from '../checks/finding.ts';
import type { CheckContext, CheckReport, PipelineObserver } from '../checks/pipeline.ts';
import type { Language, Program } from '../checks/program.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import type { Settings } from '../settings.ts';
import { comprehend, type JudgeContract } from './comprehend.ts';
import { withoutClauses, type Condition } from './conditions.ts';
import type { AgentEvent, AgentVerdict } from './events.ts';
import { generate, type GenerateDeps } from './loop.ts';
import type { ChatModel } from './model/chat.ts';
import { ModelDrafter } from './model-drafter.ts';
import { OfflineDrafter } from './offline.ts';
import type { Prompts } from './prompt.ts';
import { cleanSentence } from './sentence.ts';

export interface AuthorOptions {
  /** The settings as they are now. */
  readonly settings: () => Settings;
  readonly apiKey: () => Promise<string | undefined>;
  readonly prompts: () => Promise<Prompts>;
  /** With what the target of this name has. */
  readonly knowledge: (target: string) => Promise<Knowledge>;
  readonly context: (options: { readonly target?: string | undefined; readonly signal: AbortSignal }) => Promise<CheckContext>;
  /** Every check there is of a program that nobody allowed to run. */
  readonly check: (program: Program, context: CheckContext, observer: PipelineObserver) => Promise<readonly CheckReport[]>;
  /** Judges a program by its conditions. `asked`: a person asked for them. */
  readonly judge: (language: Language, context: CheckContext, asked: boolean) => JudgeContract;
}

/** There is an offline drafter, but no checked example is a fix of somebody's program, or says what one must do. */
const noModel = (what: string): UserError => new UserError('no-model', `No model is configured, so no ${what} can be written. Name an OpenAI-compatible server and its model: the settings kgent.model.baseUrl and kgent.model.name.`);

/** Records of the knowledge base that a model is told when it writes conditions alone. */
const SPECS_TO_TELL = 8;

/** Has a model write: programs, fixes, and what must hold. */
export class Author {
  readonly #options: AuthorOptions;

  constructor(options: AuthorOptions) {
    this.#options = options;
  }

  /** Turns a sentence into a checked program; see `generate`. */
  async generate(request: { sentence: string; language?: Language | undefined; target?: string | undefined }, emit: (event: AgentEvent) => void, signal: AbortSignal): Promise<AgentVerdict | undefined> {
    // A sentence that cannot be used is told at once, not after a connection was made.
    const sentence = cleanSentence(request.sentence);
    const language = request.language ?? this.#options.settings()['agent.language'];
    return generate({ sentence, language }, await this.#deps(request.target, signal), emit, signal);
  }

  /**
   * Has the model fix a program: `findings` are what is wrong with it, the one to fix first. Throws UserError `no-model` where
   * none is configured, and `no-finding` for a program with nothing to fix.
   */
  async fix({ program, findings }: { program: Program; findings: readonly Finding[] }, emit: (event: AgentEvent) => void, signal: AbortSignal): Promise<AgentVerdict | undefined> {
    const [first] = findings;
    if (!first) throw new UserError('no-finding', 'No check found a mistake in this program: there is nothing to fix.');
    if (this.#options.settings()['model.name'] === '') throw noModel('fix');
    const sentence = cleanSentence(shorten(`Fix: ${first.message}`, 500));
    return generate({ sentence, language: program.language, fix: { text: program.text, findings } }, await this.#deps(undefined, signal), emit, signal);
  }

  /**
   * Has the model write what must hold in a program that is to do what a sentence says. Empty when nothing usable came. Throws UserError `no-model`
   * where none is configured.
   */
  async conditions({ language, text }: Pick<Program, 'language' | 'text'>, sentence: string, signal: AbortSignal): Promise<readonly Condition[]> {
    const asked = cleanSentence(sentence);
    const model = await this.model();
    if (!model) throw noModel('contract');
    const [prompts, context] = await Promise.all([this.#options.prompts(), this.#options.context({ signal })]);
    const knowledge = await this.#options.knowledge(context.target.name);
    const hits = await knowledge.search(asked, { k: SPECS_TO_TELL });
    const judge = this.#options.judge(language, { ...context, signal }, true);
    const understood = await comprehend({ sentence: asked, language, text: withoutClauses(text), hits }, { model, prompts, knowledge, judge }, signal, () => undefined);
    // What the program says already is not said twice.
    return (understood?.conditions ?? []).filter(({ clause }) => !text.includes(clause));
  }

  /** Undefined when none is configured. */
  async model(): Promise<ChatModel | undefined> {
    const settings = this.#options.settings();
    if (settings['model.name'] === '') return undefined;
    // Half a megabyte that only those with a model need to read.
    const { OpenAiModel } = await import('./model/openai.ts');
    return new OpenAiModel({
      apiKey: await this.#options.apiKey(),
      baseUrl: settings['model.baseUrl'],
      model: settings['model.name'],
      timeoutMs: settings['model.timeoutSeconds'] * 1000,
    });
  }

  async #deps(target: string | undefined, signal: AbortSignal): Promise<GenerateDeps> {
    const [prompts, context, model] = await Promise.all([this.#options.prompts(), this.#options.context({ target, signal }), this.model()]);
    const knowledge = await this.#options.knowledge(context.target.name);
    return {
      knowledge,
      prompts,
      drafter: model ? new ModelDrafter({ model, prompts, knowledge }) : new OfflineDrafter(knowledge),
      target: context.target.name,
      facts: context.facts,
      maxAttempts: this.#options.settings()['agent.maxAttempts'],
      check: (program, observer) => this.#options.check(program, context, observer),
      comprehend: this.#comprehension(model, prompts, knowledge, context),
    };
  }

  /** Undefined without a model, and where proofs or conditions are not wanted. */
  #comprehension(model: ChatModel | undefined, prompts: Prompts, knowledge: Knowledge, context: CheckContext): GenerateDeps['comprehend'] {
    const settings = this.#options.settings();
    if (!model || !settings['agent.conditions'] || !settings['contracts.enabled']) return undefined;
    return (asked, signal, onProgress) => comprehend(asked, { model, prompts, knowledge, judge: this.#options.judge(asked.language, { ...context, signal }, false) }, signal, onProgress);
  }
}
