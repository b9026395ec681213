import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type ParsedKey } from 'ssh2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../base/log.ts';
import { agentServer, letIn, tcpServer, TestSshServer, type Door, type ServerOptions } from '../../../test/support/ssh-server.ts';
import type { ExecRequest, Outcome } from '../target.ts';
import { resolveSettings, type SshSpec, type SshWorld } from './config.ts';
import { appendKnownHost } from './host-key.ts';
import { fingerprint } from './known-hosts.ts';
import { SshTarget } from './target.ts';

interface Pair {
  readonly private: string;
  readonly public: string;
  readonly parsed: ParsedKey;
}
function pair(type: 'ed25519' | 'ecdsa', passphrase?: string): Pair {
  const made =
    type === 'ed25519'
      ? ssh2.utils.generateKeyPairSync('ed25519', passphrase === undefined ? {} : { passphrase, cipher: 'aes256-ctr', rounds: 1 })
      : ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 });
  const parsed = ssh2.utils.parseKey(made.private, passphrase);
  if (parsed instanceof Error) throw parsed;
  return { private: made.private, public: made.public, parsed };
}
const HOST = pair('ed25519');
const HOST2 = pair('ed25519');
const HOST_EC = pair('ecdsa');
const USER = pair('ed25519');
const LOCKED = pair('ed25519', 'geheim');

/** What was asked of the person, and what they answer. */
class Person {
  readonly questions: string[] = [];
  secrets: readonly (string | undefined)[] = [];
  trusts = false;
  trustHostKey(...question: string[]): Promise<boolean> {
    this.questions.push(question.join(' '));
    return Promise.resolve(this.trusts);
  }
  secret(what: string): Promise<string | undefined> {
    const answer = this.secrets[this.questions.length];
    this.questions.push(what);
    return Promise.resolve(answer);
  }
}

let home: string;
let person: Person;
let closing: (() => Promise<unknown>)[];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kgent-ssh-'));
  mkdirSync(join(home, '.ssh'), { mode: 0o700 });
  person = new Person();
  closing = [];
});
afterEach(async () => {
  for (const close of closing.reverse()) await close();
  rmSync(home, { recursive: true });
});

const write = (name: string, text: string): void => writeFileSync(join(home, '.ssh', name), text, { mode: 0o600 });
const config = (text: string): void => write('config', text);
const knownHosts = (): string => readFileSync(join(home, '.ssh/known_hosts'), 'utf8');

async function serve(door: Door, more: Partial<ServerOptions> = {}): Promise<{ server: TestSshServer; port: number }> {
  const server = new TestSshServer({ hostKeys: [HOST.private], authenticate: letIn(door), ...more });
  const port = await server.listen();
  closing.push(() => server.close());
  return { server, port };
}
function known(port: number, ...keys: Pair[]): void {
  write('known_hosts', keys.map((key) => `[127.0.0.1]:${port} ${key.public}\n`).join(''));
}
function target(port: number, spec: Partial<SshSpec> = {}, env: SshWorld['env'] = {}): SshTarget {
  const list = (): readonly string[] => [];
  const read = (path: string): string | undefined => (path === join(home, '.ssh/config') ? readFile(path) : undefined);
  const world: SshWorld = { home, env, localUser: 'me', platform: 'linux', systemConfig: undefined, reader: { read, list } };
  const made = new SshTarget('t', () => resolveSettings({ destination: `dev@127.0.0.1:${port}`, ...spec }, world), { ask: person, log: silentLog });
  closing.push(() => made.dispose());
  return made;
}
function readFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
const echo = (on: SshTarget, more: Partial<ExecRequest> = {}): Promise<Outcome> => on.exec({ argv: ['echo', 'hi'], timeoutMs: 10_000, ...more });
/** `ran`, or the reason and message of what went wrong. */
const told = (outcome: Outcome): string => (outcome.kind === 'failed' ? `${outcome.reason}: ${outcome.message}` : outcome.kind);
const hi = { kind: 'ran', exitCode: 0, stdout: 'hi\n' };

