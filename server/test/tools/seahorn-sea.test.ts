import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runSea, type SeaOutcome } from '../../src/checks/contract/seahorn/sea.ts';
import { verifyWithSeahorn, type SeahornVerdicts } from '../../src/checks/contract/seahorn/engine.ts';
import { apply, bits, type IrProgram } from '../../src/contracts/ir/ir.ts';
import { readCounterexample } from '../../src/contracts/seahorn/counterexample.ts';
import { readSeahorn } from '../../src/contracts/seahorn/read.ts';
import { LocalTarget } from '../../src/target/local.ts';

const root = join(import.meta.dirname, '../../../test-fixtures/seahorn');
const local = new LocalTarget();
/** What the stand-in for `sea` does: it tells a recorded run again, or is told what to do. */
const front = (sea: string): string => `env SEA='${sea}' PATH='${join(root, 'stand-in')}':"$PATH"`;
const run = (sea: string, more: { readonly timeoutMs?: number; readonly signal?: AbortSignal } = {}): Promise<SeaOutcome> =>
  runSea(local, { text: 'int main(void) { return 0; }\n', front: front(sea), limits: { bound: 10, seconds: 20 }, timeoutMs: 30_000, ...more });
const recorded = (name: string, file: string): string => readFileSync(join(root, name, file), 'utf8');

describe('a run of sea', () => {
  it.each(['01-port-ntohs-missing', '02-port-ntohs-present', '25-event-sequence-ok', '30-compile-error', '31-no-assert'])('comes here as it was: %s', async (name) => {
    const outcome = await run(join(root, name));
    const exitCode = Number(recorded(name, 'exit.txt'));
    if (outcome.kind !== 'ran') return expect.fail(JSON.stringify(outcome));
    expect(outcome.run.exitCode).toBe(exitCode);
    expect(readSeahorn(outcome.run)).toEqual(readSeahorn({ stdout: recorded(name, 'stdout.txt'), stderr: recorded(name, 'stderr.txt'), exitCode }));
    if (name.startsWith('01')) expect(readCounterexample(outcome.counterexample)).toEqual(readCounterexample(recorded(name, 'cex.ll')));
    else expect(outcome.counterexample).toBe('');
  });

  it('has the program, and the arguments that were recorded', async () => {
    const outcome = await run('arguments');
    if (outcome.kind !== 'ran') return expect.fail(JSON.stringify(outcome));
    const [first = '', ...text] = outcome.run.stdout.split('\n');
    // As the recorded runs were made, but for `--bound` and the statistics.
    expect(first).toBe('fpf -m64 -g --inline --bmc=opsem --bound=10 --horn-bv2-lambdas --horn-bv2-extra-widemem --horn-vcgen-use-ite -DVACCHECK --assert-on-backedge --horn-bv2-vacuity-check=all --log=cex --cex=cex.ll --cpu=20 --mem=4096 program.c');
    expect(text.join('\n')).toContain('int main(void) { return 0; }');
  });

  it('ends when it takes too long, is cancelled, or is killed', async () => {
    expect(await run('hang', { timeoutMs: 500 })).toEqual({ kind: 'time-out', detail: 'SeaHorn did not finish within 0.5 s.' });
    expect(await run('hang', { signal: AbortSignal.timeout(300) })).toEqual({ kind: 'cancelled' });
    expect(await run('killed')).toEqual({ kind: 'killed', detail: 'SeaHorn was ended by signal 9.' });
  });

  it('that says nothing sensible gives no verdict', async () => {
    const outcome = await run('segmentation unsat fault');
    expect(outcome.kind === 'ran' && readSeahorn(outcome.run)).toMatchObject({ verdict: 'unknown', reason: 'crash' });
  });
});

describe('SeaHorn as an engine', () => {
  const small = apply('ult', 'bool', { kind: 'read', name: 'pid', width: 32 }, bits(100, 32));
  const program: IrProgram = { maps: [], handlers: [{ name: 'BEGIN', span: { start: 0, end: 5 }, body: [{ kind: 'assert', condition: small, property: 'contract', span: { start: 0, end: 5 }, says: 'pid < 100' }] }] };
  const verify = (command: string): Promise<SeahornVerdicts> =>
    verifyWithSeahorn({ translated: { program, unsupported: [], assumptions: [] }, file: 'x.bt', text: 'BEGIN { }\n', target: local }, { local, settings: () => ({ 'seahorn.command': command, 'seahorn.timeoutSeconds': 20, 'seahorn.events': 5 }) });

  it('gives verdicts', async () => {
    expect(await verify(front('proves'))).toMatchObject({ verdicts: [{ says: 'pid < 100', result: { kind: 'proved', by: 'always' } }] });
  });

  it('says what to do where it is not installed, or the command does not work', async () => {
    expect(await verify('')).toEqual({ skipped: expect.stringMatching(/^SeaHorn is not installed on this machine: put its program sea on the PATH, set kgent\.seahorn\.command/) as string });
    expect(await verify('no-such-container run')).toEqual({ skipped: expect.stringMatching(/^kgent\.seahorn\.command \(no-such-container run\) cannot be run: .*not found/) as string });
    expect(await verify('env')).toEqual({ skipped: 'What kgent.seahorn.command starts (env) has no program sea.' });
  });
});
