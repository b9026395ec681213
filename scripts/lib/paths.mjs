import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
export const inRoot = (/** @type {string[]} */ ...parts) => join(root, ...parts);

/** Big things that are downloaded or built once per user: the editor, the VM image, the newest bpftrace. */
export const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'kgent');
