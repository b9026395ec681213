/** One generation at a time: its request, its progress and its events on the way to the store. */
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { UserError } from '../../../server/src/base/error.ts';
import type { AgentEvent } from '../../../server/src/protocol.ts';
import type { Ctx } from '../ctx.ts';
import { problemOf } from '../problems.ts';
import { progressMessage } from './progress.ts';
import type { GenerationStore } from './store.ts';

/** Sends what the agent should do; resolves when the last event was sent. */
export type Send = (client: LanguageClient, id: string, token: vscode.CancellationToken) => Promise<void>;

export class Runner {
  readonly #ctx: Ctx;
  readonly #store: GenerationStore;
  #running: { readonly id: string; readonly report: (message: string) => void; readonly source: vscode.CancellationTokenSource } | undefined;

  constructor(ctx: Ctx, store: GenerationStore) {
    this.#ctx = ctx;
    this.#store = store;
  }

  get isBusy(): boolean {
    return this.#running !== undefined;
  }

  mustBeFree(): void {
    if (this.#running) throw new UserError('busy', 'A generation is still running. Cancel it or wait for its end.');
  }

  on(id: string, event: AgentEvent): void {
    this.#store.apply(id, event);
    const message = progressMessage(event);
    if (this.#running?.id === id && message !== undefined) this.#running.report(message);
  }

  cancel(): void {
    this.#running?.source.cancel();
  }

  /** Resolves when the generation is over, however it ended: the store then knows how. Throws when the request itself failed. */
  async run(title: string, send: Send): Promise<void> {
    const client = await this.#ctx.client();
    this.mustBeFree();
    const id = randomUUID();
    const source = new vscode.CancellationTokenSource();
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: 'Kgent', cancellable: true }, async (progress, token) => {
      const linked = token.onCancellationRequested(() => source.cancel());
      this.#running = { id, source, report: (message) => progress.report({ message }) };
      this.#store.begin(id, title);
      try {
        await send(client, id, source.token);
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
}
