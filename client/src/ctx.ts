/**
 * The extension's state, with two lifetimes: what lives as long as the extension (`extension`,
 * `log`, `ui`) and what lives as long as one language client (`#life`). Features register once and
 * attach themselves to every client through `onClient`.
 */
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { UserError } from '../../server/src/base/error.ts';
import { actionTitles, codeOf, problemOf, type Action } from './problems.ts';
import { editorUi, type Gravity, type Ui } from './ui.ts';

/** What a feature does with each new client, before it starts. */
export type Attach = (client: LanguageClient) => vscode.Disposable | readonly vscode.Disposable[];

/** `untrusted`: nothing may run; `failed`: the server did not start or gave up. */
export type ServerState = 'stopped' | 'untrusted' | 'starting' | 'running' | 'failed';

interface Life {
  readonly client: LanguageClient;
  readonly ready: Promise<void>;
  readonly disposables: vscode.Disposable[];
}

export class Ctx {
  readonly extension: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  ui: Ui = editorUi;
  readonly #attach: Attach[] = [];
  readonly #create: (ctx: Ctx) => LanguageClient;
  readonly #state = new vscode.EventEmitter<ServerState>();
  #life: Life | undefined;
  serverState: ServerState = 'stopped';

  constructor(extension: vscode.ExtensionContext, log: vscode.LogOutputChannel, create: (ctx: Ctx) => LanguageClient) {
    this.extension = extension;
    this.log = log;
    this.#create = create;
    extension.subscriptions.push(log, this.#state);
  }

  readonly onServerState: vscode.Event<ServerState> = (listener) => this.#state.event(listener);

  /** Test seam: the editor suite cannot revoke the trust of its own window. */
  isTrusted = (): boolean => vscode.workspace.isTrusted;

  onClient(attach: Attach): void {
    this.#attach.push(attach);
  }

  command(id: string, run: (...args: never[]) => unknown): void {
    this.extension.subscriptions.push(vscode.commands.registerCommand(id, run));
  }

  setServerState(state: ServerState): void {
    this.serverState = state;
    this.#state.fire(state);
  }

  /** The running client; starts it when there is none. Throws UserError where nothing may run. */
  async client(): Promise<LanguageClient> {
    if (!this.isTrusted()) {
      this.setServerState('untrusted');
      throw new UserError('untrusted', 'Kgent runs tools, opens connections and asks models only in a trusted workspace.');
    }
    // A server that gave up gets another chance when somebody needs it.
    if (this.serverState === 'failed') await this.stop();
    const life = (this.#life ??= this.#start());
    try {
      await life.ready;
    } catch (error) {
      this.setServerState('failed');
      throw new UserError('server-start', 'The Kgent language server does not start', { cause: error });
    }
    return life.client;
  }

  /** Starts the server in the background, if it may run. */
  start(): void {
    if (this.isTrusted()) this.background(this.client());
    else this.setServerState('untrusted');
  }

  #start(): Life {
    const client = this.#create(this);
    const disposables = this.#attach.flatMap((attach) => attach(client));
    this.setServerState('starting');
    return { client, ready: client.start(), disposables };
  }

  async stop(): Promise<void> {
    const life = this.#life;
    this.#life = undefined;
    if (!life) return;
    for (const disposable of life.disposables) disposable.dispose();
    try {
      await life.client.dispose();
    } catch (error) {
      // A server that died or hangs cannot say goodbye; the client kills its process by itself.
      this.log.warn(`While stopping the server: ${String(error)}`);
    }
    this.setServerState('stopped');
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.client();
  }

  /** Something nobody waits for: its failure is shown. */
  background(work: Thenable<unknown>): void {
    work.then(undefined, (error: unknown) => void this.fail(error));
  }

  /** Shows an error with the actions that help; resolves when the user is done with it. */
  async fail(error: unknown): Promise<void> {
    const { message, actions } = problemOf(error);
    // A named problem is the user's; anything else is a defect, and its stack helps.
    this.log.error(error instanceof Error && codeOf(error) === undefined ? error : message);
    await this.offer('error', message, actions);
  }

  /** A message with buttons: the caller's own, whose title is returned, and actions, which are done here. */
  async offer(gravity: Gravity, message: string, actions: readonly Action[], ...own: string[]): Promise<string | undefined> {
    const chosen = await this.ui.tell(gravity, message, ...own, ...actions.map((a) => actionTitles[a]));
    const action = actions.find((a) => actionTitles[a] === chosen);
    if (action) await vscode.commands.executeCommand(...commandOf[action]);
    return chosen;
  }
}

const commandOf: Readonly<Record<Action, [string, ...unknown[]]>> = {
  setApiKey: ['kgent.setApiKey'],
  connect: ['kgent.connect'],
  settings: ['workbench.action.openSettings', 'kgent'],
  trust: ['workbench.trust.manage'],
  restart: ['kgent.restartServer'],
  log: ['kgent.showLog'],
};
