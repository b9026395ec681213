import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appendKnownHost } from './host-key.ts';
import { fingerprint } from './known-hosts.ts';
import { echo, hi, HOST, HOST2, HOST_EC, readFile, sshBench, told, USER } from '../../../test/support/ssh-bench.ts';

const bench = sshBench();

describe('host keys', () => {
  it('unknown, and nobody says yes: refused, with the fingerprint and the ways to accept it', async () => {
    const { port, server } = await bench.serve({ password: 'x' });
    const message = told(await echo(bench.target(port)));
    expect(message).toContain(`host-key: The host key of 127.0.0.1 port ${port} is not known: ssh-ed25519 ${fingerprint(HOST.parsed.getPublicSSH())}`);
    expect(message).toContain(`'ssh -p ${port} dev@127.0.0.1'`);
    expect(message).toContain(`--host-key ${fingerprint(HOST.parsed.getPublicSSH())}`);
    expect(server.attempts).toEqual([]);
  });
  it('unknown, and the person trusts it: recorded, not asked again', async () => {
    const { port } = await bench.serve({ keys: [USER.parsed] });
    bench.write('id_ed25519', USER.private);
    bench.person.trusts = true;
    expect(await echo(bench.target(port))).toMatchObject(hi);
    expect(bench.person.questions).toEqual([`127.0.0.1 port ${port} ssh-ed25519 ${fingerprint(HOST.parsed.getPublicSSH())}`]);
    bench.person.trusts = false;
    expect(await echo(bench.target(port))).toMatchObject(hi);
    expect(bench.knownHosts()).toBe(`[127.0.0.1]:${port} ${HOST.public.split(' ').slice(0, 2).join(' ')}\n`);
  });
  it.each([
    ['yes', 'host-key', false],
    ['accept-new', 'ran', true],
    ['no', 'ran', false],
  ])('StrictHostKeyChecking %s', async (value, expected, recorded) => {
    const { port } = await bench.serve({ keys: [USER.parsed] });
    bench.write('id_ed25519', USER.private);
    bench.config(`StrictHostKeyChecking ${value}`);
    expect(told(await echo(bench.target(port)))).toMatch(new RegExp(`^${expected}`));
    expect([bench.person.questions, readFile(join(bench.home, '.ssh/known_hosts')) !== undefined]).toEqual([[], recorded]);
  });
  it.each(['ask', 'no', 'accept-new'])('changed: refused under StrictHostKeyChecking %s, naming file, line and remedy', async (value) => {
    const { port } = await bench.serve({ keys: [USER.parsed] });
    bench.config(`StrictHostKeyChecking ${value}`);
    bench.write('known_hosts', `# mine\n[127.0.0.1]:${port} ${HOST2.public}\n`);
    bench.person.trusts = true;
    const message = told(await echo(bench.target(port)));
    expect(message).toContain('CHANGED');
    expect(message).toContain(`${bench.home}/.ssh/known_hosts:2`);
    expect(message).toContain(`ssh-keygen -f '${bench.home}/.ssh/known_hosts' -R '[127.0.0.1]:${port}'`);
    expect(bench.person.questions).toEqual([]);
  });
  it('revoked: refused, even when it is the pinned one', async () => {
    const { port } = await bench.serve({ keys: [USER.parsed] });
    bench.write('known_hosts', `[127.0.0.1]:${port} ${HOST.public}\n@revoked * ${HOST.public}\n`);
    for (const spec of [{}, { hostKey: fingerprint(HOST.parsed.getPublicSSH()) }]) {
      expect(told(await echo(bench.target(port, spec)))).toContain(`is marked @revoked in ${bench.home}/.ssh/known_hosts:2`);
    }
  });
  it('pinned: only that one', async () => {
    const { port } = await bench.serve({ keys: [USER.parsed] });
    bench.write('id_ed25519', USER.private);
    expect(await echo(bench.target(port, { hostKey: fingerprint(HOST.parsed.getPublicSSH()) }))).toMatchObject(hi);
    bench.known(port, HOST);
    expect(told(await echo(bench.target(port, { hostKey: fingerprint(HOST2.parsed.getPublicSSH()) })))).toContain('accepts only SHA256:');
  });
  it('asks the host for the type of key that is known', async () => {
    const { port } = await bench.serve({ keys: [USER.parsed] }, { hostKeys: [HOST.private, HOST_EC.private] });
    bench.write('id_ed25519', USER.private);
    bench.known(port, HOST_EC);
    expect(await echo(bench.target(port))).toMatchObject(hi);
  });
  it('a key known for the host without its port counts, as with ssh', async () => {
    const { port } = await bench.serve({ keys: [USER.parsed] });
    bench.write('id_ed25519', USER.private);
    bench.write('known_hosts', `127.0.0.1 ${HOST.public}`);
    expect(await echo(bench.target(port))).toMatchObject(hi);
  });
});

describe('recording a host key', () => {
  it('makes the directory and the file for the user alone', async () => {
    const file = join(bench.home, 'new/known_hosts');
    await appendKnownHost(file, 'a\n');
    expect([statSync(join(bench.home, 'new')).mode & 0o777, statSync(file).mode & 0o777, readFileSync(file, 'utf8')]).toEqual([0o700, 0o600, 'a\n']);
  });
  it.each([
    ['a\n', 'a\nb\n'],
    ['a', 'a\nb\n'],
    ['', 'b\n'],
  ])('after %j', async (before, after) => {
    bench.write('kh', before);
    await appendKnownHost(join(bench.home, '.ssh/kh'), 'b\n');
    expect(readFileSync(join(bench.home, '.ssh/kh'), 'utf8')).toBe(after);
  });
});
