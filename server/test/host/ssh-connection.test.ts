import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SecondSshd, shell, testVm, TestHome, vmHostKey } from '../support/sshd.ts';
import type { SshSpec } from '../../src/target/ssh/config.ts';
import type { Ask, Outcome, Target } from '../../src/target/target.ts';

const vm = testVm();
const home = new TestHome();
const spec: SshSpec = { destination: vm.host, port: vm.port, user: 'root', identity: vm.key, knownHosts: vm.knownHosts };
/** A connection of its own to look at the host with, whatever becomes of the one under test. */
let watcher: Target;
beforeAll(async () => {
  await home.targets().add('vm', spec);
  watcher = home.targets().get('vm');
});
afterAll(() => home.close());

async function fresh(more: Partial<SshSpec> = {}, ask?: Ask): Promise<Target> {
  const targets = home.targets(ask);
  await targets.add('t', { ...spec, ...more });
  return targets.get('t');
}
const hi = (on: Target): Promise<Outcome> => on.exec({ argv: ['echo', 'hi'], timeoutMs: 30_000 });
const ran = { kind: 'ran', stdout: 'hi\n' };
const refusal = async (on: Target): Promise<string> => {
  const outcome = await hi(on);
  return outcome.kind === 'failed' ? `${outcome.reason}: ${outcome.message}` : outcome.kind;
};
/** Waits, on the host, until a shell condition holds; 30 s at most. */
const until = (condition: string): Promise<string> => shell(watcher, `i=0; until ${condition}; do i=$((i+1)); [ $i -lt 150 ] || exit 1; sleep 0.2; done`);

describe('a client that is killed', () => {
  const clients: ChildProcess[] = [];
  /** What one of them left running when the other did not start would fail the tests after this one. */
  afterAll(() => {
    for (const child of clients) child.kill('SIGKILL');
  });
  /** Another process that runs bpftrace on the VM; resolves with it when bpftrace has attached. */
  async function client(user: string, marker: string): Promise<void> {
    const code = `
      import { Targets } from './server/src/target/targets.ts';
      import { askNobody } from './server/src/target/target.ts';
      import { silentLog } from './server/src/base/log.ts';
      const targets = new Targets({ home: ${JSON.stringify(home.path)}, env: {}, ask: askNobody, log: silentLog });
      await targets.add(${JSON.stringify(user)}, ${JSON.stringify({ ...spec, user })});
      const outcome = await targets.get(${JSON.stringify(user)}).exec({
        argv: ['bpftrace', '-e', 'BEGIN { printf("${marker}\\\\n"); } interval:s:1 { @ticks = count(); }'],
        asRoot: true, timeoutMs: 100000, onStdout: (text) => process.stdout.write(text) });
      console.log(JSON.stringify(outcome));`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
    clients.push(child);
    let text = '';
    for await (const chunk of child.stdout) {
      text += String(chunk);
      if (text.includes(`${marker}\n`)) return;
    }
    throw new Error(`bpftrace did not start: ${text}`);
  }
  it('leaves no bpftrace and no directory on the host, as root and through sudo', async () => {
    const marker = `mark${process.pid}x`;
    // Matches the programs, but not the shell that searches.
    const find = `pgrep -f 'bpftrace -e .*${marker.slice(0, -1)}[x]'`;
    await Promise.all([client('root', marker), client('dev', marker)]);
    const directories = await shell(watcher, `for p in $(${find}); do readlink /proc/$p/cwd; done | sort -u | grep '^/tmp/kgent\\.'`);
    const [first, second, ...more] = directories.trim().split('\n');
    expect([first, second, more]).toEqual([expect.stringContaining('/tmp/kgent.'), expect.stringContaining('/tmp/kgent.'), []]);
    for (const child of clients) child.kill('SIGKILL');
    await until(`! ${find} >/dev/null && ! [ -e ${first} ] && ! [ -e ${second} ]`);
  });
});

