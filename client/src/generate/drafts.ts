/** Drafts and feedback of the current generation as read-only documents: what each attempt really said. */
import * as vscode from 'vscode';
import { extensionOf } from './open.ts';
import type { StepTarget } from './steps.ts';
import type { GenerationState } from './state.ts';

/** Outside the server's document selector: an old draft is read, not checked again. */
export const DRAFT_SCHEME = 'kgent-draft';

export class Drafts implements vscode.TextDocumentContentProvider {
  readonly #generation: () => GenerationState | undefined;
  /** Where the final program stands in an editor of its own. */
  readonly #opened = new Map<string, vscode.Uri>();

  constructor(generation: () => GenerationState | undefined) {
    this.#generation = generation;
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    const [, id, number, kind] = /^\/(.+)\/attempt-(\d+)(-feedback)?\./.exec(uri.path) ?? [];
    const state = this.#generation();
    const attempt = state?.id === id ? state?.attempts.find((a) => a.number === Number(number)) : undefined;
    return (kind ? attempt?.feedback : attempt?.drafted?.text) ?? '// This draft belongs to an earlier generation and is no longer kept.\n';
  }

  /** Remembers the editor of the program, so that its findings are shown there and not in a copy. */
  opened(state: GenerationState, document: vscode.TextDocument): void {
    this.#opened.clear();
    const last = state.attempts.findLast((a) => a.drafted?.text === state.verdict?.program?.text);
    if (last) this.#opened.set(`${state.id}/${last.number}`, document.uri);
  }

  async show(target: StepTarget): Promise<void> {
    const state = this.#generation();
    if (!state) return;
    const draft = target.show === 'draft';
    const document = (draft && this.#openDocument(state.id, target.attempt)) || (await vscode.workspace.openTextDocument(this.#uri(state, target)));
    const at = draft ? target.range : undefined;
    await vscode.window.showTextDocument(document, { preview: true, ...(at && { selection: new vscode.Range(at.start.line, at.start.character, at.end.line, at.end.character) }) });
  }

  #openDocument(id: string, attempt: number): vscode.TextDocument | undefined {
    const uri = this.#opened.get(`${id}/${attempt}`);
    return vscode.workspace.textDocuments.find((d) => uri && !d.isClosed && d.uri.toString() === uri.toString());
  }

  #uri(state: GenerationState, target: StepTarget): vscode.Uri {
    const name = target.show === 'draft' ? `attempt-${target.attempt}${extensionOf[state.started?.language ?? 'bpftrace']}` : `attempt-${target.attempt}-feedback.md`;
    return vscode.Uri.from({ scheme: DRAFT_SCHEME, path: `/${state.id}/${name}` });
  }
}
