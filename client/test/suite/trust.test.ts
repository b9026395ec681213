/** Nothing runs in a workspace the user does not trust; and the server's end is survived. */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ModelServer } from '../../../server/test/support/model-server.ts';
import { api, closeEditors, diagnostics, eventually, isError, openFile, withPerson, withSettings } from './support.ts';

describe('an untrusted workspace', () => {
  afterEach(closeEditors);

  it('runs nothing and says why', async () => {
    const { ctx } = await api();
    const before = ctx.isTrusted;
    await ctx.stop();
    ctx.isTrusted = () => false;
    try {
      await withPerson({ input: 'count forks' }, async (person) => {
        await openFile('untrusted.bt', 'BEGIN { @x = nosuch; }\n');
        for (const command of ['kgent.generate', 'kgent.run', 'kgent.connect']) {
          person.said.length = 0;
          await vscode.commands.executeCommand(command);
          const { buttons } = await person.hears(/trusted workspace/);
          assert.deepEqual(buttons, ['Manage Workspace Trust'], command);
        }
        assert.equal(ctx.serverState, 'untrusted');
      });
    } finally {
      ctx.isTrusted = before;
      ctx.setServerState('stopped');
      await ctx.client();
    }
  });
});

describe('the language server', () => {
  afterEach(closeEditors);

  it('is started again when it was killed, and knows the open files', async () => {
    const { ctx } = await api();
    const client = await ctx.client();
    const { document } = await openFile('killed.bt', 'BEGIN { @x = nosuch; }\n');
    await diagnostics(document.uri, 'the mistake', (all) => all.some(isError));
    const old = client.serverProcess;
    assert.ok(old, 'there is no server process');
    old.kill('SIGKILL');
    await eventually(ctx.onServerState, 'the new server', () => (ctx.serverState === 'running' && client.serverProcess && client.serverProcess !== old ? true : undefined));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), 'BEGIN { @y = noneither; }\n');
    await vscode.workspace.applyEdit(edit);
    await diagnostics(document.uri, 'the new mistake', (all) => all.some((d) => d.message.includes('noneither')));
  });

  it('ends in the middle of a generation, which says so', async () => {
    const model = await ModelServer.start([{ hang: true }]);
    try {
      await withSettings({ 'model.baseUrl': model.url, 'model.name': 'scripted' }, () => withPerson({}, async (person) => {
        const { ctx } = await api();
        const over = vscode.commands.executeCommand('kgent.generate', { sentence: 'count forks' });
        await model.asked(1);
        (await ctx.client()).serverProcess?.kill('SIGKILL');
        await over;
        await person.hears(/server ended before it answered/);
        await eventually(ctx.onServerState, 'the new server', () => (ctx.serverState === 'running' ? true : undefined));
      }));
    } finally {
      await model.close();
    }
  });
});
