import { describe, expect, it } from 'vitest';
import { UserError } from '../../base/error.ts';
import { resolveSettings, type SshSettings, type SshSpec, type SshWorld } from './config.ts';
import { configuredHosts, isConfigured } from './config-files.ts';

const HOME = '/home/me';

/** A world of files; a plain string is ~/.ssh/config. */
function world(files: string | Record<string, string>, more: Partial<SshWorld> = {}): SshWorld {
  const all = typeof files === 'string' ? { [`${HOME}/.ssh/config`]: files } : files;
  const list = (directory: string): string[] =>
    [...new Set(Object.keys(all).flatMap((path) => (path.startsWith(`${directory}/`) ? [path.slice(directory.length + 1).split('/')[0] ?? ''] : [])))];
  return { home: HOME, env: {}, localUser: 'me', platform: 'linux', systemConfig: undefined, reader: { read: (path) => all[path], list }, ...more };
}

function settings(config: string | Record<string, string>, spec: string | SshSpec, more: Partial<SshWorld> = {}): SshSettings {
  return resolveSettings(typeof spec === 'string' ? { destination: spec } : spec, world(config, more));
}

const label = (config: string | Record<string, string>, spec: string | SshSpec): string => settings(config, spec).label;

describe('host, user, port', () => {
  it.each([
    ['nothing configured', '', 'web', 'me@web'],
    ['written', '', 'dev@web:2222', 'dev@web:2222'],
    ['alias', 'Host web\n  HostName 192.0.2.7\n  User dev\n  Port 2222', 'web', 'dev@192.0.2.7:2222'],
    ['what is written goes first', 'Host web\n  User dev\n  Port 2222', 'root@web:22', 'root@web'],
    ['equals signs and quotes', 'Host=web\nHostName="w.example"\nPort = 2200', 'web', 'me@w.example:2200'],
    ['lower case keywords', 'host web\n hostname w.example\n user dev', 'web', 'dev@w.example'],
    ['the first value counts', 'Host web\n User a\nHost *\n User b', 'web', 'a@web'],
    ['defaults behind', 'Host db\n User a\nHost *\n User b', 'web', 'b@web'],
    ['defaults before any Host', 'User b\nHost web\n User a', 'web', 'b@web'],
    ['wildcards', 'Host *.corp !bad.corp\n User corp', 'web.corp', 'corp@web.corp'],
    ['negated', 'Host *.corp !bad.corp\n User corp', 'bad.corp', 'me@bad.corp'],
    ['several names', 'Host a b c\n User x', 'b', 'x@b'],
    ['token in HostName', 'Host web\n HostName %h.example.com', 'web', 'me@web.example.com'],
    ['IPv6', 'Host six\n HostName 2001:db8::7\n Port 2222', 'six', 'me@[2001:db8::7]:2222'],
    ['Match user', 'Match user root\n Port 2222', 'root@web', 'root@web:2222'],
    ['Match originalhost', 'Match originalhost web\n User x', 'web', 'x@web'],
    ['Match host sees HostName', 'Host web\n hostname w.example\nMatch host w.example\n User x', 'web', 'x@w.example'],
    ['comments', '# x\nHost web # the web\n User dev # me\n', 'web', 'dev@web'],
    ['CRLF', 'Host web\r\n  User dev\r\n', 'web', 'dev@web'],
  ])('%s', (_what, config, destination, expected) => expect(label(config, destination)).toBe(expected));

  it('explicit overrides go before everything', () => {
    const config = 'Host web\n HostName w.example\n User dev\n Port 2222\n IdentityFile ~/a';
    const spec = { destination: 'x@web:1', user: 'root', port: 2200, identity: '/keys/vm', knownHosts: '/keys/known' };
    expect(settings(config, spec)).toMatchObject({ label: 'root@w.example:2200', identityFiles: ['/keys/vm', '/home/me/a'], userKnownHosts: ['/keys/known'], hostKeyName: '[w.example]:2200' });
  });
  it('runs nothing: neither Match exec nor CanonicalizeHostname', () => {
    expect(label('Match exec "touch /tmp/kgent-was-here"\n User evil', 'web')).toBe('me@web');
    expect(label('Host *\n CanonicalizeHostname yes\n CanonicalDomains example.com', 'web')).toBe('me@web');
  });
  it.each(['Host', 'Host "web', 'Match host'])('a broken configuration names its file: %s', (config) => {
    expect(() => settings(config, 'web')).toThrow(UserError);
    expect(() => settings(config, 'web')).toThrow('/home/me/.ssh/config');
  });
});

