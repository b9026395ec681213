import { afterAll, beforeAll, expect, it } from 'vitest';
import { LoopbackHost } from '../support/loopback-host.ts';
import { Person } from '../support/person.ts';
import { told } from '../support/ssh-bench.ts';
import { tcpServer } from '../support/ssh-server.ts';
import { TestHome } from '../support/sshd.ts';
import { Wire } from '../support/tcp.ts';
import type { Outcome, Target } from '../../src/target/target.ts';

const home = new TestHome();
const person = new Person();
let host: LoopbackHost;
let slow: Wire;
let hole: Awaited<ReturnType<typeof tcpServer>>;
beforeAll(async () => {
  host = await LoopbackHost.start({ users: [{ name: 'dev' }] });
  slow = await Wire.to(host.port);
  hole = await tcpServer(() => undefined);
});
afterAll(async () => {
  await home.close();
  await hole.close();
  await slow.close();
  await host.stop();
});

it('8 targets at once: a stalled one, a dead one, one that asks and one that is refused slow no other', async () => {
  home.write('known_hosts', host.known('lo') + host.known('stalled'));
  const common = `HostName 127.0.0.1\nUser dev\nIdentityFile ${host.key}\n`;
  const good = ['a', 'b', 'c', 'd'];
  home.write(
    'config',
    `Host ${good.join(' ')}\nPort ${host.port}\nHostKeyAlias lo\n${common}` +
      `Host stalled\nPort ${slow.port}\nConnectTimeout 60\nHostKeyAlias lo\n${common}` +
      `Host dead\nPort ${hole.port}\nConnectTimeout 60\n${common}` +
      `Host asking\nPort ${host.port}\nHostKeyAlias unheard-of\n${common}` +
      `Host refused\nPort 1\n${common}`,
  );
  let answer: (trusted: boolean) => void = () => undefined;
  person.trustHostKey = () => new Promise((resolve) => (answer = resolve));
  const targets = home.targets(person);
  const all = [...good, 'stalled', 'dead', 'asking', 'refused'];
  expect(all.length).toBe(8);
  slow.stall();
  const ended: string[] = [];
  const outcomes = new Map<string, Promise<Outcome>>();
  const abort = new AbortController();
  for (const name of all) {
    const outcome = commands(targets.get(name), abort.signal);
    outcomes.set(name, outcome);
    void outcome.then(() => ended.push(name));
  }
  // Whole conversations with the good ones, one request after the other, while three others hang.
  for (const name of good) expect(await outcomes.get(name)).toMatchObject({ kind: 'ran', stdout: 'dev\n' });
  expect(told((await outcomes.get('refused')) as Outcome)).toContain('refused the connection');
  expect(ended.toSorted()).toEqual([...good, 'refused']);
  // Each of the others goes on by itself.
  slow.resume();
  expect(await outcomes.get('stalled')).toMatchObject({ kind: 'ran' });
  expect(ended).not.toContain('asking');
  answer(true);
  expect(await outcomes.get('asking')).toMatchObject({ kind: 'ran' });
  expect(ended).not.toContain('dead');
  abort.abort();
  expect(await outcomes.get('dead')).toMatchObject({ kind: 'cancelled' });
  await targets.dispose();
  expect(await host.left()).toEqual([]);
});

async function commands(target: Target, signal: AbortSignal): Promise<Outcome> {
  for (let i = 0; ; i++) {
    const outcome = await target.exec({ argv: ['id', '-un'], files: [{ name: 'f', content: 'x'.repeat(100_000) }], timeoutMs: 60_000, signal });
    if (outcome.kind !== 'ran' || i === 4) return outcome;
  }
}
