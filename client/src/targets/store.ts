/** The targets as the server told of them last. The sidebar, the commands and the editor suite listen. */
import * as vscode from 'vscode';
import { targetRowsNotification, targetRowsRequest, type TargetRow } from '../../../server/src/protocol.ts';
import type { Ctx } from '../ctx.ts';

export class TargetStore implements vscode.Disposable {
  readonly #ctx: Ctx;
  readonly #changed = new vscode.EventEmitter<readonly TargetRow[]>();
  #rows: readonly TargetRow[] = [];

  constructor(ctx: Ctx) {
    this.#ctx = ctx;
    ctx.onClient((client) => client.onNotification(targetRowsNotification, ({ rows }) => this.#set(rows)));
    // What an old server knew does not hold for a new one.
    ctx.extension.subscriptions.push(this, ctx.onServerState((state) => state === 'running' || this.#set([])));
  }

  readonly onDidChange: vscode.Event<readonly TargetRow[]> = (listener) => this.#changed.event(listener);

  get rows(): readonly TargetRow[] {
    return this.#rows;
  }

  row(name: string): TargetRow | undefined {
    return this.#rows.find((row) => row.name === name);
  }

  /** A terminal may have added or removed one meanwhile. A server that does not run is not started for that. */
  async refresh(): Promise<void> {
    if (this.#ctx.serverState === 'running') this.#set(await (await this.#ctx.client()).sendRequest(targetRowsRequest));
  }

  #set(rows: readonly TargetRow[]): void {
    this.#rows = rows;
    this.#changed.fire(rows);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
