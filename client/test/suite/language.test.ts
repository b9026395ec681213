/** What the editor itself makes of the language server's answers: each feature as a person meets it. */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeEditors, diagnostics, eventually, isError, openFile, settledTarget, withPerson } from './support.ts';

/** The text without its `‸`, and where that stood. */
function at(source: string): { text: string; position: vscode.Position } {
  const [before = ''] = source.split('‸');
  const lines = before.split('\n');
  return { text: source.replace('‸', ''), position: new vscode.Position(lines.length - 1, lines.at(-1)?.length ?? 0) };
}

/** A program open in an editor that the server has read, with the cursor at its mark. */
async function open(name: string, source: string): Promise<{ editor: vscode.TextEditor; uri: vscode.Uri; position: vscode.Position }> {
  const { text, position } = at(source);
  const editor = await openFile(name, text);
  editor.selection = new vscode.Selection(position, position);
  await settledTarget();
  return { editor, uri: editor.document.uri, position };
}

/** Asks again until the answer satisfies: the server may still be reading the program. */
async function asked<T>(what: string, ask: () => Thenable<T>, satisfies: (answer: T) => boolean): Promise<T> {
  for (let turn = 0; turn < 200; turn++) {
    const answer = await ask();
    if (satisfies(answer)) return answer;
  }
  throw new Error(`No such answer: ${what}`);
}

const run = <T>(command: string, ...args: unknown[]): Thenable<T> => vscode.commands.executeCommand<T>(command, ...args);

