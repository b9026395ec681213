/** "Fix with Kgent": a finding goes to the agent, and what it makes of the program is shown as a diff to accept or discard. */
import * as vscode from 'vscode';
import { CodeActionRequest, type CodeAction, type LanguageClient } from 'vscode-languageclient/node';
import { UserError } from '../../../server/src/base/error.ts';
import { fixRequest, type FixParams } from '../../../server/src/protocol.ts';
import type { Ctx } from '../ctx.ts';
import { codeOf, problemOf } from '../problems.ts';
import { documentSelector, programOf } from '../program.ts';
import { outcomeOf } from './outcome.ts';
import { Proposals } from './proposals.ts';
import type { Runner } from './runner.ts';
import type { GenerationStore } from './store.ts';

type Chosen = NonNullable<FixParams['finding']>;

interface FixOptions {
  readonly ctx: Ctx;
  readonly store: GenerationStore;
  readonly runner: Runner;
}

const ACCEPT = 'Accept';
const DISCARD = 'Discard';
const APPLY = 'Apply the Proved Repair';
/** The server waits 1.5 s for repairs that are being tried. */
const MAX_ASKED = 10;

export function registerFix(options: FixOptions): void {
  const { ctx } = options;
  const proposals = new Proposals();
  const fixer = new Fixer(options, proposals);
  const shown = (work: Promise<void>): Promise<void> => work.catch((error: unknown) => ctx.fail(error));
  ctx.extension.subscriptions.push(
    proposals,
    vscode.languages.registerCodeActionsProvider(documentSelector, { provideCodeActions: ({ uri }, _, { diagnostics }) => actionsFor(uri, diagnostics) }, { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] }),
  );
  ctx.command('kgent.fix', (uri?: unknown, finding?: Chosen) => shown(fixer.fix(uri instanceof vscode.Uri ? uri : undefined, finding)));
  ctx.command('kgent.acceptFix', (uri?: unknown) => shown(proposals.accept(uri)));
  ctx.command('kgent.discardFix', (uri?: unknown) => shown(proposals.discard(uri)));
}

/** One offer for all that is wrong at a place: the gravest finding is the one to fix. */
function actionsFor(uri: vscode.Uri, diagnostics: readonly vscode.Diagnostic[]): vscode.CodeAction[] {
  const [found] = diagnostics.filter(isFixable).toSorted((a, b) => a.severity - b.severity);
  if (!found) return [];
  const title = 'Fix with Kgent';
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.command = { title, command: 'kgent.fix', arguments: [uri, chosenOf(found)] };
  action.diagnostics = [found];
  return [action];
}

/** What the checks found wrong; that one did not run is nothing to fix in the program. */
function isFixable({ source, severity }: vscode.Diagnostic): boolean {
  return source?.startsWith('kgent ') === true && severity <= vscode.DiagnosticSeverity.Warning;
}

function chosenOf({ code, range }: vscode.Diagnostic): Chosen {
  return { code: String(typeof code === 'object' ? code.value : code), line: range.start.line };
}

class Fixer {
  readonly #options: FixOptions;
  readonly #proposals: Proposals;

  constructor(options: FixOptions, proposals: Proposals) {
    this.#options = options;
    this.#proposals = proposals;
  }

  async fix(uri: vscode.Uri | undefined, given: Chosen | undefined): Promise<void> {
    const { store, runner } = this.#options;
    runner.mustBeFree();
    const document = uri ? await vscode.workspace.openTextDocument(uri) : vscode.window.activeTextEditor?.document;
    if (!document) throw new UserError('no-program', 'Open a bpftrace (.bt) or BPF C (.bpf.c) program first.');
    const finding = given ?? atCursor(document);
    const params = { ...programOf(document), version: document.version, ...(finding && { finding }) };
    const name = document.uri.path.split('/').at(-1) ?? '';
    try {
      await runner.run(`Fix ${name}`, (client, id, token) => client.sendRequest(fixRequest, { ...params, id }, token));
    } catch (error) {
      if (codeOf(error) !== 'no-model') throw error;
      return await this.#withoutModel(error, document, finding);
    }
    const { state } = store;
    if (!state || state.cancelled) return;
    if (state.failure !== undefined) throw new Error(state.failure);
    const { verdict } = state;
    if (verdict?.event === 'accepted' && verdict.program) await this.#propose(document, params.text, verdict.program.text, verdict.message);
    else this.#options.ctx.background(this.#tellRefused(document, finding));
  }

