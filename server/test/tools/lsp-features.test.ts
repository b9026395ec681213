/** Every answer of the language server once, over its standard input and output, as editors other than VS Code ask. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClientCapabilities, CodeAction, CodeLens, CompletionItem, CompletionList, Diagnostic, DocumentHighlight, DocumentLink, DocumentSymbol, FoldingRange, Hover, InlayHint, Location, LocationLink, Position, SelectionRange, SemanticTokens, SemanticTokensDelta, ServerCapabilities, SignatureHelp, SymbolInformation, TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { LspClient } from '../support/lsp-client.ts';
import { marked } from '../support/marked.ts';

const folder = mkdtempSync(join(tmpdir(), 'kgent-workspace-'));
let client: LspClient;
let offered: ServerCapabilities;
let opened = 0;

beforeAll(async () => {
  // No machine: the kernel that comes with Kgent and the newest bpftrace, the same everywhere.
  client = new LspClient({ KGENT_TARGET: 'none' });
  mkdirSync(join(folder, 'deeper'));
  writeFileSync(join(folder, 'deeper/on disk.bt'), 'kprobe:only_on_disk { @of_the_disk = 1; }\n');
  const capabilities: ClientCapabilities = {
    textDocument: {
      completion: { completionItem: { snippetSupport: true } },
      hover: { contentFormat: ['markdown'] },
      definition: { linkSupport: true },
      documentSymbol: { hierarchicalDocumentSymbolSupport: true },
      foldingRange: { lineFoldingOnly: true },
    },
  };
  offered = await client.start(capabilities, pathToFileURL(folder).href);
});
afterAll(async () => expect(await client.stop()).toBe(0));

interface Opened {
  readonly uri: string;
  readonly text: string;
  readonly document: TextDocument;
  readonly position: Position;
  readonly diagnostics: readonly Diagnostic[];
}

/** A program with a mark for the cursor, open in the server and read by it. */
async function open(source: string): Promise<Opened> {
  const { text, cursor } = marked(source);
  const uri = `file:///feature-${++opened}.bt`;
  await client.open(uri, text);
  const document = TextDocument.create(uri, 'bpftrace', 1, text);
  return { uri, text, document, position: document.positionAt(cursor), diagnostics: await client.diagnostics(uri, 1, () => true) };
}

const WHOLE = { start: { line: 0, character: 0 }, end: { line: 1000, character: 0 } };
const SPACES = { tabSize: 2, insertSpaces: true };

describe('diagnostics', () => {
  it('of syntax and semantics come at every keystroke, without any tool', async () => {
    const { uri, diagnostics } = await open('kprobe:vfs_read { @x = nosuch; }\n');
    expect(diagnostics).toMatchObject([{ source: 'kgent semantics', range: { start: { line: 0, character: 23 }, end: { line: 0, character: 29 } } }]);
    await client.change(uri, 'kprobe:vfs_read { @x = pid; }\n', 2);
    expect(await client.diagnostics(uri, 2, () => true)).toEqual([]);
  });
  it('have exact places in CRLF text with tabs, a byte order mark and characters of two units', async () => {
    const source = '\uFEFF// é𝛼\r\nBEGIN\r\n{\r\n\t/* 𝛼é */ @x = «nosuch»;\r\n}\r\n';
    const { text, spans } = marked(source);
    const { document, diagnostics } = await open(source);
    expect(diagnostics.map(({ range }) => document.getText(range))).toEqual([text.slice(spans[0]?.start, spans[0]?.end)]);
  });
});

