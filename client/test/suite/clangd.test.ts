/** The set-up of clangd: what it writes compiles the demo's program, and a person's own files are kept. */
import * as assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { closeEditors, openFile, withPerson } from './support.ts';

const folder = (): vscode.Uri => {
  const [first] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(first);
  return first.uri;
};
const at = (name: string): vscode.Uri => vscode.Uri.joinPath(folder(), name);
const read = async (name: string): Promise<string> => Buffer.from(await vscode.workspace.fs.readFile(at(name))).toString();

/** The flags of `.clangd` as clangd would add them. */
function flagsIn(text: string): string[] {
  return JSON.parse(/^ {2}Add: (\[.*\])$/m.exec(text)?.[1] ?? '[]') as string[];
}

describe('set up clangd', () => {
  afterEach(async () => {
    await closeEditors();
    for (const name of ['.clangd', 'vmlinux.h']) await vscode.workspace.fs.delete(at(name)).then(undefined, () => undefined);
  });

  it('writes flags and types with which the program of the demo has no error', async () => {
    await withPerson({}, async (person) => {
      await vscode.commands.executeCommand('kgent.setUpClangd');
      await person.hears(/^vmlinux\.h and \.clangd written for the kernel of/);
      const text = await read('.clangd');
      assert.match(text, /PathMatch: \.\*\\\.bpf\\\.\[ch\]/);
      assert.match(await read('vmlinux.h'), /struct task_struct \{/);
      const { stderr } = await promisify(execFile)('clang', [...flagsIn(text), '-Werror', '-fsyntax-only', 'exec-counter.bpf.c'], { cwd: folder().fsPath });
      assert.equal(stderr, '');
      // Once more: everything is as it should be.
      const { said } = person;
      said.length = 0;
      await vscode.commands.executeCommand('kgent.setUpClangd');
      assert.deepEqual(said, []);
    });
  });

  it('changes no .clangd that is there, and replaces no header unasked', async () => {
    await openFile('vmlinux.h', '/* mine */\n');
    await openFile('.clangd', 'CompileFlags:\n  Add: [-DMINE]\n');
    await withPerson({}, async (person) => {
      await vscode.commands.executeCommand('kgent.setUpClangd');
      const { buttons } = await person.hears(/There is a vmlinux\.h/);
      assert.deepEqual(buttons, ['Replace', 'Keep']);
      await person.hears(/There is a \.clangd/);
      assert.equal(await read('vmlinux.h'), '/* mine */\n');
      assert.equal(await read('.clangd'), 'CompileFlags:\n  Add: [-DMINE]\n');
      const shown = vscode.window.visibleTextEditors.map(({ document }) => document.getText());
      assert.ok(shown.some((one) => one.includes('"--target=bpf"')), shown.join('\n'));
    });
  });
});