describe('host keys', () => {
  it('unknown, and nobody says yes: refused, with the fingerprint and the ways to accept it', async () => {
    const { port, server } = await serve({ password: 'x' });
    const message = told(await echo(target(port)));
    expect(message).toContain(`host-key: The host key of 127.0.0.1 port ${port} is not known: ssh-ed25519 ${fingerprint(HOST.parsed.getPublicSSH())}`);
    expect(message).toContain(`'ssh -p ${port} dev@127.0.0.1'`);
    expect(message).toContain(`--host-key ${fingerprint(HOST.parsed.getPublicSSH())}`);
    expect(server.attempts).toEqual([]);
  });
  it('unknown, and the person trusts it: recorded, not asked again', async () => {
    const { port } = await serve({ keys: [USER.parsed] });
    write('id_ed25519', USER.private);
    person.trusts = true;
    expect(await echo(target(port))).toMatchObject(hi);
    expect(person.questions).toEqual([`127.0.0.1 port ${port} ssh-ed25519 ${fingerprint(HOST.parsed.getPublicSSH())}`]);
    person.trusts = false;
    expect(await echo(target(port))).toMatchObject(hi);
    expect(knownHosts()).toBe(`[127.0.0.1]:${port} ${HOST.public.split(' ').slice(0, 2).join(' ')}\n`);
  });
  it.each([
    ['yes', 'host-key', false],
    ['accept-new', 'ran', true],
    ['no', 'ran', false],
  ])('StrictHostKeyChecking %s', async (value, expected, recorded) => {
    const { port } = await serve({ keys: [USER.parsed] });
    write('id_ed25519', USER.private);
    config(`StrictHostKeyChecking ${value}`);
    expect(told(await echo(target(port)))).toMatch(new RegExp(`^${expected}`));
    expect([person.questions, readFile(join(home, '.ssh/known_hosts')) !== undefined]).toEqual([[], recorded]);
  });
  it.each(['ask', 'no', 'accept-new'])('changed: refused under StrictHostKeyChecking %s, naming file, line and remedy', async (value) => {
    const { port } = await serve({ keys: [USER.parsed] });
    config(`StrictHostKeyChecking ${value}`);
    write('known_hosts', `# mine\n[127.0.0.1]:${port} ${HOST2.public}\n`);
    person.trusts = true;
    const message = told(await echo(target(port)));
    expect(message).toContain('CHANGED');
    expect(message).toContain(`${home}/.ssh/known_hosts:2`);
    expect(message).toContain(`ssh-keygen -f '${home}/.ssh/known_hosts' -R '[127.0.0.1]:${port}'`);
    expect(person.questions).toEqual([]);
  });
  it('revoked: refused, even when it is the pinned one', async () => {
    const { port } = await serve({ keys: [USER.parsed] });
    write('known_hosts', `[127.0.0.1]:${port} ${HOST.public}\n@revoked * ${HOST.public}\n`);
    for (const spec of [{}, { hostKey: fingerprint(HOST.parsed.getPublicSSH()) }]) {
      expect(told(await echo(target(port, spec)))).toContain(`is marked @revoked in ${home}/.ssh/known_hosts:2`);
    }
  });
  it('pinned: only that one', async () => {
    const { port } = await serve({ keys: [USER.parsed] });
    write('id_ed25519', USER.private);
    expect(await echo(target(port, { hostKey: fingerprint(HOST.parsed.getPublicSSH()) }))).toMatchObject(hi);
    known(port, HOST);
    expect(told(await echo(target(port, { hostKey: fingerprint(HOST2.parsed.getPublicSSH()) })))).toContain('accepts only SHA256:');
  });
  it('asks the host for the type of key that is known', async () => {
    const { port } = await serve({ keys: [USER.parsed] }, { hostKeys: [HOST.private, HOST_EC.private] });
    write('id_ed25519', USER.private);
    known(port, HOST_EC);
    expect(await echo(target(port))).toMatchObject(hi);
  });
  it('a key known for the host without its port counts, as with ssh', async () => {
    const { port } = await serve({ keys: [USER.parsed] });
    write('id_ed25519', USER.private);
    write('known_hosts', `127.0.0.1 ${HOST.public}`);
    expect(await echo(target(port))).toMatchObject(hi);
  });
});

