import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Person } from '../support/person.ts';
import { shell, testVm, TestHome } from '../support/sshd.ts';
import { shellQuote } from '../../src/target/supervisor.ts';
import type { ExecRequest, Outcome, Target } from '../../src/target/target.ts';

const vm = testVm();
const home = new TestHome();
const targets = home.targets();
const as = (user: string): Target => targets.get(user);
const exec = (on: Target, argv: ExecRequest['argv'], rest: Partial<ExecRequest> = {}): Promise<Outcome> => on.exec({ argv, timeoutMs: 30_000, ...rest });
const output = (outcome: Outcome): string => {
  if ('stdout' in outcome) return outcome.stdout;
  throw new Error(JSON.stringify(outcome));
};

beforeAll(async () => {
  for (const user of ['root', 'dev', 'nosudo']) await targets.add(user, { destination: vm.host, port: vm.port, user, identity: vm.key, knownHosts: vm.knownHosts });
});
afterAll(() => home.close());

/** Waits, on the host, until none of the processes and none of the paths is there; 20 s at most. */
const gone = (pids: readonly string[], paths: readonly string[] = []): Promise<string> => {
  const there = [...pids.map((pid) => `grep -qs '^State:.[^Z]' /proc/${pid}/status`), ...paths.map((path) => `[ -e '${path}' ]`)].join(' || ');
  return shell(as('root'), `i=0; while ${there}; do i=$((i+1)); [ $i -lt 200 ] || exit 1; sleep 0.1; done`);
};

describe('commands', () => {
  it('arguments arrive as they are', async () => {
    const odd = ['', ' ', 'a b', "it's", '"$HOME"', '$(id)', '`id`', '\\n', 'line\nbreak', '\t', '*', '~', '!!', '-n', '--', ';', '&& false', '#', 'żółć 😀', '%s', 'x'.repeat(20_000)];
    expect(output(await exec(as('root'), ['printf', '[%s]', ...odd]))).toBe(odd.map((word) => `[${word}]`).join(''));
  });
  it('files of any bytes, in a private directory that is gone afterwards', async () => {
    const bytes = randomBytes(300_000);
    const files = [{ name: 'a.bin', content: bytes }, { name: "b 'c'.txt", content: 'żółć\n' }, { name: 'empty', content: '' }];
    const outcome = await exec(as('dev'), ['sh', '-c', `pwd; stat -c %a .; ls -A | wc -l; sha256sum <a.bin | cut -c1-64; cat "b 'c'.txt"; wc -c <empty`], { files });
    const [directory = '', ...rest] = output(outcome).trim().split('\n');
    const hash = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
    expect(rest).toEqual(['700', '3', hash, 'żółć', '0']);
    await gone([], [directory]);
  });
  it('both streams, exit status, a signal’s number', async () => {
    expect(await exec(as('root'), ['sh', '-c', 'echo out; echo ü >&2; exit 3'])).toMatchObject({ kind: 'ran', exitCode: 3, stdout: 'out\n', stderr: 'ü\n' });
    expect(await exec(as('root'), ['sh', '-c', 'kill -SEGV $$'])).toMatchObject({ kind: 'ran', exitCode: 139, stderr: '' });
  });
  it('text that was cut inside a character', async () => {
    const outcome = await exec(as('root'), ['sh', '-c', "printf '\\303'; sleep 0.2; printf '\\263'; printf '\\377'"]);
    expect(output(outcome)).toBe('ó\ufffd');
  });
  it('output is bounded', async () => {
    let seen = 0;
    const outcome = await exec(as('root'), ['sh', '-c', 'head -c 3000000 /dev/zero | tr "\\0" x'], { maxOutputBytes: 1000, onStdout: (text) => (seen += text.length) });
    expect(outcome).toMatchObject({ kind: 'ran', exitCode: 0, truncated: true });
    expect([output(outcome).length, seen]).toEqual([1000, 3_000_000]);
  });
  it('a program that is not there', async () => {
    expect(await exec(as('root'), ['no-such-program-here'])).toEqual({ kind: 'missing', tool: 'no-such-program-here' });
    expect(await exec(as('dev'), ['no-such-program-here'], { asRoot: true })).toEqual({ kind: 'missing', tool: 'no-such-program-here' });
  });
  it('cleanup runs, however the command ended', async () => {
    const marker = `/tmp/cleaned-${process.pid}`;
    await exec(as('root'), ['sleep', '100'], { timeoutMs: 300, cleanup: `touch ${marker}` });
    expect(await shell(as('root'), `ls ${marker}; rm ${marker}`)).toBe(`${marker}\n`);
  });
  it('many at once over one connection', async () => {
    const outcomes = await Promise.all(Array.from({ length: 6 }, (_, i) => exec(as('dev'), ['sh', '-c', `echo ${i} $SSH_CLIENT`])));
    const lines = outcomes.map((outcome) => output(outcome).trim().split(' '));
    expect(lines.map(([i]) => i)).toEqual(['0', '1', '2', '3', '4', '5']);
    expect(new Set(lines.map(([, ...client]) => client.join(' '))).size).toBe(1);
  });
});

