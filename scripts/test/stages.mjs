import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRoot } from '../lib/paths.mjs';
import { run } from '../lib/process.mjs';
import { build, buildKnowledge } from '../setup.mjs';
import { countVitest, sum } from './count.mjs';

/** @typedef {import('./count.mjs').Count} Count */
/** @typedef {import('./prepare.mjs').Prepared} Prepared */

/** In the order in which they run: what answers soonest comes first. @type {Record<string, (prepared: Prepared) => Promise<Count>>} */
export const stages = {
  build: async () => {
    await build();
    await buildKnowledge();
    return { passed: 2, failed: 0 };
  },
  lint: () => program('node_modules/eslint/bin/eslint.js', ['.']),
  types: async () => {
    const sources = await program('node_modules/typescript/bin/tsc', []);
    const scripts = await program('node_modules/typescript/bin/tsc', ['-p', 'scripts']);
    return { passed: sources.passed + scripts.passed, failed: sources.failed + scripts.failed };
  },
  unit: () => vitest('unit'),
  tools: async ({ newestBpftrace, treeSitter }) => {
    const env = { KGENT_TEST_BPFTRACE_NEW: await newestBpftrace, KGENT_TEST_TREE_SITTER: await treeSitter };
    return sum(await Promise.all([vitest('tools', env), vitest('beside', env)]));
  },
  host: async ({ vm }) => vitest('host', { KGENT_TEST_VM: JSON.stringify(await vm) }),
  editor: async ({ vm, editor }) => {
    await editor;
    return inEditor({ KGENT_TEST_VM: JSON.stringify(await vm) });
  },
};

/** A test must find neither the developer's model nor their target. */
const NEUTRAL = { KGENT_API_KEY: undefined, KGENT_BASE_URL: undefined, KGENT_MODEL: undefined, KGENT_TARGET: undefined };

/** A program that is one test by itself. @returns {Promise<Count>} */
async function program(/** @type {string} */ script, /** @type {string[]} */ args) {
  const { code } = await run(process.execPath, [inRoot(script), ...args], { output: 'stdout', limitSeconds: 300 });
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** @returns {Promise<Count>} */
function vitest(/** @type {string} */ project, /** @type {NodeJS.ProcessEnv} */ env = {}) {
  return withFile('vitest.json', async (file) => {
    const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const { code } = await run(process.execPath, [inRoot('node_modules/vitest/vitest.mjs'), ...args], { env: { ...NEUTRAL, ...env }, output: 'stdout', limitSeconds: 1500 });
    return countVitest(readJson(file), code);
  });
}

/** @returns {Promise<Count>} */
function inEditor(/** @type {NodeJS.ProcessEnv} */ env) {
  return withFile('editor.json', async (file) => {
    const { code } = await run(process.execPath, [inRoot('scripts/test-editor.mjs'), '--packaged'], { env: { ...NEUTRAL, ...env, KGENT_TEST_RESULT: file }, output: 'stdout', limitSeconds: 1200 });
    const { passed = 0, failed = 0 } = readJson(file) ?? {};
    return { passed, failed: failed === 0 && (code !== 0 || passed === 0) ? 1 : failed };
  });
}

/** @template T @param {string} name @param {(file: string) => Promise<T>} work */
async function withFile(name, work) {
  const dir = mkdtempSync(join(tmpdir(), 'kgent-test-'));
  try {
    return await work(join(dir, name));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function readJson(/** @type {string} */ file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
