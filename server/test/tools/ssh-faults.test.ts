import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LoopbackHost } from '../support/loopback-host.ts';
import { Person } from '../support/person.ts';
import { told } from '../support/ssh-bench.ts';
import { tcpServer } from '../support/ssh-server.ts';
import { TestHome } from '../support/sshd.ts';
import { freePort, Wire } from '../support/tcp.ts';
import type { Log } from '../../src/base/log.ts';
import { silentLog } from '../../src/base/log.ts';
import type { Outcome, Target } from '../../src/target/target.ts';

let host: LoopbackHost;
let home: TestHome;
let person: Person;
let wire: Wire;
/** What was said to the person meanwhile, and who waits for it. */
let notices: string[];
let noticed: () => void;
const log: Log = { ...silentLog, warn: (message) => (notices.push(message), noticed()) };

beforeAll(async () => {
  host = await LoopbackHost.start({ users: [{ name: 'dev', password: 'x' }], etc: { 'sudoers.d/all': 'ALL ALL = NOPASSWD: ALL\n' } });
});
afterAll(() => host.stop());
beforeEach(async () => {
  home = new TestHome();
  person = new Person();
  wire = await Wire.to(host.port);
  notices = [];
  noticed = () => undefined;
  home.write('known_hosts', host.known('lo'));
});
afterEach(async () => {
  wire.resume();
  // Nothing runs and nothing lies on the host, whatever happened.
  expect(await host.left()).toEqual([]);
  await home.close();
  await wire.close();
});

/** The host at the end of the wire, with these lines of ~/.ssh/config. */
function flaky(config = '', port = wire.port, alias = 'lo'): Target {
  home.write('config', `Host flaky\nHostName 127.0.0.1\nPort ${port}\nUser dev\nIdentityFile ${host.key}\nHostKeyAlias ${alias}\n${config}`);
  return home.targets(person, log).get('flaky');
}
const hi = (on: Target): Promise<Outcome> => on.exec({ argv: ['echo', 'hi'], timeoutMs: 20_000 });
const ran = { kind: 'ran', stdout: 'hi\n' };
const notice = (pattern: RegExp): Promise<void> =>
  new Promise((resolve) => {
    noticed = () => void (notices.some((text) => pattern.test(text)) && resolve());
    noticed();
  });

describe('the host cannot be reached', () => {
  it('a closed port', async () => {
    const port = await freePort();
    expect(told(await hi(flaky('', port)))).toBe(`unreachable: 127.0.0.1 port ${port} refused the connection: nothing listens there. Is its SSH server running, and is the port right?`);
  });
  it('a black hole: says that it waits, then gives up in its time', async () => {
    const hole = await tcpServer(() => undefined);
    const begun = Date.now();
    expect(told(await hi(flaky('ConnectTimeout 4', hole.port)))).toBe(`unreachable: 127.0.0.1 port ${hole.port} accepts connections, but no SSH server answered there within 4 s. Is this the port of its SSH server?`);
    expect(Date.now() - begun).toBeLessThan(10_000);
    expect(notices).toEqual([`Waiting for dev@127.0.0.1:${hole.port}: it accepted the connection, and its SSH server says nothing yet …`]);
    await hole.close();
  });
  it('an address whose packets vanish: says that it waits, then gives up in its time', async () => {
    // The other end of this wire belongs to nobody: what is sent there is dropped.
    const [device, other] = [`kga${process.pid}`, `kgb${process.pid}`];
    const ip = (...args: string[]): void => void execFileSync('ip', args);
    ip('link', 'add', device, 'type', 'veth', 'peer', 'name', other);
    try {
      ip('addr', 'add', '198.18.77.1/30', 'dev', device);
      for (const end of [device, other]) ip('link', 'set', end, 'up');
      ip('neigh', 'add', '198.18.77.2', 'lladdr', '02:00:00:00:00:02', 'dev', device, 'nud', 'permanent');
      home.write('config', 'Host away\nHostName 198.18.77.2\nUser dev\nConnectTimeout 4\n');
      expect(told(await hi(home.targets(person, log).get('away')))).toBe('unreachable: 198.18.77.2 port 22 did not answer within 4 s. Is the machine up, the address right, and the way to it open (firewall, VPN)?');
      expect(notices).toEqual(['Waiting for dev@198.18.77.2: no answer to the connection yet …']);
    } finally {
      ip('link', 'del', device);
    }
  });
  it('a name that does not resolve', async () => {
    home.write('config', 'Host nameless\nHostName no-such-host.invalid\nConnectTimeout 5\n');
    expect(told(await hi(home.targets(person, log).get('nameless')))).toMatch(/^unreachable: (There is no host named 'no-such-host\.invalid': neither DNS nor ~\/\.ssh\/config knows it\.|The name 'no-such-host\.invalid' could not be looked up|no-such-host\.invalid port 22 did not answer within 5 s)/);
  });
});

