#!/usr/bin/env node
// screenshots.mjs [TOUR…]: takes docs/images/*.png. A user's way through the real editor with the packaged
// extension. `language`: writing a program, on no machine but the kernel that comes with Kgent. `knowledge`: searching, there too. `agent`:
// programs are checked and run on a virtual machine over SSH, and the tests' scripted model drafts. `targets`: what is
// known of that machine, of one of its users, and of this machine. `verifier`: a program this machine's kernel rejects,
// and what the scripted model makes of it. `contracts`: a program that is refuted, and the events that break it. KGENT_TEST_VM names a virtual machine that runs already.
// Needs Debian as root.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBrowser } from './editor/browser.mjs';
import { freshDirectory, installEditor, installExtension, startEditor } from './editor/server.mjs';
import { answer, closeNotifications, command, drag, goTo, hoverSquiggle, hoverWord, openFile, openView, press, ready, statusBar, suggestion, terminalLine } from './editor/workbench.mjs';
import { say } from './lib/log.mjs';
import { inRoot } from './lib/paths.mjs';
import { beforeEnd, endChildrenOnSignal, endGroup, must, start } from './lib/process.mjs';
import { setUp } from './setup.mjs';
import { boot, buildImage, sshArguments, stop } from './vm/vm.mjs';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('./vm/vm.mjs').Vm} Vm */

const TARGET = 'debian-13';
/** Two pixels a point, as on the screens that most people read a README on. */
const SIZE = { width: 1120, height: 630, scale: 2 };
const LOOK = {
  'workbench.colorTheme': 'Dark Modern',
  'workbench.layoutControl.enabled': false,
  'workbench.reduceMotion': 'on',
  'window.commandCenter': false,
  'breadcrumbs.enabled': false,
  'editor.hover.above': false,
  'editor.occurrencesHighlight': 'off',
  'editor.renderLineHighlight': 'none',
  // Only what is drawn as text can be waited for.
  'terminal.integrated.gpuAcceleration': 'off',
  'remote.autoForwardPorts': false,
};

/** What the scripted model says: a mistake that the compiler finds, then its repair. */
const REPLIES = ['$sk->daddr', '$sk->__sk_common.skc_daddr'].map((address) => `\`\`\`bpftrace
kprobe:tcp_connect
{
  $sk = (struct sock *)arg0;
  $to = ${address};
  $port = bswap($sk->__sk_common.skc_dport);
  printf("%-8s %s:%d\\n", comm, ntop($to), $port);
}
\`\`\``);

/** The rejected program in the pictures. */
const REJECTED = 'stale-pointer/header-after-pull';

/** An idle machine connects to nothing. */
const CONNECTS = 'while :; do nc -z 127.0.0.1 22; ssh -o BatchMode=yes 10.0.2.15; nc -z 10.0.2.15 5432; bash -c ": < /dev/tcp/127.0.0.1/6379"; sleep 1; done >/dev/null 2>&1';

/** Each tour starts an editor of its own. */
const TOURS = { language: languageTour, knowledge: knowledgeTour, agent: agentTour, targets: targetsTour, verifier: verifierTour, contracts: contractsTour };

/** @type {Promise<Vm> | undefined} */
let booted;

endChildrenOnSignal();
const chosen = process.argv.slice(2);
await setUp(['product', 'editor', 'tests']);
await installEditor();
const dir = freshDirectory();
const vmName = `test-${process.pid}`;
const cleanUp = async () => {
  await stop(vmName);
  rmSync(dir, { recursive: true, force: true });
};
beforeEnd(cleanUp);
try {
  const vsix = join(dir, 'kgent.vsix');
  await must(process.execPath, [inRoot('scripts/package.mjs'), vsix]);
  await installExtension(dir, vsix);
  for (const [name, tour] of Object.entries(TOURS)) if (chosen.length === 0 || chosen.includes(name)) await tour();
} finally {
  await cleanUp();
}

async function languageTour() {
  await inEditor({ 'kgent.target': 'none', 'editor.minimap.enabled': false, 'editor.fontSize': 14 }, {}, async (page) => {
    await openFile(page, 'connections.bt');
    for (const scene of [hints, hover, rename, completion]) await scene(page);
  });
}

async function knowledgeTour() {
  await inEditor({ 'kgent.target': 'none', 'editor.minimap.enabled': false, 'editor.wordWrap': 'on' }, {}, async (page) => {
    await openFile(page, 'connections.bt');
    for (const scene of [search, examples]) await scene(page);
  });
}

