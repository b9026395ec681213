/** The answers for BPF C over the language server's input and output, with the kernel that comes with Kgent. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CodeAction, CodeLens, CompletionItem, CompletionList, Diagnostic, DocumentSymbol, Hover, Position, SignatureHelp } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { LspClient } from '../support/lsp-client.ts';
import { marked } from '../support/marked.ts';

let client: LspClient;
let opened = 0;

beforeAll(async () => {
  client = new LspClient({ KGENT_TARGET: 'none' });
  await client.start({ textDocument: { completion: { completionItem: { snippetSupport: true } }, hover: { contentFormat: ['markdown'] }, documentSymbol: { hierarchicalDocumentSymbolSupport: true } } });
});
afterAll(async () => expect(await client.stop()).toBe(0));

const HEAD = '#include "vmlinux.h"\n#include <bpf/bpf_helpers.h>\nchar LICENSE[] SEC("license") = "GPL";\n';

async function open(source: string): Promise<{ readonly uri: string; readonly position: Position; readonly text: string }> {
  const { text, cursor } = marked(`${HEAD}${source}`);
  const uri = `file:///program-${++opened}.bpf.c`;
  await client.open(uri, text, 1, 'c');
  return { uri, text, position: TextDocument.create(uri, 'c', 1, text).positionAt(cursor) };
}

it('tells what is wrong at every keystroke, with a repair', async () => {
  const { uri, position } = await open('SEC("kprobe/‸vfs_raed") int p(void *ctx) { return 0; }\n');
  const found = await client.diagnostics(uri, 1, (all) => all.some(({ code }) => code === 'attach-target'));
  expect(found.find(({ code }) => code === 'attach-target')).toMatchObject({ source: 'kgent semantics', severity: 1, range: { start: position } });
  const actions = await client.ask<CodeAction[]>('codeAction', uri, { range: { start: position, end: position }, context: { diagnostics: found as Diagnostic[] } });
  expect(actions.map(({ title }) => title)).toContain('Write vfs_read');
  await client.change(uri, `${HEAD}SEC("kprobe/vfs_read") int p(void *ctx) { return 0; }\n`, 2);
  expect((await client.diagnostics(uri, 2, () => true)).filter(({ source }) => source === 'kgent semantics')).toEqual([]);
});

it('proposes sections and helpers', async () => {
  const section = await open('SEC("tp/sched/sched_sw‸")');
  const items = (await client.ask<CompletionList>('completion', section.uri, { position: section.position, context: { triggerKind: 2, triggerCharacter: '/' } })).items;
  expect(items.map(({ label }) => label)).toEqual(['sched_swap_numa', 'sched_switch']);
  const resolved = await client.connection.sendRequest<CompletionItem>('completionItem/resolve', items[1]);
  expect(JSON.stringify(resolved.documentation)).toContain('next_pid');
  const helper = await open('SEC("xdp") int p(struct xdp_md *ctx) { bpf_xdp_adjust_h‸ }');
  const [first] = (await client.ask<CompletionList>('completion', helper.uri, { position: helper.position })).items;
  expect(first).toMatchObject({ label: 'bpf_xdp_adjust_head', textEdit: { newText: 'bpf_xdp_adjust_head(${1:xdp_md}, ${2:delta})' } });
});

it('explains, and shows the parameters of a call', async () => {
  const { uri, position } = await open('SEC("xdp") int p(struct xdp_md *ctx) { return bpf_redirect_map(‸0, 0, 0); }');
  expect(JSON.stringify(await client.ask<Hover>('hover', uri, { position: { ...position, character: position.character - 3 } }))).toContain('Since Linux 4.14.');
  expect(await client.ask<SignatureHelp>('signatureHelp', uri, { position })).toMatchObject({ activeParameter: 0, signatures: [{ label: 'bpf_redirect_map(void *map, __u64 key, __u64 flags) → long' }] });
});

it('lists programs and maps; nothing runs where there is no machine', async () => {
  const { uri } = await open('struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 1); __type(key, int); __type(value, int); } seen SEC(".maps");\nSEC("xdp") int p(struct xdp_md *ctx) { return 0; }\n');
  const symbols = await client.ask<DocumentSymbol[]>('documentSymbol', uri);
  expect(symbols.map(({ name, detail }) => [name, detail])).toEqual([['seen', 'hash'], ['p', 'xdp']]);
  expect(await client.ask<CodeLens[]>('codeLens', uri)).toEqual([]);
});

it('makes what clangd needs', async () => {
  const setup = await client.connection.sendRequest<{ label: string; clangd: string; header: string | null }>('kgent/clangdSetup', { folder: '/somewhere' });
  expect(setup.label).toContain('6.12');
  expect(setup.clangd).toContain('"-I/somewhere"');
  expect(setup.header).toMatch(/struct task_struct \{/);
});