describe('the connection is cut', () => {
  const big = [{ name: 'big', content: new Uint8Array(8_000_000) }];
  it.each([false, true])('in the middle of a transfer (as root: %s): the program never starts, and the next request connects by itself', async (asRoot) => {
    const target = flaky();
    expect(await hi(target)).toMatchObject(ran);
    wire.cutAfter(3_000_000);
    const marker = `/tmp/started-${process.pid}`;
    const outcome = await target.exec({ argv: ['sh', '-c', `touch ${marker}`], files: big, asRoot, timeoutMs: 20_000 });
    expect(told(outcome)).toBe('connection-lost: The connection to the target was lost. What ran there is being ended; the next request connects again.');
    expect(await host.left()).toEqual([]);
    expect([await hi(target), wire.connections]).toMatchObject([ran, 2]);
  });
  it.each([false, true])('in the middle of a run (as root: %s): it is ended there, and the next request connects by itself', async (asRoot) => {
    const target = flaky();
    const outcome = await target.exec({ argv: ['sh', '-c', 'trap "" TERM; sleep 300 & echo up; while :; do echo more; sleep 0.1; done'], asRoot, timeoutMs: 60_000, onStdout: (text) => void (text.includes('up') && wire.cut()) });
    expect(told(outcome)).toContain('connection-lost: ');
    expect(await host.left()).toEqual([]);
    expect(await hi(target)).toMatchObject(ran);
  });
  it.each([
    [10, /^unreachable: 127\.0\.0\.1 port \d+ closed the connection at once\. sshd does this when too many logins are under way/],
    [1_000, /^unreachable: The connection with 127\.0\.0\.1 port \d+ failed: the other side closed it\. Try again; ssh -v shows more of it\.$/],
    [1_400, /^unreachable: dev@127\.0\.0\.1:\d+ closed the connection during the login\. sshd does this when the login takes too long/],
  ])('while it connects, after %i bytes: says how far it came', async (bytes, message) => {
    const target = flaky();
    wire.cutAfter(bytes);
    expect(told(await hi(target))).toMatch(message);
    expect(await hi(target)).toMatchObject(ran);
  });
  it('silently: noticed by the keepalive, within its limit', async () => {
    const target = flaky('ServerAliveInterval 1\nServerAliveCountMax 3');
    const begun = Date.now();
    const outcome = await target.exec({ argv: ['sh', '-c', 'echo up; exec sleep 300'], timeoutMs: 60_000, onStdout: () => wire.stall() });
    expect(told(outcome)).toContain('connection-lost: ');
    expect(Date.now() - begun).toBeLessThan(15_000);
    // The network comes back: sshd sees that we are gone.
    wire.cut();
    wire.resume();
    expect(await hi(target)).toMatchObject(ran);
  });
});

