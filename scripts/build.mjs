#!/usr/bin/env node
// build.mjs [--tests]: bundles the extension, the language server and the terminal program into dist/,
// or with --tests the suites that run inside the editor.
import { chmodSync, cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { build } from 'esbuild';
import { say, seconds } from './lib/log.mjs';
import { inRoot } from './lib/paths.mjs';

/**
 * Never bundled. hnswlib-node is compiled where it is installed, and absent elsewhere: then the exact
 * search answers. ssh2's natives are not ABI-stable; it works without them.
 */
const NATIVE = ['hnswlib-node', 'cpu-features', '*.node'];

/** What bundled CommonJS packages expect to find, and an ES module does not have. */
const COMMONJS = `import { createRequire as kgentCreateRequire } from 'node:module';
const require = kgentCreateRequire(import.meta.url), __dirname = import.meta.dirname, __filename = import.meta.filename;`;

/** Files that the bundles share or load later; beside them, because code finds its assets from its own place. */
const CHUNK = /-[A-Z0-9]{8}\.js(\.map)?$/;

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: inRoot(),
  bundle: true,
  platform: 'node',
  target: 'node20',
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
  // Packages that offer both are taken as ES modules: only those can be tree-shaken.
  mainFields: ['module', 'main'],
  external: ['vscode', ...NATIVE],
};

/** @type {import('esbuild').BuildOptions[]} */
const product = [
  { entryPoints: ['client/src/extension.ts'], outfile: 'dist/extension.cjs', format: 'cjs' },
  { entryPoints: ['client/src/log-view/page/page.ts'], outfile: 'dist/log-view/page.js', format: 'iife', platform: 'browser', target: 'chrome128' },
  {
    // What is imported when it is needed (`import()`: the SSH client) becomes a file of its own, and is not even read before that.
    entryPoints: { server: 'server/src/start.ts', cli: 'server/src/kgent.ts', 'unlock-worker': 'server/src/target/ssh/unlock-worker.ts', 'log-thread': 'server/src/checks/load/thread/thread.ts', 'index-thread': 'server/src/knowledge/index/thread.ts', 'solver-thread': 'server/src/solver/thread.ts' },
    outdir: 'dist',
    splitting: true,
    chunkNames: '[name]-[hash]',
    format: 'esm',
    banner: { js: COMMONJS },
    metafile: true,
  },
];

/** One bundle a suite, so that mocha names the file; mocha itself is the installed one. */
/** @returns {import('esbuild').BuildOptions[]} */
function tests() {
  const suites = readdirSync(inRoot('client/test/suite')).filter((name) => name.endsWith('.test.ts'));
  const entryPoints = ['client/test/run-suite.ts', ...suites.map((name) => `client/test/suite/${name}`)];
  return [{ entryPoints, outdir: 'dist/test', outbase: 'client/test', outExtension: { '.js': '.cjs' }, format: 'cjs', external: ['vscode', 'mocha', ...NATIVE] }];
}

/** Chunks of earlier builds, after the new ones are there. */
function removeOldChunks(/** @type {string[]} */ outputs) {
  const present = new Set(outputs.map((file) => basename(file)));
  for (const name of readdirSync(inRoot('dist'))) if (CHUNK.test(name) && !present.has(name)) rmSync(inRoot('dist', name));
}

const started = Date.now();
const forTests = process.argv.includes('--tests');
const bundles = forTests ? tests() : product;
const absent = bundles.flatMap((bundle) => /** @type {string[]} */ (Object.values(bundle.entryPoints ?? {}))).filter((file) => !existsSync(inRoot(file)));
if (absent.length > 0) {
  say('build', `cannot build: ${absent.join(', ')} does not exist`);
  process.exit(1);
}
if (forTests) rmSync(inRoot('dist/test'), { recursive: true, force: true });
// esbuild has told what is wrong.
const results = await Promise.all(bundles.map((bundle) => build({ ...common, ...bundle }))).catch(() => process.exit(1));
if (!forTests) {
  removeOldChunks(results.flatMap(({ metafile }) => Object.keys(metafile?.outputs ?? {})));
  chmodSync(inRoot('dist/cli.js'), 0o755);
  cpSync(inRoot('client/src/log-view/page/style.css'), inRoot('dist/log-view/style.css'));
  // The pages that explain findings.
  cpSync(inRoot('docs/findings'), inRoot('dist/findings'), { recursive: true });
  cpSync(inRoot('docs/contracts.md'), inRoot('dist/contracts.md'));
  cpSync(inRoot('prompts'), inRoot('dist/prompts'), { recursive: true });
  for (const file of ['node_modules/web-tree-sitter/web-tree-sitter.wasm', 'node_modules/tree-sitter-c/tree-sitter-c.wasm', 'grammars/tree-sitter-bpftrace/tree-sitter-bpftrace.wasm']) cpSync(inRoot(file), inRoot('dist/grammars', basename(file)));
  // Z3 as it is, with the name that says that it is no ES module.
  cpSync(inRoot('node_modules/z3-solver/build/z3-built.js'), inRoot('dist/z3/z3-built.cjs'));
  cpSync(inRoot('node_modules/z3-solver/build/z3-built.wasm'), inRoot('dist/z3/z3-built.wasm'));
  cpSync(inRoot('knowledge/kernels'), inRoot('dist/knowledge/kernels'), { recursive: true });
}
say('build', `${bundles.map((bundle) => basename(bundle.outfile ?? bundle.outdir ?? '')).join(', ')} in ${seconds(started)}`);
