/** "Kgent: Search attach points": what one wants to see, in everyday words; what is known of each proposal stands beside. */
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { UserError } from '../../../server/src/base/error.ts';
import { describeAttachPointsRequest, searchRequest, type FoundItem, type Language } from '../../../server/src/protocol.ts';
import type { Ctx } from '../ctx.ts';
import { openProgram } from '../generate/open.ts';
import { languageOf } from '../program.ts';
import { whileWaiting } from '../targets/progress.ts';
import type { Preview } from './preview.ts';
import { snippetFor } from './text.ts';

interface Row extends vscode.QuickPickItem {
  readonly found: FoundItem;
}

interface Question {
  readonly title: string;
  readonly placeholder: string;
  /** What is searched for, for a program of this language or none. */
  readonly kinds: (language: Language | undefined) => readonly FoundItem['kind'][];
}

const SHOWN = 30;
const DESCRIBE: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('sparkle'), tooltip: 'Have the model describe it' };
const COPY: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('copy'), tooltip: 'Copy the name' };

/** What only programs of one language can use. */
const ONLY: Readonly<Partial<Record<FoundItem['kind'], Language>>> = { bpftrace: 'bpftrace', helper: 'c', kfunc: 'c', 'program-type': 'c', 'map-type': 'c' };

const ICONS: Readonly<Record<FoundItem['kind'], string>> = { 'attach-point': 'symbol-event', helper: 'symbol-function', kfunc: 'symbol-function', bpftrace: 'symbol-method', field: 'symbol-field', 'program-type': 'symbol-class', 'map-type': 'symbol-array', topic: 'book', example: 'file-code' };

export function registerSearch(ctx: Ctx, preview: Preview): void {
  const searching = (question: Question) => async (): Promise<void> => {
    try {
      await search(ctx, preview, question);
    } catch (error) {
      await ctx.fail(error);
    }
  };
  ctx.command('kgent.searchAttachPoints', searching({ title: 'Kgent: Search attach points', placeholder: 'What do you want to see? For example: packets the kernel drops and why', kinds: () => ['attach-point'] }));
  ctx.command('kgent.search', searching({ title: 'Kgent: Search everything', placeholder: 'An attach point, a helper, a function of bpftrace, a field, in your words', kinds: usableIn }));
}

async function search(ctx: Ctx, preview: Preview, { title, placeholder, kinds }: Question): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const wanted = kinds(editor && languageOf(editor.document));
  const client = await ctx.client();
  const choice = await ctx.ui.live<Row>({
    title,
    placeholder,
    follow: true,
    items: async (text, token) => (text.trim() === '' ? [] : (await client.sendRequest(searchRequest, { text, k: SHOWN, kinds: wanted }, token)).map(rowOf)),
    look: ({ found }) => ctx.background(preview.show('What is known.md', found.card)),
  });
  await preview.close();
  if (!choice) return;
  if (choice.button === DESCRIBE) await describe(client, preview, choice.item.found.id);
  else if (choice.button === COPY) await vscode.env.clipboard.writeText(choice.item.found.id);
  else await insert(editor, choice.item.found);
}

const usableIn = (language: Language | undefined): FoundItem['kind'][] => (Object.keys(ICONS) as FoundItem['kind'][]).filter((kind) => language === undefined || (ONLY[kind] ?? language) === language);

/** In the order of the search: the editor must not leave out what has other words than the question. */
function rowOf(found: FoundItem): Row {
  const missing = found.available === false ? `not on the target${found.wants === undefined ? '' : `: needs ${found.wants}`}` : '';
  return { found, label: `$(${found.available === false ? 'circle-slash' : ICONS[found.kind]}) ${found.id}`, description: missing, detail: found.summary, alwaysShow: true, buttons: found.kind === 'attach-point' && !found.described && found.available !== false ? [DESCRIBE, COPY] : [COPY] };
}

/** Asks the model once: what it writes is kept, and found from then on. */
async function describe(client: LanguageClient, preview: Preview, id: string): Promise<void> {
  const points = await whileWaiting(`Kgent: describing ${id}`, (token) => client.sendRequest(describeAttachPointsRequest, { ids: [id] }, token));
  const [point] = points ?? [];
  if (!point) return;
  if (point.state === 'failed') throw new UserError('bad-description', point.message ?? `The model did not describe ${id}.`);
  const [found] = (await client.sendRequest(searchRequest, { text: id, k: 1, kinds: ['attach-point'] })).filter((one) => one.id === id);
  if (found) await preview.show('What is known.md', found.card);
}

/** Into the program that is open, or a new one. */
async function insert(editor: vscode.TextEditor | undefined, found: FoundItem): Promise<void> {
  const language = editor && languageOf(editor.document);
  if (!editor || !language) {
    const document = await openProgram(found.summary, { text: '', language: 'bpftrace' });
    await vscode.window.activeTextEditor?.insertSnippet(new vscode.SnippetString(snippetFor(found, 'bpftrace')), document.positionAt(0));
    return;
  }
  const shown = await vscode.window.showTextDocument(editor.document, editor.viewColumn);
  await shown.insertSnippet(new vscode.SnippetString(snippetFor(found, language)));
}