describe('the network vanishes, and nobody tells the host', () => {
  it.each([false, true])('what runs there is ended, by itself (as root: %s)', async (asRoot) => {
    const target = flaky('ServerAliveInterval 1\nServerAliveCountMax 3');
    const running = target.exec({ argv: ['sh', '-c', 'trap "" HUP; sleep 300 & echo up; sleep 300'], asRoot, timeoutMs: 600_000, onStdout: () => wire.vanish() });
    expect(told(await running)).toContain('connection-lost: ');
    // sshd goes on to believe that we are there.
    expect(await host.inside('pgrep -fc "sshd: [d]ev@notty"')).toBe('1\n');
    expect(await host.left()).toEqual([]);
    expect(await host.inside('pgrep -fc "sshd: [d]ev@notty"')).toBe('1\n');
  });
  it('a run that takes longer is not ended as long as we are there', async () => {
    const target = flaky('ServerAliveInterval 1\nServerAliveCountMax 2');
    expect(await target.exec({ argv: ['sh', '-c', 'sleep 9; echo hi'], timeoutMs: 60_000 })).toMatchObject(ran);
  });
});

describe('stalls of 5 s', () => {
  const stallFor5s = (): void => {
    wire.stall();
    setTimeout(() => wire.resume(), 5_000);
  };
  it('while it connects: says so, and goes on', async () => {
    const target = flaky();
    stallFor5s();
    expect(await hi(target)).toMatchObject(ran);
    expect(notices).toEqual([`Waiting for dev@127.0.0.1:${wire.port}: it accepted the connection, and its SSH server says nothing yet …`]);
  });
  it('when a command is started: says so, and goes on', async () => {
    const target = flaky();
    await hi(target);
    stallFor5s();
    expect(await hi(target)).toMatchObject(ran);
    expect([notices[0], wire.connections]).toEqual([`Waiting for dev@127.0.0.1:${wire.port}: it has not started the command yet …`, 1]);
  });
  it('in the middle of a run: not a byte is lost, and a person is told', async () => {
    const target = flaky('ServerAliveInterval 1\nServerAliveCountMax 20');
    const outcome = target.exec({ argv: ['sh', '-c', 'echo up; i=0; while [ $i -lt 3000 ]; do echo "line $i of many"; i=$((i+1)); done; sleep 1; echo end'], timeoutMs: 60_000, onStdout: (text) => void (text.includes('up') && stallFor5s()) });
    await notice(/nothing has come from it for [45] s …$/);
    const lines = Array.from({ length: 3000 }, (_, i) => `line ${i} of many\n`).join('');
    expect(await outcome).toMatchObject({ kind: 'ran', stdout: `up\n${lines}end\n` });
    expect([notices.length <= 2, wire.connections]).toEqual([true, 1]);
  });
  it('in the middle of a transfer', async () => {
    const target = flaky();
    await hi(target);
    const bytes = new Uint8Array(4_000_000).fill(120);
    const outcome = target.exec({ argv: ['sh', '-c', 'wc -c <big'], files: [{ name: 'big', content: bytes }], timeoutMs: 60_000 });
    stallFor5s();
    expect(await outcome).toMatchObject({ kind: 'ran', stdout: '4000000\n' });
  });
  it('a transfer that takes longer than its limit: the program never starts, and nothing is left', async () => {
    const target = flaky();
    await hi(target);
    // The channel opens; what is sent then does not arrive.
    const outcome = target.exec({ argv: ['touch', '/tmp/started'], files: [{ name: 'big', content: new Uint8Array(8_000_000) }], timeoutMs: 3_000 });
    wire.stallAfter(1_000_000);
    expect(await outcome).toMatchObject({ kind: 'timed-out', afterMs: 3_000 });
    wire.resume();
    expect(await host.left()).toEqual([]);
    expect(await hi(target)).toMatchObject(ran);
  });
  it('cancelled while it stalls: at once', async () => {
    const target = flaky();
    await hi(target);
    wire.stall();
    const abort = new AbortController();
    const cancelled = target.exec({ argv: ['sleep', '300'], timeoutMs: 60_000, signal: abort.signal });
    await notice(/has not started/);
    abort.abort();
    expect(await cancelled).toMatchObject({ kind: 'cancelled' });
  });
});