describe('recording a host key', () => {
  it('makes the directory and the file for the user alone', async () => {
    const file = join(home, 'new/known_hosts');
    await appendKnownHost(file, 'a\n');
    expect([statSync(join(home, 'new')).mode & 0o777, statSync(file).mode & 0o777, readFileSync(file, 'utf8')]).toEqual([0o700, 0o600, 'a\n']);
  });
  it.each([
    ['a\n', 'a\nb\n'],
    ['a', 'a\nb\n'],
    ['', 'b\n'],
  ])('after %j', async (before, after) => {
    write('kh', before);
    await appendKnownHost(join(home, '.ssh/kh'), 'b\n');
    expect(readFileSync(join(home, '.ssh/kh'), 'utf8')).toBe(after);
  });
});

describe('logging in', () => {
  it('with a key file, without asking anything', async () => {
    const { port, server } = await serve({ keys: [USER.parsed], password: 'x' });
    known(port, HOST);
    write('id_ed25519', USER.private);
    expect(await echo(target(port))).toMatchObject(hi);
    expect([person.questions, server.attempts]).toEqual([[], ['none', 'publickey', 'publickey']]);
  });
  it('with an encrypted key: the passphrase is asked for once', async () => {
    const { port, server } = await serve({ keys: [LOCKED.parsed] });
    known(port, HOST);
    write('id_ed25519', LOCKED.private);
    person.secrets = ['geheim'];
    const locked = target(port);
    expect(await echo(locked)).toMatchObject(hi);
    server.drop();
    expect(await echo(locked)).toMatchObject(hi);
    expect([person.questions, server.connections]).toEqual([[`Passphrase of the key ${home}/.ssh/id_ed25519`], 2]);
  });
  it('a passphrase is not asked for when the host does not take the key', async () => {
    const { port } = await serve({ keys: [USER.parsed] });
    known(port, HOST);
    write('id_ed25519', LOCKED.private);
    expect(told(await echo(target(port)))).toMatch(/^auth: /);
    expect(person.questions).toEqual([]);
  });
  it('a wrong passphrase is said as such', async () => {
    const { port } = await serve({ keys: [LOCKED.parsed] });
    known(port, HOST);
    write('id_ed25519', LOCKED.private);
    person.secrets = ['falsch'];
    expect(told(await echo(target(port)))).toContain(`the passphrase for ${home}/.ssh/id_ed25519 is wrong`);
  });
  it('with the agent', async () => {
    const socket = join(home, 'agent');
    const agent = await agentServer(socket, [HOST2.parsed, USER.parsed]);
    closing.push(() => new Promise((resolve) => agent.close(resolve)));
    const { port, server } = await serve({ keys: [USER.parsed] });
    known(port, HOST);
    expect(await echo(target(port, {}, { SSH_AUTH_SOCK: socket }))).toMatchObject(hi);
    expect(server.attempts).toEqual(['none', 'publickey', 'publickey', 'publickey']);
  });
  it('a named key has its turn before the rest of a full agent, and IdentitiesOnly leaves the rest out', async () => {
    const socket = join(home, 'agent');
    const agent = await agentServer(socket, [HOST.parsed, HOST2.parsed, USER.parsed]);
    closing.push(() => new Promise((resolve) => agent.close(resolve)));
    write('work.pub', USER.public);
    for (const only of ['no', 'yes']) {
      const { port, server } = await serve({ keys: only === 'yes' ? [] : [USER.parsed] });
      known(port, HOST);
      config(`IdentityFile ~/.ssh/work\nIdentitiesOnly ${only}`);
      const outcome = await echo(target(port, {}, { SSH_AUTH_SOCK: socket }));
      expect([outcome.kind, server.attempts]).toEqual(only === 'no' ? ['ran', ['none', 'publickey', 'publickey']] : ['failed', ['none', 'publickey']]);
    }
  });
  it('an agent that is gone is no obstacle, but is mentioned', async () => {
    const { port } = await serve({ keys: [USER.parsed] });
    known(port, HOST);
    expect(told(await echo(target(port, {}, { SSH_AUTH_SOCK: '/nowhere/agent' })))).toContain('the SSH agent at /nowhere/agent gave no keys');
    write('id_ed25519', USER.private);
    expect(await echo(target(port, {}, { SSH_AUTH_SOCK: '/nowhere/agent' }))).toMatchObject(hi);
  });
  it('with a password, kept for a reconnect', async () => {
    const { port, server } = await serve({ keys: [USER.parsed], password: 'richtig' });
    known(port, HOST);
    person.secrets = ['richtig'];
    const guarded = target(port);
    expect(await echo(guarded)).toMatchObject(hi);
    server.drop();
    expect(await echo(guarded)).toMatchObject(hi);
    expect(person.questions).toEqual([`Password of dev@127.0.0.1:${port}`]);
  });
  it('a wrong password is said as such; a person gets three tries', async () => {
    const { port, server } = await serve({ password: 'richtig' });
    known(port, HOST);
    person.secrets = ['a', 'b', 'c', 'richtig'];
    const message = told(await echo(target(port)));
    expect(message).toContain(`auth: dev@127.0.0.1:${port} did not let 'dev' in. The password was wrong.`);
    expect(message).toContain('The host takes: password.');
    expect([person.questions[1], server.attempts]).toEqual([`Password of dev@127.0.0.1:${port} (the last one was refused)`, ['none', 'password', 'password', 'password']]);
  });
  it('a program that always gives the same wrong password knocks once', async () => {
    const { port, server } = await serve({ password: 'richtig' });
    known(port, HOST);
    person.secrets = ['a', 'a', 'a'];
    expect(told(await echo(target(port)))).toContain('The password was wrong.');
    expect(server.attempts).toEqual(['none', 'password']);
  });
  it('no password to give', async () => {
    const { port } = await serve({ password: 'richtig' });
    known(port, HOST);
    expect(told(await echo(target(port)))).toContain('It asks for a password, and none was given.');
  });
  it('BatchMode asks nothing', async () => {
    const { port } = await serve({ password: 'richtig' });
    known(port, HOST);
    config('BatchMode yes');
    person.secrets = ['richtig'];
    expect(told(await echo(target(port)))).toMatch(/^auth: /);
    expect(person.questions).toEqual([]);
  });
  it('keyboard-interactive: the host’s own words', async () => {
    const { port } = await serve({ password: '123456', asks: 'Code from\u001b[31m your token: ' });
    known(port, HOST);
    person.secrets = ['000000', '123456'];
    expect(await echo(target(port))).toMatchObject(hi);
    const question = `dev@127.0.0.1:${port} asks: Code from\\x1b[31m your token:`;
    expect(person.questions).toEqual([question, `${question} (the last answer was refused)`]);
  });
  it('a key and a password, when the host wants both', async () => {
    const { port, server } = await serve({ keys: [USER.parsed], password: 'richtig', both: true });
    known(port, HOST);
    write('id_ed25519', USER.private);
    person.secrets = ['richtig'];
    expect(await echo(target(port))).toMatchObject(hi);
    expect(server.attempts).toEqual(['none', 'publickey', 'publickey', 'none', 'password']);
  });
  it('no key fits: what was tried and what the host takes', async () => {
    const { port } = await serve({ keys: [HOST2.parsed] });
    known(port, HOST);
    write('id_ed25519', USER.private);
    write('id_rsa', 'no key at all');
    const message = told(await echo(target(port)));
    expect(message).toContain(`Tried: ${home}/.ssh/id_ed25519. The host takes: publickey. Also: ${home}/.ssh/id_rsa holds no usable private key`);
  });
  it('a named key that is not there', async () => {
    const { port } = await serve({ keys: [HOST2.parsed] });
    known(port, HOST);
    expect(told(await echo(target(port, { identity: '/nowhere/key' })))).toContain('Also: /nowhere/key does not exist');
  });
  it('a refusal is remembered for a while: neither the person nor the host is bothered again', async () => {
    const { port, server } = await serve({ password: 'richtig' });
    known(port, HOST);
    person.secrets = [undefined, 'richtig'];
    const guarded = target(port);
    const first = await echo(guarded);
    expect([await echo(guarded), server.connections, person.questions.length]).toEqual([first, 1, 1]);
    expect(await guarded.facts({ refresh: true })).toMatchObject({ kind: 'known' });
  });
});

