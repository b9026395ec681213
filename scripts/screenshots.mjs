#!/usr/bin/env node
// screenshots.mjs [NAME…]: takes docs/images/{diagnostics,generation,run}.png of the real editor with
// the packaged extension, doing what a user does. Needs Debian as root: programs run on this machine.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBrowser } from './editor/browser.mjs';
import { freshDirectory, installEditor, installExtension, startEditor } from './editor/server.mjs';
import { answer, command, hoverSquiggle, openFile, openView, press, ready } from './editor/workbench.mjs';
import { say } from './lib/log.mjs';
import { inRoot } from './lib/paths.mjs';
import { beforeEnd, endChildrenOnSignal, endGroup, must, start } from './lib/process.mjs';
import { setUp } from './setup.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** Two pixels a point, as on the screens that most people read a README on. */
const SIZE = { width: 1120, height: 630, scale: 2 };
const LOOK = { 'editor.hover.above': false, 'editor.fontSize': 14, 'breadcrumbs.enabled': false, 'outline.collapseItems': 'alwaysCollapse' };

/** What the scripted model says: a mistake that the compiler finds, then its repair. */
const REPLIES = ['file_name', 'filename'].map((field) => `\`\`\`bpftrace
tracepoint:syscalls:sys_enter_openat
{
  printf("%-16s %s\\n", comm, str(args->${field}));
}
\`\`\``);

/** @type {Record<string, (page: Page) => Promise<unknown>>} */
const scenes = {
  diagnostics: async (page) => {
    await openFile(page, 'bytes-written.bt');
    await hoverSquiggle(page);
  },
  generation: async (page) => {
    await openView(page, 'Kgent');
    await command(page, 'Kgent: Generate eBPF from description');
    await answer(page, 'show which files each process opens');
    await page.locator('.pane-body .monaco-list-row').filter({ hasText: 'Accepted' }).waitFor({ timeout: 120_000 });
  },
  run: async (page) => {
    await openFile(page, 'syscalls-by-process.bt');
    await command(page, 'Kgent: Run on target');
    await press(page, 'Run');
    await page.locator('.terminal-wrapper.active').waitFor();
  },
};

endChildrenOnSignal();
await setUp(['product', 'editor', 'tests']);
await installEditor();
const work = mkdtempSync(join(tmpdir(), 'kgent-shots-'));
const remove = () => rmSync(work, { recursive: true, force: true });
beforeEnd(remove);
const vsix = join(work, 'kgent.vsix');
await must(process.execPath, [inRoot('scripts/package.mjs'), vsix]);
mkdirSync(inRoot('docs/images'), { recursive: true });
const chosen = process.argv.slice(2);
for (const [name, play] of Object.entries(scenes)) if (chosen.length === 0 || chosen.includes(name)) await shoot(name, play);
remove();

/** Each scene has an editor of its own, so that one that fails does not spoil the next. */
async function shoot(/** @type {string} */ name, /** @type {(page: Page) => Promise<unknown>} */ play) {
  const dir = freshDirectory();
  const model = await startModel(dir);
  await installExtension(dir, vsix);
  const folder = join(dir, 'demo');
  cpSync(inRoot('test-fixtures/demo'), folder, { recursive: true });
  // Notifications are part of the picture, and the smoke-test driver hides them.
  const editor = await startEditor({ dir, trusted: true, settings: { ...LOOK, 'kgent.model.baseUrl': model.url, 'kgent.model.name': 'scripted-model' } });
  const { page, close } = await openBrowser(SIZE);
  const file = inRoot('docs/images', `${name}.png`);
  try {
    await page.goto(editor.url(folder));
    await ready(page);
    await play(page);
    await page.screenshot({ path: file });
    say('screenshots', file);
  } catch (error) {
    await page.screenshot({ path: join(tmpdir(), `kgent-${name}-failed.png`) });
    throw error;
  } finally {
    await close();
    await editor.stop();
    await model.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The tests' model server: an OpenAI-compatible server that answers by script. */
async function startModel(/** @type {string} */ dir) {
  const script = join(dir, 'replies.json');
  writeFileSync(script, JSON.stringify({ replies: REPLIES, then: 'repeat' }));
  const child = start(process.execPath, [inRoot('node_modules/tsx/dist/cli.mjs'), inRoot('server/test/support/model-server-main.ts'), script], { stdio: ['ignore', 'pipe', 2] });
  const line = await new Promise((resolve) => child.stdout?.once('data', resolve));
  return { url: String(JSON.parse(String(line)).url), stop: () => endGroup(child.pid) };
}
