import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LoopbackHost } from '../support/loopback-host.ts';
import { TestHome } from '../support/sshd.ts';
import { told } from '../support/ssh-bench.ts';
import { Person } from '../support/person.ts';
import { LocalTarget } from '../../src/target/local.ts';
import type { Outcome, Target } from '../../src/target/target.ts';
import type { Targets } from '../../src/target/targets.ts';

const PASSWORD = `Pä55 'wörd' $(id) \\n"%s`;
let host: LoopbackHost;
let home: TestHome;
let person: Person;
let targets: Targets;
beforeAll(async () => {
  host = await LoopbackHost.start({
    users: [
      { name: 'asked', groups: ['sudo'], password: PASSWORD },
      { name: 'nosudo', password: PASSWORD },
      { name: 'limited', password: PASSWORD },
      { name: 'notty', groups: ['sudo'], password: PASSWORD },
      { name: 'doas' },
      { name: 'doaspass', password: PASSWORD },
    ],
    etc: {
      'sudoers.d/kgent': 'limited ALL = /usr/bin/whoami\nDefaults:notty requiretty\nDefaults:asked lecture=always\nDefaults logfile=/mnt/sudo.log\n',
      'doas.conf': 'permit nopass doas\npermit doaspass\n',
    },
  });
});
afterAll(() => host.stop());
beforeEach(async () => {
  home = new TestHome();
  person = new Person();
  targets = home.targets(person);
  const knownHosts = home.write('known_hosts', host.known());
  for (const name of ['asked', 'nosudo', 'limited', 'notty', 'doas', 'doaspass']) await targets.add(name, { destination: '127.0.0.1', port: host.port, user: name, identity: host.key, knownHosts });
});
afterEach(async () => {
  expect(await host.left()).toEqual([]);
  await home.close();
});

const whoami = (on: Target, words: readonly string[] = []): Promise<Outcome> =>
  on.exec({ argv: ['sh', '-c', 'id -un; cat; printf "[%s]" "$@" >&2; cat f', 'sh', ...words], files: [{ name: 'f', content: 'file\n' }], asRoot: true, timeoutMs: 20_000 });
const asRoot = { kind: 'ran', exitCode: 0, stdout: 'root\nfile\n', stderr: '[]' };
const label = (user: string): string => `${user}@127.0.0.1:${host.port}`;

describe('sudo with a password', () => {
  it('is asked for once, for many commands at once and later ones', async () => {
    person.secrets = [PASSWORD];
    const target = targets.get('asked');
    expect((await Promise.all([1, 2, 3, 4].map(() => whoami(target)))).map(told)).toEqual(['ran', 'ran', 'ran', 'ran']);
    expect(await whoami(target, ['a b', '$(id)'])).toMatchObject({ ...asRoot, stderr: '[a b][$(id)]' });
    expect(person.questions).toEqual([`Password of ${label('asked')} for sudo`]);
    expect([person.uses, person.verdicts]).toEqual([[{ key: `sudo ${label('asked')}` }], [`sudo ${label('asked')}: right`]]);
    expect(await target.facts()).toMatchObject({ kind: 'known', facts: { root: 'sudo-password' } });
  });
  it('never stands in a command line, in the environment or in a log', async () => {
    person.secrets = [PASSWORD];
    const seen = await targets.get('asked').exec({ argv: ['sh', '-c', 'cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ /mnt/sudo.log | tr "\\0" " "'], asRoot: true, timeoutMs: 20_000 });
    expect(seen).toMatchObject({ kind: 'ran', stdout: expect.stringContaining('COMMAND=/bin/sh') as string });
    expect(JSON.stringify(seen)).not.toContain('wörd');
    expect(JSON.stringify(seen)).not.toContain('P\\303\\244');
  });
  it('wrong: asked for again, in the same breath', async () => {
    person.secrets = ['wrong', PASSWORD];
    expect(await whoami(targets.get('asked'))).toMatchObject(asRoot);
    expect(person.questions).toEqual([`Password of ${label('asked')} for sudo`, `Password of ${label('asked')} for sudo (the last one was wrong)`]);
    expect(person.verdicts).toEqual([`sudo ${label('asked')}: wrong`, `sudo ${label('asked')}: right`]);
  });
  it('wrong three times: says so, and bothers nobody again until it is told to', async () => {
    person.secrets = ['a', 'b', 'c', PASSWORD];
    const target = targets.get('asked');
    const message = told(await whoami(target));
    expect(message).toBe('needs-root: This needs root, and the password for sudo was wrong (sudo: 3 incorrect password attempts). Try again with the right one.');
    expect([told(await whoami(target)), person.questions.length, person.verdicts.length]).toEqual([message, 3, 3]);
    await target.facts({ refresh: true });
    expect(await whoami(target)).toMatchObject(asRoot);
  });
  it('not given: what to do', async () => {
    const message = told(await whoami(targets.get('asked')));
    expect(message).toBe('needs-root: This needs root, and sudo wants a password, and none was given (sudo: a password is required). Connect where Kgent can ask for it, connect as root, or allow the user to run sudo without a password.');
  });
  it('a run is stopped, and a cancelled one leaves nothing', async () => {
    person.secrets = [PASSWORD];
    const target = targets.get('asked');
    const run = target.start({ argv: ['sh', '-c', 'trap "echo maps; exit 7" INT; echo up; while :; do sleep 0.1; done'], asRoot: true, timeoutMs: 20_000, onStdout: (text) => void (text.includes('up') && run.stop(10_000)) });
    expect(await run.done).toMatchObject({ kind: 'ran', exitCode: 7, stdout: 'up\nmaps\n' });
    const abort = new AbortController();
    expect(await target.exec({ argv: ['sh', '-c', 'trap "" TERM; sleep 300 & echo up; sleep 300'], asRoot: true, signal: abort.signal, timeoutMs: 20_000, onStdout: () => abort.abort() })).toMatchObject({ kind: 'cancelled' });
  });
  it('cancelled while the person thinks: nothing is started', async () => {
    const abort = new AbortController();
    let answer: (text: string) => void = () => undefined;
    person.secret = () => {
      abort.abort();
      return new Promise((resolve) => (answer = resolve));
    };
    expect(await targets.get('asked').exec({ argv: ['id'], asRoot: true, signal: abort.signal, timeoutMs: 20_000 })).toMatchObject({ kind: 'cancelled' });
    answer(PASSWORD);
  });
});