describe('unreachable', () => {
  it('refused', async () => {
    const { port, close } = await tcpServer(() => undefined);
    await close();
    expect(told(await echo(target(port)))).toBe(`unreachable: 127.0.0.1 port ${port} refused the connection: nothing listens there. Is its SSH server running, and is the port right?`);
  });
  it('no such name', async () => {
    expect(told(await echo(target(0, { destination: 'no-such.invalid' })))).toMatch(/^unreachable: (There is no host named|The name) 'no-such\.invalid'/);
  });
  it.each([
    ['silence', 'accepts connections, but no SSH server answered there within 1 s', () => undefined],
    ['another protocol', 'is no SSH server', (socket: { end: (text: string) => void }) => socket.end(`${'HTTP/1.1 400 Bad Request\r\n'.repeat(2000)}`)],
    ['hang-up', 'closed the connection at once', (socket: { end: () => void }) => socket.end()],
  ])('%s', async (_what, expected, talk) => {
    const { port, close } = await tcpServer(talk);
    closing.push(close);
    config('ConnectTimeout 1');
    const begun = Date.now();
    expect(told(await echo(target(port)))).toContain(expected);
    expect(Date.now() - begun).toBeLessThan(5000);
  });
  it('cancelled while it connects: at once, and the attempt is given up', async () => {
    const { port, sockets, close } = await tcpServer((socket) => socket.once('data', () => abort.abort()));
    closing.push(close);
    const abort = new AbortController();
    expect(await echo(target(port), { signal: abort.signal })).toMatchObject({ kind: 'cancelled' });
    const [socket] = sockets;
    if (socket && !socket.closed) await new Promise((resolve) => socket.once('close', resolve));
  });
  it('one who cancels does not take the connection from another who waits', async () => {
    const { port } = await serve({ keys: [USER.parsed] });
    known(port, HOST);
    write('id_ed25519', USER.private);
    const both = target(port);
    const abort = new AbortController();
    const [first, second] = [echo(both, { signal: abort.signal }), echo(both)];
    abort.abort();
    expect([await first, await second]).toMatchObject([{ kind: 'cancelled' }, hi]);
  });
  it('a ProxyCommand is not run, and that is said', async () => {
    config(`ProxyCommand touch ${home}/was-here`);
    expect(told(await echo(target(1)))).toContain('Use ProxyJump');
    expect(readFile(join(home, 'was-here'))).toBeUndefined();
  });
});

