import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../base/error.ts';
import { silentLog } from '../base/log.ts';
import { askNobody } from './target.ts';
import { Targets } from './targets.ts';

const HOST_KEY = 'SHA256:eqhb8tWj1gvzQwAaDY3Lbt6FsFp9atmko9EPlmuMtI0';

let home: string;
const file = (): string => join(home, '.config/kgent/targets.json');
const open = (env: Record<string, string> = {}): Targets => new Targets({ home, env, ask: askNobody, log: silentLog, systemConfig: '/nowhere' });
const saved = (text: string): void => {
  mkdirSync(join(home, '.config/kgent'), { recursive: true });
  writeFileSync(file(), text);
};
const sshConfig = (text: string): void => {
  mkdirSync(join(home, '.ssh'), { recursive: true });
  writeFileSync(join(home, '.ssh/config'), text);
};
/** The code and the message of the UserError that `action` throws. */
const refusal = async (action: () => unknown): Promise<string> => {
  try {
    await action();
  } catch (error) {
    if (error instanceof UserError) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error('nothing was refused');
};

beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'kgent-targets-'))));
afterEach(() => rmSync(home, { recursive: true }));

describe('saving', () => {
  it('starts with this machine only, and writes nothing', () => {
    expect(open().list()).toEqual([{ name: 'local', kind: 'local', detail: 'this machine' }]);
    expect(readdirSync(home)).toEqual([]);
  });
  it('keeps what it is given, for the next process too, and nothing that is undefined', async () => {
    await open().add('vm', { destination: 'root@127.0.0.1', port: 5000, user: undefined, identity: '/keys/vm', knownHosts: '~/kh', proxyJump: 'gate', hostKey: `${HOST_KEY}=` });
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual({
      targets: { vm: { destination: 'root@127.0.0.1', port: 5000, identity: '/keys/vm', knownHosts: '~/kh', proxyJump: 'gate', hostKey: HOST_KEY } },
    });
    expect(open().list()[1]).toEqual({ name: 'vm', kind: 'ssh', detail: 'root@127.0.0.1 port 5000 through gate' });
  });
  it('is private, and leaves no other file behind', async () => {
    await open().add('vm', { destination: 'web' });
    expect([statSync(file()).mode & 0o777, readdirSync(join(home, '.config/kgent'))]).toEqual([0o600, ['targets.json']]);
  });
  it('follows XDG_CONFIG_HOME', async () => {
    await open({ XDG_CONFIG_HOME: join(home, 'xdg') }).add('vm', { destination: 'web' });
    expect(existsSync(join(home, 'xdg/kgent/targets.json'))).toBe(true);
  });
  it('keeps a link a link', async () => {
    saved('{"targets":{}}');
    const link = join(home, 'link');
    mkdirSync(join(link, 'kgent'), { recursive: true });
    symlinkSync(file(), join(link, 'kgent/targets.json'));
    await open({ XDG_CONFIG_HOME: link }).add('vm', { destination: 'web' });
    expect(readFileSync(file(), 'utf8')).toContain('"vm"');
  });
  it('takes a relative key file from where one stands', async () => {
    await open().add('vm', { destination: 'web', identity: 'keys/id' });
    expect(readFileSync(file(), 'utf8')).toContain(JSON.stringify(join(process.cwd(), 'keys/id')));
  });
  it('replaces one of the same name', async () => {
    const targets = open();
    await targets.add('vm', { destination: 'a' });
    await targets.add('vm', { destination: 'b' });
    expect(targets.list().map(({ detail }) => detail)).toEqual(['this machine', 'b']);
  });
  it('loses none that several processes save at once', async () => {
    const code = `
      import { SavedTargets } from ${JSON.stringify(join(import.meta.dirname, 'saved.ts'))};
      for (let n = 0; n < 5; n++) await new SavedTargets(${JSON.stringify(file())}).add(process.argv[1] + n, { destination: 'web' });`;
    const ends = await Promise.all(['a', 'b', 'c'].map((name) => once(spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code, name], { stdio: 'inherit' }), 'close')));
    expect(ends).toEqual([[0, null], [0, null], [0, null]]);
    expect(open().list()).toHaveLength(1 + 15);
  });
  it('removes', async () => {
    const targets = open();
    await targets.add('a', { destination: 'a' });
    await targets.add('b', { destination: 'b' });
    await targets.remove('a');
    expect(open().list().map(({ name }) => name)).toEqual(['local', 'b']);
    expect(await refusal(() => targets.remove('a'))).toBe("unknown-target: There is no saved target 'a'. Known targets: local, b.");
  });
  it.each([
    ['local', { destination: 'web' }, "'local' is always this machine"],
    ['none', { destination: 'web' }, "'none' is always no machine"],
    ['a b', { destination: 'web' }, 'a target name is made of letters'],
    ['', { destination: 'web' }, 'a target name'],
    ['__proto__', { destination: 'web' }, 'a target name'],
    ['vm', { destination: '' }, 'the host is missing'],
    ['vm', { destination: '-oProxyCommand=x' }, 'no host name'],
    ['vm', { destination: 'web', port: Number.NaN }, 'port'],
    ['vm', { destination: 'web', port: 70_000 }, 'port'],
    ['vm', { destination: 'web', hostKey: 'MD5:aa:bb' }, 'hostKey: must look like SHA256:'],
    ['vm', { destination: 'web', identity: '' }, 'identity'],
  ])('refuses %j %j', async (name, spec, why) => {
    expect(await refusal(() => open().add(name, spec))).toContain(why);
    expect(existsSync(file())).toBe(false);
  });
});

