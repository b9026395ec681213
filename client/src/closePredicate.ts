/** The closing slash of a predicate goes behind the cursor: an edit made while formatting would push the cursor behind it. */
import * as vscode from 'vscode';
import type { Middleware } from 'vscode-languageclient/node';

export const closePredicate: Middleware = {
  async provideOnTypeFormattingEdits(document, position, typed, options, token, next) {
    const edits = await next(document, position, typed, options, token);
    const [edit, ...more] = edits ?? [];
    const editor = vscode.window.activeTextEditor;
    const closes = typed === '/' && edit?.newText === '/' && edit.range.isEmpty && more.length === 0;
    if (!closes || editor?.document !== document || !editor.selection.isEmpty || !editor.selection.active.isEqual(edit.range.start)) return edits;
    await editor.insertSnippet(new vscode.SnippetString('$0/'), edit.range.start, { undoStopBefore: false, undoStopAfter: false });
    return [];
  },
};