describe('one connection', () => {
  it('is shared, also by requests that come while it connects', async () => {
    const { port, server } = await serve({ keys: [USER.parsed] });
    known(port, HOST);
    write('id_ed25519', USER.private);
    const shared = target(port);
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => echo(shared)));
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array.from({ length: 8 }, () => 'ran'));
    expect([server.connections, server.mostSessions > 1]).toEqual([1, true]);
  });
  it('requests wait in line where the host allows few sessions', async () => {
    const { port, server } = await serve({ keys: [USER.parsed] }, { maxSessions: 2 });
    known(port, HOST);
    write('id_ed25519', USER.private);
    const shared = target(port);
    const outcomes = await Promise.all(Array.from({ length: 7 }, () => echo(shared)));
    expect(outcomes.map(told)).toEqual(Array.from({ length: 7 }, () => 'ran'));
    expect([server.connections, server.mostSessions]).toEqual([1, 2]);
  });
  it('a host that allows no session at all', async () => {
    const { port } = await serve({ keys: [USER.parsed] }, { maxSessions: 0 });
    known(port, HOST);
    write('id_ed25519', USER.private);
    const shared = target(port);
    expect((await Promise.all([echo(shared), echo(shared), echo(shared)])).map(told)).toEqual(Array.from({ length: 3 }, () => expect.stringContaining('did not start a command') as string));
  });
  it('dropped: what runs is told so and ends there, the next request connects anew', async () => {
    const { port, server } = await serve({ keys: [USER.parsed] });
    known(port, HOST);
    write('id_ed25519', USER.private);
    const dropped = target(port);
    let pid = 0;
    const running = dropped.exec({ argv: ['sh', '-c', 'echo $$; exec sleep 300'], timeoutMs: 10_000, onStdout: (text) => ((pid = Number(text)), server.drop()) });
    expect(await running).toMatchObject({ kind: 'failed', reason: 'connection-lost' });
    expect(await dropped.exec({ argv: ['sh', '-c', `while kill -0 ${pid} 2>/dev/null; do sleep 0.1; done; echo hi`], timeoutMs: 10_000 })).toMatchObject(hi);
    expect(server.connections).toBe(2);
  });
  it('closing it ends the connection', async () => {
    const { port, server } = await serve({ keys: [USER.parsed] });
    known(port, HOST);
    write('id_ed25519', USER.private);
    const closed = target(port);
    await echo(closed);
    await closed.dispose();
    expect(told(await echo(closed))).toBe('connection-lost: The target was closed.');
    expect(server.connections).toBe(1);
  });
});

