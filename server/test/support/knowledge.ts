import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buildKnowledge } from '../../src/knowledge/build.ts';

const ROOT = join(import.meta.dirname, '../../..');
/** The folder of specs and examples. */
export const KNOWLEDGE = join(ROOT, 'knowledge');
const CACHE = join(ROOT, 'node_modules/.cache/kgent-knowledge');

/** Milliseconds a test file may wait for it: the first one builds it, on a machine that others use too. */
export const BUILD_MS = 120_000;

/**
 * The directory of an index of what comes with Kgent, not to be written to. It is built once for all test files, and again when the knowledge or
 * the code that indexes it has changed.
 */
export async function builtKnowledge(): Promise<string> {
  const out = join(CACHE, codeHash());
  await buildKnowledge({ source: KNOWLEDGE, out });
  const others = readdirSync(CACHE).filter((name) => join(CACHE, name) !== out);
  await Promise.all(others.map((name) => rm(join(CACHE, name), { recursive: true, force: true })));
  return out;
}

function codeHash(): string {
  const folder = join(ROOT, 'server/src/knowledge');
  const hash = createHash('sha256');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (name.endsWith('.ts') && !name.includes('.test')) hash.update(name).update(readFileSync(join(folder, name)));
  }
  return hash.digest('hex').slice(0, 16);
}
