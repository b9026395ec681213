import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { resolveSettings, type SshSettings, type SshWorld } from '../../src/target/ssh/config.ts';

const run = promisify(execFile);
const made: string[] = [];
afterAll(() => made.forEach((directory) => rmSync(directory, { recursive: true })));

type Files = Readonly<Record<string, string>>;
/** What `ssh -G` says, and what we make of the same, in the same words. */
interface Said {
  readonly ssh: Readonly<Record<string, string>>;
  readonly ours: Readonly<Record<string, string>>;
}

/** A home directory with these files below ~/.ssh, `system` as /etc/ssh/ssh_config. */
function homeOf(files: Files): string {
  const home = mkdtempSync(join(tmpdir(), 'kgent-config-'));
  made.push(home);
  for (const [name, text] of Object.entries({ system: '', ...files })) {
    mkdirSync(dirname(join(home, '.ssh', name)), { recursive: true });
    writeFileSync(join(home, '.ssh', name), text, { mode: 0o600 });
  }
  writeFileSync(join(home, 'passwd'), `root:x:0:0::${home}:/bin/sh\n`);
  return home;
}

/** Asks the real ssh, in a mount namespace where this is root's home. */
async function askSsh(home: string, destinations: readonly string[]): Promise<string[]> {
  const script = `mount --bind "$1/passwd" /etc/passwd; mount --bind "$1/.ssh/system" /etc/ssh/ssh_config; shift; for d; do ssh -G "$d" 2>&1 || echo "failed $?"; echo "--"; done`;
  const { stdout } = await run('unshare', ['--mount', 'sh', '-c', script, 'sh', home, ...destinations], { timeout: 60_000, env: { ...process.env, HOME: home } });
  return stdout.split('--\n').slice(0, -1);
}

function world(home: string): SshWorld {
  const orNothing = <T>(read: () => T, nothing: T): T => {
    try {
      return read();
    } catch {
      return nothing;
    }
  };
  return {
    home,
    env: {},
    localUser: userInfo().username,
    platform: 'linux',
    systemConfig: join(home, '.ssh/system'),
    reader: { read: (path) => orNothing(() => readFileSync(path === '/etc/ssh/ssh_config' ? join(home, '.ssh/system') : path, 'utf8'), undefined), list: (path) => orNothing(() => readdirSync(path), []) },
  };
}

const KEYS = ['hostname', 'user', 'port', 'identityfile', 'identitiesonly', 'proxyjump', 'userknownhostsfile', 'stricthostkeychecking', 'hashknownhosts', 'batchmode', 'connecttimeout', 'hostkeyalias', 'identityagent'] as const;