async function agentTour() {
  const vm = await machine();
  const model = await startModel(REPLIES);
  const settings = { 'kgent.target': TARGET, ...settingsOf(model) };
  try {
    await inEditor(settings, { XDG_CONFIG_HOME: writeTarget(vm) }, async (page) => {
      for (const scene of [diagnostics, generation, run]) await scene(page, vm);
    });
  } finally {
    await model.stop();
  }
}

async function targetsTour() {
  const vm = await machine();
  const env = { XDG_CONFIG_HOME: writeTarget(vm), XDG_CACHE_HOME: join(dir, 'cache') };
  await inEditor({ 'kgent.target': TARGET }, env, (page) => targets(page));
}

async function verifierTour() {
  const folder = copyDemo();
  const file = (/** @type {string} */ name) => inRoot('test-fixtures/verifier', REJECTED, name);
  cpSync(file('rejected.bpf.c'), join(folder, 'packets.bpf.c'));
  const model = await startModel([`\`\`\`c\n${readFileSync(file('correct.bpf.c'), 'utf8')}\n\`\`\``]);
  try {
    await inEditor({ 'kgent.target': 'local', 'editor.minimap.enabled': false, ...settingsOf(model) }, {}, async (page) => {
      for (const scene of [rejection, quickFixes, verifierLog, fixing]) await scene(page);
    });
  } finally {
    await model.stop();
  }
}

async function contractsTour() {
  await inEditor({ 'kgent.target': 'none', 'editor.minimap.enabled': false, 'editor.fontSize': 14 }, {}, async (page) => {
    await openFile(page, 'read-latency.bt');
    for (const scene of [refuted, counterexample]) await scene(page);
  });
}

/** The virtual machine: the one that runs already, else one of our own. */
function machine() {
  const given = process.env['KGENT_TEST_VM'];
  const boots = async () => {
    await buildImage();
    return boot({ name: vmName });
  };
  return (booted ??= given ? Promise.resolve(JSON.parse(given)) : boots());
}

/**
 * Notifications are part of the picture, and the driver of tests hides them: it is off.
 * @param {Record<string, unknown>} settings @param {Record<string, string>} env @param {(page: Page) => Promise<void>} scenes
 */
async function inEditor(settings, env, scenes) {
  const editor = await startEditor({ dir, trusted: true, settings: { ...LOOK, ...settings }, env });
  const { page, close } = await openBrowser(SIZE);
  try {
    await page.goto(editor.url(copyDemo()));
    await ready(page);
    await scenes(page);
  } catch (error) {
    await page.screenshot({ path: join(tmpdir(), 'kgent-screenshot-failed.png') });
    throw error;
  } finally {
    await close();
    await editor.stop();
  }
}

/** The whole program: types beside the names, what each probe matches above it, and the warning. */
async function hints(/** @type {Page} */ page) {
  await page.locator('.codelens-decoration').filter({ hasText: 'matches' }).first().waitFor({ timeout: 60_000 });
  await page.locator('.monaco-editor .view-line').filter({ hasText: 'uint64' }).first().waitFor({ timeout: 60_000 });
  await page.locator('.squiggly-warning').first().waitFor({ timeout: 60_000 });
  await take(page, 'inlay-hints');
}

async function hover(/** @type {Page} */ page) {
  await hoverWord(page, 'skc_dport');
  await take(page, 'hover');
  await page.keyboard.press('Escape');
}

async function rename(/** @type {Page} */ page) {
  await goTo(page, 8, 4);
  await page.keyboard.press('F2');
  await page.locator('.rename-box input').fill('@began');
  await take(page, 'rename');
  await page.keyboard.press('Escape');
}

async function completion(/** @type {Page} */ page) {
  await goTo(page, 18, 1);
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.keyboard.type('$from = $sk->__sk_common.skc_r');
  await suggestion(page, 'skc_rcv_saddr');
  await take(page, 'completion');
}

/** Types into a quick pick once it stands in the place of the palette. */
async function quickPick(/** @type {Page} */ page, /** @type {string} */ title, /** @type {string} */ text) {
  await page.locator('.quick-input-title').filter({ hasText: title }).first().waitFor({ timeout: 60_000 });
  await page.keyboard.type(text, { delay: 30 });
}

/** An attach point by everyday words; what is known of it stands beside. */
async function search(/** @type {Page} */ page) {
  await command(page, 'Kgent: Search attach points');
  await quickPick(page, 'Kgent: Search attach points', 'packets the kernel drops and why');
  await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'kfree_skb' }).first().waitFor({ timeout: 60_000 });
  await page.locator('.view-line').filter({ hasText: '###' }).first().waitFor({ timeout: 60_000 });
  await take(page, 'search');
  await page.keyboard.press('Escape');
}

