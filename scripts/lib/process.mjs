import { spawn } from 'node:child_process';
import { root } from './paths.mjs';

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] Added to our own environment; `undefined` removes a name.
 * @property {'stdout' | 'stderr' | 'keep'} [output] Where what it prints goes; `keep` returns it.
 * @property {number} [limitSeconds] After this long the whole process group is ended.
 */

/** Process groups we started and have not seen end. @type {Set<number>} */
const groups = new Set();

/**
 * Runs a program to its end and never rejects: `code` is its exit status, 127 when it could not be
 * started, 124 when its time was up.
 * @param {string} command @param {string[]} args @param {RunOptions} [options]
 * @returns {Promise<{code: number, output: string}>}
 */
export async function run(command, args, { cwd = root, env = {}, output: to = 'stderr', limitSeconds = 600 } = {}) {
  const stream = { stdout: 1, stderr: 2, keep: /** @type {const} */ ('pipe') }[to];
  const child = start(command, args, { cwd, env, stdio: ['ignore', stream, to === 'keep' ? stream : 2] });
  let output = '';
  for (const pipe of [child.stdout, child.stderr]) pipe?.on('data', (bytes) => (output += bytes));
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    void endGroup(child.pid);
  }, limitSeconds * 1000);
  const code = await new Promise((resolve) => {
    child.once('error', (error) => {
      output += error.message;
      resolve(127);
    });
    child.once('close', (status) => resolve(status ?? 1));
  });
  clearTimeout(timer);
  if (late) output += `\n${command} was ended after ${limitSeconds} s.`;
  return { code: late ? 124 : code, output };
}

/** As `run` with its output kept; throws with the last lines of it when the program fails. */
export async function must(/** @type {string} */ command, /** @type {string[]} */ args, /** @type {RunOptions} */ options = {}) {
  const { code, output } = await run(command, args, { ...options, output: 'keep' });
  if (code === 0) return output;
  const tail = output.trim().split('\n').slice(-25).join('\n');
  throw new Error(`${command} ${args.join(' ')} failed (exit ${code}):\n${tail}`);
}

/**
 * Starts a program in a process group of its own, so that what it starts can be ended with it.
 * @param {string} command @param {string[]} args @param {import('node:child_process').SpawnOptions} options
 */
export function start(command, args, { env = {}, ...options }) {
  const child = spawn(command, args, { cwd: root, ...options, env: { ...process.env, ...env }, detached: true });
  const { pid } = child;
  if (pid !== undefined) {
    groups.add(pid);
    child.once('exit', () => groups.delete(pid));
  }
  return child;
}

/** Ends a process group. */
export const endGroup = (/** @type {number | undefined} */ pid) => (pid === undefined ? Promise.resolve() : end(-pid));

/** TERM to a process (or to a group, as a negative number), KILL to what is left of it 3 s later. */
export async function end(/** @type {number} */ target) {
  if (!signal(target, 'SIGTERM')) return;
  for (let waited = 0; waited < 3000; waited += 50) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    if (!signal(target, 0)) return;
  }
  signal(target, 'SIGKILL');
}

/** True when somebody was there to get it. */
function signal(/** @type {number} */ target, /** @type {NodeJS.Signals | 0} */ name) {
  try {
    return process.kill(target, name);
  } catch {
    return false;
  }
}

export const isAlive = (/** @type {number} */ pid) => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
};

/** What else to do before we end. @type {(() => unknown)[]} */
const farewells = [];
export const beforeEnd = (/** @type {() => unknown} */ farewell) => void farewells.push(farewell);

/** On Ctrl+C or TERM: the farewells, then every group we started, then ourselves. */
export function endChildrenOnSignal() {
  let ending = false;
  for (const [name, code] of /** @type {const} */ ([['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]])) {
    process.on(name, () => {
      if (ending) return;
      ending = true;
      void Promise.allSettled([...farewells.map((farewell) => farewell()), ...[...groups].map(endGroup)]).then(() => process.exit(code));
    });
  }
}