describe('root is denied', () => {
  it('to a user who is not in sudoers', async () => {
    person.secrets = [PASSWORD];
    const message = told(await whoami(targets.get('nosudo')));
    expect(message).toBe('needs-root: This needs root, and sudo does not let this user become root (nosudo is not in the sudoers file.). Connect as root or as a user who may, or allow it on the host: visudo');
    expect(await targets.get('nosudo').facts()).toMatchObject({ kind: 'known', facts: { root: 'none' } });
  });
  it('to a user who may run another command only', async () => {
    person.secrets = [PASSWORD];
    expect(told(await whoami(targets.get('limited')))).toMatch(/^needs-root: This needs root, and sudo does not let this user become root \(Sorry, user limited is not allowed to execute '\/bin\/sh /);
  });
  it('without a terminal', async () => {
    expect(told(await whoami(targets.get('notty')))).toContain("sudo wants a terminal there (sudo: sorry, you must have a tty to run sudo). Take 'requiretty' out of the host's sudoers");
  });
});

describe('doas', () => {
  it('where it lets the user through', async () => {
    expect(await whoami(targets.get('doas'))).toMatchObject(asRoot);
    expect(await targets.get('doas').facts()).toMatchObject({ kind: 'known', facts: { root: 'doas' } });
    expect(person.questions).toEqual([]);
  });
  describe('on a host without sudo', () => {
    beforeAll(() => host.inside('mount --bind /dev/null /usr/bin/sudo'));
    afterAll(() => host.inside('umount /usr/bin/sudo'));
    it('through, or the way to it', async () => {
      expect(await whoami(targets.get('doas'))).toMatchObject(asRoot);
      expect(told(await whoami(targets.get('doaspass')))).toBe("needs-root: This needs root, and doas wants a password, which it takes from a terminal only (doas: Authentication required). Give the user 'nopass' in the host's doas.conf, or connect as root.");
      expect(told(await whoami(targets.get('nosudo')))).toBe("needs-root: This needs root, and doas does not let this user become root (doas: Operation not permitted). Allow it in the host's doas.conf with nopass, or connect as root.");
    });
  });
  it('neither', async () => {
    await host.inside('mount --bind /dev/null /usr/bin/sudo; mount --bind /dev/null /usr/bin/doas');
    expect(told(await whoami(targets.get('nosudo')))).toBe('needs-root: This needs root, and the host has neither sudo nor doas. Connect as root, or install one of them and allow the user to run it without a password.');
    await host.inside('umount /usr/bin/sudo /usr/bin/doas');
  });
});

describe('this machine', () => {
  it('as root already: nothing is asked', async () => {
    expect(await whoami(new LocalTarget())).toMatchObject(asRoot);
  });
});
