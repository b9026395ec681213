/** Contracts that the model writes: a person says what the program is to do, and chooses among what comes. */
import * as vscode from 'vscode';
import { writeContractsRequest, type WrittenContract } from '../../../server/src/protocol.ts';
import type { Ctx } from '../ctx.ts';
import { complainAbout, stripComment } from '../generate/sentence.ts';
import { whileWaiting } from '../targets/progress.ts';

export const ASK = '$(sparkle) Have the model write contracts';

interface Choice extends vscode.QuickPickItem {
  readonly contract: WrittenContract;
}

export async function writeContracts(ctx: Ctx, uri: vscode.Uri): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const sentence = await ctx.ui.input({ title: 'Have the model write contracts', prompt: 'What is this program to do?', value: headingOf(document), validateInput: complainAbout });
  if (sentence === undefined || complainAbout(sentence) !== undefined) return;
  const client = await ctx.client();
  const { version } = document;
  const written = await whileWaiting('Kgent: writing contracts', (token) => client.sendRequest(writeContractsRequest, { uri: uri.toString(), sentence }, token));
  if (!written) return;
  if (written.length === 0) {
    await ctx.offer('info', 'The model wrote no contract that can be read, is not always true and could be broken by a mistake.', []);
    return;
  }
  const choices = written.map((contract): Choice => ({ label: contract.clause, description: `above line ${contract.line + 1}`, detail: contract.meaning, picked: true, contract }));
  const chosen = await ctx.ui.pickMany(choices, { title: 'Contracts the model wrote', placeHolder: 'Which of them must hold?', matchOnDetail: true });
  if (!chosen || chosen.length === 0) return;
  if (document.version !== version) {
    await ctx.offer('warning', 'The program was changed meanwhile: nothing was added.', []);
    return;
  }
  const edit = new vscode.WorkspaceEdit();
  for (const { contract } of chosen) {
    const { lineNumber, text, firstNonWhitespaceCharacterIndex: indent } = document.lineAt(Math.min(contract.line, document.lineCount - 1));
    edit.insert(uri, new vscode.Position(lineNumber, 0), `${text.slice(0, indent)}//@ ${contract.clause}\n`);
  }
  await vscode.workspace.applyEdit(edit);
}

/** The comment a program begins with mostly says what it does. */
function headingOf(document: vscode.TextDocument): string {
  const lines: string[] = [];
  for (let at = 0; at < document.lineCount; at++) {
    const text = document.lineAt(at).text.trim();
    if (/^#!/.test(text)) continue;
    if (!/^(?:\/\/(?!@)|\/\*|\*)/.test(text)) break;
    lines.push(stripComment(text).replace(/\*\/$/, '').trim());
  }
  return lines.filter((line) => line !== '').join(' ');
}
