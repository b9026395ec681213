/** Nothing runs in a workspace the user does not trust; and the server's end is survived. */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, closeEditors, diagnostics, eventually, isError, openFile, withPerson } from './support.ts';

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
});
