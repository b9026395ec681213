/** The layout of real programs means the same to the real bpftrace: what it accepted it accepts, what it rejected it rejects. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyEdits, format } from '../../src/language/bpftrace/format/format.ts';
import { parse } from '../support/marked.ts';

const TOOLS = '/usr/sbin';
const tools = readdirSync(TOOLS).filter((name) => name.endsWith('.bt'));
const dir = mkdtempSync(join(tmpdir(), 'kgent-format-'));

/** Exit status of a check that attaches nothing, and what was said without the file's name and places. */
function check(file: string): Promise<string> {
  return new Promise((resolve) => {
    execFile('bpftrace', ['--test', 'codegen', file], { timeout: 60_000 }, (error, _stdout, stderr) => resolve(`${error ? 'rejected' : 'accepted'} ${[...stderr.matchAll(/ERROR: (.*)/g)].map((m) => m[1]).join('; ')}`));
  });
}

describe('the stock tools', () => {
  it('are here', () => expect(tools.length).toBeGreaterThan(30));
  it.each(tools)('%s', async (name) => {
    const text = readFileSync(join(TOOLS, name), 'utf8');
    const laidOut = applyEdits(text, format(parse(text), { tabSize: 3, insertSpaces: true }));
    const file = join(dir, name);
    writeFileSync(file, laidOut);
    expect(await check(file)).toBe(await check(join(TOOLS, name)));
  });
});
