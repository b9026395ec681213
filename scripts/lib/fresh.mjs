import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Milliseconds of the newest file at or under any of `paths`; missing ones do not count. */
export function newest(/** @type {string[]} */ paths) {
  return Math.max(0, ...paths.map(newestAt));
}

/** @returns {number} */
function newestAt(/** @type {string} */ path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  // A folder's own time tells of removed files, its entries' times of changed ones.
  return stat.isDirectory() ? Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestAt(join(path, name)))) : stat.mtimeMs;
}

/** True when `stamp` was not left after the newest of `sources`. */
export function isStale(/** @type {string} */ stamp, /** @type {string[]} */ sources) {
  const made = statSync(stamp, { throwIfNoEntry: false });
  return !made || made.mtimeMs < newest(sources);
}

/** Leaves a stamp with the time at which the work *began*: what changed meanwhile counts as newer. */
export function leaveStamp(/** @type {string} */ stamp, /** @type {number} */ began) {
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, '');
  utimesSync(stamp, began / 1000, began / 1000);
}

/**
 * Packages of a lockfile that are not installed, by comparing it with the one npm leaves in
 * node_modules. Contents, not times: a `git checkout` touches the file without changing it.
 * Optional packages may be missing: other platforms' binaries, natives that did not compile.
 * @param {string} lockfile @param {string} installed
 */
export function notInstalled(lockfile, installed) {
  const want = packagesOf(lockfile);
  const have = packagesOf(installed);
  return Object.entries(want)
    .filter(([path, entry]) => path !== '' && !entry.optional && have[path]?.version !== entry.version)
    .map(([path]) => path);
}

/** @returns {Record<string, {version?: string, optional?: boolean}>} */
function packagesOf(/** @type {string} */ file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
  } catch {
    return {};
  }
}
