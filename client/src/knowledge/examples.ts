/** "Kgent: Browse examples": checked programs by area, to look at, open, insert and run. */
import * as vscode from 'vscode';
import { examplesRequest, type ExampleRow } from '../../../server/src/protocol.ts';
import type { Ctx } from '../ctx.ts';
import { extensionOf, openProgram } from '../generate/open.ts';
import { languageOf } from '../program.ts';
import type { Preview } from './preview.ts';

interface Row extends vscode.QuickPickItem {
  readonly example?: ExampleRow;
}

const RUN: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('play'), tooltip: 'Open and run on the target' };
const INSERT: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('insert'), tooltip: 'Insert at the cursor' };

export function registerExamples(ctx: Ctx, preview: Preview): void {
  ctx.command('kgent.browseExamples', async () => {
    try {
      await browse(ctx, preview);
    } catch (error) {
      await ctx.fail(error);
    }
  });
}

async function browse(ctx: Ctx, preview: Preview): Promise<void> {
  const client = await ctx.client();
  const editor = vscode.window.activeTextEditor;
  const open = editor && languageOf(editor.document);
  const choice = await ctx.ui.live<Row>({
    title: 'Kgent: Browse examples',
    placeholder: 'A word of what you want to see; Enter opens the program in an editor of its own',
    follow: false,
    items: async (_text, token) => rowsOf(await client.sendRequest(examplesRequest, token), open),
    look: ({ example }) => example && ctx.background(preview.show(`${example.id}${extensionOf[example.language]}`, example.text)),
  });
  await preview.close();
  const example = choice?.item.example;
  if (!example) return;
  if (choice.button === INSERT && editor) await insert(editor, example);
  else {
    const { uri } = await openProgram(example.title, example);
    if (choice.button === RUN) await vscode.commands.executeCommand('kgent.run', uri);
  }
}

function rowsOf(examples: readonly ExampleRow[], open: ExampleRow['language'] | undefined): Row[] {
  const areas = [...new Set(examples.map(({ area }) => area))];
  return areas.flatMap((area) => [
    { label: area, kind: vscode.QuickPickItemKind.Separator },
    ...examples.filter((example) => example.area === area).map((example) => ({ example, label: example.title, description: `${example.language === 'c' ? 'BPF C' : 'bpftrace'} · ${example.needs}`, detail: example.description, buttons: example.language === open ? [RUN, INSERT] : [RUN] })),
  ]);
}

async function insert(editor: vscode.TextEditor, { text }: ExampleRow): Promise<void> {
  const shown = await vscode.window.showTextDocument(editor.document, editor.viewColumn);
  await shown.edit((edit) => edit.replace(shown.selection, text));
}
