import { readdir, rm, utimes } from 'node:fs/promises';
import { mkdtempSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { kgent, startKgent } from '../support/kgent.ts';

const root = mkdtempSync(join(tmpdir(), 'kgent-index-'));
afterAll(() => rm(root, { recursive: true }));

const indexes = (cache: string): string => join(cache, 'kgent', 'index');

/** The one index there is in a cache. */
async function dirIn(cache: string): Promise<string> {
  const [name = 'none'] = (await readdir(indexes(cache)).catch(() => [])).filter((entry) => entry.startsWith('kernel-'));
  return join(indexes(cache), name);
}

const unfinished = async (cache: string): Promise<readonly string[]> => (await readdir(join(await dirIn(cache), 'unfinished')).catch(() => [])).filter((name) => !name.endsWith('.tmp'));

describe('kgent index', () => {
  it('goes on after a kill from the graph that was finished, and searches what only the kernel has', async () => {
    const cache = join(root, 'killed');
    const killed = startKgent(['index', '--target', 'none'], { XDG_CACHE_HOME: cache });
    await expect.poll(() => unfinished(cache), { timeout: 60_000 }).toHaveLength(1);
    killed.kill('SIGKILL');
    await once(killed, 'close');
    const kept = await unfinished(cache);
    // What it left locked is taken over after ten seconds.
    await utimes(join(await dirIn(cache), 'build.lock'), 0, 0);
    const { code, stdout, stderr } = await kgent(['index', '--target', 'none', '--json'], { XDG_CACHE_HOME: cache });
    expect({ code, stderr, ...(JSON.parse(stdout) as object) }).toMatchObject({ code: 0, stderr: '', target: 'none', built: true, index: 'hnsw', inventory: expect.stringContaining('6.12') as string });
    expect(kept).toHaveLength(1);
    expect(await readdir(await dirIn(cache))).not.toContain('unfinished');
    const again = await kgent(['index', '--target', 'none', '--json'], { XDG_CACHE_HOME: cache });
    expect(JSON.parse(again.stdout)).toMatchObject({ built: false });
    const found = await kgent(['search', 'kprobe:zs_page_migrate', '--target', 'none', '-k', '1', '--json'], { XDG_CACHE_HOME: cache });
    expect(JSON.parse(found.stdout)).toMatchObject({ results: [{ id: 'kprobe:zs_page_migrate' }] });
  }, 180_000);

  it('that is interrupted leaves nothing', async () => {
    const cache = join(root, 'interrupted');
    const child = startKgent(['index', '--target', 'none'], { XDG_CACHE_HOME: cache });
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await expect.poll(async () => readdir(await dirIn(cache)).catch(() => []), { timeout: 60_000 }).toContain('build.lock');
    child.kill('SIGINT');
    const [code] = (await once(child, 'close')) as [number];
    expect([code, said]).toEqual([130, 'Cancelled; nothing was changed.\n']);
    expect(await readdir(await dirIn(cache))).toEqual([]);
  }, 60_000);

  it('without a target says that all is up to date; with a wrong one, or nothing to describe with, what to do', async () => {
    expect(JSON.parse((await kgent(['index', '--json'])).stdout)).toMatchObject({ target: null, index: 'hnsw' });
    expect(await kgent(['index', '--target', 'no such target'])).toMatchObject({ code: 2 });
    expect(await kgent(['index', '--target', 'none', '--describe', 'kprobe:zs_page_migrate'])).toMatchObject({ code: 2, stderr: expect.stringContaining('No model is configured') as string });
    expect(await kgent(['index', '--describe'])).toMatchObject({ code: 2, stderr: expect.stringContaining('Usage: kgent index') as string });
  });
});
