/**
 * What VS Code loads as `extensionTestsPath`, in the desktop and in the server alike: runs the suites
 * beside it with mocha. An extension host that was killed can look like a success from outside, so the
 * counts go to the file `KGENT_TEST_RESULT` at the very end: no file, no success.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';

interface Failure {
  readonly title: string;
  readonly message: string;
}

/** As the file holds it. */
export interface SuiteResult {
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly Failure[];
}

export async function run(): Promise<void> {
  // Programs run on emulated machines, where a start of bpftrace takes seconds.
  const mocha = new Mocha({ ui: 'bdd', timeout: 120_000, reporter: Mocha.reporters.Base, grep: process.env['KGENT_TEST_GREP'] });
  const folder = join(__dirname, 'suite');
  for (const name of readdirSync(folder).sort()) {
    if (name.endsWith('.test.cjs')) mocha.addFile(join(folder, name));
  }
  const result = await runMocha(mocha);
  const file = process.env['KGENT_TEST_RESULT'];
  if (file) writeFileSync(file, JSON.stringify(result));
  if (result.passed === 0) throw new Error('No test passed.');
  if (result.failed > 0) throw new Error(`${result.failed} failed`);
}

/** We print, not a reporter: the editor mixes its own log into what is said, and our lines must be found in it. */
const say = (line: string): void => console.log(`kgent test: ${line}`);

function runMocha(mocha: Mocha): Promise<SuiteResult> {
  const failures: Failure[] = [];
  return new Promise((resolve) => {
    const runner = mocha.run(() => {
      const passed = runner.stats?.passes ?? 0;
      resolve({ passed, failed: failures.length, failures });
    });
    runner.on('pass', (test) => say(`✓ ${test.fullTitle()} (${test.duration ?? 0} ms)`));
    // Hooks that fail are told here too, and count as failures.
    runner.on('fail', (test, error: Error) => {
      const message = error.stack ?? error.message;
      failures.push({ title: test.fullTitle(), message });
      say(`✗ ${test.fullTitle()}\n${message}`);
    });
  });
}
