/** Opens a generated program in an untitled editor: it is the user's to save or to throw away. */
import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { Language } from '../../../server/src/protocol.ts';
import { fileNameFor } from './sentence.ts';

export const extensionOf: Readonly<Record<Language, string>> = { bpftrace: '.bt', c: '.bpf.c' };

/** Names tried before giving up: more of the same name stand in nobody's folder. */
const MAX_NAMES = 100;

export async function openProgram(sentence: string, program: { readonly text: string; readonly language: Language }): Promise<vscode.TextDocument> {
  const uri = await freeName(fileNameFor(sentence), extensionOf[program.language]);
  const document = await vscode.workspace.openTextDocument(uri);
  const edit = new vscode.WorkspaceEdit();
  edit.insert(uri, new vscode.Position(0, 0), program.text);
  await vscode.workspace.applyEdit(edit);
  await vscode.window.showTextDocument(document, { preview: false });
  return document;
}

/**
 * An untitled document with a name: the editor saves it under that name, so it must be free, on
 * disk and among the open documents. The name's ending gives it its language and its checks.
 */
async function freeName(name: string, extension: string): Promise<vscode.Uri> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());
  for (let n = 1; n <= MAX_NAMES; n++) {
    const file = vscode.Uri.joinPath(folder, `${name}${n === 1 ? '' : `-${n}`}${extension}`);
    const untitled = vscode.Uri.from({ scheme: 'untitled', path: file.path });
    const isOpen = vscode.workspace.textDocuments.some((d) => d.uri.toString() === untitled.toString());
    if (!isOpen && !(await exists(file))) return untitled;
  }
  throw new Error(`There are already ${MAX_NAMES} files named ${name}${extension}.`);
}

async function exists(file: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(file);
    return true;
  } catch {
    return false;
  }
}
