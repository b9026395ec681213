import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { WorkDoneProgressBegin, WorkDoneProgressEnd, WorkDoneProgressReport } from 'vscode-languageserver';
import { LspClient } from '../support/lsp-client.ts';

type Told = WorkDoneProgressBegin | WorkDoneProgressReport | WorkDoneProgressEnd;

/** This machine as the target of an editor that shows progress, with nothing kept of an earlier session. */
let client: LspClient;
const told: Told[] = [];
beforeAll(async () => {
  client = new LspClient({ KGENT_TARGET: 'local', XDG_CACHE_HOME: mkdtempSync(join(tmpdir(), 'kgent-cache-')) });
  client.connection.onRequest('window/workDoneProgress/create', () => null);
  client.connection.onNotification('$/progress', ({ value }: { value: Told }) => void told.push(value));
  await client.start({ window: { workDoneProgress: true } });
});
afterAll(() => client.stop());

it('reading the kernel shows how far it has come', async () => {
  await client.open('file:///a.bt', 'tracepoint:sched:sched_wakeupp { }');
  await client.diagnostics('file:///a.bt', 1, (found) => found.some(({ message }) => JSON.stringify(message).startsWith('"Local (')));
  expect(told[0]).toMatchObject({ kind: 'begin', title: 'Kgent: local' });
  const reports = told.flatMap((one) => (one.kind === 'report' ? [one] : []));
  expect(reports.map(({ message }) => message)).toEqual(expect.arrayContaining([expect.stringMatching(/^reading the kernel, \d\.\d of \d\.\d MB$/), 'opening the kernel']));
  expect(reports.every(({ percentage = 0 }) => percentage >= 0 && percentage < 100)).toBe(true);
  expect(told.at(-1)?.kind).toBe('end');
});
it('a misspelt function of a program is found, with what was meant, and its functions are proposed', async () => {
  const text = 'uprobe:/bin/bash:raedline { exit(); }';
  await client.open('file:///b.bt', text);
  const [found] = await client.diagnostics('file:///b.bt', 1, (all) => all.some(({ message }) => JSON.stringify(message).includes('Did you mean uprobe:/bin/bash:readline?')));
  expect(found?.range).toEqual({ start: { line: 0, character: 0 }, end: { line: 0, character: 25 } });
  await client.change('file:///b.bt', 'uprobe:/bin/bash:readline_int', 2);
  const answer = await client.ask<{ items: { label: string }[] }>('completion', 'file:///b.bt', { position: { line: 0, character: 29 } });
  expect(answer.items.map(({ label }) => label)).toEqual(['readline_internal_char', 'readline_internal_setup', 'readline_internal_teardown']);
});
