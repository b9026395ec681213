/** One run in a terminal of its own: prints its events, Ctrl+C stops it, closing ends it. */
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { runRequest, stopRunNotification, type RunEvent, type RunParams } from '../../../server/src/protocol.ts';
import { problemOf } from '../problems.ts';
import { closingHint, failureText, RunText } from './text.ts';

const CTRL_C = '\x03';
const ENTER = '\r';
/** Nobody types here. */
const HIDE_CURSOR = '\x1b[?25l';

export class RunTerminal implements vscode.Pseudoterminal {
  readonly #write = new vscode.EventEmitter<string>();
  readonly #close = new vscode.EventEmitter<void>();
  readonly #ended = new vscode.EventEmitter<void>();
  readonly #source = new vscode.CancellationTokenSource();
  readonly #client: LanguageClient;
  readonly #params: RunParams;
  readonly #text = new RunText();
  #isStopping = false;
  isOver = false;

  readonly onDidWrite: vscode.Event<string> = this.#write.event;
  readonly onDidClose: vscode.Event<void> = this.#close.event;
  /** Fires once, when nothing more will come. */
  readonly onDidEnd: vscode.Event<void> = this.#ended.event;

  constructor(client: LanguageClient, params: RunParams) {
    this.#client = client;
    this.#params = params;
  }

  /** The run starts when the terminal can show it: what is written before is lost. */
  open(): void {
    this.#write.fire(HIDE_CURSOR);
    this.#client.sendRequest(runRequest, this.#params, this.#source.token).then(
      () => this.#end(),
      (error: unknown) => this.#end(this.#source.token.isCancellationRequested ? undefined : problemOf(error).message),
    );
  }

  on(event: RunEvent): void {
    this.#write.fire(this.#text.of(event));
  }

  /** The first time asks the program to finish and print its maps, the second time ends it. */
  stop(): void {
    if (this.isOver) return;
    if (this.#isStopping) return this.#source.cancel();
    this.#isStopping = true;
    this.#write.fire('\r\n\x1b[2mStopping… Press Ctrl+C again to end it at once.\x1b[0m\r\n');
    void this.#client.sendNotification(stopRunNotification, { id: this.#params.id });
  }

  handleInput(data: string): void {
    if (data === CTRL_C) this.stop();
    if (data === ENTER && this.isOver) this.#close.fire();
  }

  close(): void {
    this.#source.cancel();
    this.#end();
  }

  #end(failure?: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#write.fire((failure === undefined ? '' : failureText(failure)) + closingHint);
    this.#ended.fire();
    this.#source.dispose();
  }
}
