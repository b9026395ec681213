/** What a finding's code means: its page, shown as it is meant to be read. */
import * as vscode from 'vscode';
import type { Middleware } from 'vscode-languageclient/node';
import type { Ctx } from './ctx.ts';
import { documentSelector } from './program.ts';

const PAGE = /\/findings\/([a-z0-9-]+)\.md$/;

/** The server tells where a page is; a click on the code shows it laid out, not its text. */
export const explained: Middleware = {
  handleDiagnostics(uri, diagnostics, next) {
    for (const found of diagnostics) {
      const { code } = found;
      const page = typeof code === 'object' ? PAGE.exec(code.target.path)?.[1] : undefined;
      if (typeof code === 'object' && page !== undefined) found.code = { value: code.value, target: vscode.Uri.parse(`command:kgent.explain?${encodeURIComponent(JSON.stringify([page]))}`) };
    }
    next(uri, diagnostics);
  },
};

export function registerExplain(ctx: Ctx): void {
  ctx.command('kgent.explain', (page: unknown) => {
    if (typeof page !== 'string' || !/^[a-z0-9-]+$/.test(page)) return;
    ctx.background(vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.joinPath(ctx.extension.extensionUri, 'dist', 'findings', `${page}.md`)));
  });
  ctx.extension.subscriptions.push(vscode.languages.registerCodeActionsProvider(documentSelector, { provideCodeActions: (_, __, { diagnostics }) => diagnostics.flatMap(explanationOf) }, { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] }));
}

/** The same for who has no mouse. */
function explanationOf({ code }: vscode.Diagnostic): vscode.CodeAction[] {
  const page = typeof code === 'object' && code.target.scheme === 'command' && code.target.path === 'kgent.explain' ? String(code.value) : undefined;
  if (page === undefined) return [];
  const title = `What does ${page} mean?`;
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.command = { title, command: 'kgent.explain', arguments: [page] };
  return [action];
}
