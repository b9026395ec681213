/** BPF C on the virtual machine, from a machine that has no clang. */
import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { withClangInVm, withoutClang } from './clang.ts';
import { actionsAt, api, changedTarget, closeEditors, codeOf, diagnostics, eventually, isError, ofLoad, openFile, saveVmTarget, withPerson } from './support.ts';

const CASE = join(__dirname, '../../../test-fixtures/verifier/null-check/bytes-per-protocol');
const REJECTED = readFileSync(join(CASE, 'rejected.bpf.c'), 'utf8');
/** An emulated machine compiles for half a minute. */
const PATIENCE_MS = 300_000;

describe('a program the verifier of another machine rejects', function () {
  this.timeout(900_000);
  before(saveVmTarget);
  afterEach(closeEditors);
  after(async () => vscode.workspace.getConfiguration('kgent').update('target', undefined, vscode.ConfigurationTarget.Workspace));

  const connect = (): Promise<unknown> => withPerson({}, () => changedTarget(async () => vscode.commands.executeCommand('kgent.connect', 'vm')));

  it('where no machine has clang, it is said how to get it', async () => {
    await withoutClang(async () => {
      await connect();
      const { document } = await openFile('no-clang.bpf.c', REJECTED);
      const [told] = await diagnostics(document.uri, 'what is missing', (all) => all.some(({ code }) => code === 'not-checked'), PATIENCE_MS);
      assert.match(told?.message ?? '', /clang is not installed on this machine and on vm.*apt install clang/);
    });
  });

  it('is compiled and loaded there: underlined at the cause, and accepted after its quick fix', async () => {
    const { logs } = await api();
    await withClangInVm(() => withoutClang(async () => {
      await connect();
      const { document } = await openFile('elsewhere.bpf.c', REJECTED);
      const [found] = ofLoad(await diagnostics(document.uri, 'the rejection', (all) => ofLoad(all).some(isError), PATIENCE_MS));
      assert.equal(codeOf(found), 'null-check');
      assert.equal(found?.range.start.line, 26);
      assert.ok(found?.relatedInformation?.some(({ location, message }) => location.range.start.line === 27 && message.startsWith('rejected here')));
      const proved = (): Promise<vscode.CodeAction | undefined> => Promise.resolve(actionsAt(document.uri, found?.range ?? new vscode.Range(0, 0, 0, 0))).then((all) => all.find(({ isPreferred, edit }) => isPreferred === true && edit !== undefined));
      // Findings are told anew when their repairs were tried.
      let told = 0;
      const listening = vscode.languages.onDidChangeDiagnostics(() => told++);
      let fix: vscode.CodeAction | undefined;
      for (let seen = told; !(fix = await proved()); seen = told) {
        const before = seen;
        await eventually(vscode.languages.onDidChangeDiagnostics, 'more about its repairs', () => (told > before ? true : undefined), PATIENCE_MS);
      }
      listening.dispose();
      assert.ok(fix.edit && (await vscode.workspace.applyEdit(fix.edit)));
      await document.save();
      await eventually(logs.onDidChange, 'no log', () => (logs.has(document.uri) ? undefined : true), PATIENCE_MS);
      await diagnostics(document.uri, 'no rejection', (all) => all.length === 0, PATIENCE_MS);
    }));
  });
});