describe('Include', () => {
  it.each([
    ['relative to ~/.ssh', { config: 'Include more', more: 'User dev' }, 'dev@web'],
    ['with ~', { config: 'Include ~/.ssh/more', more: 'User dev' }, 'dev@web'],
    ['absolute', { config: `Include ${HOME}/.ssh/more`, more: 'User dev' }, 'dev@web'],
    ['several', { config: 'Include a b', a: 'Port 2222', b: 'User dev' }, 'dev@web:2222'],
    ['patterns, sorted', { config: 'Include conf.d/*.conf', 'conf.d/20.conf': 'User b', 'conf.d/10.conf': 'User a', 'conf.d/x.txt': 'User x' }, 'a@web'],
    ['not hidden files', { config: 'Include conf.d/*', 'conf.d/.10.conf': 'User a', 'conf.d/20.conf': 'User b' }, 'b@web'],
    ['patterns of directories', { config: 'Include */config', 'team/config': 'User t' }, 't@web'],
    ['missing', { config: 'Include nothing\nUser dev' }, 'dev@web'],
    ['nested', { config: 'Include a', a: 'Include b', b: 'User dev' }, 'dev@web'],
    ['its Host blocks end with it', { config: 'Include a\nUser me2', a: 'Host db\n User dba' }, 'me2@web'],
    ['inside a Host that applies', { config: 'Host web\n Include a\n Port 2222\nHost *\n User z', a: 'User dev' }, 'dev@web:2222'],
    ['inside a Host that does not apply', { config: 'Host db\n Include a\nHost *\n User z', a: 'User dev' }, 'z@web'],
    ['Host blocks inside an applying Host', { config: 'Host web\n Include a\n User z', a: 'Host db\n User dba\nHost w*\n User dev' }, 'dev@web'],
    ['inside a Match that applies', { config: 'Match originalhost web\n Include a', a: 'User dev' }, 'dev@web'],
  ])('%s', (_what, files, expected) => {
    const all = Object.fromEntries(Object.entries(files).map(([name, text]) => [`${HOME}/.ssh/${name}`, text]));
    expect(label(all, 'web')).toBe(expected);
  });
  it('a loop is an error, not a hang', () => {
    expect(() => settings({ [`${HOME}/.ssh/config`]: 'Include config' }, 'web')).toThrow('included more than 16 levels');
  });
  it('the system configuration comes last', () => {
    const files = { [`${HOME}/.ssh/config`]: 'Host web\n User dev', '/etc/ssh/ssh_config': 'Include ssh_config.d/*.conf\nHost *\n User sys\n HashKnownHosts yes', '/etc/ssh/ssh_config.d/a.conf': 'Port 2200' };
    expect(settings(files, 'web', { systemConfig: '/etc/ssh/ssh_config' })).toMatchObject({ label: 'dev@web:2200', hashKnownHosts: true });
  });
});

