import { mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LspClient } from '../support/lsp-client.ts';

const GOOD = 'tracepoint:sched:sched_switch { @[comm] = count(); }\n';
const WRONG = 'tracepoint:sched:sched_switch { @[com] = count(); }\n';
/** Only the machine knows that this binary is not there. */
const ABSENT = 'uprobe:/no/such/binary:main { @[comm] = count(); }\n';
let client: LspClient;

beforeAll(async () => {
  client = new LspClient();
  await client.start();
});
afterAll(async () => expect(await client.stop()).toBe(0));

describe('diagnostics', () => {
  it('come from the real bpftrace, with place, source and code', async () => {
    await client.open('file:///a.bt', ABSENT);
    const [found] = await client.diagnostics('file:///a.bt', 1, (d) => d.some((x) => x.source === 'kgent compile'));
    expect(found).toMatchObject({ severity: 1, message: expect.stringContaining('/no/such/binary') as string, range: { start: { line: 0, character: 0 } } });
  });
  it('go away when the mistake is mended', async () => {
    await client.change('file:///a.bt', GOOD, 2);
    expect(await client.diagnostics('file:///a.bt', 2, (d) => d.length === 0)).toEqual([]);
  });
  it('of an older version never come after a newer one was written', async () => {
    const uri = 'file:///fast.bt';
    await client.open(uri, WRONG);
    for (let version = 2; version <= 20; version++) await client.change(uri, version % 2 ? WRONG : GOOD, version);
    await client.diagnostics(uri, 20, (d) => d.length === 0);
    await client.change(uri, ABSENT, 21);
    await client.diagnostics(uri, 21, (d) => d.some((x) => x.source === 'kgent compile'));
    const versions = client.published(uri).map((p) => p.version ?? 0);
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
  });
  it('for BPF C come from clang', async () => {
    await client.open('file:///a.bpf.c', '#include "vmlinux.h"\n#include <bpf/bpf_helpers.h>\nSEC("xdp") int f(void *c) { return zz; }\n', 1, 'c');
    const found = (await client.diagnostics('file:///a.bpf.c', 1, (d) => d.some(({ code }) => code === 'unknown-identifier'))).find(({ code }) => code === 'unknown-identifier');
    expect(found).toMatchObject({ code: 'unknown-identifier', range: { start: { line: 2, character: 35 } } });
  });
  it('leave other C alone', async () => {
    await client.open('file:///other.c', 'int main(void) { return zz; }\n', 1, 'c');
    await client.open('file:///b.bt', WRONG);
    await client.diagnostics('file:///b.bt', 1, (d) => d.length > 0);
    expect(client.published('file:///other.c')).toEqual([]);
  });
  it('are cleared when the file is closed', async () => {
    await client.connection.sendNotification('textDocument/didClose', { textDocument: { uri: 'file:///b.bt' } });
    await client.open('file:///c.bt', WRONG);
    await client.diagnostics('file:///c.bt', 1, (d) => d.length > 0);
    expect(client.published('file:///b.bt').at(-1)?.diagnostics).toEqual([]);
  });
});

describe('bad input keeps the server up', () => {
  it.each([
    ['a binary file', `\u0000\u0001\uFFFD${'\u0000'.repeat(2000)}`, /no source text/],
    ['a huge file', 'BEGIN { }\n'.repeat(150_000), /larger than 1 MB/],
    ['deep nesting', `BEGIN { ${'('.repeat(5000)} }`, /never closed/],
  ])('%s', async (name, text, message) => {
    const uri = `file:///${name.replaceAll(' ', '-')}.bt`;
    await client.open(uri, text);
    const found = await client.diagnostics(uri, 1, (d) => d.some((x) => message.test(typeof x.message === "string" ? x.message : x.message.value)));
    expect(found.length).toBeGreaterThan(0);
  });
  it('an empty editor is no mistake yet', async () => {
    await client.open('file:///empty.bt', '\n');
    expect(await client.diagnostics('file:///empty.bt', 1, () => true)).toEqual([]);
  });
  it('a bad sentence is an answer, not an end', async () => {
    await expect(client.connection.sendRequest('kgent/generate', { id: '1', sentence: '   ' })).rejects.toThrow(/description is empty/i);
    await expect(client.connection.sendRequest('kgent/generate', { id: '2', sentence: 'x'.repeat(1_000_000) })).rejects.toThrow(/at most 4,000/);
    await expect(client.connection.sendRequest('kgent/connect', { target: 'nobody-knows-this' })).rejects.toThrow(/no target/i);
    await client.open('file:///still.bt', WRONG);
    expect(await client.diagnostics('file:///still.bt', 1, (d) => d.length > 0)).not.toEqual([]);
  });
});

describe('a machine without bpftrace', () => {
  it('shows that nothing was checked', async () => {
    const bare = mkdtempSync(join(tmpdir(), 'kgent-bare-'));
    for (const tool of ['sh', 'head', 'mktemp', 'setsid', 'rm', 'sleep', 'uname', 'id', 'grep', 'cat', 'tail']) symlinkSync(`/usr/bin/${tool}`, join(bare, tool));
    const other = new LspClient({ PATH: bare });
    await other.start();
    await other.open('file:///a.bt', GOOD);
    const found = await other.diagnostics('file:///a.bt', 1, (d) => d.some((x) => x.code === 'not-checked'));
    expect(found[0]).toMatchObject({ severity: 3, message: expect.stringContaining('bpftrace is not installed') as string });
    await other.stop();
  });
});