describe('language', () => {
  afterEach(closeEditors);

  it('completes the fields of a probe\'s arguments', async () => {
    const { uri, position } = await open('complete.bt', 'tracepoint:sched:sched_switch { print(args->next_‸); }\n');
    const list = await asked('fields', () => run<vscode.CompletionList>('vscode.executeCompletionItemProvider', uri, position), ({ items }) => items.some(({ label }) => label === 'next_pid'));
    const item = list.items.find(({ label }) => label === 'next_pid');
    assert.equal(item?.kind, vscode.CompletionItemKind.Field);
  });

  it('completes what is typed, and goes on from part to part of an attach point', async () => {
    const { editor } = await open('type.bt', 'tracepoint:sched:sched_swit‸');
    await run('editor.action.triggerSuggest');
    const { document } = editor;
    await asked('the accepted proposal', async () => {
      await run('acceptSelectedSuggestion');
      return document.getText();
    }, (text) => text === 'tracepoint:sched:sched_switch');
  });

  it('shows what stands under the mouse', async () => {
    const { uri, position } = await open('hover.bt', 'tracepoint:sched:sched_sw‸itch { }\n');
    const [hover] = await asked('a hover', () => run<vscode.Hover[]>('vscode.executeHoverProvider', uri, position), (found) => found.length > 0);
    const text = hover?.contents.map((c) => (c as vscode.MarkdownString).value).join('\n') ?? '';
    assert.match(text, /prev_comm\[16\]/);
  });

  it('renames a map in all its probes', async () => {
    const { editor, uri, position } = await open('rename.bt', 'BEGIN { @sta‸rt = 1; }\nEND { print(@start); }\n');
    const edit = await run<vscode.WorkspaceEdit>('vscode.executeDocumentRenameProvider', uri, position, 'begun');
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.equal(editor.document.getText(), 'BEGIN { @begun = 1; }\nEND { print(@begun); }\n');
  });

  it('lays a program out', async () => {
    const { editor } = await open('format.bt', 'BEGIN{$x=1;print($x);}\n‸');
    editor.options = { tabSize: 2, insertSpaces: true };
    await run('editor.action.formatDocument');
    assert.equal(editor.document.getText(), 'BEGIN {\n  $x = 1;\n  print($x);\n}\n');
  });

  it('repairs a mistake', async () => {
    const { editor, uri, position } = await open('repair.bt', 'BEGIN { pri‸nft("x"); }\n');
    await diagnostics(uri, 'the mistake', (all) => all.some(isError));
    const range = new vscode.Range(position, position);
    const actions = await asked('a repair', () => run<vscode.CodeAction[]>('vscode.executeCodeActionProvider', uri, range), (found) => found.some(({ title }) => title.includes('printf')));
    const repair = actions.find(({ title }) => title.includes('printf'));
    assert.ok(repair?.edit && (await vscode.workspace.applyEdit(repair.edit)));
    assert.equal(editor.document.getText(), 'BEGIN { printf("x"); }\n');
  });

  it('hints at types and at what a wildcard matches', async () => {
    const { uri } = await open('hints.bt', 'tracepoint:sched:sched_wakeup*{ $t = nsecs; print($t); }\n‸');
    const range = new vscode.Range(0, 0, 1, 0);
    const hints = await asked('hints', () => run<vscode.InlayHint[]>('vscode.executeInlayHintProvider', uri, range), (found) => found.length === 2);
    const labels = hints.map(({ label }) => (typeof label === 'string' ? label : label.map((part) => part.value).join('')));
    assert.match(labels[0] ?? '', /^\d+ probes$/);
    assert.equal(labels[1], ': uint64');
  });

  it('offers to run the program above each probe', async () => {
    const { uri } = await open('lens.bt', 'BEGIN { exit(); }\ntracepoint:sched:sched_wakeup* { @ = count(); }\n‸');
    const lenses = await asked('lenses', () => run<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri), (found) => found.length === 4);
    assert.deepEqual(lenses.map(({ command }) => command?.command), ['kgent.run', 'kgent.run', '', 'kgent.addContract']);
    assert.match(lenses[2]?.command?.title ?? '', /^matches \d+ probes$/);
  });

  it('asks before a lens runs a program', async () => {
    const { uri } = await open('lens-run.bt', 'BEGIN { exit(); }\n‸');
    const [lens] = await asked('a lens', () => run<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri), (found) => found.length === 1);
    const command = lens?.command;
    assert.ok(command);
    await withPerson({}, async (person) => {
      await run(command.command, ...((command.arguments ?? []) as unknown[]));
      await person.hears(/lens-run\.bt/);
    });
  });

  it('closes a predicate while it is typed, with the cursor inside', async () => {
    const { editor } = await open('predicate.bt', 'kprobe:vfs_read ‸\n{\n}\n');
    const line = (wanted: string): Promise<true> => eventually(vscode.workspace.onDidChangeTextDocument, `the line ${wanted}`, () => editor.document.lineAt(0).text === wanted || undefined);
    await run('type', { text: '/' });
    await line('kprobe:vfs_read //');
    await run('type', { text: 'pid' });
    await line('kprobe:vfs_read /pid/');
    await run('type', { text: '/' });
    await line('kprobe:vfs_read /pid/');
    assert.equal(editor.selection.active.character, 'kprobe:vfs_read /pid/'.length);
  });

  it('explains a finding on its page', async () => {
    const { uri } = await open('explain.bt', 'kprobe:vfs_read /comm == "systemd-journald"/ { @ = count(); }\n‸');
    const found = await diagnostics(uri, 'the long name', (all) => all.some(({ code }) => typeof code === 'object' && code.value === 'comm-too-long'));
    const wrong = found.find(({ code }) => typeof code === 'object' && code.value === 'comm-too-long');
    const actions = await run<vscode.CodeAction[]>('vscode.executeCodeActionProvider', uri, wrong?.range);
    const explain = actions.find(({ title }) => title === 'What does comm-too-long mean?');
    await run('kgent.explain', explain?.command?.arguments?.[0]);
    const label = await eventually(vscode.window.tabGroups.onDidChangeTabs, 'the page', () => vscode.window.tabGroups.activeTabGroup.activeTab?.label.match(/comm-too-long\.md/)?.[0]);
    assert.equal(label, 'comm-too-long.md');
  });
});
