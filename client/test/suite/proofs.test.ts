/** Proofs in the editor: a contract is refuted, its counterexample stepped through, and proved when it is right. */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, closeEditors, codeOf, diagnostics, openFile, withModel } from './support.ts';

const PROGRAM = 'tracepoint:sched:sched_switch {\n  $before = args->prev_prio;\n  //@ assert $before < 100\n  @[$before] = count();\n}\n';

describe('a contract', () => {
  let editor: vscode.TextEditor;
  before(async () => {
    editor = await openFile('contract.bt', PROGRAM);
  });
  after(closeEditors);

  it('that does not hold is stepped through, with the values in the source', async () => {
    const { uri } = editor.document;
    const { proofs } = await api();
    await vscode.commands.executeCommand('kgent.prove', uri);
    const [found] = (await diagnostics(uri, 'the violation', (all) => all.some((one) => codeOf(one) === 'contract-violated'))).filter((one) => codeOf(one) === 'contract-violated');
    assert.equal(found?.range.start.line, 2);
    assert.match(found?.message ?? '', /prev_prio = \d+ ⇒ \$before = \d+, asserted < 100/);
    await vscode.commands.executeCommand('kgent.showProofs', uri, 2);
    assert.equal(proofs.showing.items[0]?.icon, 'refuted');
    await vscode.commands.executeCommand('kgent.nextStep');
    const shown = proofs.showing;
    assert.match(shown.step ?? '', /^\$before = /);
    assert.ok(shown.notes.some((note) => note.startsWith('$before = ')), JSON.stringify(shown.notes));
    assert.equal(vscode.window.activeTextEditor?.selection.active.line, 1);
  });

  it('that holds is counted above its probe', async () => {
    const { document } = editor;
    const { proofs } = await api();
    await editor.edit((edit) => edit.replace(document.lineAt(2).range, '  //@ assert $before == args->prev_prio'));
    await vscode.commands.executeCommand('kgent.prove', document.uri);
    assert.deepEqual(proofs.showing.items.filter(({ icon }) => icon !== 'rests').map(({ icon }) => icon), ['proved']);
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri);
    assert.ok(lenses.some(({ command }) => command?.title === '1 proved' && command.command === 'kgent.showProofs'), JSON.stringify(lenses.map(({ command }) => command?.title)));
  });

  it('is proved again when it is saved, and the cursor stays where one works', async () => {
    const { proofs } = await api();
    editor.selection = new vscode.Selection(3, 4, 3, 4);
    const anew = new Promise<void>((resolve) => {
      const listening = proofs.onDidShow(() => {
        listening.dispose();
        resolve();
      });
    });
    assert.ok(await editor.document.save());
    await anew;
    assert.deepEqual(editor.selection.active, new vscode.Position(3, 4));
    assert.equal(proofs.showing.items[0]?.icon, 'proved');
  });

  it('is written by the model, chosen, and stands where it belongs', async () => {
    const { document } = editor;
    const before = document.lineCount;
    const reply = JSON.stringify([{ line: 4, clause: 'assert $before >= 0', meaning: 'A priority is not negative.' }, { line: 4, clause: 'assert 1 == 1', meaning: 'Nothing.' }]);
    const answers = { pick: 'Have the model write contracts', input: 'count switches by priority' };
    // It is told that one of them says nothing, and insists.
    await withModel({ replies: [`\`\`\`json\n${reply}\n\`\`\``], then: 'repeat' }, answers, async (person) => {
      await vscode.commands.executeCommand('kgent.addContract', document.uri, 0);
      assert.deepEqual(person.said.map(({ buttons }) => buttons).at(-1), ['assert $before >= 0'], JSON.stringify(person.said));
    });
    assert.equal(document.lineCount, before + 1);
    assert.equal(document.lineAt(3).text, '  //@ assert $before >= 0');
  });
});
