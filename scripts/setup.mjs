#!/usr/bin/env node
// setup.mjs [PURPOSE…]: everything that `npm start` and `npm test` need, done only when it is not
// done yet. It runs before `npm ci`, so it uses nothing but Node and the files in scripts/lib.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { canInstall, install, isMounted, isPresent, isRoot, needs } from './lib/debian.mjs';
import { isStale, leaveStamp, notInstalled } from './lib/fresh.mjs';
import { say, seconds } from './lib/log.mjs';
import { npmEnvironment } from './lib/npm.mjs';
import { inRoot } from './lib/paths.mjs';
import { endChildrenOnSignal, must } from './lib/process.mjs';

/** @typedef {keyof typeof needs} Purpose */

/** Everything for `npm start`. What cannot be had is told, and we go on. */
export async function setUp(/** @type {Purpose[]} */ purposes) {
  await setUpMachine(purposes, false);
  await build();
  await buildKnowledge();
}

/**
 * What comes from outside the repository.
 * @param {Purpose[]} purposes
 * @param {boolean} strict A missing tool is a failure, as for the tests.
 */
export async function setUpMachine(purposes, strict) {
  checkNode();
  await installPackages();
  await installTools(purposes, strict);
  await mountFileSystems();
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) throw new Error(`Kgent needs Node 20.19 or newer; this is ${process.version}.`);
}

async function installPackages() {
  const missing = notInstalled(inRoot('package-lock.json'), inRoot('node_modules/.package-lock.json'));
  if (missing.length === 0) return;
  await step(`npm ci: ${missing.length} packages of package-lock.json are not installed`, () => must('npm', ['ci'], { env: npmEnvironment(), limitSeconds: 900 }));
}

async function installTools(/** @type {Purpose[]} */ purposes, /** @type {boolean} */ strict) {
  const absent = () => purposes.flatMap((purpose) => needs[purpose]).filter((need) => !isPresent(need));
  const wanted = absent();
  if (wanted.length > 0 && canInstall()) {
    const packages = wanted.map((need) => need.package);
    await step(`apt-get install ${packages.join(' ')}`, () => install(packages)).catch((/** @type {Error} */ error) => say('set-up', error.message));
  }
  const missing = absent();
  for (const need of missing) say('set-up', `${need.present} is missing; it is needed ${need.purpose}. ${remedy(need)}`);
  if (strict && missing.length > 0) throw new Error(`These are needed and missing: ${missing.map((need) => need.present).join(', ')}`);
}

function remedy(/** @type {import('./lib/debian.mjs').Need} */ need) {
  const target = needs.product.includes(need) ? ', or use a Linux host over SSH: npx kgent target add NAME user@host' : '';
  if (process.platform !== 'linux') return `That needs Linux${target}.`;
  return `Install it (on Debian, as root: apt-get install ${need.package})${target}.`;
}

/** Tracepoints are listed in tracefs, and libbpf pins in bpf. A container often has neither. */
async function mountFileSystems() {
  if (process.platform !== 'linux' || !isRoot()) return;
  for (const [type, path] of /** @type {const} */ ([['tracefs', '/sys/kernel/tracing'], ['bpf', '/sys/fs/bpf']])) {
    if (isMounted(type, path) || !existsSync(path)) continue;
    await step(`mount ${path}`, () => must('mount', ['-t', type, type, path])).catch((/** @type {Error} */ error) => say('set-up', error.message));
  }
}

const SOURCES = ['client/src', 'server/src', 'grammars', 'prompts', 'scripts/build.mjs', 'package-lock.json'];

export async function build() {
  await stamped('dist/.built', SOURCES, 'building dist: its sources are newer', () => must(process.execPath, [inRoot('scripts/build.mjs')]));
}

export async function buildKnowledge() {
  const sources = ['knowledge', 'server/src/knowledge', 'scripts/knowledge.mjs'];
  await stamped('dist/.built-knowledge', sources, 'indexing knowledge: its sources are newer', () => must('npm', ['run', '--silent', 'build:knowledge'], { limitSeconds: 900 }));
}

/** @param {string} stamp @param {string[]} sources @param {string} text @param {() => Promise<unknown>} work */
async function stamped(stamp, sources, text, work) {
  if (!isStale(inRoot(stamp), sources.map((source) => inRoot(source)))) return;
  const began = Date.now();
  await step(text, work);
  leaveStamp(inRoot(stamp), began);
}

async function step(/** @type {string} */ text, /** @type {() => Promise<unknown>} */ work) {
  const started = Date.now();
  say('set-up', `${text} …`);
  await work();
  say('set-up', `… done in ${seconds(started)}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  endChildrenOnSignal();
  const purposes = /** @type {Purpose[]} */ (process.argv.slice(2));
  await setUp(purposes.length > 0 ? purposes : ['product']);
}