describe('while writing', () => {
  it('completion, with documentation when an item is looked at', async () => {
    const { uri, position } = await open('tracepoint:sched:sched_switch { print(args.next_‸); }\n');
    const { items } = await client.ask<CompletionList>('completion', uri, { position });
    expect(items.map((item) => item.label)).toContain('next_pid');
    const item = items.find(({ label }) => label === 'next_pid');
    expect(item?.textEdit).toMatchObject({ newText: 'next_pid', range: { start: { line: 0, character: 43 }, end: position } });
    const resolved = await client.connection.sendRequest<CompletionItem>('completionItem/resolve', item);
    expect(resolved.documentation).toMatchObject({ value: expect.stringMatching(/offset \d+, 4 bytes/) as string });
  });
  it('completion of attach points, part by part', async () => {
    const { uri, position } = await open('BEGIN { }\nkprobe:tcp_conn‸');
    const { items } = await client.ask<CompletionList>('completion', uri, { position });
    expect(items.map((item) => item.label)).toContain('tcp_connect');
  });
  it('completion of functions fills in parameters where the editor can', async () => {
    const { uri, position } = await open('BEGIN { lhis‸ }\n');
    const { items } = await client.ask<CompletionList>('completion', uri, { position });
    expect(items.find(({ label }) => label === 'lhist')).toMatchObject({ insertTextFormat: 2, textEdit: { newText: expect.stringMatching(/\$\{1:/) as string } });
  });
  it('signature help', async () => {
    const { uri, position } = await open('BEGIN { @ = lhist(1, ‸ }\n');
    expect(await client.ask<SignatureHelp>('signatureHelp', uri, { position })).toMatchObject({ activeParameter: 1, signatures: [{ label: expect.stringMatching(/^lhist\(/) as string }] });
  });
  it('on-type closing of predicates', async () => {
    const { uri, position } = await open('kprobe:vfs_read /‸\n{ }\n');
    expect(await client.ask<TextEdit[]>('onTypeFormatting', uri, { position, ch: '/', options: SPACES })).toEqual([{ range: { start: position, end: position }, newText: '/' }]);
  });
});

describe('about a name', () => {
  const PROGRAM = 'kprobe:vfs_read { @start[tid] = nsecs; }\nkretprobe:vfs_read /@st‸art[tid]/ { print(nsecs - @start[tid]); delete(@start[tid]); }\n';
  it('hover', async () => {
    const { uri, position, document } = await open(PROGRAM);
    const hover = await client.ask<Hover>('hover', uri, { position });
    expect(hover.contents).toMatchObject({ kind: 'markdown', value: expect.stringContaining('@start[uint32] → uint64') as string });
    expect(hover.range && document.getText(hover.range)).toBe('@start');
  });
  it('definition', async () => {
    const { uri, position } = await open(PROGRAM);
    expect(await client.ask<LocationLink[]>('definition', uri, { position })).toMatchObject([{ targetUri: uri, targetSelectionRange: { start: { line: 0, character: 18 } } }]);
  });
  it('references, with and without the declaration', async () => {
    const { uri, position } = await open(PROGRAM);
    expect(await client.ask<Location[]>('references', uri, { position, context: { includeDeclaration: true } })).toHaveLength(4);
    expect(await client.ask<Location[]>('references', uri, { position, context: { includeDeclaration: false } })).toHaveLength(3);
  });
  it('highlights, written apart from read', async () => {
    const { uri, position } = await open(PROGRAM);
    expect((await client.ask<DocumentHighlight[]>('documentHighlight', uri, { position })).map(({ kind }) => kind)).toEqual([3, 2, 2, expect.any(Number)]);
  });
  it('rename, after asking whether it can be', async () => {
    const { uri, position, document } = await open(PROGRAM);
    expect(await client.ask('prepareRename', uri, { position })).toMatchObject({ placeholder: '@start' });
    const edit = await client.ask<WorkspaceEdit>('rename', uri, { position, newName: 'begun' });
    expect(TextDocument.applyEdits(document, edit.changes?.[uri] ?? [])).toBe(document.getText().replaceAll('@start', '@begun'));
  });
  it('rename says why not', async () => {
    const { uri, position } = await open('BEGIN { print(pi‸d); }\n');
    await expect(client.ask('prepareRename', uri, { position })).rejects.toThrow(/only names the program itself introduces/);
  });
});

describe('about a document', () => {
  const PROGRAM = '// one\n// two\nstruct s {\n  int a;\n};\nkprobe:f /pid/\n{\n  @x = 1;\n}\n';
  it('symbols as a tree', async () => {
    const { uri } = await open(PROGRAM);
    expect(await client.ask<DocumentSymbol[]>('documentSymbol', uri)).toMatchObject([{ name: 's', children: [{ name: 'a', detail: 'int' }] }, { name: 'kprobe:f', detail: '/pid/', children: [{ name: '@x' }] }]);
  });
  it('symbols of all open documents by name', async () => {
    const { uri } = await open('kprobe:very_special_name { }\n');
    expect(await client.connection.sendRequest<SymbolInformation[]>('workspace/symbol', { query: 'vryspecial' })).toMatchObject([{ name: 'kprobe:very_special_name', location: { uri } }]);
  });
  it('symbols of programs on disk; what is typed counts when one is open', async () => {
    const symbolsOf = (query: string): Promise<SymbolInformation[]> => client.connection.sendRequest('workspace/symbol', { query });
    const uri = pathToFileURL(join(folder, 'deeper/on disk.bt')).href;
    expect(await symbolsOf('onlyondisk')).toMatchObject([{ name: 'kprobe:only_on_disk', location: { uri } }]);
    await client.open(uri, 'kprobe:typed_since { }\n');
    expect(await symbolsOf('onlyondisk')).toEqual([]);
    expect(await symbolsOf('typed_since')).toHaveLength(1);
  });
  it('folding', async () => {
    const { uri } = await open(PROGRAM);
    expect((await client.ask<FoldingRange[]>('foldingRange', uri)).map(({ startLine, endLine }) => [startLine, endLine]).toSorted()).toEqual([[0, 1], [2, 3], [6, 7]]);
  });
  it('growing selections', async () => {
    const { uri, document, position } = await open('BEGIN { print(p‸id + 1); }\n');
    const [range] = await client.ask<SelectionRange[]>('selectionRange', uri, { positions: [position] });
    expect([range, range?.parent, range?.parent?.parent].map((r) => r && document.getText(r.range))).toEqual(['pid', 'pid + 1', 'print(pid + 1)']);
  });
  it('semantic tokens: whole, a range, and only what changed', async () => {
    const { uri } = await open('BEGIN { $x = 1; }\nkprobe:f { @m = 1; }\n');
    const tokenTypes: readonly string[] = offered.semanticTokensProvider?.legend.tokenTypes ?? [];
    const whole = await client.ask<SemanticTokens>('semanticTokens/full', uri);
    expect(whole.data.slice(0, 10)).toEqual([0, 0, 5, tokenTypes.indexOf('keyword'), 0, 0, 8, 2, tokenTypes.indexOf('variable'), expect.any(Number)]);
    const range = await client.ask<SemanticTokens>('semanticTokens/range', uri, { range: { start: { line: 1, character: 0 }, end: { line: 2, character: 0 } } });
    expect(range.data.length).toBeLessThan(whole.data.length);
    await client.change(uri, 'BEGIN { $x = 1; }\nkprobe:f { @m = 1; @m = 2; }\n', 2);
    const delta = await client.ask<SemanticTokensDelta>('semanticTokens/full/delta', uri, { previousResultId: whole.resultId });
    expect(delta.edits).toHaveLength(1);
    expect(delta.edits[0]?.data?.length).toBeLessThan(whole.data.length);
  });
  it('inlay hints', async () => {
    const { uri } = await open('tracepoint:sched:sched_wakeup* { $p = (struct file *)0; @n = count(); }\n');
    expect((await client.ask<InlayHint[]>('inlayHint', uri, { range: WHOLE })).map(({ label, position }) => [label, position.character])).toEqual([['2 probes', 30], [': struct file *', 35]]);
  });
  it('formatting, of all and of a range', async () => {
    const { uri, document } = await open('BEGIN{$x=1;print($x);}\nEND{exit( );}\n');
    const all = await client.ask<TextEdit[]>('formatting', uri, { options: SPACES });
    expect(TextDocument.applyEdits(document, all)).toBe('BEGIN {\n  $x = 1;\n  print($x);\n}\nEND { exit(); }\n');
    const range = { start: { line: 1, character: 4 }, end: { line: 1, character: 5 } };
    expect(TextDocument.applyEdits(document, await client.ask<TextEdit[]>('rangeFormatting', uri, { range, options: SPACES }))).toBe('BEGIN{$x=1;print($x);}\nEND { exit(); }\n');
  });
  it('code lenses count what a probe matches', async () => {
    const { uri } = await open('kprobe:vfs_read { }\ntracepoint:sched:sched_wakeup* { }\n');
    // Without our extension there is no command that could run a program.
    expect(await client.ask<CodeLens[]>('codeLens', uri)).toMatchObject([{ range: { start: { line: 1 } }, command: { title: 'matches 2 probes' } }]);
  });
  it('links to what explains attach points', async () => {
    const { uri, document } = await open('tracepoint:syscalls:sys_enter_openat { }\n');
    const links = await client.ask<DocumentLink[]>('documentLink', uri);
    expect(links.map(({ range, target }) => [document.getText(range), target])).toEqual([['sys_enter_openat', 'https://man7.org/linux/man-pages/man2/openat.2.html']]);
  });
});

describe('contracts', () => {
  const PROGRAM = '//@ invariant @start[k] : @start[k] > 0\nkprobe:vfs_read { @start[tid] = nsecs; }\nkprobe:vfs_write {\n  //@ assert "a" == comm || @st‸art[tid] >= 0\n  print(@start[tid]);\n}\n';
  it('are judged like code', async () => {
    const { diagnostics, document } = await open('kprobe:vfs_read {\n  //@ assert $nosuch == 1\n  print(1);\n}\n');
    expect(diagnostics.map(({ source, code, range }) => [source, code, document.getText(range)])).toEqual([['kgent contract', 'undefined-variable', '$nosuch']]);
  });
  it('are completed, also right behind their mark', async () => {
    const value = await open('kprobe:vfs_read {\n  //@ assert pre‸\n  print(1);\n}\n');
    const items = (await client.ask<CompletionList>('completion', value.uri, { position: value.position })).items;
    expect(items.find(({ label }) => label === 'present')?.textEdit?.newText).toContain('present(');
    const keyword = await open('//@ ‸\nkprobe:vfs_read { print(1); }\n');
    const begun = (await client.ask<CompletionList>('completion', keyword.uri, { position: keyword.position, context: { triggerKind: 2, triggerCharacter: ' ' } })).items;
    expect(begun.map(({ label }) => label)).toContain('requires');
  });
  it('explain their names', async () => {
    const { uri, position, document } = await open(PROGRAM);
    const hover = await client.ask<Hover>('hover', uri, { position });
    expect(hover.range && document.getText(hover.range)).toBe('@start');
  });
  it('lead to what they name, and are renamed with it', async () => {
    const { uri, position, document } = await open(PROGRAM);
    expect(await client.ask<LocationLink[]>('definition', uri, { position })).toMatchObject([{ targetSelectionRange: { start: { line: 1, character: 18 } } }]);
    expect(await client.ask<Location[]>('references', uri, { position, context: { includeDeclaration: true } })).toHaveLength(5);
    const edit = await client.ask<WorkspaceEdit>('rename', uri, { position, newName: 'begun' });
    expect(TextDocument.applyEdits(document, edit.changes?.[uri] ?? [])).toBe(document.getText().replaceAll('@start', '@begun'));
  });
  it('are proved, and counted above their probe', async () => {
    const { uri } = await open('kprobe:tcp_connect {\n  $sk = (struct sock *)arg0;\n  $dport = $sk->__sk_common.skc_dport;\n  //@ assert $dport == ntohs($sk->__sk_common.skc_dport)\n  @[$dport] = count();\n}\n');
    const { proofs } = await client.connection.sendRequest<{ proofs: { verdict: string; counterexample?: { events: { handler: string; steps: { name: string }[] }[] } }[] }>('kgent/prove', { uri });
    expect(proofs[0]).toMatchObject({ verdict: 'refuted', counterexample: { events: [{ handler: 'kprobe:tcp_connect', steps: [{ name: '$sk' }, { name: '$dport' }, { name: '', asserted: expect.any(String) as string }] }] } });
    const found = await client.diagnostics(uri, 1, (all) => all.some(({ code }) => code === 'contract-violated'));
    expect(found.find(({ code }) => code === 'contract-violated')).toMatchObject({ severity: 1, source: 'kgent contract', range: { start: { line: 3 } }, message: expect.stringMatching(/skc_dport = .* ⇒ .*\$dport = \d+, asserted \d+/) as string });
    expect((await client.ask<CodeLens[]>('codeLens', uri)).map(({ command }) => command?.title)).toEqual([expect.stringMatching(/\d refuted/)]);
  });
  it('say what the knowledge base has them take for granted', async () => {
    const { uri } = await open('kprobe:tcp_connect {\n  $sk = (struct sock *)arg0;\n  //@ assert $sk->__sk_common.skc_family != 1\n  @[$sk->__sk_common.skc_family] = count();\n}\n');
    await client.connection.sendRequest('kgent/prove', { uri });
    expect(JSON.stringify(await client.ask<InlayHint[]>('inlayHint', uri, { range: WHOLE }))).toContain('assumed: sk->__sk_common.skc_family == AF_INET || ');
  });
  it('are coloured', async () => {
    const { uri } = await open('//@ requires comm == "a"\nBEGIN { }\n');
    const names = offered.semanticTokensProvider?.legend.tokenTypes ?? [];
    const { data } = await client.ask<SemanticTokens>('semanticTokens/full', uri);
    expect(data.flatMap((type, i) => (i % 5 === 3 ? [names[type]] : []))).toEqual(['keyword', 'variable', 'operator', 'string', 'keyword']);
  });
});

describe('code actions', () => {
  const actions = async (source: string, only?: readonly string[]): Promise<{ document: TextDocument; found: CodeAction[]; result: (title: string) => string }> => {
    const { uri, document, position, diagnostics } = await open(source);
    const found = await client.ask<CodeAction[]>('codeAction', uri, { range: { start: position, end: position }, context: { diagnostics, ...(only ? { only } : {}) } });
    const result = (title: string): string => TextDocument.applyEdits(document, found.find((a) => a.title === title)?.edit?.changes?.[uri] ?? []);
    return { document, found, result };
  };
  it('repair findings: what was meant, proved by judging the repaired program', async () => {
    const { found, result } = await actions('kprobe:vfs_re‸ed { prinft("x"); }\n');
    const [first] = found;
    expect(first).toMatchObject({ kind: 'quickfix', isPreferred: true, diagnostics: [{ source: 'kgent semantics' }] });
    expect(result(first?.title ?? '')).toBe('kprobe:vfs_read { prinft("x"); }\n');
  });
  it('repair all that is sure', async () => {
    const { found, result } = await actions('kprobe:vfs_read { prinft("%d", ‸nsec); }\n', ['source.fixAll']);
    expect(found).toMatchObject([{ kind: 'source.fixAll.kgent' }]);
    expect(result(found[0]?.title ?? '')).toBe('kprobe:vfs_read { printf("%d", nsecs); }\n');
  });
  it('refactor', async () => {
    const { result } = await actions('kprobe:f\n{\n  $f = (struct file *)arg0;\n  print($f->f_p‸os);\n}\n');
    expect(result('Wrap in a check that $f is not null')).toBe('kprobe:f\n{\n  $f = (struct file *)arg0;\n  if ($f != 0) {\n    print($f->f_pos);\n  }\n}\n');
  });
});

describe('other documents', () => {
  it('of BPF C are not answered as if they were bpftrace', async () => {
    const uri = 'file:///feature.bpf.c';
    await client.open(uri, 'SEC("tp/a/b") int f(void *c) { return 0; }\n', 1, 'c');
    const position = { line: 0, character: 22 };
    const about = ['hover', 'definition', 'documentHighlight', 'signatureHelp', 'prepareRename'].map((method) => client.ask<unknown>(method, uri, { position }));
    expect(await Promise.all(about)).toEqual(about.map(() => null));
    expect(await client.ask('semanticTokens/full', uri)).toMatchObject({ data: [] });
  });
  it('that are not open get none either', async () => expect(await client.ask('hover', 'file:///nowhere.bt', { position: { line: 0, character: 0 } })).toBeNull());
});
