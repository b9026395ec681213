import { expect, it } from 'vitest';
import { FactsMemory } from './facts.ts';
import type { ExecRequest, Outcome } from './target.ts';

const ANSWER = 'release=6.12.0\narch=x86_64\nsystem=Linux\nuser=root\nuid=0\n';
const output = { stdout: '', stderr: '', truncated: false, ms: 1 };

/** A target that answers, or is cancelled, when told to. */
class Machine {
  readonly name = 'machine';
  asked = 0;
  answer: (stdout: string) => void = () => undefined;
  exec(request: ExecRequest): Promise<Outcome> {
    this.asked++;
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
