/** Proofs in the editor: the view of verdicts and counterexamples, proving now, adding contracts. */
import * as vscode from 'vscode';
import { contractOffersRequest, proofsNotification, proofsRequest, proveRequest, type ContractOffer } from '../../../server/src/protocol.ts';
import { UserError } from '../../../server/src/base/error.ts';
import type { Ctx } from '../ctx.ts';
import { documentSelector } from '../program.ts';
import { GO, ProofView } from './view.ts';
import { ASK, writeContracts } from './write.ts';

export function registerProofs(ctx: Ctx): ProofView {
  const view = new ProofView();
  const actions: vscode.CodeActionProvider = { provideCodeActions: ({ uri }, __, { diagnostics }) => actionsFor(uri, diagnostics) };
  ctx.extension.subscriptions.push(
    view,
    vscode.languages.registerCodeActionsProvider(documentSelector, actions, { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] }),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document.uri.toString() === view.uri?.toString()) view.forget();
    }),
  );
  ctx.onClient((client) => client.onNotification(proofsNotification, ({ uri }) => {
    if (view.uri?.toString() !== uri) return;
    ctx.background(client.sendRequest(proofsRequest, { uri }).then((proofs) => {
      if (proofs && view.uri?.toString() === uri) view.refresh(proofs);
    }));
  }));
  ctx.command('kgent.showProofs', (uri?: unknown, line?: unknown) => guarded(ctx, () => show(ctx, view, uri, line)));
  ctx.command('kgent.prove', (uri?: unknown) => guarded(ctx, () => prove(ctx, view, uri)));
  ctx.command('kgent.addContract', (uri?: unknown, line?: unknown) => guarded(ctx, () => add(ctx, uri, line)));
  ctx.command(GO, (id: string) => guarded(ctx, () => view.choose(id)));
  ctx.command('kgent.nextStep', () => guarded(ctx, () => view.step(1)));
  ctx.command('kgent.previousStep', () => guarded(ctx, () => view.step(-1)));
  return view;
}

async function guarded(ctx: Ctx, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    await ctx.fail(error);
  }
}

function actionsFor(uri: vscode.Uri, diagnostics: readonly vscode.Diagnostic[]): vscode.CodeAction[] {
  const found = diagnostics.find(({ source, relatedInformation }) => source === 'kgent contract' && (relatedInformation?.length ?? 0) > 0);
  if (!found) return [];
  const title = 'Step through the counterexample';
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.command = { title, command: 'kgent.showProofs', arguments: [uri, found.range.start.line] };
  action.diagnostics = [found];
  return [action];
}

/** Code lenses hand over the text of a Uri, menus and actions a Uri. */
function programIn(argument: unknown): vscode.Uri {
  if (typeof argument === 'string') return vscode.Uri.parse(argument);
  const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
  if (!uri) throw new UserError('no-program', 'Open a bpftrace (.bt) or BPF C (.bpf.c) program first.');
  return uri;
}

async function show(ctx: Ctx, view: ProofView, argument: unknown, line: unknown): Promise<void> {
  const uri = programIn(argument);
  const client = await ctx.client();
  const at = typeof line === 'number' ? line : vscode.window.activeTextEditor?.selection.active.line;
  await view.show(uri, await client.sendRequest(proofsRequest, { uri: uri.toString() }), at);
}

async function prove(ctx: Ctx, view: ProofView, argument: unknown): Promise<void> {
  const uri = programIn(argument);
  const client = await ctx.client();
  const work = async (): Promise<void> => view.show(uri, await client.sendRequest(proveRequest, { uri: uri.toString() }));
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: 'Kgent: proving' }, work);
}

interface Choice extends vscode.QuickPickItem {
  /** Undefined: the model is to write some. */
  readonly offer?: ContractOffer;
}

async function add(ctx: Ctx, argument: unknown, line: unknown): Promise<void> {
  const uri = programIn(argument);
  const client = await ctx.client();
  const at = typeof line === 'number' ? line : (vscode.window.activeTextEditor?.selection.active.line ?? 0);
  const offers = await client.sendRequest(contractOffersRequest, { uri: uri.toString(), line: at });
  if (offers.length === 0) throw new UserError('no-program', 'There is no probe or program here that a contract could be of.');
  const choices = [...offers.map((offer): Choice => ({ label: plain(offer.clause), description: offer.why, offer })), { label: ASK, description: 'From what the program is to do, in a sentence' }];
  const chosen = await ctx.ui.pick(choices, { title: 'Add a contract', placeHolder: 'What holds here?', matchOnDescription: true });
  if (!chosen) return;
  if (!chosen.offer) return writeContracts(ctx, uri);
  const { clause, line: above } = chosen.offer;
  const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
  await editor.insertSnippet(new vscode.SnippetString(`//@ ${clause}\n`), new vscode.Position(above, 0));
}

/** A snippet as it reads when nothing is filled in. */
function plain(snippet: string): string {
  return snippet.replace(/\$\{\d+:([^}]*)\}/g, '$1').replaceAll('\\$', '$');
}
