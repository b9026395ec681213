import { createWriteStream, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { say, seconds } from '../lib/log.mjs';
import { openBrowser } from './browser.mjs';
import { freshDirectory, installExtension, startEditor } from './server.mjs';
import { inRoot } from '../lib/paths.mjs';

/**
 * Runs a suite inside the extension host of the VS Code server, opened by a page in a browser.
 * @param {object} options
 * @param {string} options.extension A folder, or a .vsix that is installed.
 * @param {string} options.tests A module that exports `run()` and leaves the file KGENT_TEST_RESULT.
 * @param {string} options.folder
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {number} [options.limitSeconds]
 * @returns {Promise<number>} The exit status: 0 only with the proof that every test passed.
 */
export async function runSuite({ extension, tests, folder, env = {}, limitSeconds = 900 }) {
  const started = Date.now();
  const dir = freshDirectory();
  const result = process.env['KGENT_TEST_RESULT'] ?? join(dir, 'result.json');
  rmSync(result, { force: true });
  const packaged = extension.endsWith('.vsix');
  if (packaged) await installExtension(dir, extension);
  const editor = await startEditor({ dir, tests: true, env: { ...env, KGENT_TEST_RESULT: result } });
  let code = 1;
  try {
    // A test run needs an extension under development; with a .vsix it is an empty one.
    code = await inPage(editor, packaged ? inRoot('scripts/editor/empty-extension') : extension, tests, folder, limitSeconds);
    if (code === 0 && !isProof(result)) {
      say('editor', 'the workbench reported success, but the suite left no proof that it ran to its end');
      code = 6;
    }
  } finally {
    await editor.stop();
    if (code === 0) rmSync(dir, { recursive: true, force: true });
    else say('editor', `its logs are kept in ${dir}`);
  }
  say('editor', `suite ended with ${code} after ${seconds(started)}`);
  return code;
}

/**
 * @param {import('./server.mjs').Editor} editor @param {string} extension @param {string} tests
 * @param {string} folder @param {number} limitSeconds
 * @returns {Promise<number>}
 */
async function inPage(editor, extension, tests, folder, limitSeconds) {
  const { page, close } = await openBrowser();
  try {
    const ended = new Promise((resolve) => {
      void page.exposeFunction('codeAutomationExit', (/** @type {number} */ code) => resolve(code));
      page.on('crash', () => resolve(4));
    });
    const log = createWriteStream(join(editor.dir, 'workbench.log'));
    await page.exposeFunction('codeAutomationLog', (/** @type {string} */ _type, /** @type {unknown[]} */ args) => {
      log.write(`${args.join(' ')}\n`);
      if (String(args[0]).startsWith('kgent test: ')) process.stdout.write(`${args.join(' ')}\n`);
    });
    const payload = /** @type {[string, string][]} */ ([
      ['extensionDevelopmentPath', editor.remote(extension)],
      ['extensionTestsPath', editor.remote(tests)],
      ['skipWelcome', 'true'],
    ]);
    await page.goto(editor.url(folder, payload));
    return await Promise.race([ended, editor.ended.then(() => 4), late(limitSeconds)]);
  } finally {
    await close();
  }
}

/** @returns {Promise<number>} */
function late(/** @type {number} */ limitSeconds) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      say('editor', `the suite did not end in ${limitSeconds} s`);
      resolve(5);
    }, limitSeconds * 1000);
    timer.unref();
  });
}

function isProof(/** @type {string} */ file) {
  if (!existsSync(file)) return false;
  const { passed, failed } = JSON.parse(readFileSync(file, 'utf8'));
  return passed > 0 && failed === 0;
}
