#!/usr/bin/env node
// Stands in for the desktop's `code` where that cannot be downloaded: takes the arguments that
// @vscode/test-electron passes, and runs the suite in VS Code's server with its web workbench.
import { existsSync, statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { say } from '../lib/log.mjs';
import { endChildrenOnSignal } from '../lib/process.mjs';
import { runSuite } from './run-suite.mjs';

const { values, positionals } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: { extensionDevelopmentPath: { type: 'string' }, extensionTestsPath: { type: 'string' } },
});
const { extensionDevelopmentPath: extension, extensionTestsPath: tests } = values;
const folder = positionals.find((path) => existsSync(path) && statSync(path).isDirectory());
if (typeof extension !== 'string' || typeof tests !== 'string' || !folder) {
  say('editor', 'code-shim needs --extensionDevelopmentPath, --extensionTestsPath and a folder');
  process.exit(64);
}
endChildrenOnSignal();
say('editor', "VS Code's server with its web workbench, in place of the desktop");
process.exit(await runSuite({ extension, tests, folder }));
