#!/usr/bin/env node
// npm start              sets everything up and opens the editor with the extension on the demo
// npm start -- COMMAND…  sets the product up and runs `kgent COMMAND…` in this terminal
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { which } from './lib/debian.mjs';
import { say } from './lib/log.mjs';
import { cache, inRoot } from './lib/paths.mjs';
import { endChildrenOnSignal } from './lib/process.mjs';
import { setUp } from './setup.mjs';

const demo = inRoot('test-fixtures/demo');
const given = process.argv.slice(2);
try {
  if (given.length > 0) await inTerminal(given);
  else if (hasDesktop() && which('code')) await inDesktop();
  else await inBrowser();
} catch (error) {
  say('start', error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}

async function inTerminal(/** @type {string[]} */ args) {
  await setUp(['product']);
  process.exitCode = await attach(process.execPath, [inRoot('dist/cli.js'), ...args]);
}

async function inDesktop() {
  await setUp(['product']);
  say('start', `opening VS Code on ${demo}`);
  process.exitCode = await attach('code', ['--new-window', `--extensionDevelopmentPath=${inRoot()}`, demo, join(demo, 'README.md')]);
}

/** VS Code's server with its web workbench, where there is no desktop. */
async function inBrowser() {
  if (process.platform !== 'linux') {
    await setUp(['product']);
    say('start', 'VS Code was not found. Install it so that the command `code` works, or use the terminal: npm start -- --help');
    process.exitCode = 1;
    return;
  }
  endChildrenOnSignal();
  await setUp(['product', 'editor']);
  const { openInBrowser } = await import('./editor/open.mjs');
  await openInBrowser(demo, cache);
}

function hasDesktop() {
  return process.platform !== 'linux' || Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
}

/**
 * Runs a program in our place: same streams, same exit status. Ctrl+C reaches it by itself, as it is
 * in our process group; we wait for it to end.
 * @returns {Promise<number>}
 */
function attach(/** @type {string} */ command, /** @type {string[]} */ args) {
  const child = spawn(command, args, { stdio: 'inherit', shell: process.platform === 'win32' && command === 'code' });
  process.on('SIGINT', () => undefined);
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.once('error', (error) => {
      say('start', `${command} could not be started: ${error.message}`);
      resolve(2);
    });
    child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 143)));
  });
}
