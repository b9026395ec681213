/** Findings in the editor, through the real server and the real compiler of this machine. */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeEditors, diagnostics, isError, ofLoad, openFile } from './support.ts';

/** The text, and the range between « and ». */
function marked(source: string): { text: string; range: vscode.Range } {
  const before = source.slice(0, source.indexOf('«'));
  const inside = source.slice(source.indexOf('«') + 1, source.indexOf('»'));
  const at = (text: string): vscode.Position => {
    const lines = text.split('\n');
    return new vscode.Position(lines.length - 1, lines.at(-1)?.length ?? 0);
  };
  return { text: source.replace(/[«»]/g, ''), range: new vscode.Range(at(before), at(before + inside)) };
}

describe('diagnostics', () => {
  afterEach(closeEditors);

  it('underline what is wrong, where it is', async () => {
    // The comment's characters take two UTF-16 units or two bytes: columns are neither bytes nor code points.
    const { text, range } = marked('BEGIN\n{\n  /* 𝛼é */ @x = «nosuch»;\n}\n');
    const { document } = await openFile('wrong.bt', text);
    const [found] = await diagnostics(document.uri, 'an error', (all) => all.some(isError));
    assert.match(found?.message ?? '', /nosuch/);
    assert.equal(found?.source, 'kgent semantics');
    assert.deepEqual(found?.range, range);
  });

  it('appear while typing a mistake, and go while typing its repair', async () => {
    const editor = await openFile('typing.bt', 'BEGIN\n{\n}\n');
    const { document } = editor;
    await editor.edit((e) => e.insert(new vscode.Position(1, 1), '\n  @x = nosuch;'));
    await diagnostics(document.uri, 'the mistake', (all) => all.some(isError));
    await editor.edit((e) => e.replace(new vscode.Range(2, 7, 2, 13), 'pid'));
    assert.equal(document.lineAt(2).text, '  @x = pid;');
    await diagnostics(document.uri, 'no error', (all) => !all.some(isError));
  });

  it('cover BPF C by its name, and leave other C alone', async () => {
    const wrong = 'int f(void)\n{\n  return nosuch;\n}\n';
    const { document } = await openFile('wrong.bpf.c', wrong);
    const [found] = await diagnostics(document.uri, 'an error', (all) => all.some(isError));
    assert.match(found?.message ?? '', /nosuch/);
    assert.equal(found?.range.start.line, 2);
    const other = await openFile('other.c', wrong);
    assert.deepEqual(vscode.languages.getDiagnostics(other.document.uri).filter((d) => d.source?.startsWith('kgent')), []);
  });

  it('ask the kernel again when the file was changed on disk', async () => {
    const head = '#include "vmlinux.h"\n#include <bpf/bpf_helpers.h>\nchar LICENSE[] SEC("license") = "GPL";\nSEC("socket") int p(struct __sk_buff *skb) { ';
    const { document } = await openFile('on-disk.bpf.c', `${head}return *(int *)0x1000L; }\n`);
    await diagnostics(document.uri, 'the rejection', (all) => ofLoad(all).some(isError));
    await vscode.workspace.fs.writeFile(document.uri, Buffer.from(`${head}return 0; }\n`));
    await diagnostics(document.uri, 'no rejection', (all) => all.length === 0);
    await vscode.workspace.fs.writeFile(document.uri, Buffer.from(`${head}return *(int *)0x1000L; }\n`));
    await diagnostics(document.uri, 'the rejection again', (all) => ofLoad(all).some(isError));
  });

  it('give bpftrace its language', async () => {
    const { document } = await openFile('language.bt', 'BEGIN { exit(); }\n');
    assert.equal(document.languageId, 'bpftrace');
  });
});