/** The lines of `ssh -G`; paths below ~ in full. */
function readSsh(text: string, home: string): Record<string, string> {
  const found: Record<string, string[]> = {};
  for (const line of text.split('\n')) {
    const [, key = '', value = ''] = /^(\S+) (.*)$/.exec(line) ?? [];
    if ((KEYS as readonly string[]).includes(key)) (found[key] ??= []).push(value.replaceAll(/(^| )~\//g, `$1${home}/`));
  }
  return Object.fromEntries(KEYS.map((key) => [key, (found[key] ?? []).join(' ')]));
}

/** `ssh -G` lists names of keys that we do not try. */
const withoutOtherDefaults = (files: string): string => files.replace(/ ?\S+\/\.ssh\/id_(ecdsa_sk|ed25519_sk|xmss|dsa)(?= |$)/g, '').split(' ').toSorted().join(' ');

function jumps({ jump }: SshSettings): string {
  const hops: string[] = [];
  for (let hop = jump; hop; hop = hop.jump) hops.unshift(hop.label);
  return hops.join(',');
}

function readOurs(settings: SshSettings): Record<string, string> {
  const yesNo = (yes: boolean): string => (yes ? 'yes' : 'no');
  return {
    hostname: settings.host,
    user: settings.user,
    port: String(settings.port),
    identityfile: settings.identityFiles.join(' '),
    identitiesonly: yesNo(settings.identitiesOnly),
    proxyjump: jumps(settings),
    userknownhostsfile: settings.userKnownHosts.join(' '),
    stricthostkeychecking: settings.hostKeyChecking,
    hashknownhosts: yesNo(settings.hashKnownHosts),
    batchmode: yesNo(!settings.interactive),
    connecttimeout: String(settings.connectTimeoutMs / 1000),
    hostkeyalias: settings.hostKeyName,
    identityagent: settings.agent ?? '',
  };
}

/** `ssh -G` says `true` and `false` for some of the words a person writes. */
function normalized(said: Record<string, string>, ours: Record<string, string>): Record<string, string> {
  const checking: Record<string, string> = { true: 'yes', false: 'no', off: 'no' };
  return {
    ...said,
    identityfile: withoutOtherDefaults(said['identityfile'] ?? ''),
    stricthostkeychecking: checking[said['stricthostkeychecking'] ?? ''] ?? said['stricthostkeychecking'] ?? '',
    connecttimeout: said['connecttimeout'] === 'none' ? '20' : (said['connecttimeout'] ?? ''),
    // Told only when configured; ours is the name looked up in the end.
    hostkeyalias: said['hostkeyalias'] || (ours['hostkeyalias'] ?? ''),
    identityagent: said['identityagent'] === 'none' ? '' : (said['identityagent'] ?? ''),
  };
}

async function compare(files: Files, destinations: readonly string[]): Promise<Said[]> {
  const home = homeOf(files);
  const texts = await askSsh(home, destinations);
  return destinations.map((destination, i) => {
    const ours = readOurs(resolveSettings({ destination }, world(home)));
    return { ssh: normalized(readSsh(texts[i] ?? '', home), ours), ours: { ...ours, identityfile: withoutOtherDefaults(ours['identityfile'] ?? '') } };
  });
}

async function agree(files: Files, destinations: readonly string[]): Promise<void> {
  for (const [i, { ssh, ours }] of (await compare(files, destinations)).entries()) expect(ours, `${destinations[i]}\n${JSON.stringify(files, null, 1).replaceAll('\\n', '\n')}`).toEqual(ssh);
}

describe('what ssh -G says of the same files', () => {
  it.each<[string, Files, string[]]>([
    ['nothing', {}, ['web', 'dev@web', 'ssh://dev@web:2222', '192.0.2.7']],
    ['patterns and negation', { config: 'Host *.corp !bad.corp\n User corp\nHost w?b !x\n Port 22022\nHost !web\n User nobody\nHost * !*.corp\n User other\n' }, ['a.corp', 'bad.corp', 'web', 'wab', 'x', 'WEB', 'a.CORP']],
    ['the first value counts, lists add up', { config: 'Host a*\n IdentityFile ~/.ssh/one\n User u1\nHost *b\n IdentityFile /k/two\n User u2\n Port 7\nHost *\n IdentityFile /k/one\n StrictHostKeyChecking no\n' }, ['ab', 'a', 'b']],
    ['Match', { config: 'Match host web user dev\n Port 1\nMatch originalhost web\n Port 2\nMatch user "dev,root"\n Port 3\nMatch !host web,db\n Port 4\nMatch all\n Port 5\n' }, ['web', 'dev@web', 'dev@other', 'root@db', 'db', 'other']],
    ['Match host sees HostName', { config: 'Host web\n HostName w.example\nMatch host w.example\n User x\nMatch originalhost web host *.example\n Port 9\n' }, ['web', 'w.example']],
    ['Match final and canonical', { config: 'Match final host w.example\n User f\nMatch canonical\n Port 3\nMatch !final\n ConnectTimeout 4\nHost web\n HostName w.example\n User x\nMatch final\n IdentityFile /k/final\nHost *\n IdentityFile /k/all\n' }, ['web', 'w.example']],
    ['Match exec and what else is not known here', { config: 'Match exec "false"\n User x\nMatch host web exec "exit 1"\n Port 4\n' }, ['web']],
    ['Match localuser', { config: 'Match localuser root\n Port 1\nMatch localuser nobody\n User x\n' }, ['web']],
    ['Include: globs, relative, nested, inside a Host', { config: 'Include conf.d/*.conf ~/.ssh/tilde\nHost web\n Include in-web\n Port 2\nHost *\n User last\n', 'conf.d/20.conf': 'Host web\n User b\n', 'conf.d/10.conf': 'Host db\n User a\nInclude deeper\n', deeper: 'IdentityFile /k/deep\n', 'conf.d/.hidden.conf': 'User hidden\n', 'conf.d/x.txt': 'User x\n', tilde: 'ConnectTimeout 7\n', 'in-web': 'IdentityFile /k/web\nHost db\n Port 3\n' }, ['web', 'db', 'other']],
    ['Include: character classes in globs', { config: 'Include conf.d/[0-9][ab].conf\nInclude c?nf.d/[!0]x.conf\n', 'conf.d/1a.conf': 'User a\n', 'conf.d/ca.conf': 'User c\n', 'conf.d/1x.conf': 'Port 3\n', 'conf.d/0x.conf': 'Port 4\n' }, ['web']],
    ['quotes, equals signs, tabs, comments', { config: '\tHost\t"web"\n HostName="w.example"\n User = dev\nPort=2222\n# Host *\n  # User x\nHost "a b" c\n IdentityFile "/k/my key"\n' }, ['web', 'c']],
    ['times, booleans', { config: 'Host a\n ConnectTimeout 90\n IdentitiesOnly yes\n BatchMode yes\n HashKnownHosts yes\nHost b\n ConnectTimeout 1m30s\n IdentitiesOnly true\n StrictHostKeyChecking accept-new\nHost c\n StrictHostKeyChecking off\n ConnectTimeout none\n' }, ['a', 'b', 'c']],
    ['agents', { config: 'Host a\n IdentityAgent none\nHost b\n IdentityAgent /run/agent.sock\n' }, ['a', 'b']],
    ['jump hosts', { config: 'Host one two hop all\n ProxyJump none\nHost a\n ProxyJump root@hop:2022\nHost b\n ProxyJump root@one,root@two:7\nHost c\n ProxyJump none\nHost *\n ProxyJump root@all\n' }, ['a', 'b', 'c', 'd']],
    ['known_hosts', { config: 'Host a\n UserKnownHostsFile /k/a /k/b\nHost b\n UserKnownHostsFile "/k/a b"\nHost *\n HostKeyAlias alias\n' }, ['a', 'b']],
    ['the system file comes last', { config: 'Host web\n User mine\n', system: 'Host *\n User sys\n Port 77\n' }, ['web', 'db']],
  ])('%s', (_what, files, destinations) => agree(files, destinations));

  it('100 configurations made at random', async () => {
    let state = 20261122;
    const random = (n: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * n);
    };
    const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
    const patterns = ['web', 'db', '*', 'w*', '*b', '?b', '!web', '!w*', 'web.corp', '*.corp', '!*.corp', 'd?'];
    const some = <T>(make: () => T, most: number): T[] => Array.from({ length: 1 + random(most) }, make);
    const values = [() => `User ${pick(['a', 'b', 'root'])}`, () => `Port ${1 + random(9)}`, () => `HostName ${pick(['%h.corp', 'web', 'h.example', '192.0.2.1'])}`, () => `IdentityFile ${pick(['/k/1', '/k/2', '~/.ssh/3'])}`, () => `StrictHostKeyChecking ${pick(['yes', 'no', 'ask', 'accept-new'])}`, () => `ConnectTimeout ${1 + random(9)}`, () => `IdentitiesOnly ${pick(['yes', 'no'])}`, () => `UserKnownHostsFile ${some(() => pick(['/h/1', '/h/2']), 2).join(' ')}`];
    const criteria = [() => `host ${pick(['web', '*.corp', 'h.example', '!web,*', 'w*,d*'])}`, () => `originalhost ${pick(['web', '*b', '!db,*'])}`, () => `user ${pick(['a', 'root', '!b,*'])}`, () => `!host ${pick(['web', '*.corp'])}`, () => `!user ${pick(['a', 'root'])}`, () => pick(['final', '!final', 'canonical', 'localuser root'])];
    const block = (): string => {
      const head = pick([() => `Host ${some(() => pick(patterns), 3).join(' ')}`, () => `Match ${some(() => pick(criteria)(), 2).join(' ')}`, () => 'Match all', () => ''])();
      const lines = some(() => (random(8) === 0 ? `Include ${pick(['inc/a', 'inc/*', 'inc/?b'])}` : pick(values)()), 3);
      return [head, ...lines.map((line) => ` ${line}`)].join('\n');
    };
    const text = (): string => `${some(block, 4).join('\n')}\n`;
    const plain = (): string => `${some(() => ` ${pick(values)()}`, 2).join('\n')}\n${random(2) === 0 ? `Host ${pick(patterns)}\n ${pick(values)()}\n` : ''}`;
    for (let round = 0; round < 100; round++) await agree({ config: text(), 'inc/a': plain(), 'inc/ab': plain() }, ['web', 'a@db', 'web.corp']);
  });
});
