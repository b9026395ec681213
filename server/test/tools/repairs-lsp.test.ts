/** A program this machine's kernel rejects, through the language server: the finding first, its repairs when they were tried. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CodeAction, Diagnostic } from 'vscode-languageserver';
import { CodeActionTriggerKind } from 'vscode-languageserver';
import { LspClient } from '../support/lsp-client.ts';

const CASE = 'test-fixtures/verifier/null-check/bytes-per-protocol';
const REJECTED = readFileSync(`${CASE}/rejected.bpf.c`, 'utf8');
/** No repair comes to this very text. */
const CORRECT = `${readFileSync(`${CASE}/correct.bpf.c`, 'utf8')}\n`;
/** A clang that compiles other texts than the first two only when it may: when this file is there. */
const work = mkdtempSync(join(tmpdir(), 'kgent-slow-clang-'));
const MAY = join(work, 'may');
let client: LspClient;

beforeAll(async () => {
  writeFileSync(join(work, 'rejected'), REJECTED);
  writeFileSync(join(work, 'correct'), CORRECT);
  const waits = `for f; do case $f in *.bpf.c) cmp -s "$f" ${work}/rejected || cmp -s "$f" ${work}/correct || until [ -e ${MAY} ]; do sleep 0.05; done;; esac; done`;
  writeFileSync(join(work, 'clang'), `#!/bin/sh\n${waits}\nPATH=\${PATH#*:} exec clang "$@"\n`, { mode: 0o755 });
  client = new LspClient({ KGENT_TARGET: 'local', PATH: `${work}:${process.env['PATH'] ?? ''}` });
  await client.start();
});
afterAll(async () => {
  expect(await client.stop()).toBe(0);
  rmSync(work, { recursive: true });
});

const ofLoad = (found: readonly Diagnostic[]): Diagnostic | undefined => found.find(({ source, severity }) => source === 'kgent load' && severity === 1);

async function titles(uri: string, found: Diagnostic, triggerKind: CodeActionTriggerKind): Promise<readonly CodeAction[]> {
  return client.ask<CodeAction[]>('codeAction', uri, { range: found.range, context: { diagnostics: [found], only: ['quickfix'], triggerKind } });
}

it('tells the finding before its repairs are proved, and says of each what is known of it', async () => {
  const uri = 'file:///rejected.bpf.c';
  await client.open(uri, REJECTED, 1, 'c');
  const found = ofLoad(await client.diagnostics(uri, 1, (all) => ofLoad(all) !== undefined));
  expect(found).toMatchObject({ code: 'null-check', range: { start: { line: 26 } } });
  // Offered, but nothing was compiled yet.
  await expect.poll(async () => (found ? await titles(uri, found, CodeActionTriggerKind.Automatic) : []).length, { timeout: 60_000 }).toBeGreaterThan(0);
  for (const kind of [CodeActionTriggerKind.Automatic, CodeActionTriggerKind.Invoked]) {
    const offered = found ? await titles(uri, found, kind) : [];
    for (const { title, isPreferred } of offered) expect([title.endsWith('(still being tried)'), isPreferred]).toEqual([true, undefined]);
  }
  const before = client.published(uri).length;
  writeFileSync(MAY, '');
  await expect.poll(() => client.published(uri).length, { timeout: 60_000 }).toBeGreaterThan(before);
  const proved = found ? await titles(uri, found, CodeActionTriggerKind.Invoked) : [];
  expect(proved.filter(({ isPreferred }) => isPreferred).map(({ title }) => title)).toEqual([expect.stringMatching(/NULL/)]);
  for (const { title, isPreferred } of proved) expect(title).toMatch(isPreferred ? /[^)]$/ : /\(not proved\)$/);
});

it('forgets the repairs it was trying when the text changes', async () => {
  rmSync(MAY);
  const uri = 'file:///changed.bpf.c';
  await client.open(uri, REJECTED, 1, 'c');
  await client.diagnostics(uri, 1, (all) => ofLoad(all) !== undefined);
  await client.change(uri, CORRECT, 2);
  await client.connection.sendNotification('textDocument/didSave', { textDocument: { uri } });
  await client.diagnostics(uri, 2, (all) => all.length === 0);
  expect(client.published(uri).at(-1)).toMatchObject({ version: 2 });
  const versions = client.published(uri).map(({ version }) => version ?? 0);
  expect(versions).toEqual(versions.toSorted((a, b) => a - b));
});
