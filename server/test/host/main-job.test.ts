import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChildProcess } from 'node:child_process';
import type { Target } from '../../src/target/target.ts';
import { events, startKgent } from '../support/kgent.ts';
import { ModelServer } from '../support/model-server.ts';
import { configWithVm, sh, until, vmTarget } from '../support/vm.ts';

const CONNECTS = '```bpftrace\nkprobe:tcp_connect { printf("connect by %s\\n", comm); @connects[comm] = count(); }\n```';
/** The question itself runs in such a directory too. */
const NOTHING_LEFT = '! pgrep -x bpftrace >/dev/null && [ -z "$(ls -d /tmp/kgent.* | grep -vxF "$PWD")" ]';
let machine: { target: Target; dispose(): Promise<void> };
let server: ModelServer;

beforeAll(async () => {
  machine = await vmTarget();
  server = await ModelServer.start({ replies: [CONNECTS], then: 'repeat' });
});
afterAll(async () => {
  await server.close();
  await machine.dispose();
});

async function start(args: readonly string[], user = 'root'): Promise<{ child: ChildProcess; output(): string; printed(needle: string): Promise<void>; ended: Promise<number | null> }> {
  const child = startKgent(['generate', 'outgoing TCP connections', '--target', 'vm', '--run', '--json', ...args], { ...(await configWithVm(user)), KGENT_BASE_URL: server.url, KGENT_MODEL: 'scripted', KGENT_CONDITIONS: 'false' });
  let text = '';
  let errors = '';
  const looking = new Set<() => void>();
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    for (const look of looking) look();
  });
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const printed = (needle: string): Promise<void> => {
    const seen = new Promise<void>((resolve) => {
      const look = (): void => void (text.includes(needle) && resolve());
      looking.add(look);
      look();
    });
    const gone = ended.then((code) => {
      if (!text.includes(needle)) throw new Error(`ended with ${code} before it printed ${needle}: ${text}\n${errors}`);
    });
    return Promise.race([seen, gone]);
  };
  return { child, output: () => text, printed, ended };
}

/** A loopback connection on the machine; nobody listens, and the attempt is what is traced. */
const connect = (): Promise<string> => sh(machine.target, 'nc -w 1 127.0.0.1 9 </dev/null; true');

describe('a sentence becomes a program that runs on a host over SSH', () => {
  it.each(['root', 'dev'])('as %s: fires on a connection, ends by its time, leaves nothing', async (user) => {
    const job = await start(['--for', '6s'], user);
    await job.printed('"attached"');
    await connect();
    expect(await job.ended).toBe(0);
    const all = events(job.output());
    expect(all.map((e) => e.event)).toEqual(expect.arrayContaining(['accepted', 'attached', 'line', 'map', 'ended']));
    expect(all.at(-1)).toMatchObject({ event: 'ended', outcome: 'finished', maps: { '@connects': { nc: 1 } } });
    await sh(machine.target, NOTHING_LEFT);
  });
  it('Ctrl+C finishes the run and prints its maps', async () => {
    const job = await start([]);
    await job.printed('"attached"');
    await connect();
    await job.printed('connect by nc');
    job.child.kill('SIGINT');
    expect(await job.ended).toBe(0);
    expect(events(job.output()).at(-1)).toMatchObject({ event: 'ended', outcome: 'stopped', maps: { '@connects': { nc: 1 } } });
    await sh(machine.target, NOTHING_LEFT);
  });
  it('a client killed in the middle leaves nothing', async () => {
    const job = await start([]);
    await job.printed('"attached"');
    expect(await sh(machine.target, 'pgrep -x bpftrace')).toMatch(/^\d+/);
    job.child.kill('SIGKILL');
    await job.ended;
    await until(machine.target, `(${NOTHING_LEFT})`);
  });
  it('a user who may not become root is told so', async () => {
    const job = await start(['--for', '5s'], 'nosudo');
    expect(await job.ended).toBe(2);
    expect(job.output()).toMatch(/needs root on vm/);
  });
});
