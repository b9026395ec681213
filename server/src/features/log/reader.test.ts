import { afterEach, describe, expect, it } from 'vitest';
import { LogReader, type ReadableLog } from './reader.ts';

/** A program that goes round a loop until the verifier gives up. */
function endless(lines: number): string {
  const round = ['; for (;;) @ p.bpf.c:7', '1: (07) r1 += 1                       ; R1=scalar()', '2: (05) goto pc-2'];
  const text = ['0: R1=ctx() R10=fp0', '0: (b7) r1 = 0                        ; R1=0'];
  while (text.length < lines - 2) text.push(...round);
  return [...text.slice(0, lines - 2), 'BPF program is too large. Processed 1000001 insn', 'processed 1000001 insns (limit 1000000) max_states_per_insn 4 total_states 9 peak_states 9 mark_read 1'].join('\n');
}

const log = (id: string, text: string): ReadableLog => ({ id, text, source: '' });
const reader = new LogReader();
afterEach(() => reader.dispose());

describe('a reader of logs', () => {
  it('answers for 500,000 lines from its thread', { timeout: 60_000 }, async () => {
    const long = log('long', endless(500_000));
    expect(await reader.open(long)).toMatchObject({ lines: 500_000, truncated: false, rejection: { class: 'too-complex' } });
    const middle = await reader.ask(long, ['lines', 250_001, 3]);
    expect(middle.map(({ sourceLine }) => sourceLine)).toEqual([7, 7, 7]);
    expect(await reader.ask(long, ['state', 499_990])).toMatchObject({ registers: expect.arrayContaining([expect.objectContaining({ name: 'R1', words: 'a number of which nothing is known' })]) as unknown });
    expect(await reader.ask(long, ['find', 'too LARGE', 0, false])).toEqual({ line: 499_998, nth: 1, total: 1 });
  });

  it('reads again what it closed, for it was to keep only two', { timeout: 60_000 }, async () => {
    const logs = ['a', 'b', 'c'].map((id) => log(id, endless(50)));
    for (const one of logs) expect(await reader.open(one)).toMatchObject({ lines: 50 });
    for (const one of logs) expect(await reader.ask(one, ['lines', 0, 1])).toMatchObject([{ text: '0: R1=ctx() R10=fp0' }]);
  });

  it('ends its thread with the last log', { timeout: 60_000 }, async () => {
    const one = log('a', endless(50));
    await reader.open(one);
    const answer = reader.ask(one, ['lines', 0, 1]);
    await Promise.resolve();
    reader.close('a');
    await expect(answer).rejects.toThrow(/closed/);
  });
});
