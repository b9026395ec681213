import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kgent } from '../support/kgent.ts';
import { LoopbackHost } from '../support/loopback-host.ts';
import { tcpServer } from '../support/ssh-server.ts';
import { freePort } from '../support/tcp.ts';

/** Real hosts, one that accepts connections and never says a word, and a port nobody listens on. */
const GOOD = ['a', 'b', 'c', 'd', 'e', 'f'];
const home = mkdtempSync(join(tmpdir(), 'kgent-several-'));
const env = { HOME: home, XDG_CONFIG_HOME: join(home, '.config'), XDG_CACHE_HOME: join(home, '.cache'), XDG_RUNTIME_DIR: home, SSH_AUTH_SOCK: '' };
let host: LoopbackHost;
let hole: Awaited<ReturnType<typeof tcpServer>>;

beforeAll(async () => {
  host = await LoopbackHost.start({ sshd: ['PermitRootLogin yes', 'MaxSessions 50'], prepare: 'mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null || true' });
  hole = await tcpServer(() => undefined);
  mkdirSync(join(home, '.ssh'), { mode: 0o700 });
  const entry = (name: string, port: number): string => `Host ${name}\n  HostName 127.0.0.1\n  Port ${port}\n  User root\n  IdentityFile ${host.key}\n  HostKeyAlias lo\n`;
  const config = [...GOOD.map((name) => entry(name, host.port)), `${entry('hole', hole.port)}  ConnectTimeout 4\n`, entry('dead', await freePort())].join('');
  writeFileSync(join(home, '.ssh/config'), config, { mode: 0o600 });
  writeFileSync(join(home, '.ssh/known_hosts'), host.known('lo'), { mode: 0o600 });
});
afterAll(async () => {
  await hole.close();
  await host.stop();
});

const file = (name: string, text: string): string => {
  const path = join(home, name);
  writeFileSync(path, text);
  return path;
};
const targets = (...names: readonly string[]): string[] => names.flatMap((name) => ['--target', name]);
/** Neither of the two keeps the others waiting; one stands first, one in the middle. */
const ALL = ['hole', ...GOOD.slice(0, 3), 'dead', ...GOOD.slice(3)];

interface Checked {
  readonly file: string;
  readonly targets: readonly { readonly target: string; readonly findings: readonly { readonly code: string }[]; readonly skipped: readonly { readonly check: string; readonly reason: string }[] }[];
  readonly differences: readonly unknown[];
}

it('check: 8 targets at once, in the order given; a silent one and a dead one take nothing from the others', async () => {
  const path = file('wrong.bt', 'tracepoint:sched:sched_process_exec { prinft("x"); }');
  const { code, stdout, stderr } = await kgent(['check', path, '--only', 'syntax,semantics,compile', ...targets(...ALL), '--json'], env);
  const checked = JSON.parse(stdout) as Checked;
  expect({ code, file: checked.file, names: checked.targets.map(({ target }) => target), differences: checked.differences }, stderr).toEqual({ code: 1, file: path, names: ALL, differences: [] });
  for (const { target, findings, skipped } of checked.targets) {
    const reasons = skipped.map(({ reason }) => reason).join();
    if (target === 'hole') expect(reasons).toMatch(/127\.0\.0\.1.*(SSH server|answer)/);
    else if (target === 'dead') expect(reasons).toContain('refused the connection');
    else expect([target, findings.map((found) => found.code), skipped]).toEqual([target, ['unknown-function'], []]);
  }
});
it('check: people read which target says what', async () => {
  const { code, stdout, stderr } = await kgent(['check', file('fine.bt', 'BEGIN { exit(); }'), '--only', 'syntax,semantics,compile', ...targets('a', 'dead', 'b')], env);
  expect({ code, lines: stdout.split('\n').slice(0, -1) }, stderr).toEqual({ code: 2, lines: ['a', 'b'].map((name) => `${name}: ${join(home, 'fine.bt')}: no problems`) });
  expect(stderr).toMatch(/^dead: The compile check did not run: .*refused the connection/m);
});
it('check: one target, though named twice, is answered as one', async () => {
  const { stdout } = await kgent(['check', file('one.bt', 'BEGIN { exit(); }'), '--only', 'syntax', ...targets('a', 'a'), '--json'], env);
  expect(JSON.parse(stdout)).toEqual({ file: join(home, 'one.bt'), target: 'a', findings: [], skipped: [] });
});
it('run: on several at once, lines with their target, maps side by side, the dead one told', async () => {
  const path = file('run.bt', 'BEGIN { printf("hello\\n"); @n = 7; exit(); }');
  const { code, stdout } = await kgent(['run', path, ...targets('dead', 'a', 'b'), '--json'], env);
  const events = stdout.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as { target?: string; event: string; text?: string });
  expect(code).toBe(2);
  expect(events.filter(({ event }) => event === 'line').map(({ target, text }) => `${target}: ${text}`).sort()).toEqual(['a: hello', 'b: hello']);
  expect(events.at(-1)).toMatchObject({ event: 'merged', targets: [{ target: 'dead', outcome: 'failed' }, { target: 'a', outcome: 'finished' }, { target: 'b', outcome: 'finished' }], maps: { '@n': { a: 7, b: 7 } } });
  expect(await host.left()).toEqual([]);
});
