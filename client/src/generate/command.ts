/** "Kgent: Generate eBPF from description": a sentence in, a checked program in an editor out. */
import * as vscode from 'vscode';
import { UserError } from '../../../server/src/base/error.ts';
import { generateEvent, generateRequest, type Language } from '../../../server/src/protocol.ts';
import type { Ctx } from '../ctx.ts';
import { Drafts, DRAFT_SCHEME } from './drafts.ts';
import { registerFix } from './fix.ts';
import { openProgram } from './open.ts';
import { outcomeOf } from './outcome.ts';
import { Runner } from './runner.ts';
import { complainAbout, defaultSentence } from './sentence.ts';
import type { StepTarget } from './steps.ts';
import { GenerationStore } from './store.ts';
import { registerView } from './view.ts';

export interface GenerateArguments {
  /** Asked for when absent. */
  readonly sentence?: string;
  readonly language?: Language;
}

export function registerGenerate(ctx: Ctx): GenerationStore {
  const store = new GenerationStore();
  const drafts = new Drafts(() => store.state);
  const { subscriptions } = ctx.extension;
  registerView(subscriptions, store);
  const runner = new Runner(ctx, store);
  const generator = new Generator(ctx, store, drafts, runner);
  subscriptions.push(store, vscode.workspace.registerTextDocumentContentProvider(DRAFT_SCHEME, drafts));
  ctx.onClient((client) => client.onNotification(generateEvent, ({ id, event }) => runner.on(id, event)));
  ctx.command('kgent.generate', (args?: GenerateArguments) => generator.generate(args));
  ctx.command('kgent.cancelGeneration', () => runner.cancel());
  registerFix({ ctx, store, runner });
  ctx.command('kgent.showStep', (target: StepTarget) => drafts.show(target));
  return store;
}

class Generator {
  readonly #ctx: Ctx;
  readonly #store: GenerationStore;
  readonly #drafts: Drafts;
  readonly #runner: Runner;

  constructor(ctx: Ctx, store: GenerationStore, drafts: Drafts, runner: Runner) {
    this.#ctx = ctx;
    this.#store = store;
    this.#drafts = drafts;
    this.#runner = runner;
  }

  async generate(args: GenerateArguments = {}): Promise<void> {
    try {
      this.#runner.mustBeFree();
      await this.#ctx.client();
      const sentence = args.sentence ?? (await this.#askSentence());
      if (sentence === undefined || this.#runner.isBusy) return;
      const complaint = complainAbout(sentence);
      if (complaint !== undefined) throw new UserError('empty-sentence', complaint);
      const { language } = args;
      await this.#runner.run(sentence, (client, id, token) => client.sendRequest(generateRequest, { id, sentence, ...(language && { language }) }, token));
      await this.#finish();
    } catch (error) {
      await this.#ctx.fail(error);
    }
  }

  #askSentence(): Thenable<string | undefined> {
    const editor = vscode.window.activeTextEditor;
    const value = editor ? defaultSentence(editor.document.getText(editor.selection), editor.document.lineAt(editor.selection.active.line).text) : '';
    return this.#ctx.ui.input({
      title: 'Kgent: Generate eBPF from description',
      prompt: 'What should the program observe?',
      placeHolder: 'count system calls by process',
      value,
      ignoreFocusOut: true,
      validateInput: complainAbout,
    });
  }

  async #finish(): Promise<void> {
    const { state } = this.#store;
    if (!state || state.cancelled) return;
    if (state.failure !== undefined) throw new Error(state.failure);
    const { program } = state.verdict ?? {};
    const document = program && (await openProgram(state.sentence, program));
    if (document) this.#drafts.opened(state, document);
    this.#ctx.background(this.#announce(document));
  }

  async #announce(document: vscode.TextDocument | undefined): Promise<void> {
    const outcome = this.#store.state && outcomeOf(this.#store.state);
    if (!outcome) return;
    const run = outcome.offersRun && document ? `Run on ${outcome.target}` : undefined;
    const chosen = await this.#ctx.offer(outcome.gravity, outcome.message, outcome.actions, ...(run === undefined ? [] : [run]));
    if (document && run !== undefined && chosen === run) await vscode.commands.executeCommand('kgent.run', document.uri);
  }
}