describe('a connection that breaks', () => {
  /** The sshd process that serves a target's connection. */
  const session = (on: Target): Promise<string> =>
    shell(on, `p=$$; while read -r n </proc/$p/comm; case $n in sshd*) false;; esac; do p=$(sed -n 's/^PPid:[^0-9]*//p' /proc/$p/status); done; printf %s $p`);
  /** Starts a program that runs on, and resolves with its number. */
  async function running(on: Target): Promise<{ pid: string; done: Promise<Outcome> }> {
    let done: Promise<Outcome> | undefined;
    const pid = await new Promise<string>((resolve, reject) => {
      let text = '';
      const onStdout = (more: string): void => {
        text += more;
        if (text.endsWith('\n')) resolve(text.trim());
      };
      done = on.exec({ argv: ['sh', '-c', 'echo $$; exec sleep 300'], timeoutMs: 60_000, onStdout });
      void done.then((outcome) => reject(new Error(JSON.stringify(outcome))));
    });
    if (!done) throw new Error('never started');
    return { pid, done };
  }
  it('killed: what ran is told so and ends on the host; the next request connects anew', async () => {
    const target = await fresh();
    const pid = await session(target);
    const program = await running(target);
    await shell(watcher, `kill -KILL ${pid}`);
    expect(await program.done).toMatchObject({ kind: 'failed', reason: 'connection-lost' });
    await until(`! [ -e /proc/${program.pid} ]`);
    expect(await hi(target)).toMatchObject(ran);
  });
  it('silent: the keepalive notices, and nothing is left on the host when it comes back', async () => {
    home.write('config', 'ServerAliveInterval 1\nServerAliveCountMax 2\n');
    const target = await fresh();
    const pid = await session(target);
    home.write('config', '');
    const program = await running(target);
    await shell(watcher, `kill -STOP ${pid}`);
    expect(await program.done).toMatchObject({ kind: 'failed', reason: 'connection-lost' });
    expect(await hi(target)).toMatchObject(ran);
    await shell(watcher, `kill -CONT ${pid}`);
    await until(`! [ -e /proc/${program.pid} ]`);
  });
});

describe('host keys', () => {
  const other = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDQcMQ9taU8GAqS8B6M76vb03hHOlmzXdVmkcAhypt0M';
  const name = `[${vm.host}]:${vm.port}`;

  it('unknown: refused with the fingerprint; trusted: recorded', async () => {
    const knownHosts = join(home.path, '.ssh/unknown');
    expect(await refusal(await fresh({ knownHosts }))).toMatch(/^host-key: .* is not known: ssh-ed25519 SHA256:[\w+/]{43}\./);
    const yes: Ask = { trustHostKey: () => Promise.resolve(true), secret: () => Promise.resolve(undefined) };
    expect(await hi(await fresh({ knownHosts }, yes))).toMatchObject(ran);
    expect(readFileSync(knownHosts, 'utf8')).toBe(`${name} ${vmHostKey(vm)}\n`);
    expect(await hi(await fresh({ knownHosts }))).toMatchObject(ran);
  });
  it('changed: refused, with file, line and remedy', async () => {
    const knownHosts = home.write('changed', `# a comment\n${name} ${other}\n`);
    const message = await refusal(await fresh({ knownHosts }));
    expect(message).toMatch(/^host-key: .* CHANGED/);
    expect(message).toContain(`${knownHosts}:2`);
    expect(message).toContain(`ssh-keygen -f '${knownHosts}' -R '${name}'`);
  });
  it('revoked: refused', async () => {
    const knownHosts = home.write('revoked', `${name} ${vmHostKey(vm)}\n@revoked * ${vmHostKey(vm)}\n`);
    expect(await refusal(await fresh({ knownHosts }))).toContain(`is marked @revoked in ${knownHosts}:2`);
  });
});

describe('hosts that do not answer', () => {
  it('a closed port', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    expect(await refusal(await fresh({ destination: '127.0.0.1', port }))).toContain(`unreachable: 127.0.0.1 port ${port} refused the connection`);
  });
  it('a port that accepts and stays silent', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    home.write('config', 'ConnectTimeout 2\n');
    const begun = Date.now();
    expect(await refusal(await fresh({ destination: '127.0.0.1', port: (server.address() as AddressInfo).port }))).toContain('no SSH server answered there within 2 s');
    expect(Date.now() - begun).toBeLessThan(4000);
    home.write('config', '');
    server.close();
  });
});

