/** Searching what Kgent knows, and its examples, as a person does. */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeEditors, openFile, settledTarget, withPerson } from './support.ts';

const textShown = (): string => vscode.window.activeTextEditor?.document.getText() ?? '';
const shown = (test: (document: vscode.TextDocument) => boolean): vscode.TextDocument | undefined => vscode.workspace.textDocuments.find((document) => !document.isClosed && test(document));

describe('search', () => {
  afterEach(closeEditors);

  it('finds an attach point by everyday words, and writes its probe into the program', async () => {
    await openFile('search.bt', '');
    await settledTarget();
    const cards: string[] = [];
    const seen = vscode.workspace.onDidOpenTextDocument((document) => void (document.uri.scheme === 'kgent-known' && cards.push(document.getText())));
    await withPerson({ live: { text: 'packets the kernel drops and why', choose: 'tracepoint:skb:kfree_skb' } }, async (person) => {
      await vscode.commands.executeCommand('kgent.searchAttachPoints');
      assert.match(person.said[0]?.message ?? '', /Search attach points/);
    });
    seen.dispose();
    assert.match(textShown(), /^tracepoint:skb:kfree_skb\n\{\n\s+\n\}\n$/);
    assert.deepEqual(cards.map((card) => [card.split('\n')[0], /Why|reason/.test(card)]), [['### tracepoint:skb:kfree_skb', true]]);
    assert.equal(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).length, 1, 'what was shown beside is closed');
  });

  it('copies a name', async () => {
    await settledTarget();
    await withPerson({ live: { text: 'who connects where', choose: /tcp_connect|inet_sock_set_state|tcp_v4_connect/, button: 'Copy the name' } }, async () => vscode.commands.executeCommand('kgent.searchAttachPoints'));
    assert.match(await vscode.env.clipboard.readText(), /^(tracepoint|kprobe):/);
  });

  it('finds helpers too, and calls one in BPF C', async () => {
    const editor = await openFile('helper.bpf.c', '');
    await settledTarget();
    await withPerson({ live: { text: 'look a key up in a map', choose: 'bpf_map_lookup_elem' } }, async () => vscode.commands.executeCommand('kgent.search'));
    assert.equal(editor.document.getText(), 'bpf_map_lookup_elem');
  });
});

describe('the index of a target', () => {
  it('is built when somebody asks, and is then up to date', async () => {
    await settledTarget();
    for (const told of [/^(?:Indexed|The index is up to date:) \d+ attach points that only .+ has\./, /^The index is up to date: \d+ attach points that only .+ has\./]) {
      await withPerson({}, async (person) => {
        await vscode.commands.executeCommand('kgent.indexTarget');
        await person.hears(told);
      });
    }
  });
});

describe('examples', () => {
  afterEach(closeEditors);

  it('are listed by area, and opened in an editor of their own', async () => {
    await settledTarget();
    await withPerson({ live: { text: '', choose: 'Disk latency histogram' } }, async (person) => {
      await vscode.commands.executeCommand('kgent.browseExamples');
      const labels = person.said[0]?.buttons ?? [];
      assert.ok(labels.length > 150, `${labels.length} rows`);
      assert.ok(labels.includes('net') && labels.includes('files'), 'areas');
    });
    assert.match(textShown(), /disk requests/);
  });

  it('are inserted into the program that is open', async () => {
    const editor = await openFile('insert.bt', '// mine\n');
    editor.selection = new vscode.Selection(1, 0, 1, 0);
    await settledTarget();
    await withPerson({ live: { text: '', choose: 'Disk latency by device', button: 'Insert at the cursor' } }, async () => vscode.commands.executeCommand('kgent.browseExamples'));
    assert.match(textShown(), /^\/\/ mine\n[^]*\{/);
  });

  it('are run after a question', async () => {
    await settledTarget();
    await withPerson({ live: { text: '', choose: 'Programs as they start', button: 'Open and run on the target' } }, async (person) => {
      await vscode.commands.executeCommand('kgent.browseExamples');
      await person.hears(/run/i);
    });
    assert.ok(shown(({ uri }) => uri.scheme === 'untitled'), 'it stands in an editor');
  });
});
