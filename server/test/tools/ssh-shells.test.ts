import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LoopbackHost, type HostUser } from '../support/loopback-host.ts';
import { TestHome } from '../support/sshd.ts';
import { Wire } from '../support/tcp.ts';
import type { Outcome, Target } from '../../src/target/target.ts';
import type { Targets } from '../../src/target/targets.ts';

const NOISE = 'echo "Welcome to the machine"; echo "You have mail" >&2\n';
/** A line of /etc/passwd holds no line break. */
const ODD_HOME = `/home/it's "my" $(touch owned) home`;
const users: readonly (HostUser & { shell: string })[] = [
  { name: 'bash', shell: '/bin/bash', files: { '.bashrc': NOISE, '.profile': NOISE, '.bash_profile': NOISE, '.bash_login': NOISE } },
  { name: 'dash', shell: '/bin/dash', files: { '.profile': NOISE } },
  { name: 'busybox', shell: '/mnt/bin/ash' },
  { name: 'fish', shell: '/usr/bin/fish', files: { '.config/fish/config.fish': NOISE } },
  { name: 'csh', shell: '/bin/csh', files: { '.cshrc': 'echo Welcome\nsh -c "echo mail >&2"\n' } },
  { name: 'tcsh', shell: '/usr/bin/tcsh', files: { '.tcshrc': 'echo Welcome\nset prompt = "$user> "\n' } },
];
const home = new TestHome();
let host: LoopbackHost;
let targets: Targets;

beforeAll(async () => {
  host = await LoopbackHost.start({
    users,
    sshd: ['Banner /etc/banner', 'PrintMotd yes'],
    etc: { banner: 'Authorised use only: KGENT-READY\n', motd: 'Message of the day\n', 'sudoers.d/all': 'ALL ALL = NOPASSWD: ALL\n' },
    // useradd takes no such home directory; sshd does.
    prepare: `mkdir /mnt/bin; ln -s /usr/bin/busybox /mnt/bin/ash; chmod 444 /etc/banner /etc/motd; useradd -M -s /bin/bash odd; usermod -p '*' odd`,
  });
  targets = home.targets();
  const knownHosts = home.write('known_hosts', host.known());
  for (const { name } of [...users, { name: 'odd' }]) await targets.add(name, { destination: '127.0.0.1', port: host.port, user: name, identity: host.key, knownHosts });
});
afterAll(async () => {
  await home.close();
  await host.stop();
});

const ODD = ['', ' ', "it's", '"$HOME"', '$(id)', '`id`', '\\n', 'line\nbreak', '*', '~', '!!', '!', '#', '%s', ';', 'żółć'];
const exec = (on: Target, script: string, words: readonly string[] = [], asRoot = false): Promise<Outcome> =>
  on.exec({ argv: ['sh', '-c', script, 'sh', ...words], files: [{ name: "o'd d$(x)\n.txt", content: 'here\n' }], asRoot, timeoutMs: 20_000 });

describe.each(users)('login shell $shell', ({ name }) => {
  it('arguments and files arrive as they are; what the login prints is left out', async () => {
    const outcome = await exec(targets.get(name), `id -un; cat "o'd d\\$(x)\n.txt"; printf '[%s]' "$@"; echo words >&2; exit 3`, ODD);
    expect(outcome).toMatchObject({ kind: 'ran', exitCode: 3, stdout: `${name}\nhere\n${ODD.map((word) => `[${word}]`).join('')}`, stderr: 'words\n' });
  });
  it('root through sudo', async () => {
    expect(await exec(targets.get(name), 'id -un; echo words >&2', [], true)).toMatchObject({ kind: 'ran', exitCode: 0, stdout: 'root\n', stderr: 'words\n' });
  });
  it('a run is stopped, and ended by its time limit', async () => {
    const stopped = targets.get(name).start({ argv: ['sh', '-c', 'trap "echo maps; exit 7" INT; echo up; while :; do sleep 0.1; done'], timeoutMs: 20_000, onStdout: (text) => void (text.includes('up') && stopped.stop(10_000)) });
    expect(await stopped.done).toMatchObject({ kind: 'ran', exitCode: 7, stdout: 'up\nmaps\n' });
    expect(await targets.get(name).exec({ argv: ['sleep', '300'], timeoutMs: 200 })).toMatchObject({ kind: 'timed-out' });
    expect(await host.left()).toEqual([]);
  });
  it('facts', async () => expect(await targets.get(name).facts()).toMatchObject({ kind: 'known', facts: { user: name, root: 'sudo' } }));
});

