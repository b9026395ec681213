#!/usr/bin/env node
// test-editor.mjs [--packaged]: runs client/test/suite inside a real editor. The desktop where VS Code
// can be had (VSCODE_EXECUTABLE names it, KGENT_VSCODE=download fetches it); else VS Code's server,
// there with --packaged on the extension as users install it, and not on the folder with the sources.
// Variables named KGENT_TEST_… reach the suites; KGENT_TEST_GREP chooses tests by name.
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canInstall } from './lib/debian.mjs';
import { inRoot } from './lib/paths.mjs';
import { endChildrenOnSignal, must } from './lib/process.mjs';

endChildrenOnSignal();
await must(process.execPath, [inRoot('scripts/build.mjs'), '--tests']);

// Suites change files, and must neither find the developer's targets, keys and known hosts nor add to them.
const work = mkdtempSync(join(tmpdir(), 'kgent-suite-'));
const folder = join(work, 'demo');
const env = { HOME: join(work, 'home'), XDG_CONFIG_HOME: join(work, 'config'), XDG_CACHE_HOME: join(work, 'cache') };
mkdirSync(env.HOME);
cpSync(inRoot('test-fixtures/demo'), folder, { recursive: true });
const suite = { tests: inRoot('dist/test/run-suite.cjs'), folder };
try {
  process.exitCode = useDesktop() ? await inDesktop(suite) : await inServer(suite);
} finally {
  rmSync(work, { recursive: true, force: true });
}

function useDesktop() {
  return Boolean(process.env['VSCODE_EXECUTABLE']) || process.env['KGENT_VSCODE'] === 'download' || !canInstall();
}

/** @typedef {typeof suite} Suite */

async function inDesktop(/** @type {Suite} */ { tests, folder }) {
  const { runTests } = await import('@vscode/test-electron');
  const executable = process.env['VSCODE_EXECUTABLE'];
  return runTests({
    ...(executable ? { vscodeExecutablePath: executable } : {}),
    extensionDevelopmentPath: inRoot(),
    extensionTestsPath: tests,
    extensionTestsEnv: env,
    launchArgs: [folder, '--disable-workspace-trust', '--disable-extensions', '--skip-welcome'],
  });
}

async function inServer(/** @type {Suite} */ suite) {
  const [{ installEditor }, { runSuite }] = await Promise.all([import('./editor/server.mjs'), import('./editor/run-suite.mjs')]);
  await installEditor();
  const extension = process.argv.includes('--packaged') ? join(work, 'kgent.vsix') : inRoot();
  if (extension !== inRoot()) await must(process.execPath, [inRoot('scripts/package.mjs'), extension]);
  return runSuite({ ...suite, extension, env });
}
