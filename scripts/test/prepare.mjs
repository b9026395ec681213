import { join } from 'node:path';
import { installEditor } from '../editor/server.mjs';
import { generator } from '../grammar/tools.mjs';
import { say, seconds } from '../lib/log.mjs';
import { cache, inRoot } from '../lib/paths.mjs';
import { must } from '../lib/process.mjs';
import { boot, buildImage, stopOrphans } from '../vm/vm.mjs';

/**
 * Big things that stages wait for; each is made once per user and kept.
 * @typedef {object} Prepared
 * @property {Promise<string>} newestBpftrace
 * @property {Promise<string>} treeSitter
 * @property {Promise<import('../vm/vm.mjs').Vm>} vm
 * @property {Promise<unknown>} editor
 */

/** Test runs do not share a machine: each has one of its own, on the same image. */
export const vmName = `test-${process.pid}`;

/**
 * Starts what the stages named need, beside the stages that need nothing.
 * @param {string[]} stages
 * @returns {Prepared}
 */
export function prepare(stages) {
  const needs = (/** @type {string[]} */ ...names) => names.some((name) => stages.includes(name));
  return {
    newestBpftrace: aside(needs('tools'), 'newest bpftrace', newestBpftrace),
    treeSitter: aside(needs('tools'), 'parser generator', generator),
    vm: aside(needs('host', 'editor'), 'virtual machine', bootOne),
    editor: aside(needs('editor'), 'editor', installEditor),
  };
}

async function newestBpftrace() {
  const dest = join(cache, 'sid');
  await must(inRoot('scripts/newer-debian.sh'), ['sid', dest, 'bpftrace'], { limitSeconds: 900 });
  return join(dest, 'bin/bpftrace');
}

async function bootOne() {
  await stopOrphans();
  await buildImage();
  return boot({ name: vmName });
}

/**
 * @template T
 * @param {boolean} needed @param {string} what @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
function aside(needed, what, work) {
  if (!needed) return new Promise(() => undefined);
  const started = Date.now();
  const made = work();
  // Told here once; the stage that waits for it fails with the same error.
  made.then(
    () => say('test', `${what} ready after ${seconds(started)}`),
    () => say('test', `${what} could not be made`),
  );
  return made;
}