describe('odd names', () => {
  it('a home directory with quotes, spaces and $(…): nothing of it is run', async () => {
    const quoted = `'${ODD_HOME.replaceAll("'", `'\\''`)}'`;
    await host.inside(`mkdir -p ${quoted}; usermod -d ${quoted} odd; chown odd: ${quoted}`);
    expect(await exec(targets.get('odd'), 'echo "$HOME"')).toMatchObject({ kind: 'ran', stdout: `${ODD_HOME}\n` });
    expect(await targets.get('odd').facts({ refresh: true })).toMatchObject({ kind: 'known', facts: { user: 'odd' } });
    expect(await host.inside(`ls -A ${quoted}; find /home /tmp /run /mnt/homes -name owned`)).toBe('');
  });
  it('program files that look like options, or hold anything but a slash', async () => {
    const names = ['-rf', '--', '-', '$(touch owned)', '`id`', "a'b", 'a"b', 'a\nb', ' ', '*', '\\', 'ż'];
    for (const files of [names, ...names.map((name) => [name])]) {
      const outcome = await targets.get('dash').exec({ argv: ['sh', '-c', 'for f in "$@"; do cat "./$f"; done; ls -A | wc -l', 'sh', ...files], files: files.map((name) => ({ name, content: `<${name}>` })), timeoutMs: 20_000 });
      const entries = files.join('').split('\n').length - 1 + files.length;
      expect(outcome).toMatchObject({ kind: 'ran', stdout: `${files.map((name) => `<${name}>`).join('')}${entries}\n` });
    }
    expect(await host.left()).toEqual([]);
  });
});

describe('a host of busybox alone', () => {
  let small: LoopbackHost;
  beforeAll(async () => {
    // /bin/sh is busybox too, and every tool that it has comes before Debian's.
    small = await LoopbackHost.start({ users: [{ name: 'bb', shell: '/bin/sh' }], sshd: ['SetEnv PATH=/mnt/bb'], prepare: 'mkdir /mnt/bb; busybox --install -s /mnt/bb; mount --bind /usr/bin/busybox "$(readlink -f /bin/sh)"' });
    await targets.add('bb', { destination: '127.0.0.1', port: small.port, user: 'bb', identity: small.key, knownHosts: home.write('bb', small.known()) });
  });
  afterAll(() => small.stop());

  it('runs, with files, and ends what hangs', async () => {
    const bb = targets.get('bb');
    expect(await exec(bb, `readlink -f /proc/$$/exe; cat "o'd d\\$(x)\n.txt"; command -v mktemp; printf '[%s]' "$@"`, ODD)).toMatchObject({ kind: 'ran', stdout: `/usr/bin/busybox\nhere\n/mnt/bb/mktemp\n${ODD.map((word) => `[${word}]`).join('')}` });
    const files = [{ name: 'a', content: new Uint8Array(70_000).fill(7) }, { name: 'b', content: 'second\n' }];
    expect(await bb.exec({ argv: ['sh', '-c', 'wc -c <a; cat b'], files, timeoutMs: 20_000 })).toMatchObject({ kind: 'ran', stdout: '70000\nsecond\n' });
    expect(await bb.exec({ argv: ['sh', '-c', 'sleep 300 & sleep 300'], timeoutMs: 300 })).toMatchObject({ kind: 'timed-out' });
    const stopped = bb.start({ argv: ['sh', '-c', 'trap "echo maps; exit 7" INT; echo up; while :; do sleep 0.1; done'], timeoutMs: 20_000, onStdout: (text) => void (text.includes('up') && stopped.stop(10_000)) });
    expect(await stopped.done).toMatchObject({ kind: 'ran', exitCode: 7, stdout: 'up\nmaps\n' });
    expect(await small.left()).toEqual([]);
  });
  it('ends what runs there when the network vanishes, and not before', async () => {
    const wire = await Wire.to(small.port);
    home.write('config', `Host far\nHostName 127.0.0.1\nPort ${wire.port}\nUser bb\nIdentityFile ${small.key}\nHostKeyAlias far\nUserKnownHostsFile ${home.write('far', small.known('far'))}\nServerAliveInterval 1\nServerAliveCountMax 2\n`);
    expect(await targets.get('far').exec({ argv: ['sh', '-c', 'sleep 9; echo hi'], timeoutMs: 60_000 })).toMatchObject({ kind: 'ran', stdout: 'hi\n' });
    expect(await targets.get('far').exec({ argv: ['sh', '-c', 'echo up; sleep 300'], timeoutMs: 600_000, onStdout: () => wire.vanish() })).toMatchObject({ kind: 'failed', reason: 'connection-lost' });
    expect(await small.left()).toEqual([]);
    await wire.close();
  });
  it('tells its facts, and that there is no way to become root', async () => {
    expect(await targets.get('bb').facts()).toMatchObject({ kind: 'known', facts: { user: 'bb', root: 'none' } });
  });
});
