import { spawn, type ChildProcess } from 'node:child_process';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter, type MessageConnection } from 'vscode-languageserver/node';
import type { ClientCapabilities, Diagnostic, InitializeResult, PublishDiagnosticsParams, ServerCapabilities } from 'vscode-languageserver';

/** The built language server behind `kgent lsp --stdio`, spoken to as an editor does. */
export class LspClient {
  readonly connection: MessageConnection;
  readonly process: ChildProcess;
  readonly #published: PublishDiagnosticsParams[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(env: Readonly<Record<string, string>> = {}) {
    this.process = spawn(process.execPath, ['dist/cli.js', 'lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } });
    if (!this.process.stdout || !this.process.stdin) throw new Error('no pipes');
    this.connection = createMessageConnection(new StreamMessageReader(this.process.stdout), new StreamMessageWriter(this.process.stdin));
    this.connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.#published.push(params);
      for (const look of this.#waiting) look();
    });
    this.connection.listen();
  }

  /** Resolves with what the server can do; `folder` is the URI of the workspace. */
  async start(capabilities: ClientCapabilities = {}, folder: string | null = null): Promise<ServerCapabilities> {
    const { capabilities: offered } = await this.connection.sendRequest<InitializeResult>('initialize', { processId: process.pid, rootUri: folder, capabilities });
    await this.connection.sendNotification('initialized', {});
    return offered;
  }

  /** A request about a document. */
  ask<T>(method: string, uri: string, params: object = {}): Promise<T> {
    return this.connection.sendRequest<T>(`textDocument/${method}`, { textDocument: { uri }, ...params });
  }

  open(uri: string, text: string, version = 1, languageId = 'bpftrace'): Promise<void> {
    return this.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId, version, text } });
  }

  change(uri: string, text: string, version: number): Promise<void> {
    return this.connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ text }] });
  }

  /** Every publication for a document so far. */
  published(uri: string): readonly PublishDiagnosticsParams[] {
    return this.#published.filter((p) => p.uri === uri);
  }

  /** The next publication (or an earlier one) that satisfies; the test's time limit is the bound. */
  diagnostics(uri: string, version: number, satisfies: (diagnostics: readonly Diagnostic[]) => boolean): Promise<readonly Diagnostic[]> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = this.published(uri).findLast((p) => p.version === version && satisfies(p.diagnostics));
        if (!found) return;
        this.#waiting.delete(look);
        resolve(found.diagnostics);
      };
      this.#waiting.add(look);
      look();
    });
  }

  async stop(): Promise<number | null> {
    const ended = new Promise<number | null>((resolve) => this.process.once('exit', resolve));
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    return ended;
  }
}
