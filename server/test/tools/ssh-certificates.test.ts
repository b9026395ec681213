import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LoopbackHost } from '../support/loopback-host.ts';
import { Person } from '../support/person.ts';
import { told } from '../support/ssh-bench.ts';
import { TestHome } from '../support/sshd.ts';
import type { Outcome, Target } from '../../src/target/target.ts';

const AUTHORITIES = ['ed25519', 'rsa', 'ecdsa'] as const;
const directory = mkdtempSync(join(tmpdir(), 'kgent-ca-'));
const keygen = (...args: string[]): void => void execFileSync('ssh-keygen', ['-q', ...args]);
const authority = (type: string): string => readFileSync(join(directory, `${type}.pub`), 'utf8').split(' ').slice(0, 2).join(' ').trim();
let host: LoopbackHost;
let home: TestHome;
let person: Person;

beforeAll(async () => {
  for (const type of AUTHORITIES) keygen('-t', type, '-N', '', '-f', join(directory, type));
  host = await LoopbackHost.start({ users: [{ name: 'dev' }], sshd: ['HostCertificate /mnt/hostkey-cert.pub'], prepare: 'cp /mnt/hostkey.pub /mnt/hostkey-cert.pub' });
});
afterAll(async () => {
  await host.stop();
  rmSync(directory, { recursive: true });
});
beforeEach(() => {
  home = new TestHome();
  person = new Person();
});
afterEach(() => home.close());

/** Gives the host a certificate of this authority; sshd reads it with its next start, so it starts anew by SIGHUP. */
async function certify(type: string, ...options: string[]): Promise<void> {
  keygen('-s', join(directory, type), '-I', 'the host', '-h', ...options, join(host.directory, 'hostkey.pub'));
  await host.restart();
}

function target(knownHosts: string, more = ''): Target {
  home.write('known_hosts', knownHosts);
  home.write('config', `Host cert\nHostName 127.0.0.1\nPort ${host.port}\nUser dev\nIdentityFile ${host.key}\n${more}`);
  return home.targets(person).get('cert');
}
const hi = (on: Target): Promise<Outcome> => on.exec({ argv: ['echo', 'hi'], timeoutMs: 20_000 });
const ran = { kind: 'ran', stdout: 'hi\n' };

describe('a host with a certificate', () => {
  it.each(AUTHORITIES)('of an %s authority in known_hosts: nobody is asked', async (type) => {
    await certify(type, '-n', '127.0.0.1,other.example', '-V', '+1d');
    expect(await hi(target(`@cert-authority [127.0.0.1]:* ${authority(type)}\n`))).toMatchObject(ran);
    expect([person.questions, readFileSync(join(home.path, '.ssh/known_hosts'), 'utf8').split('\n').length]).toEqual([[], 2]);
  });
  it('by its alias, by a pattern, where the port does not count, beside an older key', async () => {
    await certify('ed25519', '-n', '*.corp', '-V', '+1d');
    expect(await hi(target(`@cert-authority *.corp ${authority('ed25519')}\n`, 'HostKeyAlias web.corp\n'))).toMatchObject(ran);
    await certify('ed25519', '-n', '127.0.0.1', '-V', '+1d');
    expect(await hi(target(`@cert-authority 127.0.0.1 ${authority('ed25519')}\n[127.0.0.1]:${host.port} ${authority('ed25519')}\n`))).toMatchObject(ran);
    expect(person.questions).toEqual([]);
  });
  it('and a plain key in known_hosts: that one counts', async () => {
    await certify('rsa', '-n', 'elsewhere');
    expect(await hi(target(host.known()))).toMatchObject(ran);
  });
  it.each<[string, string, string[], string]>([
    ['another authority', 'rsa', ['-n', '127.0.0.1'], 'another authority signed it'],
    ['other names', 'ed25519', ['-n', 'web.example'], 'it is for other names (the host: web.example)'],
    ['an old one', 'ed25519', ['-n', '127.0.0.1', '-V', '20200101:20210101'], 'it is no longer valid'],
    ['a future one', 'ed25519', ['-n', '127.0.0.1', '-V', '20900101:20910101'], 'it is not valid yet'],
  ])('%s: refused, with the reason', async (_what, type, options, why) => {
    await certify(type, ...options);
    const known = target(`@cert-authority * ${authority('ed25519')}\n`);
    expect(told(await hi(known))).toContain(`(${join(home.path, '.ssh/known_hosts')}:1 names a certificate authority for it, but the host's certificate does not help: ${why}.)`);
    expect(person.questions.length).toBe(1);
  });
  it('a revoked authority vouches for nothing', async () => {
    await certify('ed25519', '-n', '127.0.0.1');
    expect(told(await hi(target(`@cert-authority * ${authority('ed25519')}\n@revoked * ${authority('ed25519')}\n`)))).toMatch(/^host-key: .* is not known/);
  });
  it('through a jump host', async () => {
    await certify('ed25519', '-n', '127.0.0.1,inner');
    const known = target(`@cert-authority * ${authority('ed25519')}\n`, `HostKeyAlias inner\nProxyJump hop\nHost hop\nHostName 127.0.0.1\nPort ${host.port}\nUser root\nIdentityFile ${host.key}\n`);
    expect(told(await hi(known))).toBe('ran');
    expect(person.questions).toEqual([]);
  });
});

it('a host without a certificate, where one is expected: said so', async () => {
  const plain = await LoopbackHost.start({ users: [{ name: 'dev' }] });
  try {
    home.write('known_hosts', `@cert-authority * ${authority('ed25519')}\n`);
    home.write('config', `Host cert\nHostName 127.0.0.1\nPort ${plain.port}\nUser dev\nIdentityFile ${plain.key}\n`);
    expect(told(await hi(home.targets(person).get('cert')))).toContain("the host's certificate does not help: it has no certificate.)");
  } finally {
    await plain.stop();
  }
});
