/** "Kgent: Generate eBPF from description": a sentence in, a checked program in an editor out. */
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { UserError } from '../../../server/src/base/error.ts';
import { generateEvent, generateRequest, type AgentEvent, type Language } from '../../../server/src/protocol.ts';
import type { Ctx } from '../ctx.ts';
import { problemOf } from '../problems.ts';
import { Drafts, DRAFT_SCHEME } from './drafts.ts';
import { openProgram } from './open.ts';
import { outcomeOf } from './outcome.ts';
import { progressMessage } from './progress.ts';
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
  const generator = new Generator(ctx, store, drafts);
  subscriptions.push(store, vscode.workspace.registerTextDocumentContentProvider(DRAFT_SCHEME, drafts));
  ctx.onClient((client) => client.onNotification(generateEvent, ({ id, event }) => generator.on(id, event)));
  ctx.command('kgent.generate', (args?: GenerateArguments) => generator.generate(args));
  ctx.command('kgent.cancelGeneration', () => generator.cancel());
  ctx.command('kgent.showStep', (target: StepTarget) => drafts.show(target));
  return store;
}

class Generator {
  readonly #ctx: Ctx;
  readonly #store: GenerationStore;
  readonly #drafts: Drafts;
  #running: { readonly id: string; readonly report: (message: string) => void; readonly source: vscode.CancellationTokenSource } | undefined;

  constructor(ctx: Ctx, store: GenerationStore, drafts: Drafts) {
    this.#ctx = ctx;
    this.#store = store;
    this.#drafts = drafts;
  }

  on(id: string, event: AgentEvent): void {
    this.#store.apply(id, event);
    const message = progressMessage(event);
    if (this.#running?.id === id && message !== undefined) this.#running.report(message);
  }

  cancel(): void {
    this.#running?.source.cancel();
  }

  async generate(args: GenerateArguments = {}): Promise<void> {
    try {
      if (this.#running) throw new UserError('busy', 'A generation is still running. Cancel it or wait for its end.');
      await this.#ctx.client();
      const sentence = args.sentence ?? (await this.#askSentence());
      if (sentence === undefined || this.#running) return;
      const complaint = complainAbout(sentence);
      if (complaint !== undefined) throw new UserError('empty-sentence', complaint);
      await this.#run(sentence, args.language);
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

  /** Resolves when the generation is over, however it ended: the store then knows how. */
  async #run(sentence: string, language: Language | undefined): Promise<void> {
    const client = await this.#ctx.client();
    const id = randomUUID();
    const source = new vscode.CancellationTokenSource();
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: 'Kgent', cancellable: true }, async (progress, token) => {
      const linked = token.onCancellationRequested(() => source.cancel());
      this.#running = { id, source, report: (message) => progress.report({ message }) };
      this.#store.begin(id, sentence);
      try {
        await client.sendRequest(generateRequest, { id, sentence, ...(language && { language }) }, source.token);
        if (source.token.isCancellationRequested) this.#store.apply(id, { event: 'cancelled' });
        this.#store.fail(id, 'The server ended the generation without a verdict.');
      } catch (error) {
        if (source.token.isCancellationRequested) return this.#store.apply(id, { event: 'cancelled' });
        this.#store.fail(id, problemOf(error).message);
        throw error;
      } finally {
        this.#running = undefined;
        linked.dispose();
        source.dispose();
      }
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