describe('keys', () => {
  it('default names', () => {
    expect(settings('', 'web')).toMatchObject({ identityFiles: ['id_ed25519', 'id_ecdsa', 'id_rsa'].map((file) => `${HOME}/.ssh/${file}`), identitiesGiven: false, identitiesOnly: false });
  });
  it('configured ones, with tokens and variables, each once', () => {
    const config = 'Host web\n HostName w.example\n Port 2200\n IdentityFile ~/k/%r@%h-%p\n IdentityFile %d/k/%n-%u-%%\n IdentityFile ${KEYS}/x\n IdentityFile "~/my keys/id"\n IdentityFile id_work\nHost *\n IdentityFile id_work\n IdentitiesOnly yes';
    expect(settings(config, 'dev@web', { env: { KEYS: '/keys' } })).toMatchObject({
      identityFiles: [`${HOME}/k/dev@w.example-2200`, `${HOME}/k/web-me-%`, '/keys/x', `${HOME}/my keys/id`, `${HOME}/.ssh/id_work`],
      identitiesGiven: true,
      identitiesOnly: true,
    });
  });
  it('none', () => expect(settings('IdentityFile none', 'web').identityFiles).toEqual([]));
  it.each([
    ['', '/run/agent'],
    ['IdentityAgent none', undefined],
    ['IdentityAgent SSH_AUTH_SOCK', '/run/agent'],
    ['IdentityAgent $OTHER', '/run/other'],
    ['IdentityAgent ~/agent.sock', `${HOME}/agent.sock`],
    ['IdentityAgent "~/Library/Group Containers/agent.sock"', `${HOME}/Library/Group Containers/agent.sock`],
  ])('agent: %s', (config, expected) => {
    expect(settings(config, 'web', { env: { SSH_AUTH_SOCK: '/run/agent', OTHER: '/run/other' } }).agent).toBe(expected);
  });
  it('no agent at all', () => expect(settings('', 'web').agent).toBeUndefined());
  it('the Windows agent', () => expect(settings('', 'web', { platform: 'win32' }).agent).toBe('\\\\.\\pipe\\openssh-ssh-agent'));
});

describe('host keys', () => {
  it('default files', () => {
    expect(settings('', 'web')).toMatchObject({
      userKnownHosts: [`${HOME}/.ssh/known_hosts`, `${HOME}/.ssh/known_hosts2`],
      globalKnownHosts: ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'],
      hostKeyChecking: 'ask',
      hashKnownHosts: false,
    });
  });
  it('configured files', () => {
    expect(settings('UserKnownHostsFile ~/a /b/%h\nGlobalKnownHostsFile none', 'web')).toMatchObject({ userKnownHosts: [`${HOME}/a`, '/b/web'], globalKnownHosts: [] });
  });
  it.each([
    ['web', '', 'web', undefined],
    ['Web.Example', '', 'web.example', undefined],
    ['web:2222', '', '[web]:2222', 'web'],
    ['web', 'Host web\n HostName 192.0.2.7', '192.0.2.7', undefined],
    ['web:2222', 'HostKeyAlias Cluster', 'cluster', undefined],
  ])('the name of %s with %j', (destination, config, name, fallback) => {
    expect(settings(config, destination)).toMatchObject({ hostKeyName: name, hostKeyFallback: fallback });
  });
  it.each([
    ['yes', 'yes'],
    ['no', 'no'],
    ['off', 'no'],
    ['accept-new', 'accept-new'],
    ['ask', 'ask'],
    ['rubbish', 'ask'],
  ])('StrictHostKeyChecking %s', (value, expected) => expect(settings(`StrictHostKeyChecking ${value}`, 'web').hostKeyChecking).toBe(expected));
});

describe('times', () => {
  it('defaults', () => expect(settings('', 'web')).toMatchObject({ connectTimeoutMs: 20_000, keepaliveMs: 5_000, keepaliveCount: 9, interactive: true }));
  it('configured', () => {
    const config = 'ConnectTimeout 5\nServerAliveInterval 30\nServerAliveCountMax 2\nBatchMode yes';
    expect(settings(config, 'web')).toMatchObject({ connectTimeoutMs: 5000, keepaliveMs: 30_000, keepaliveCount: 2, interactive: false });
  });
  it('never without a limit', () => {
    expect(settings('ConnectTimeout 0\nServerAliveInterval 0', 'web')).toMatchObject({ connectTimeoutMs: 20_000, keepaliveMs: 5_000 });
    expect(settings('ConnectTimeout none', 'web').connectTimeoutMs).toBe(20_000);
  });
});