async function examples(/** @type {Page} */ page) {
  await command(page, 'Kgent: Browse examples');
  await quickPick(page, 'Kgent: Browse examples', 'wait');
  await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'Waiting while the kernel frees memory' }).first().waitFor({ timeout: 60_000 });
  await page.keyboard.press('ArrowDown');
  await page.locator('.view-line').filter({ hasText: 'vmscan' }).first().waitFor({ timeout: 60_000 });
  await take(page, 'examples');
  await page.keyboard.press('Escape');
}

async function diagnostics(/** @type {Page} */ page) {
  await openFile(page, 'bytes-written.bt');
  await statusBar(page, /6\.\d+/);
  await command(page, 'Problems: Focus on Problems View');
  await page.locator('.markers-panel .monaco-list-row').filter({ hasText: 'retval' }).waitFor({ timeout: 60_000 });
  await hoverSquiggle(page);
  await take(page, 'diagnostics');
}

async function generation(/** @type {Page} */ page) {
  for (const title of ['View: Close All Editors', 'View: Hide Panel']) await command(page, title);
  await openView(page, 'Kgent');
  await drag(page, '.part.sidebar', 'right', 60);
  await command(page, 'Kgent: Generate eBPF from description');
  await answer(page, 'print every new TCP connection with process, address and port');
  await page.locator('.pane-body .monaco-list-row').filter({ hasText: 'Accepted' }).waitFor({ timeout: 180_000 });
  await page.locator('.notification-toast').filter({ hasText: 'Run on' }).waitFor({ timeout: 30_000 });
  await take(page, 'generation');
}

async function run(/** @type {Page} */ page, /** @type {Vm} */ vm) {
  const connects = start('ssh', [...sshArguments(vm), CONNECTS], { stdio: 'ignore' });
  await press(page, 'Run on');
  await press(page, 'Run');
  await terminalLine(page, /Running on/);
  await drag(page, '.part.panel', 'top', -60);
  for (const process of ['ssh', 'nc', 'bash']) await terminalLine(page, new RegExp(`${process} +\\d`));
  await closeNotifications(page);
  await take(page, 'run');
  await endGroup(connects.pid);
}

/** Two hosts and this machine: what is known of them and what they lack. */
async function targets(/** @type {Page} */ page) {
  await openFile(page, 'bytes-written.bt');
  await openView(page, 'Kgent');
  await drag(page, '.part.sidebar', 'right', 150);
  await page.locator('.pane-header').filter({ hasText: 'Generation' }).click();
  const row = (/** @type {string | RegExp} */ text) => page.locator('.pane-body .monaco-list-row').filter({ hasText: text }).first();
  await row('Attach points').waitFor({ timeout: 60_000 });
  // Unfolding a target nobody asked yet connects to it.
  await row('local').click();
  await row('No kprobes').waitFor({ timeout: 60_000 });
  await row('local').click();
  await row('Attach points').click();
  await row('web').click();
  await row('may not become root').click({ timeout: 60_000 });
  await row('NOPASSWD').waitFor();
  await page.mouse.move(900, 300);
  await closeNotifications(page);
  await take(page, 'targets');
}

/** The cause underlined, and in a hover why, with the lines that led to it. */
async function rejection(/** @type {Page} */ page) {
  await openFile(page, 'packets.bpf.c');
  await command(page, 'View: Close Primary Side Bar');
  await hoverSquiggle(page);
  await page.locator('.monaco-hover').filter({ hasText: 'rejected here' }).waitFor({ timeout: 15_000 });
  await take(page, 'rejection');
  await page.keyboard.press('Escape');
}

/** What can be done about it, when the repairs were tried. */
async function quickFixes(/** @type {Page} */ page) {
  await command(page, 'Go to Next Problem in Files (Error, Warning, Info)');
  await page.keyboard.press('Escape');
  const rows = page.locator('.action-widget .monaco-list-row');
  const proved = rows.filter({ hasText: 'again' }).filter({ hasNotText: /still being tried/ }).first();
  await expectSoon(async () => {
    await page.keyboard.press('Control+.');
    await rows.first().waitFor({ timeout: 5000 });
    if (await proved.isVisible()) return true;
    await page.keyboard.press('Escape');
    return false;
  });
  await take(page, 'quick-fixes');
  await page.keyboard.press('Escape');
}

