/** A program the kernel rejects: the cause underlined, its log beside it, and its repair. This machine compiles and loads. */
import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Showing } from '../../src/log-view/messages.ts';
import { actionsAt, api, closeEditors, codeOf, diagnostics, eventually, isError, ofLoad, openFile } from './support.ts';

const CASE = join(__dirname, '../../../test-fixtures/verifier/null-check/bytes-per-protocol');
/** Zero-based lines of the fixture: the lookup without a check, and the use of its result. */
const CAUSE = 26;
const USE = 27;

/** What the log of a document shows, as soon as it is as wanted. */
async function showing(uri: vscode.Uri, what: string, wanted: (shown: Showing) => boolean): Promise<Showing> {
  const { logs } = await api();
  return eventually(logs.onDidChange, `the log ${what}; it shows ${JSON.stringify(logs.panel(uri)?.showing)}`, () => {
    const shown = logs.panel(uri)?.showing;
    return shown && wanted(shown) ? shown : undefined;
  });
}

describe('a program the verifier rejects', () => {
  let editor: vscode.TextEditor;
  let found: vscode.Diagnostic | undefined;
  const uri = (): vscode.Uri => editor.document.uri;

  before(async () => {
    editor = await openFile('verifier.bpf.c', readFileSync(join(CASE, 'rejected.bpf.c'), 'utf8'));
    [found] = ofLoad(await diagnostics(uri(), 'the rejection', (all) => ofLoad(all).some(isError)));
  });

  after(closeEditors);

  it('is underlined at the cause, with the line that was rejected as related information', () => {
    assert.equal(found?.range.start.line, CAUSE);
    assert.equal(codeOf(found), 'null-check');
    const related = found?.relatedInformation ?? [];
    assert.ok(related.some(({ location, message }) => location.range.start.line === USE && message.startsWith('rejected here')), JSON.stringify(related));
    assert.ok(related.some(({ location }) => location.range.start.line === CAUSE), JSON.stringify(related));
  });

  it('shows its log at the rejected instruction, with the registers in words', async () => {
    const action = (await actionsAt(uri(), found?.range ?? new vscode.Range(0, 0, 0, 0))).find(({ title }) => title === "Show the verifier's log");
    assert.equal(action?.command?.command, 'kgent.showVerifierLog');
    await vscode.commands.executeCommand('kgent.showVerifierLog', ...(action?.command?.arguments as unknown[]));
    const shown = await showing(uri(), 'at what was needed', ({ step, registers, marked }) => step === 'needed' && registers.length > 0 && marked.includes('needed'));
    assert.ok(shown.registers.includes('R0 total: a map value of proto_bytes (8 bytes), or NULL'), JSON.stringify(shown.registers));
    assert.ok(shown.rows > 0 && shown.rows <= shown.lines, JSON.stringify(shown));
  });

  it('steps to where the value was made, and the editor goes along', async () => {
    const { logs } = await api();
    const before = logs.panel(uri())?.showing?.line ?? 0;
    logs.panel(uri())?.step(-1);
    const shown = await showing(uri(), 'a step back', ({ line, registers }) => line < before && registers.length > 0);
    assert.notEqual(shown.step, 'needed');
    await eventually(vscode.window.onDidChangeTextEditorSelection, 'the editor at the cause', () => (editor.selection.active.line === CAUSE ? true : undefined));
  });

  it('stays where one reads when the program is refused again in the same way', async () => {
    const { logs } = await api();
    const line = logs.panel(uri())?.showing?.line;
    await editor.edit((edit) => edit.insert(editor.document.lineAt(editor.document.lineCount - 1).range.end, '// the same\n'));
    await editor.document.save();
    const { version } = editor.document;
    const again = await eventually(logs.onDidChange, 'the log of the second load', () => {
      const panel = logs.panel(uri());
      return panel?.log?.version === version && panel.showing?.log === panel.log.id ? panel.showing : undefined;
    });
    assert.equal(again.line, line);
  });

  it('follows the cursor in the source', async () => {
    editor = await vscode.window.showTextDocument(editor.document, vscode.ViewColumn.One);
    editor.selection = new vscode.Selection(USE, 0, USE, 0);
    await showing(uri(), 'at the use', ({ registers }) => registers.some((one) => one.startsWith('R6') && /number|nothing|packet/.test(one)));
    editor.selection = new vscode.Selection(20, 0, 20, 0);
    await showing(uri(), 'at the bounds check', ({ registers }) => registers.some((one) => /^R7.*0 bytes of the packet proved/.test(one)));
  });

  it('loads after its quick-fix, and the log is gone', async () => {
    const { logs } = await api();
    const fix = (await actionsAt(uri(), found?.range ?? new vscode.Range(0, 0, 0, 0))).find(({ edit, isPreferred }) => edit !== undefined && isPreferred === true);
    assert.ok(fix?.edit, 'a repair is offered');
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    await editor.document.save();
    await eventually(logs.onDidChange, 'no log', () => (logs.panel(uri())?.showing === undefined ? true : undefined));
    await diagnostics(uri(), 'no rejection', (all) => ofLoad(all).length === 0);
    // What was to be counted still is.
    assert.match(editor.document.getText(), /\*total \+= end - data;/);
  });
});
