import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withLock } from './lock.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kgent-lock-'));
});
afterAll(() => rm(dir, { recursive: true }));

/** Another process that adds one to the number in a file, as often as told. */
function adder(path: string, times: number): Promise<unknown[]> {
  const code = `
    import { readFileSync, writeFileSync } from 'node:fs';
    import { withLock } from ${JSON.stringify(join(import.meta.dirname, 'lock.ts'))};
    for (let n = 0; n < ${times}; n++) await withLock(${JSON.stringify(path)}, { waitMs: 60000 }, () => writeFileSync(${JSON.stringify(path)}, String(Number(readFileSync(${JSON.stringify(path)}, 'utf8')) + 1)));`;
  return once(spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], { stdio: 'inherit' }), 'close');
}

describe('a lock', () => {
  it('lets one process after the other read and write', async () => {
    const path = join(dir, 'sum');
    await writeFile(path, '0');
    const ends = await Promise.all([adder(path, 10), adder(path, 10), adder(path, 10)]);
    expect(ends).toEqual([[0, null], [0, null], [0, null]]);
    expect(await readFile(path, 'utf8')).toBe('30');
  });
  it('says who stands in the way, and stops waiting when told', async () => {
    const path = join(dir, 'new', 'file');
    await withLock(path, { waitMs: 0 }, async () => {
      await expect(withLock(path, { waitMs: 30 }, () => 1)).rejects.toThrow(`Another Kgent is writing ${path}. Try again when it is done`);
      await expect(withLock(path, { waitMs: 60_000, signal: AbortSignal.timeout(30) }, () => 1)).rejects.toThrow(/aborted/);
    });
    expect(await withLock(path, { waitMs: 0 }, () => 2)).toBe(2);
  });
  it('is given back when the work fails', async () => {
    const path = join(dir, 'failing');
    await expect(withLock(path, { waitMs: 0 }, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await withLock(path, { waitMs: 0 }, () => 3)).toBe(3);
  });
  it('is taken over from a process that was killed', async () => {
    const path = join(dir, 'left');
    await mkdir(`${path}.lock`);
    const before = new Date(Date.now() - 11_000);
    await utimes(`${path}.lock`, before, before);
    expect(await withLock(path, { waitMs: 0 }, () => 4)).toBe(4);
  });
  it('says what the system says where none can be made', async () => {
    const file = join(dir, 'no-directory');
    await writeFile(file, '');
    await expect(withLock(join(file, 'x'), { waitMs: 0 }, () => 5)).rejects.toThrow(/ENOTDIR|EEXIST/);
  });
});
