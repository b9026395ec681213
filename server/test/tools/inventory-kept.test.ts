import { mkdirSync, mkdtempSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kgent } from '../support/kgent.ts';
import { LoopbackHost } from '../support/loopback-host.ts';

/** A real host that is read, and then is not there any more. */
const home = mkdtempSync(join(tmpdir(), 'kgent-kept-'));
const env = { HOME: home, XDG_CONFIG_HOME: join(home, '.config'), XDG_CACHE_HOME: join(home, '.cache'), SSH_AUTH_SOCK: '', KGENT_DEBUG: '1' };
const PATTERN = 'tracepoint:sched:sched_wak*';
let host: LoopbackHost;
let stopped = false;

beforeAll(async () => {
  host = await LoopbackHost.start({ sshd: ['PermitRootLogin yes'] });
  mkdirSync(join(home, '.ssh'), { mode: 0o700 });
  writeFileSync(join(home, '.ssh/config'), `Host away\n  HostName 127.0.0.1\n  Port ${host.port}\n  User root\n  IdentityFile ${host.key}\n  HostKeyAlias lo\n`, { mode: 0o600 });
  writeFileSync(join(home, '.ssh/known_hosts'), host.known('lo'), { mode: 0o600 });
});
afterAll(async () => {
  if (!stopped) await host.stop();
});

const list = () => kgent(['target', 'probe', 'away', '--list', PATTERN], env);
let first = '';

it('the first time it is read, then it is known', async () => {
  const read = await list();
  first = read.stdout;
  expect(read.stderr).toMatch(/The kernel of away .* was read in/);
  expect(first).toContain('tracepoint:sched:sched_wakeup\n');
  const again = await list();
  expect({ code: again.code, stdout: again.stdout }).toEqual({ code: 0, stdout: first });
  expect(again.stderr).toMatch(/The kernel of away .* was known, and opened in/);
});
it('a damaged file is told, and read again', async () => {
  const directory = join(home, '.cache/kgent/kernels');
  const path = join(directory, readdirSync(directory)[0] ?? '');
  const { size } = statSync(path);
  truncateSync(path, 10_000);
  const read = await list();
  expect(read.stdout).toBe(first);
  expect(read.stderr).toMatch(/is damaged and will be read again[^]*was read in/);
  expect(statSync(path).size).toBe(size);
});
it('out of reach it is what it was, and says so', async () => {
  await host.stop();
  stopped = true;
  const listed = await list();
  expect({ code: listed.code, stdout: listed.stdout }).toEqual({ code: 0, stdout: first });
  expect(listed.stderr).toMatch(/refused the connection[^]*This is what was known: away \([\d.]+[^,]*, as of just now; not reachable now\)\./);
  const program = join(home, 'a.bt');
  writeFileSync(program, 'tracepoint:sched:sched_wakeupp { exit(); }');
  const checked = await kgent(['check', program, '--target', 'away', '--json'], env);
  const { findings, skipped } = JSON.parse(checked.stdout) as { findings: { severity: string; message: string }[]; skipped: { check: string; reason: string }[] };
  expect(findings.map(({ severity }) => severity)).toEqual(['error']);
  expect(findings[0]?.message).toMatch(/^away \([\d.]+[^,]*, as of just now; not reachable now\) has no tracepoint:sched:sched_wakeupp\./i);
  expect(skipped.map(({ check }) => check)).toEqual(['compile', 'load', 'contract']);
});