describe('a broken file', () => {
  it.each([
    ['no JSON', '{"targets":', 'is no JSON'],
    ['empty', '', 'is no JSON'],
    ['a list', '[]', 'is not as it should be'],
    ['a misspelt key', '{"targets":{"vm":{"destination":"web","hostkey":"x"}}}', 'hostkey'],
    ['a wrong type', '{"targets":{"vm":{"destination":"web","port":"22"}}}', 'targets.vm.port'],
    ['a bad destination', '{"targets":{"vm":{"destination":"a b"}}}', 'targets.vm.destination'],
    ['a bad name', '{"targets":{"a b":{"destination":"web"}}}', 'a target name'],
    ['no destination', '{"targets":{"vm":{}}}', 'targets.vm.destination'],
    ['binary', '\u0000\u0001', 'is no JSON'],
  ])('%s: named, with what to fix, and never overwritten', async (_what, text, why) => {
    saved(text);
    const targets = open();
    for (const action of [() => targets.list(), () => targets.get('vm'), () => targets.add('x', { destination: 'web' }), () => targets.remove('vm')]) {
      const message = await refusal(action);
      expect(message).toContain(`targets-file: ${file()}`);
      expect(message).toContain(why);
    }
    expect(readFileSync(file(), 'utf8')).toBe(text);
  });
  it('does not keep this machine or a destination from use', () => {
    saved('{');
    expect([open().get('local').kind, open().get('none').kind, open().get('root@web').name]).toEqual(['local', 'none', 'root@web']);
  });
  it('a directory in its place', async () => {
    mkdirSync(file(), { recursive: true });
    expect(await refusal(() => open().list())).toContain('cannot be read');
  });
});

describe('get', () => {
  it.each(['root@web', 'root@web:2222', 'ssh://web', 'web.example.com', '192.0.2.7', '[::1]:2222', '::1', 'web:22', 'localhost'])('a destination: %s', (name) => {
    expect(open().get(name)).toMatchObject({ name, kind: 'ssh' });
  });
  it('hosts of ~/.ssh/config', async () => {
    sshConfig('Host web db-*\n User dev\nHost *\n Compression yes');
    const targets = open();
    expect([targets.get('web').kind, targets.get('db-7').kind]).toEqual(['ssh', 'ssh']);
    expect(await refusal(() => targets.get('wbe'))).toBe(
      "unknown-target: There is no target 'wbe'. Known targets: local; hosts of ~/.ssh/config: web. For another host write user@wbe or ssh://wbe.",
    );
  });
  it('the same object each time, a new one when what is saved changes', async () => {
    const targets = open();
    await targets.add('vm', { destination: 'a' });
    const first = targets.get('vm');
    expect(targets.get(' vm ')).toBe(first);
    await open().add('vm', { destination: 'b' });
    expect(targets.get('vm')).not.toBe(first);
    expect(targets.get('local')).toBe(targets.get('local'));
  });
  it('a saved name goes before the same host of ~/.ssh/config', async () => {
    sshConfig('Host vm\n HostName 192.0.2.1');
    await open().add('vm', { destination: 'ssh://127.0.0.1:1' });
    expect(await open().get('vm').exec({ argv: ['true'], timeoutMs: 1000 })).toMatchObject({ message: expect.stringContaining('127.0.0.1 port 1 refused the connection') as string });
  });
  it.each([
    ['', 'the host is missing'],
    ['a b', 'is no host name'],
    ['web:x', 'no port number'],
    ['x'.repeat(5000), 'no host name'],
  ])('refuses %j', async (name, why) => expect(await refusal(() => open().get(name))).toContain(why));
  it('a closed target does not connect any more', async () => {
    const targets = open();
    const target = targets.get('root@192.0.2.1');
    await targets.dispose();
    expect(await target.exec({ argv: ['true'], timeoutMs: 1000 })).toEqual({ kind: 'failed', reason: 'connection-lost', message: 'The target was closed.' });
  });
  it('a broken ~/.ssh/config is told when it is needed', async () => {
    const target = open().get('root@web');
    sshConfig('Host "web');
    expect(await target.exec({ argv: ['true'], timeoutMs: 1000 })).toMatchObject({ kind: 'failed', message: expect.stringContaining(join(home, '.ssh/config')) as string });
  });
});
