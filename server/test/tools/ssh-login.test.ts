import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LoopbackHost } from '../support/loopback-host.ts';
import { Person } from '../support/person.ts';
import { told } from '../support/ssh-bench.ts';
import { TestHome } from '../support/sshd.ts';
import { Targets } from '../../src/target/targets.ts';
import { silentLog } from '../../src/base/log.ts';
import type { Outcome, Target } from '../../src/target/target.ts';

const PASSPHRASE = `it's "geheim" $(id)`;
const PASSWORD = 'Pä55 wörd';
let host: LoopbackHost;
let pam: LoopbackHost;
let home: TestHome;
let person: Person;
let opened: Targets[];
beforeAll(async () => {
  host = await LoopbackHost.start({ users: [{ name: 'dev', password: PASSWORD }], sshd: ['AuthorizedKeysFile /mnt/authorized'], prepare: 'cp /mnt/id.pub /mnt/authorized' });
  pam = await LoopbackHost.start({
    users: [{ name: 'dev', password: PASSWORD }],
    sshd: ['UsePAM yes', 'KbdInteractiveAuthentication yes', 'PasswordAuthentication no', 'PubkeyAuthentication no', 'Banner /etc/banner'],
    // Twice the password: PAM asks in two rounds.
    etc: { 'pam.d/sshd': 'auth required pam_unix.so\nauth required pam_unix.so\naccount required pam_permit.so\nsession required pam_permit.so\n', banner: 'Password: \n' },
  });
});
afterAll(async () => {
  await host.stop();
  await pam.stop();
});
beforeEach(() => {
  home = new TestHome();
  person = new Person();
  opened = [];
});
afterEach(async () => {
  await Promise.all(opened.map((targets) => targets.dispose()));
  await home.close();
});

function target(config: string, env: Record<string, string> = {}, on = host): Target {
  home.write('known_hosts', on.known());
  home.write('config', `Host h\nHostName 127.0.0.1\nPort ${on.port}\nUser dev\n${config}`);
  const targets = new Targets({ home: home.path, env, ask: person, log: silentLog, systemConfig: '/nowhere' });
  opened.push(targets);
  return targets.get('h');
}
const hi = (on: Target): Promise<Outcome> => on.exec({ argv: ['echo', 'hi'], timeoutMs: 20_000 });
const ran = { kind: 'ran', stdout: 'hi\n' };

/** A key pair of ssh-keygen that the host accepts; gives the private file. */
function key(name: string, ...options: string[]): string {
  const file = join(home.path, '.ssh', name);
  execFileSync('ssh-keygen', ['-q', '-C', name, '-f', file, ...options]);
  writeFileSync(join(host.directory, 'authorized'), readFileSync(`${file}.pub`));
  return file;
}

describe('keys made by ssh-keygen', () => {
  it.each([
    ['ed25519', ['-t', 'ed25519']],
    ['ecdsa 256', ['-t', 'ecdsa', '-b', '256']],
    ['ecdsa 521', ['-t', 'ecdsa', '-b', '521']],
    ['rsa', ['-t', 'rsa', '-b', '3072']],
    ['rsa in the old format', ['-t', 'rsa', '-b', '2048', '-m', 'PEM']],
    ['ecdsa in the old format', ['-t', 'ecdsa', '-m', 'PEM']],
  ])('%s, plain and encrypted: the passphrase is asked for once', async (_what, options) => {
    key('id_plain', '-N', '', ...options);
    expect(told(await hi(target('IdentityFile ~/.ssh/id_plain\nIdentitiesOnly yes\n')))).toBe('ran');
    expect(person.questions).toEqual([]);
    const file = key('id_locked', '-N', PASSPHRASE, ...options);
    person.secrets = ['wrong', PASSPHRASE];
    const locked = target('IdentityFile ~/.ssh/id_locked\nIdentitiesOnly yes\n');
    expect(await hi(locked)).toMatchObject(ran);
    expect(await hi(locked)).toMatchObject(ran);
    expect(person.questions).toEqual([`Passphrase of the key ${file}`, `Passphrase of the key ${file} (the last one was wrong)`]);
  });
});