describe('jump hosts', () => {
  /** The way from here to the host, hop by hop. */
  const way = (from: SshSettings): string[] => [...(from.jump ? way(from.jump) : []), from.label];

  it.each([
    ['none', 'ProxyJump none', 'web', ['me@web']],
    ['one', 'Host web\n ProxyJump gate', 'web', ['me@gate', 'me@web']],
    ['with its own configuration', 'Host web\n ProxyJump gate\nHost gate\n HostName g.example\n User hop\n Port 2222', 'web', ['hop@g.example:2222', 'me@web']],
    ['several', 'Host web\n ProxyJump a,x@b:2222,ssh://c', 'web', ['me@a', 'x@b:2222', 'me@c', 'me@web']],
    ['the first hop keeps its own jump', 'Host web\n ProxyJump a\nHost a\n ProxyJump outer', 'web', ['me@outer', 'me@a', 'me@web']],
    ['a chain replaces the jump of its later hops', 'Host web\n ProxyJump a,b\nHost b\n ProxyJump elsewhere', 'web', ['me@a', 'me@b', 'me@web']],
    ['a pattern, with an exception before it', 'Host gate\n ProxyJump none\nHost *\n ProxyJump gate', 'web', ['me@gate', 'me@web']],
  ])('%s', (_what, config, destination, expected) => expect(way(settings(config, destination))).toEqual(expected));

  it('an override goes before the configuration', () => {
    expect(way(settings('Host web\n ProxyJump a', { destination: 'web', proxyJump: 'b' }))).toEqual(['me@b', 'me@web']);
    expect(way(settings('Host web\n ProxyJump a', { destination: 'web', proxyJump: 'none' }))).toEqual(['me@web']);
  });
  it('an override may name a saved target', () => {
    const saved = (name: string): SshSpec | undefined => (name === 'vm' ? { destination: '127.0.0.1', port: 5000, user: 'root', identity: '/k' } : undefined);
    expect(settings('', { destination: 'inner', proxyJump: 'vm' }, { saved }).jump).toMatchObject({ label: 'root@127.0.0.1:5000', identityFiles: ['/k'] });
  });
  it('a loop is told', () => {
    expect(() => settings('Host *\n ProxyJump gate', 'web')).toThrow('me@web → me@gate → me@gate');
    expect(() => settings('Host a\n ProxyJump b\nHost b\n ProxyJump a', 'a')).toThrow(UserError);
  });
  it('a ProxyCommand is kept, to say that it is not run', () => {
    expect(settings('Host web\n ProxyCommand nc %h %p', 'web').proxyCommand).toBe('nc %h %p');
    expect(settings('Host web\n ProxyCommand none', 'web').proxyCommand).toBeUndefined();
    expect(settings('Host web\n ProxyJump a\n ProxyCommand nc %h %p', 'web').proxyCommand).toBeUndefined();
  });
});

describe('names a person may use', () => {
  const files = { [`${HOME}/.ssh/config`]: 'Include more\nHost web db *.corp !x\n User a\nHost *\n User b\nMatch all\n User c', [`${HOME}/.ssh/more`]: 'Host inner' };

  it('lists what has no wildcard', () => expect(configuredHosts(world(files))).toEqual(['inner', 'web', 'db']));
  it.each([
    ['web', true],
    ['inner', true],
    ['a.corp', true],
    ['other', false],
    ['x', false],
  ])('%s: %s', (name, expected) => expect(isConfigured(name, world(files))).toBe(expected));
});
