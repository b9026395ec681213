import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { events, kgent } from '../support/kgent.ts';
import { LoopbackHost } from '../support/loopback-host.ts';
import { TestHome } from '../support/sshd.ts';

/** A file of dist and every other one that is read with it; what `import()` names comes later. */
function readWith(name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  const text = readFileSync(join('dist', name), 'utf8');
  for (const [, other = ''] of text.matchAll(/^(?:import|export|\}) ?(?:.* from )?"\.\/([\w-]+\.js)";$/gm)) readWith(other, found);
  return found;
}

/** ssh2 greets every server with this word. */
const hasSshClient = (name: string): boolean => readFileSync(join('dist', name), 'utf8').includes('ssh2js');

/** What `import()` names in these files. */
function namedLater(files: readonly string[]): string[] {
  return files.flatMap((name) => [...readFileSync(join('dist', name), 'utf8').matchAll(/\bimport\("\.\/([\w-]+\.js)"\)/g)].map(([, other = '']) => other));
}

it.each([
  ['server.js', /^main-/],
  ['cli.js', /^cli-/],
])('%s does not load the SSH client before a host is used', (entry, program) => {
  // The entry itself starts the program by import(), while something else is under way.
  const [started = ''] = namedLater([entry]).filter((name) => program.test(name));
  const files = [...new Set([...readWith(entry), ...readWith(started)])];
  expect(files.length).toBeGreaterThan(2);
  expect(files.filter(hasSshClient)).toEqual([]);
  const later = [...new Set(namedLater(files))].filter((name) => !files.includes(name));
  expect(later.filter((name) => [...readWith(name)].some(hasSshClient))).toEqual([expect.stringMatching(/^connect-/)]);
});

it('the product logs in with an encrypted key, which a worker of its own decrypts', async () => {
  const host = await LoopbackHost.start({ users: [{ name: 'dev' }] });
  const home = new TestHome();
  try {
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'geheim', '-f', host.key]);
    home.write('known_hosts', host.known());
    home.write('config', `Host h\nHostName 127.0.0.1\nPort ${host.port}\nUser dev\nIdentityFile ${host.key}\n`);
    const env = { HOME: home.path, XDG_CONFIG_HOME: home.path, XDG_CACHE_HOME: home.path, SSH_AUTH_SOCK: undefined };
    const right = await kgent(['target', 'probe', 'h'], { ...env, KGENT_SSH_PASSWORD: 'geheim' });
    expect([right.code, right.stdout]).toEqual([0, expect.stringMatching(/user +dev \(/)]);
    const wrong = await kgent(['target', 'probe', 'h'], { ...env, KGENT_SSH_PASSWORD: 'falsch' });
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining(`the passphrase for ${host.key} is wrong: try again, or give the key to your agent (ssh-add ${host.key})`)]);
    expect(await host.left()).toEqual([]);
  } finally {
    await home.close();
    await host.stop();
  }
});

it('the product runs a program as a user whose sudo wants a password, and leaves nothing', async () => {
  const host = await LoopbackHost.start({ users: [{ name: 'dev', groups: ['sudo'], password: 'geheim' }] });
  const home = new TestHome();
  try {
    home.write('known_hosts', host.known());
    home.write('config', `Host h\nHostName 127.0.0.1\nPort ${host.port}\nUser dev\nIdentityFile ${host.key}\n`);
    const program = home.write('tick.bt', 'interval:ms:200 { printf("tick\\n"); @ticks = count(); }\n');
    const env = { HOME: home.path, XDG_CONFIG_HOME: home.path, XDG_CACHE_HOME: home.path, SSH_AUTH_SOCK: undefined, KGENT_SSH_PASSWORD: 'geheim' };
    const run = await kgent(['run', program, '--target', 'h', '--for', '3s', '--json'], env);
    expect([run.code, run.stderr]).toEqual([0, '']);
    expect(events(run.stdout)).toEqual(expect.arrayContaining([expect.objectContaining({ event: 'line' }), expect.objectContaining({ event: 'ended', outcome: 'finished' })]));
    expect(await host.left()).toEqual([]);
    const denied = await kgent(['run', program, '--target', 'h', '--for', '3s', '--json'], { ...env, KGENT_SSH_PASSWORD: 'falsch' });
    expect([denied.code, denied.stdout]).toEqual([1, expect.stringContaining('the password for sudo was wrong')]);
    expect(await host.left()).toEqual([]);
  } finally {
    await home.close();
    await host.stop();
  }
});