  async #propose(document: vscode.TextDocument, before: string, after: string, message: string): Promise<void> {
    const proposal = await this.#proposals.show(document, before, after);
    const { ctx } = this.#options;
    ctx.background(ctx.offer('info', message, [], ACCEPT, DISCARD).then(async (chosen) => {
      if (chosen === ACCEPT) await this.#proposals.accept(proposal.uri);
      if (chosen === DISCARD) await this.#proposals.discard(proposal.uri);
    }));
  }

  async #tellRefused(document: vscode.TextDocument, finding: Chosen | undefined): Promise<void> {
    const outcome = this.#options.store.state && outcomeOf(this.#options.store.state);
    if (outcome) await this.#offerRepair(outcome.gravity, outcome.message, outcome.actions, document, finding);
  }

  /** Without a model there may still be a repair that was compiled and loaded. */
  async #withoutModel(error: unknown, document: vscode.TextDocument, finding: Chosen | undefined): Promise<void> {
    const { message, actions } = problemOf(error);
    await this.#offerRepair('warning', message, actions, document, finding);
  }

  async #offerRepair(gravity: 'info' | 'warning' | 'error', message: string, actions: ReturnType<typeof problemOf>['actions'], document: vscode.TextDocument, finding: Chosen | undefined): Promise<void> {
    const { ctx } = this.#options;
    const repair = finding && (await provedRepair(await ctx.client(), document, finding));
    if (!repair?.edit) return void (await ctx.offer(gravity, message, actions));
    const chosen = await ctx.offer(gravity, `${message} There is a repair that was checked and needs no model: ${repair.title}.`, actions, APPLY);
    if (chosen === APPLY) await vscode.workspace.applyEdit(repair.edit);
  }
}

/** The finding at the cursor, when the document is the one in front. */
function atCursor(document: vscode.TextDocument): Chosen | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document !== document) return undefined;
  const found = vscode.languages.getDiagnostics(document.uri).filter(isFixable).toSorted((a, b) => a.severity - b.severity);
  const here = found.find(({ range }) => range.start.line <= editor.selection.active.line && editor.selection.active.line <= range.end.line) ?? found[0];
  return here && chosenOf(here);
}

/** The quick fix of a finding that may be done unasked. The server alone is asked: others may prefer something too. */
async function provedRepair(client: LanguageClient, document: vscode.TextDocument, { code, line }: Chosen): Promise<vscode.CodeAction | undefined> {
  const found = vscode.languages.getDiagnostics(document.uri).find((d) => isFixable(d) && d.range.start.line === line && chosenOf(d).code === code);
  if (!found) return undefined;
  const { code2ProtocolConverter: toServer, protocol2CodeConverter: fromServer } = client;
  const context = { diagnostics: await toServer.asDiagnostics([found]), only: [vscode.CodeActionKind.QuickFix.value] };
  const params = { textDocument: toServer.asTextDocumentIdentifier(document), range: toServer.asRange(found.range), context };
  // It answers at once where nothing is being tried, else after a moment.
  for (let asked = 0; asked < MAX_ASKED; asked++) {
    const answer = await client.sendRequest(CodeActionRequest.type, params);
    const preferred = answer?.find((action): action is CodeAction => 'isPreferred' in action && action.isPreferred === true && 'edit' in action);
    if (preferred) return fromServer.asCodeAction(preferred);
  }
  return undefined;
}
