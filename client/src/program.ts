/** The program in an editor, as the server wants it. */
import type * as vscode from 'vscode';
import { UserError } from '../../server/src/base/error.ts';
import type { Language } from '../../server/src/protocol.ts';

/** A snapshot: what is typed afterwards is not in it. Throws a UserError for a document that is none. */
export function programOf(document: vscode.TextDocument): { readonly uri: string; readonly text: string; readonly language: Language } {
  return { uri: document.uri.toString(), text: document.getText(), language: mustHaveLanguage(document) };
}

/** Undefined when it is no eBPF program. */
export function languageOf(document: vscode.TextDocument): Language | undefined {
  if (document.languageId === 'bpftrace' || document.uri.path.endsWith('.bt')) return 'bpftrace';
  return document.uri.path.endsWith('.bpf.c') ? 'c' : undefined;
}

function mustHaveLanguage(document: vscode.TextDocument): Language {
  const language = languageOf(document);
  if (language) return language;
  throw new UserError('no-program', 'This is no eBPF program: Kgent checks and runs bpftrace (.bt) and BPF C (.bpf.c) files.');
}

/** Only these documents are sent to the server; drafts of the sidebar and versions of git are not. */
export const documentSelector = [
  { scheme: 'file', language: 'bpftrace' },
  { scheme: 'untitled', language: 'bpftrace' },
  { scheme: 'file', pattern: '**/*.bpf.c' },
  { scheme: 'untitled', pattern: '**/*.bpf.c' },
];