describe('a second sshd, reached through the first', () => {
  const PORT = 2222;
  const PASSWORD = 'Pä55 wörd';
  let sshd: SecondSshd;
  const jump = async (more: Partial<SshSpec>, ask?: Ask): Promise<Target> => fresh({ destination: '127.0.0.1', port: PORT, knownHosts: home.write('second', `[127.0.0.1]:${PORT} ${vmHostKey(vm)}\n`), proxyJump: 'vm', ...more }, ask);
  const says = (...secrets: string[]): Ask & { asked: string[] } => {
    const asked: string[] = [];
    return { asked, trustHostKey: () => Promise.resolve(false), secret: (what) => (asked.push(what), Promise.resolve(secrets[asked.length - 1])) };
  };

  beforeAll(async () => {
    await shell(watcher, `printf '%s\\n' 'nosudo:${PASSWORD}' | chpasswd`);
    // Two sessions at once; root needs a key, nosudo a key and then the password.
    sshd = await SecondSshd.start(watcher, PORT, ['PasswordAuthentication=yes', 'MaxSessions=2']);
  });
  afterAll(async () => {
    await sshd.stop();
    await shell(watcher, "usermod -p '*' nosudo");
  });

  it('the right password', async () => {
    const ask = says(PASSWORD);
    const target = await jump({ user: 'nosudo', identity: '/nowhere' }, ask);
    expect(await target.exec({ argv: ['id', '-un'], timeoutMs: 30_000 })).toMatchObject({ kind: 'ran', stdout: 'nosudo\n' });
    expect(ask.asked).toEqual([`Password of nosudo@127.0.0.1:${PORT}`]);
  });
  it('a wrong password is said as such', async () => {
    const message = await refusal(await jump({ user: 'nosudo', identity: '/nowhere' }, says('wrong', 'wrong')));
    expect(message).toContain(`auth: nosudo@127.0.0.1:${PORT} did not let 'nosudo' in. The password was wrong.`);
    expect(message).toContain('The host takes: publickey, password');
  });
  it('a key, and more commands at once than it allows sessions', async () => {
    const target = await jump({});
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => hi(target)));
    expect(outcomes).toMatchObject(Array.from({ length: 5 }, () => ran));
  });
  it('a port the jump host cannot reach', async () => {
    expect(await refusal(await jump({ port: 2223 }))).toContain(`The jump host root@${vm.host}:${vm.port} could not connect to 127.0.0.1 port 2223`);
  });
  it('a key and a password, where it wants both', async () => {
    const strict = await SecondSshd.start(watcher, PORT + 2, ['PasswordAuthentication=yes', 'AuthenticationMethods=publickey,password']);
    try {
      const knownHosts = home.write('third', `[127.0.0.1]:${PORT + 2} ${vmHostKey(vm)}\n`);
      expect(await hi(await jump({ port: PORT + 2, user: 'nosudo', knownHosts }, says(PASSWORD)))).toMatchObject(ran);
    } finally {
      await strict.stop();
    }
  });
});

describe('an odd login shell', () => {
  const user = 'kgent-odd';
  const loginShell = '/usr/local/bin/kgent-odd-shell';
  beforeAll(() =>
    shell(
      watcher,
      `printf '%s\\n' '#!/bin/sh' 'echo Welcome; echo "motd: $#" >&2; exec /bin/sh "$@"' >${loginShell}; chmod 755 ${loginShell}
       useradd -m -s ${loginShell} ${user}; usermod -p '*' ${user}; cp -r /root/.ssh /home/${user}/; chown -R ${user} /home/${user}/.ssh`,
    ),
  );
  // -f: sshd may still be about to end the session of a connection that was just closed.
  afterAll(() => shell(watcher, `userdel -rf ${user} 2>/dev/null; rm ${loginShell}; ! id ${user} 2>/dev/null`));

  it('what it prints is not taken for the program’s output', async () => {
    expect(await hi(await fresh({ user }))).toMatchObject({ ...ran, stderr: '' });
  });
  it('a user who may not run commands: the host’s words', async () => {
    await shell(watcher, `usermod -s /usr/sbin/nologin ${user}`);
    expect(await refusal(await fresh({ user }))).toContain('This account is currently not available.');
  });
});
