#!/usr/bin/env node
// package.mjs [OUT]: makes kgent.vsix. Everything is bundled, so it holds no node_modules and is one
// file for all platforms.
import { createVSIX } from '@vscode/vsce';
import { say, seconds } from './lib/log.mjs';
import { inRoot } from './lib/paths.mjs';

const [out = inRoot('kgent.vsix')] = process.argv.slice(2);
const started = Date.now();
// The README's pictures are in the package: its links stay relative.
await createVSIX({ cwd: inRoot(), packagePath: out, dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false });
say('package', `${out} in ${seconds(started)}`);
