#!/usr/bin/env node
// test-editor.mjs [FILE.vsix]: runs client/test/suite inside a real editor. The desktop where VS Code
// can be had (VSCODE_EXECUTABLE names it, KGENT_VSCODE=download fetches it); else VS Code's server.
// Variables named KGENT_TEST_… reach the suites; KGENT_TEST_GREP chooses tests by name.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canInstall } from './lib/debian.mjs';
import { inRoot } from './lib/paths.mjs';
import { endChildrenOnSignal, must } from './lib/process.mjs';

const [extension = inRoot()] = process.argv.slice(2);
endChildrenOnSignal();
await must(process.execPath, [inRoot('scripts/build.mjs'), '--tests']);

// Suites change files, and must not find the developer's targets.
const work = mkdtempSync(join(tmpdir(), 'kgent-suite-'));
const folder = join(work, 'demo');
process.env['XDG_CONFIG_HOME'] = join(work, 'config');
cpSync(inRoot('test-fixtures/demo'), folder, { recursive: true });
const suite = { extension, tests: inRoot('dist/test/run-suite.cjs'), folder };
try {
  process.exitCode = useDesktop() ? await inDesktop(suite) : await inServer(suite);
} finally {
  rmSync(work, { recursive: true, force: true });
}

function useDesktop() {
  return Boolean(process.env['VSCODE_EXECUTABLE']) || process.env['KGENT_VSCODE'] === 'download' || !canInstall();
}

/** @typedef {typeof suite} Suite */

async function inDesktop(/** @type {Suite} */ { extension, tests, folder }) {
  const { runTests } = await import('@vscode/test-electron');
  const executable = process.env['VSCODE_EXECUTABLE'];
  return runTests({
    ...(executable ? { vscodeExecutablePath: executable } : {}),
    extensionDevelopmentPath: extension,
    extensionTestsPath: tests,
    launchArgs: [folder, '--disable-workspace-trust', '--disable-extensions', '--skip-welcome'],
  });
}

async function inServer(/** @type {Suite} */ suite) {
  const [{ installEditor }, { runSuite }] = await Promise.all([import('./editor/server.mjs'), import('./editor/run-suite.mjs')]);
  await installEditor();
  return runSuite(suite);
}