describe('the disk is full', () => {
  it.each([false, true])('no room for the files (as root: %s)', async (asRoot) => {
    await host.inside('mount -o remount,size=1m /tmp');
    const target = flaky();
    const message = (name: string): string => `host: The program could not be written to /tmp on the target: head: error writing ${name}: No space left on device. Make room there: df -h /tmp`;
    for (const files of [[{ name: 'big', content: new Uint8Array(3_000_000) }], [{ name: 'a', content: 'x' }, { name: 'big', content: new Uint8Array(3_000_000) }]]) {
      expect(told(await target.exec({ argv: ['true'], asRoot, files, timeoutMs: 20_000 }))).toBe(message("'standard output'"));
      expect(await host.left()).toEqual([]);
    }
    expect(await hi(target)).toMatchObject(ran);
  });
  it('no room for a directory', async () => {
    await host.inside('mount -o remount,size=1m,nr_inodes=2 /tmp; : >/tmp/last');
    expect(told(await hi(flaky()))).toMatch(/^host: No private directory could be made in \/tmp on the target: mktemp: failed to create directory .*: No space left on device\. Make room there \(df -h \/tmp; df -i \/tmp\), and let the user write to it\.$/);
    await host.inside('rm /tmp/last; mount -o remount,size=100m,nr_inodes=10000 /tmp');
  });
  it('a directory nobody may write to', async () => {
    await host.inside('chmod 755 /tmp');
    expect(told(await hi(flaky()))).toContain('mktemp: failed to create directory via template ‘/tmp/kgent.XXXXXXXX’: Permission denied. Make room there (df -h /tmp; df -i /tmp), and let the user write to it.');
    await host.inside('chmod 1777 /tmp');
  });
});

describe('host keys', () => {
  it('changed', async () => {
    const other = await LoopbackHost.start();
    const file = home.write('known_hosts', other.known('lo'));
    await other.stop();
    const message = told(await hi(flaky()));
    expect(message).toMatch(/^host-key: The host key of 127\.0\.0\.1 port \d+ CHANGED, so Kgent does not connect: somebody may be between you and the host, or it was reinstalled\./);
    expect(message).toContain(`which is not the key in ${file}:1. Only if the host's owner confirms the change, remove the old key: ssh-keygen -f '${file}' -R 'lo'`);
    expect(person.questions).toEqual([]);
  });
  it('hashed by ssh-keygen: known, and what is recorded is hashed too', async () => {
    const file = home.write('known_hosts', host.known('lo') + host.known(`[other.example]:2222`));
    execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' });
    expect(readFileSync(file, 'utf8')).toMatch(/^(\|1\|[^ ]+ ssh-ed25519 [^ \n]+\n){2}$/);
    expect(await hi(flaky())).toMatchObject(ran);
    person.trusts = true;
    expect(await hi(flaky('HashKnownHosts yes', wire.port, 'new.example'))).toMatchObject(ran);
    expect([person.questions.length, execFileSync('ssh-keygen', ['-F', 'new.example', '-f', file]).toString().split('\n')[1]]).toEqual([1, expect.stringMatching(/^\|1\|/)]);
  });
  it('revoked, and in another file', async () => {
    home.write('revoked', `@revoked * ${host.hostKey}\n`);
    const message = told(await hi(flaky('UserKnownHostsFile ~/.ssh/known_hosts ~/.ssh/revoked\nStrictHostKeyChecking no')));
    expect(message).toMatch(/^host-key: .* is marked @revoked in .*\/revoked:1: it was stolen or withdrawn\. Kgent does not connect; ask the host's owner for its new key\.$/);
  });
});

describe('keys', () => {
  it('a key file with quotes, spaces, a line break and $(…) in its name', async () => {
    const name = `it's "my" $(touch owned)\nkey`;
    copyFileSync(host.key, join(home.path, '.ssh', name));
    const targets = home.targets(person, log);
    await targets.add('odd', { destination: '127.0.0.1', port: host.port, user: 'dev', identity: join(home.path, '.ssh', name), knownHosts: home.write('known_odd', host.known()) });
    expect(await hi(targets.get('odd'))).toMatchObject(ran);
  });
});
