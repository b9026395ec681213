import { expect, it } from 'vitest';
import { knownFacts } from '../../test/support/facts.ts';
import type { Facts } from '../kernel/facts.ts';
import { FactsMemory } from './facts.ts';
import type { ExecRequest, Outcome } from './target.ts';

const ANSWER = 'release=6.12.0\narch=x86_64\nsystem=Linux\nuser=root\nuid=0\n';
const output = { stdout: '', stderr: '', truncated: false, ms: 1 };

/** A target that answers, or is cancelled, when told to. */
class Machine {
  readonly name = 'machine';
  asked = 0;
  readonly requests: ExecRequest[] = [];
  answer: (stdout: string) => void = () => undefined;
  exec(request: ExecRequest): Promise<Outcome> {
    this.asked++;
    this.requests.push(request);
    return new Promise((resolve) => {
      this.answer = (stdout) => resolve({ kind: 'ran', exitCode: 0, ...output, stdout });
      request.signal?.addEventListener('abort', () => resolve({ kind: 'cancelled', ...output }));
    });
  }
}

it('asks once for all who wait, and remembers', async () => {
  const machine = new Machine();
  const memory = new FactsMemory(machine);
  const both = Promise.all([memory.get({}), memory.get({})]);
  machine.answer(ANSWER);
  expect(await both).toMatchObject([{ kind: 'known' }, { kind: 'known' }]);
  expect([(await memory.get({})).kind, machine.asked]).toEqual(['known', 1]);
});
it('one who cancels does not answer for another who waits', async () => {
  const machine = new Machine();
  const memory = new FactsMemory(machine);
  const abort = new AbortController();
  const [first, second] = [memory.get({ signal: abort.signal }), memory.get({ signal: new AbortController().signal })];
  abort.abort();
  expect((await first).kind).toBe('cancelled');
  machine.answer(ANSWER);
  expect([(await second).kind, machine.asked]).toEqual(['known', 2]);
});
it('a failed answer is not remembered; refresh asks again', async () => {
  const machine = new Machine();
  const memory = new FactsMemory(machine);
  const ask = async (stdout: string, refresh = false): Promise<string> => {
    const asked = memory.get({ refresh });
    machine.answer(stdout);
    return (await asked).kind;
  };
  expect([await ask('system=Darwin'), await ask(ANSWER), await ask(''), await ask('', true), machine.asked]).toEqual(['failed', 'known', 'known', 'failed', 3]);
});
it('what was known in an earlier session need not be told again, and what is known now is kept for the next', async () => {
  const machine = new Machine();
  const before = { name: 'machine', at: 0, facts: { ...knownFacts, tools: { bpftrace: { command: 'bpftrace', text: 'bpftrace v0.23.2', version: [0, 23, 2], stamp: '1.2 /usr/bin/bpftrace' } } } };
  const kept: [string, Facts][] = [];
  const memory = new FactsMemory(machine, { target: () => Promise.resolve(before), keepTarget: (...words) => Promise.resolve(void kept.push(words)) });
  const asked = memory.get({});
  await new Promise(setImmediate);
  expect(machine.requests[0]?.argv.slice(4)).toEqual(['1.2 /usr/bin/bpftrace;', '']);
  machine.answer(`${ANSWER}tool.bpftrace=bpftrace /usr/bin/bpftrace\nstamp=1.2 /usr/bin/bpftrace\n`);
  const known = await asked;
  expect(known).toMatchObject({ kind: 'known', facts: { release: '6.12.0', tools: { bpftrace: { text: 'bpftrace v0.23.2' } } } });
  expect(kept).toEqual([['machine', known.kind === 'known' ? known.facts : undefined]]);
});