/** What the model makes of it, beside the program. */
async function fixing(/** @type {Page} */ page) {
  await command(page, 'View: Close All Editors');
  await openFile(page, 'packets.bpf.c');
  await page.locator('.squiggly-error').first().waitFor({ timeout: 60_000 });
  await command(page, 'Kgent: Fix with Kgent');
  await page.locator('.notification-toast').filter({ hasText: 'Accept' }).waitFor({ timeout: 60_000 });
  await page.locator('.monaco-diff-editor').first().waitFor({ timeout: 15_000 });
  await page.locator('.pane-header').filter({ hasText: 'Targets' }).click();
  await page.mouse.move(700, 560);
  await take(page, 'fix');
}

/** Does something until it has come about. @param {() => Promise<boolean>} done */
async function expectSoon(done) {
  for (let attempt = 0; attempt < 20; attempt++) if (await done()) return;
  throw new Error('It did not come about.');
}

/** The log beside the source. */
async function verifierLog(/** @type {Page} */ page) {
  await command(page, "Kgent: Show the verifier's log");
  const log = page.frameLocator('iframe.webview').frameLocator('#active-frame');
  await log.locator('.row.needed').waitFor({ timeout: 30_000 });
  await log.locator('#state table').waitFor({ timeout: 30_000 });
  await closeNotifications(page);
  await log.locator('#log').focus();
  await page.keyboard.press('p');
  await log.locator('.row.current.lost').waitFor();
  await page.keyboard.press('n');
  await log.locator('.row.current.needed').waitFor();
  await log.locator('tr.used', { hasText: 'no longer a packet pointer' }).waitFor();
  await take(page, 'verifier-log');
}

/** What was proved and refuted above the probe, and the values that break it. */
async function refuted(/** @type {Page} */ page) {
  await command(page, 'View: Close Primary Side Bar');
  await command(page, 'Kgent: Prove now');
  await page.locator('.codelens-decoration').filter({ hasText: 'refuted' }).first().waitFor({ timeout: 60_000 });
  await command(page, 'View: Close Primary Side Bar');
  await hoverSquiggle(page, 'warning');
  await take(page, 'contract');
  await page.keyboard.press('Escape');
}

/** The events that break it, at the last of their steps. */
async function counterexample(/** @type {Page} */ page) {
  await openView(page, 'Kgent');
  await command(page, 'Kgent: Show proofs and counterexamples');
  const step = page.locator('.pane-body .monaco-list-row.selected');
  await step.waitFor({ timeout: 15_000 });
  await page.locator('.pane-header').filter({ hasText: 'Targets' }).click();
  await drag(page, '.part.sidebar', 'right', 120);
  await command(page, 'Kgent: Next step of the counterexample');
  await page.mouse.move(900, 500);
  await take(page, 'counterexample');
}

async function take(/** @type {Page} */ page, /** @type {string} */ picture) {
  mkdirSync(inRoot('docs/images'), { recursive: true });
  const path = inRoot('docs/images', `${picture}.png`);
  await page.screenshot({ path });
  say('screenshots', path);
}

function copyDemo() {
  const folder = join(dir, 'demo');
  cpSync(inRoot('test-fixtures/demo'), folder, { recursive: true });
  return folder;
}

/** The virtual machine as saved targets, by two of its users. Returns the folder of configurations. */
function writeTarget(/** @type {Vm} */ vm) {
  const as = (/** @type {string} */ user) => ({ destination: `${user}@${vm.host}`, port: vm.port, identity: vm.key, knownHosts: vm.knownHosts });
  const config = join(dir, 'config');
  mkdirSync(join(config, 'kgent'), { recursive: true });
  writeFileSync(join(config, 'kgent/targets.json'), JSON.stringify({ targets: { [TARGET]: as('root'), web: as('nosudo') } }));
  return config;
}

function settingsOf(/** @type {{url: string}} */ { url }) {
  return { 'kgent.model.baseUrl': url, 'kgent.model.name': 'scripted-model' };
}

/** The tests' model server: an OpenAI-compatible server that answers by script. */
async function startModel(/** @type {string[]} */ replies) {
  const script = join(dir, 'replies.json');
  writeFileSync(script, JSON.stringify({ replies, then: 'repeat' }));
  const child = start(process.execPath, [inRoot('node_modules/tsx/dist/cli.mjs'), inRoot('server/test/support/model-server-main.ts'), script], { stdio: ['ignore', 'pipe', 2] });
  const line = await new Promise((resolve) => child.stdout?.once('data', resolve));
  return { url: String(JSON.parse(String(line)).url), stop: () => endGroup(child.pid) };
}
