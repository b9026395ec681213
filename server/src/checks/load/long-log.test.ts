import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { knownFacts as facts } from '../../../test/support/facts.ts';
import { bundled } from '../../../test/support/inventory.ts';
import type { ExecRequest, Outcome, Target } from '../../target/target.ts';
import type { CheckResult } from '../pipeline.ts';
import { explainLog } from './explain-log.ts';
import { loadObject } from './object.ts';

const SOURCE = 'SEC("xdp")\nint forever(struct xdp_md *ctx)\n{\n\t__u64 n = 0;\n\tfor (;;)\n\t\tn += 1;\n}\n';

/** A program that goes round a loop until the verifier gives up. */
function endless(bytes: number): string {
  const round = '; n += 1; @ p.bpf.c:6\n1: (07) r1 += 1                       ; R1=scalar()\n; for (;;) @ p.bpf.c:5\n2: (05) goto pc-2\n';
  const begin = '0: R1=ctx() R10=fp0\n0: (b7) r1 = 0                        ; R1=0\n';
  return `${begin}${round.repeat(Math.ceil(bytes / round.length))}BPF program is too large. Processed 1000001 insn\nprocessed 1000001 insns (limit 1000000) max_states_per_insn 4 total_states 9 peak_states 9 mark_read 1\n`;
}

const LOG = endless(30_000_000);

/** Processor time this thread has used, in milliseconds: what other processes take of it does not count. */
function used(): number {
  return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6;
}

/** The longest turn of the event loop while something is done, in milliseconds of this thread's processor time. */
async function longestTurn<T>(work: () => Promise<T>): Promise<{ result: T; longest: number; turns: number }> {
  let [longest, turns, last, done] = [0, 0, used(), false];
  const turn = (): void => {
    const now = used();
    longest = Math.max(longest, now - last);
    last = now;
    turns += 1;
    if (!done) setImmediate(turn);
  };
  setImmediate(turn);
  const result = await work();
  await new Promise<void>((resolve) => void setImmediate(resolve));
  done = true;
  return { result, longest, turns };
}

/** Checks an object of which a machine says so. */
function check(said: string, signal?: AbortSignal): Promise<CheckResult> {
  const exec = ({ argv }: ExecRequest): Promise<Outcome> => {
    const mark = argv.find((word) => word.startsWith('KGENT-LOAD-')) ?? '';
    return Promise.resolve({ kind: 'ran', exitCode: 0, stdout: `\n${mark} all 255\n${said}`, stderr: '', truncated: false, ms: 1 });
  };
  const target: Target = { name: 'vm', kind: 'ssh', exec, start: () => expect.fail('nothing is started'), facts: () => Promise.resolve({ kind: 'known', facts }), dispose: () => Promise.resolve() };
  return loadObject(new Uint8Array(3), { uri: 'file:///p.bpf.c', version: 1, text: SOURCE, language: 'c' }, 'bpftool', facts, { target, facts, timeoutMs: 1000, unsafe: false, inventory: () => Promise.resolve(bundled), signal });
}

describe('a log of 30 MB', () => {
  it('says why in a thread: nobody waits 50 ms', { timeout: 120_000 }, async () => {
    const { result, longest, turns } = await longestTurn(() => check(LOG));
    expect(result.findings).toMatchObject([{ code: 'too-complex', range: { start: { line: 4 } } }]);
    expect(result.logs?.[0]?.explanations).toHaveLength(1);
    expect(turns).toBeGreaterThan(20);
    expect(longest).toBeLessThan(50);
  });
  it('the measure tells of a thread that is not used', { timeout: 120_000 }, async () => {
    const { longest } = await longestTurn(async () => {
      for (let at = 0; at < LOG.length; at += 400_000) await explainLog(LOG.slice(at, at + 400_000), {});
    });
    expect(longest).toBeGreaterThan(50);
  });
  it('is left when the check is cancelled', { timeout: 120_000 }, async () => {
    const abort = new AbortController();
    const checking = check(LOG, abort.signal);
    await new Promise<void>((resolve) => void setImmediate(resolve));
    abort.abort();
    expect(await checking).toEqual({ findings: [], skipped: 'Cancelled.' });
    await expect(explainLog(LOG, {}, abort.signal)).rejects.toThrow(/abort/i);
  });
});
