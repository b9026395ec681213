import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isStale } from '../lib/fresh.mjs';
import { say } from '../lib/log.mjs';
import { inRoot } from '../lib/paths.mjs';
import { must } from '../lib/process.mjs';
import { installEditor, installExtension, startEditor } from './server.mjs';

/** Serves the editor with the extension installed until we are told to end. */
export async function openInBrowser(/** @type {string} */ folder, /** @type {string} */ cache) {
  say('start', 'editor: VS Code is not installed here, so its server and web workbench are used (the first time this takes about 2 minutes)');
  await installEditor();
  const dir = join(cache, 'editor/home');
  mkdirSync(dir, { recursive: true });
  const vsix = inRoot('kgent.vsix');
  if (isStale(vsix, ['dist', 'package.json', 'README.md', 'client/media', '.vscodeignore'].map((path) => inRoot(path)))) {
    await must(process.execPath, [inRoot('scripts/package.mjs'), vsix]);
  }
  await installExtension(dir, vsix);
  // The folder is this repository's own demo, and whoever started us trusts the repository.
  const editor = await startEditor({ dir, trusted: true, settings: { 'workbench.startupEditor': 'readme' } });
  process.stdout.write(`\nKgent is open at\n\n  ${editor.url(folder)}\n\nCtrl+C ends it.\n`);
  await editor.ended;
  say('start', 'the editor has ended');
}