describe('jump hosts', () => {
  async function twoHosts(outer: Door, forwarding: boolean): Promise<{ inner: SshTarget; port: number; jumpPort: number; jump: TestSshServer }> {
    const { port } = await serve({ keys: [USER.parsed] }, { hostKeys: [HOST2.private] });
    const { port: jumpPort, server: jump } = await serve(outer, { forwarding });
    write('known_hosts', `[127.0.0.1]:${port} ${HOST2.public}\n[127.0.0.1]:${jumpPort} ${HOST.public}\n`);
    write('id_ed25519', USER.private);
    return { inner: target(port, { proxyJump: `hop@127.0.0.1:${jumpPort}` }), port, jumpPort, jump };
  }
  it('commands run through it', async () => {
    const { inner, jump } = await twoHosts({ keys: [USER.parsed] }, true);
    expect(await echo(inner)).toMatchObject(hi);
    await inner.dispose();
    expect(jump.connections).toBe(1);
  });
  it('a drop of the jump host is a drop, and it connects anew', async () => {
    const { inner, jump } = await twoHosts({ keys: [USER.parsed] }, true);
    expect(await echo(inner)).toMatchObject(hi);
    jump.drop();
    expect(await echo(inner)).toMatchObject(hi);
  });
  it('its refused login is named', async () => {
    const { inner, port, jumpPort } = await twoHosts({ keys: [HOST2.parsed] }, true);
    expect(told(await echo(inner))).toContain(`auth: dev@127.0.0.1:${port} is reached through the jump host hop@127.0.0.1:${jumpPort}, and that failed: hop@127.0.0.1:${jumpPort} did not let 'hop' in.`);
  });
  it('it may not forward, or cannot reach the next', async () => {
    const { inner, port, jumpPort } = await twoHosts({ keys: [USER.parsed] }, false);
    expect(told(await echo(inner))).toContain(`The jump host hop@127.0.0.1:${jumpPort} could not connect to 127.0.0.1 port ${port}`);
  });
});