describe('root', () => {
  it.each([
    ['root', 'root'],
    ['dev', 'root'],
  ])('%s runs as %s', async (user, expected) => {
    expect(await exec(as(user), ['id', '-un'], { asRoot: true })).toMatchObject({ kind: 'ran', stdout: `${expected}\n` });
    expect(await exec(as(user), ['id', '-un'])).toMatchObject({ kind: 'ran', stdout: `${user}\n` });
  });
  it('nosudo is told what is missing', async () => {
    expect(await exec(as('nosudo'), ['id'], { asRoot: true })).toMatchObject({ kind: 'failed', reason: 'needs-root', message: expect.stringContaining('allow the user to run sudo without a password') as string });
    expect(await exec(as('nosudo'), ['id', '-un'])).toMatchObject({ kind: 'ran', stdout: 'nosudo\n' });
  });
  it('a sudo that wants a password gets it once, through standard input', async () => {
    const password = `Pä55 'wörd' $(id)`;
    await shell(as('root'), `useradd -m -s /bin/bash -G sudo asked; printf '%s\\n' ${shellQuote(`asked:${password}`)} | chpasswd; cp -r /root/.ssh /home/asked/; chown -R asked: /home/asked/.ssh`);
    try {
      const person = new Person();
      person.secrets = ['wrong', password];
      const own = home.targets(person);
      await own.add('asked', { destination: vm.host, port: vm.port, user: 'asked', identity: vm.key, knownHosts: vm.knownHosts });
      const target = own.get('asked');
      expect(await target.facts()).toMatchObject({ kind: 'known', facts: { root: 'sudo-password' } });
      expect(await exec(target, ['id', '-un'], { asRoot: true, timeoutMs: 60_000 })).toMatchObject({ kind: 'ran', stdout: 'root\n' });
      expect(await exec(target, ['id', '-un'], { asRoot: true, timeoutMs: 60_000 })).toMatchObject({ kind: 'ran', stdout: 'root\n' });
      expect(person.questions).toEqual([`Password of asked@${vm.host}:${vm.port} for sudo`, `Password of asked@${vm.host}:${vm.port} for sudo (the last one was wrong)`]);
      await own.dispose();
    } finally {
      await shell(as('root'), 'userdel -rf asked 2>/dev/null; ! id asked 2>/dev/null');
    }
  });
  it('a user whom sudo denies is told so, and what to do', async () => {
    const person = new Person();
    person.secrets = ['geheim'];
    const own = home.targets(person);
    await shell(as('root'), "printf '%s\\n' nosudo:geheim | chpasswd");
    await own.add('nosudo', { destination: vm.host, port: vm.port, user: 'nosudo', identity: vm.key, knownHosts: vm.knownHosts });
    const outcome = await exec(own.get('nosudo'), ['id'], { asRoot: true });
    await shell(as('root'), "usermod -p '*' nosudo");
    await own.dispose();
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'needs-root', message: 'This needs root, and sudo does not let this user become root (nosudo is not in the sudoers file.). Connect as root or as a user who may, or allow it on the host: visudo' });
  });
  it('facts', async () => {
    const [root, dev, nosudo] = await Promise.all(['root', 'dev', 'nosudo'].map((user) => as(user).facts()));
    expect(root).toMatchObject({ kind: 'known', facts: { root: 'is-root', user: 'root', btf: true, kprobes: true } });
    expect(dev).toMatchObject({ kind: 'known', facts: { root: 'sudo', user: 'dev' } });
    expect(nosudo).toMatchObject({ kind: 'known', facts: { root: 'none', user: 'nosudo' } });
  });
});

