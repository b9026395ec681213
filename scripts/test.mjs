#!/usr/bin/env node
// test.mjs [STAGE…]: every gate, or the named ones. All stages run even when one fails, so that one
// run tells everything. The last line is `N passed, N failed`; exit 1 when anything failed.
import { say, seconds } from './lib/log.mjs';
import { beforeEnd, endChildrenOnSignal } from './lib/process.mjs';
import { setUpMachine } from './setup.mjs';

/** One after the other, but for what mostly waits for a machine: that goes on beside what only computes. */
const ROUNDS = [[['build']], [['lint', 'types', 'unit'], ['host']], [['tools']], [['editor']]];
const names = ROUNDS.flat(2);
const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  say('test', `there is no stage ${unknown.join(', ')}; the stages are ${names.join(', ')}`);
  process.exit(2);
}

const started = Date.now();
const total = await everything(names.filter((name) => chosen.length === 0 || chosen.includes(name))).catch((error) => {
  say('test', `set-up failed: ${error instanceof Error ? error.message : String(error)}`);
  return { passed: 0, failed: 1, skipped: 0 };
});
say('test', `everything took ${seconds(started)}`);
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`);
process.exit(total.failed > 0 ? 1 : 0);

/** @returns {Promise<Required<import('./test/count.mjs').Count>>} */
async function everything(/** @type {string[]} */ stageNames) {
  endChildrenOnSignal();
  await setUpMachine(['product', 'editor', 'tests'], true);
  // Only now are the packages there that these import.
  const [{ stages }, { prepare, vmName }, { sum }, { stop }] = await Promise.all([import('./test/stages.mjs'), import('./test/prepare.mjs'), import('./test/count.mjs'), import('./vm/vm.mjs')]);
  beforeEnd(() => stop(vmName));
  const prepared = prepare(stageNames);
  /** @type {Map<string, Timed>} */
  const counts = new Map();
  const chain = async (/** @type {string[]} */ chained) => {
    for (const name of chained.filter((one) => stageNames.includes(one))) counts.set(name, await one(name, () => stages[name]?.(prepared)));
  };
  try {
    for (const chains of ROUNDS) await Promise.all(chains.map(chain));
  } finally {
    await stop(vmName);
  }
  const told = stageNames.flatMap((name) => counts.get(name) ?? []);
  tell(stageNames, told);
  return sum(told);
}

/** @typedef {import('./test/count.mjs').Count & {took: string}} Timed */

/** @returns {Promise<Timed>} */
async function one(/** @type {string} */ name, /** @type {() => Promise<import('./test/count.mjs').Count> | undefined} */ work) {
  const begun = Date.now();
  process.stdout.write(`\n=== ${name}\n`);
  try {
    const count = (await work()) ?? { passed: 0, failed: 1 };
    return { ...count, took: seconds(begun) };
  } catch (error) {
    process.stdout.write(`${name} could not run: ${error instanceof Error ? error.message : String(error)}\n`);
    return { passed: 0, failed: 1, took: seconds(begun) };
  }
}

function tell(/** @type {string[]} */ stageNames, /** @type {Timed[]} */ counts) {
  process.stdout.write('\n=== summary\n');
  counts.forEach(({ passed, failed, skipped, took }, i) => {
    const verdict = `${String(passed).padStart(5)} passed ${String(failed).padStart(3)} failed${skipped ? ` ${skipped} skipped` : ''}`;
    process.stdout.write(`${failed > 0 ? '✗' : '✓'} ${String(stageNames[i]).padEnd(7)}${verdict}  ${took}\n`);
  });
}