describe('a real agent', () => {
  let agent: ChildProcess;
  let socket: string;
  beforeEach(async () => {
    socket = join(home.path, 'agent.sock');
    agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
    // It says where it listens when it does.
    await new Promise((resolve) => agent.stdout?.once('data', resolve));
  });
  afterEach(async () => {
    const ended = new Promise((resolve) => agent.once('close', resolve));
    agent.kill();
    await ended;
  });
  const add = (file: string): void => void execFileSync('ssh-add', ['-q', file], { env: { ...process.env, SSH_AUTH_SOCK: socket } });

  it('holds the key: by SSH_AUTH_SOCK, by IdentityAgent as a path, a variable or its own name; not with none', async () => {
    for (const type of ['ed25519', 'rsa', 'ecdsa']) add(key(`in-agent-${type}`, '-t', type, '-N', ''));
    for (const config of ['', `IdentityAgent ${socket}\n`, 'IdentityAgent $OTHER\n', 'IdentityAgent SSH_AUTH_SOCK\n', 'IdentityAgent ~/agent.sock\n']) {
      expect(await hi(target(config, { SSH_AUTH_SOCK: config === '' || config.includes('AUTH') ? socket : '/nowhere', OTHER: socket })), config).toMatchObject(ran);
    }
    const message = told(await hi(target('IdentityAgent none\nPreferredAuthentications publickey\n', { SSH_AUTH_SOCK: socket })));
    expect(message).toMatch(/^auth: dev@127\.0\.0\.1:\d+ did not let 'dev' in\..* The host takes: publickey, password/s);
  });
  it('full of other keys: the named one has its turn first, before sshd loses patience', async () => {
    for (let i = 0; i < 8; i++) add(key(`other${i}`, '-t', 'ed25519', '-N', ''));
    key('mine', '-t', 'ed25519', '-N', '');
    expect(await hi(target('IdentityFile ~/.ssh/mine\n', { SSH_AUTH_SOCK: socket }))).toMatchObject(ran);
    expect(told(await hi(target('', { SSH_AUTH_SOCK: socket })))).toContain('The host ended the login after too many attempts; with a full agent, name the key (IdentityFile) and set IdentitiesOnly yes.');
  });
});

describe('passwords', () => {
  it('are asked for once, and again when wrong; a reconnect asks nothing', async () => {
    person.secrets = ['wrong', PASSWORD];
    const guarded = target('IdentityFile none\n');
    expect(await hi(guarded)).toMatchObject(ran);
    // Until the last of them is gone: one that still dies could take the next command with it.
    await host.inside('pkill -f "sshd: [d]ev"; while pgrep -f "sshd: [d]ev" >/dev/null; do :; done');
    expect(await hi(guarded)).toMatchObject(ran);
    const question = `Password of dev@127.0.0.1:${host.port}`;
    expect(person.questions).toEqual([question, `${question} (the last one was refused)`]);
    expect(person.verdicts).toEqual([`password dev@127.0.0.1:${host.port}: wrong`, `password dev@127.0.0.1:${host.port}: right`]);
  });
  it('PAM asks in several rounds, in its own words, behind a banner', async () => {
    person.secrets = [PASSWORD];
    expect(await hi(target('', {}, pam))).toMatchObject(ran);
    expect(person.questions).toEqual([`dev@127.0.0.1:${pam.port} asks: Password:`]);
    expect(person.verdicts.at(-1)).toBe(`password dev@127.0.0.1:${pam.port}: right`);
  });
  it('PAM refuses: what to do', async () => {
    person.secrets = ['a', 'b', 'c', 'd'];
    expect(told(await hi(target('', {}, pam)))).toMatch(/^auth: dev@127\.0\.0\.1:\d+ did not let 'dev' in\. The password was wrong\. .*Try again with the right one, or add your public key there with ssh-copy-id\.$/s);
    expect(person.verdicts.every((verdict) => verdict.endsWith(': wrong'))).toBe(true);
  });
});
