/** The language server as the editor starts it, and the commands around it. */
import * as vscode from 'vscode';
import { CloseAction, ErrorAction, LanguageClient, RevealOutputChannelOn, State, TransportKind, type LanguageClientOptions, type ServerOptions } from 'vscode-languageclient/node';
import { closePredicate } from './closePredicate.ts';
import type { Ctx } from './ctx.ts';
import { explained } from './explain.ts';
import { documentSelector } from './program.ts';
import { reloaded } from './reloaded.ts';

/** Ends of the server within which it is started again. */
const RESTARTS = 4;
const RESTART_WINDOW_MS = 3 * 60_000;

export function createClient(ctx: Ctx): LanguageClient {
  const module = vscode.Uri.joinPath(ctx.extension.extensionUri, 'dist', 'server.js').fsPath;
  const run = { module, transport: TransportKind.ipc };
  const server: ServerOptions = { run, debug: { ...run, options: { execArgv: ['--nolazy', '--inspect=6009'] } } };
  const client: LanguageClient = new LanguageClient('kgent', 'Kgent', server, options(ctx, () => client));
  client.onDidChangeState(({ newState }) => {
    if (newState === State.Running) ctx.setServerState('running');
    if (newState === State.Starting) ctx.setServerState('starting');
    if (newState === State.StartFailed) ctx.setServerState('failed');
  });
  return client;
}

function options(ctx: Ctx, client: () => LanguageClient): LanguageClientOptions {
  const ends: number[] = [];
  return {
    documentSelector,
    middleware: { ...closePredicate, ...explained, ...reloaded(client) },
    // The server asks and tells more to an editor that knows how to answer.
    initializationOptions: { kgent: true },
    outputChannel: ctx.log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue }),
      closed: () => {
        const now = Date.now();
        ends.push(now);
        if (ends.filter((end) => now - end < RESTART_WINDOW_MS).length <= RESTARTS) return { action: CloseAction.Restart };
        ctx.setServerState('failed');
        ctx.background(ctx.offer('error', `The Kgent language server ended ${ends.length} times; it is not started again.`, ['restart', 'log']));
        return { action: CloseAction.DoNotRestart, handled: true };
      },
    },
  };
}

/** C files are everywhere: the server runs from the first eBPF program on, or when a command needs it. */
function startWhenNeeded(ctx: Ctx, document: vscode.TextDocument): void {
  if (ctx.serverState === 'stopped' && vscode.languages.match(documentSelector, document) > 0) ctx.start();
}

export function registerServer(ctx: Ctx): void {
  ctx.command('kgent.restartServer', () => ctx.restart().catch((error: unknown) => ctx.fail(error)));
  ctx.command('kgent.showLog', () => ctx.log.show());
  ctx.extension.subscriptions.push(
    vscode.workspace.onDidOpenTextDocument((document) => startWhenNeeded(ctx, document)),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      if (ctx.serverState === 'untrusted') ctx.start();
    }),
    { dispose: () => void ctx.stop() },
  );
}

/** After every feature had its chance to attach to the client. */
export function startForOpenDocuments(ctx: Ctx): void {
  for (const document of vscode.workspace.textDocuments) startWhenNeeded(ctx, document);
}