describe('ending', () => {
  /** Prints its directory, its own and its child's number; the child is in the same group. */
  const tree = 'pwd; echo $$; sleep 300 & echo $!; wait';
  const printed = (text: string): { directory: string; pids: string[]; complete: boolean } => {
    const [directory = '', ...pids] = text.trim().split('\n');
    return { directory, pids, complete: pids.length === 2 && text.endsWith('\n') };
  };
  const users = [
    ['root', false],
    ['dev', true],
  ] as const;

  it('the time limit ends the whole group, as root and through sudo', async () => {
    const outcomes = await Promise.all(users.map(([user, asRoot]) => exec(as(user), ['sh', '-c', tree], { timeoutMs: 3000, asRoot })));
    expect(outcomes).toMatchObject(users.map(() => ({ kind: 'timed-out', afterMs: 3000 })));
    const trees = outcomes.map((outcome) => printed(output(outcome)));
    expect(trees.map(({ complete }) => complete)).toEqual([true, true]);
    await gone(trees.flatMap(({ pids }) => pids), trees.map(({ directory }) => directory));
  });
  it('cancelling ends the whole group, also when it ignores TERM, as root and through sudo', async () => {
    const trees = await Promise.all(
      users.map(async ([user, asRoot]) => {
        const abort = new AbortController();
        let text = '';
        const onStdout = (more: string): void => {
          text += more;
          if (printed(text).complete) abort.abort();
        };
        const { kind } = await exec(as(user), ['sh', '-c', `trap "" TERM; ${tree}`], { signal: abort.signal, onStdout, asRoot });
        return { kind, ...printed(text) };
      }),
    );
    expect(trees.map(({ kind }) => kind)).toEqual(['cancelled', 'cancelled']);
    await gone(trees.flatMap(({ pids }) => pids), trees.map(({ directory }) => directory));
  });
  it('stop lets the program finish, any program', async () => {
    const execution = as('dev').start({
      argv: ['sh', '-c', 'trap "echo maps; exit 7" INT; echo up; while :; do sleep 0.1; done'],
      timeoutMs: 30_000,
      asRoot: true,
      onStdout: (text) => void (text.includes('up') && execution.stop(20_000)),
    });
    expect(await execution.done).toMatchObject({ kind: 'ran', exitCode: 7, stdout: 'up\nmaps\n' });
  });
  it('cancelled before it connects', async () => {
    expect(await exec(home.targets().get('root'), ['true'], { signal: AbortSignal.abort() })).toMatchObject({ kind: 'cancelled' });
  });
});

describe('a full disk on the machine', () => {
  it('no room for the program: said so, and nothing is left', async () => {
    // The machine's /tmp is a tmpfs.
    await shell(as('root'), 'fallocate -l "$(($(df -B1 --output=avail /tmp | tail -1) - 200000))" /tmp/filler');
    try {
      const outcome = await exec(as('dev'), ['true'], { files: [{ name: 'big', content: new Uint8Array(2_000_000) }] });
      expect(outcome).toMatchObject({ kind: 'failed', reason: 'host', message: "The program could not be written to /tmp on the target: head: error writing 'standard output': No space left on device. Make room there: df -h /tmp" });
    } finally {
      await shell(as('root'), 'rm /tmp/filler');
    }
    expect(await shell(as('root'), 'ls -d /tmp/kgent.* | grep -vxF "$PWD" | wc -l')).toBe('0\n');
  });
});
