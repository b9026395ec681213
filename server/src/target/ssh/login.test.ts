import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { agentServer } from '../../../test/support/ssh-server.ts';
import { echo, hi, HOST, HOST2, LOCKED, sshBench, told, USER } from '../../../test/support/ssh-bench.ts';
import { fingerprint } from './known-hosts.ts';

const bench = sshBench();

describe('logging in', () => {
  it('with a key file, without asking anything', async () => {
    const { port, server } = await bench.serve({ keys: [USER.parsed], password: 'x' });
    bench.known(port, HOST);
    bench.write('id_ed25519', USER.private);
    expect(await echo(bench.target(port))).toMatchObject(hi);
    expect([bench.person.questions, server.attempts]).toEqual([[], ['none', 'publickey', 'publickey']]);
  });
  it('with an encrypted key: the passphrase is asked for once', async () => {
    const { port, server } = await bench.serve({ keys: [LOCKED.parsed] });
    bench.known(port, HOST);
    bench.write('id_ed25519', LOCKED.private);
    bench.person.secrets = ['geheim'];
    const locked = bench.target(port);
    expect(await echo(locked)).toMatchObject(hi);
    server.drop();
    expect(await echo(locked)).toMatchObject(hi);
    expect([bench.person.questions, server.connections]).toEqual([[`Passphrase of the key ${bench.home}/.ssh/id_ed25519`], 2]);
  });
  it('a passphrase is not asked for when the host does not take the key', async () => {
    const { port } = await bench.serve({ keys: [USER.parsed] });
    bench.known(port, HOST);
    bench.write('id_ed25519', LOCKED.private);
    expect(told(await echo(bench.target(port)))).toMatch(/^auth: /);
    expect(bench.person.questions).toEqual([]);
  });
  it('a wrong passphrase is asked for again, and in the end the message says what to do', async () => {
    const { port } = await bench.serve({ keys: [LOCKED.parsed] });
    bench.known(port, HOST);
    bench.write('id_ed25519', LOCKED.private);
    bench.person.secrets = ['falsch', 'daneben', 'nochmal', 'geheim'];
    const file = `${bench.home}/.ssh/id_ed25519`;
    expect(told(await echo(bench.target(port)))).toContain(`the passphrase for ${file} is wrong: try again, or give the key to your agent (ssh-add ${file})`);
    expect(bench.person.questions).toEqual([`Passphrase of the key ${file}`, `Passphrase of the key ${file} (the last one was wrong)`, `Passphrase of the key ${file} (the last one was wrong)`]);
    const key = `passphrase ${fingerprint(LOCKED.parsed.getPublicSSH())}`;
    expect([bench.person.uses, bench.person.verdicts]).toEqual([[{ key }, { key, again: true }, { key, again: true }], [`${key}: wrong`, `${key}: wrong`, `${key}: wrong`]]);
    expect(await echo(bench.target(port))).toMatchObject(hi);
    expect(bench.person.verdicts.at(-1)).toBe(`${key}: right`);
  });
  it('a passphrase serves all hosts, and is asked for once when they connect at once', async () => {
    bench.write('id_ed25519', LOCKED.private);
    const ports = await Promise.all([1, 2, 3].map(async () => (await bench.serve({ keys: [LOCKED.parsed] })).port));
    bench.write('known_hosts', ports.map((port) => `[127.0.0.1]:${port} ${HOST.public}\n`).join(''));
    bench.person.secrets = ['geheim'];
    expect((await Promise.all(ports.map((port) => echo(bench.target(port))))).map(told)).toEqual(['ran', 'ran', 'ran']);
    expect([bench.person.questions.length, bench.person.verdicts.length]).toEqual([1, 1]);
  });
  it('with the agent', async () => {
    const socket = join(bench.home, 'agent');
    const agent = await agentServer(socket, [HOST2.parsed, USER.parsed]);
    bench.closing.push(() => new Promise((resolve) => agent.close(resolve)));
    const { port, server } = await bench.serve({ keys: [USER.parsed] });
    bench.known(port, HOST);
    expect(await echo(bench.target(port, {}, { SSH_AUTH_SOCK: socket }))).toMatchObject(hi);
    expect(server.attempts).toEqual(['none', 'publickey', 'publickey', 'publickey']);
  });
  it('a named key has its turn before the rest of a full agent, and IdentitiesOnly leaves the rest out', async () => {
    const socket = join(bench.home, 'agent');
    const agent = await agentServer(socket, [HOST.parsed, HOST2.parsed, USER.parsed]);
    bench.closing.push(() => new Promise((resolve) => agent.close(resolve)));
    bench.write('work.pub', USER.public);
    for (const only of ['no', 'yes']) {
      const { port, server } = await bench.serve({ keys: only === 'yes' ? [] : [USER.parsed] });
      bench.known(port, HOST);
      bench.config(`IdentityFile ~/.ssh/work\nIdentitiesOnly ${only}`);
      const outcome = await echo(bench.target(port, {}, { SSH_AUTH_SOCK: socket }));
      expect([outcome.kind, server.attempts]).toEqual(only === 'no' ? ['ran', ['none', 'publickey', 'publickey']] : ['failed', ['none', 'publickey']]);
    }
  });
  it('an agent that is gone is no obstacle, but is mentioned', async () => {
    const { port } = await bench.serve({ keys: [USER.parsed] });
    bench.known(port, HOST);
    expect(told(await echo(bench.target(port, {}, { SSH_AUTH_SOCK: '/nowhere/agent' })))).toContain('the SSH agent at /nowhere/agent gave no keys');
    bench.write('id_ed25519', USER.private);
    expect(await echo(bench.target(port, {}, { SSH_AUTH_SOCK: '/nowhere/agent' }))).toMatchObject(hi);
  });
  it('with a password, kept for a reconnect', async () => {
    const { port, server } = await bench.serve({ keys: [USER.parsed], password: 'richtig' });
    bench.known(port, HOST);
    bench.person.secrets = ['richtig'];
    const guarded = bench.target(port);
    expect(await echo(guarded)).toMatchObject(hi);
    server.drop();
    expect(await echo(guarded)).toMatchObject(hi);
    expect(bench.person.questions).toEqual([`Password of dev@127.0.0.1:${port}`]);
    expect([bench.person.uses, bench.person.verdicts]).toEqual([[{ key: `password dev@127.0.0.1:${port}` }], [`password dev@127.0.0.1:${port}: right`]]);
  });
  it('a wrong password is said as such; a person gets three tries', async () => {
    const { port, server } = await bench.serve({ password: 'richtig' });
    bench.known(port, HOST);
    bench.person.secrets = ['a', 'b', 'c', 'richtig'];
    const message = told(await echo(bench.target(port)));
    expect(message).toContain(`auth: dev@127.0.0.1:${port} did not let 'dev' in. The password was wrong.`);
    expect(message).toContain('The host takes: password.');
    expect(bench.person.verdicts).toEqual(Array.from({ length: 3 }, () => `password dev@127.0.0.1:${port}: wrong`));
    expect([bench.person.questions[1], server.attempts]).toEqual([`Password of dev@127.0.0.1:${port} (the last one was refused)`, ['none', 'password', 'password', 'password']]);
  });
  it('a program that always gives the same wrong password knocks once', async () => {
    const { port, server } = await bench.serve({ password: 'richtig' });
    bench.known(port, HOST);
    bench.person.secrets = ['a', 'a', 'a'];
    expect(told(await echo(bench.target(port)))).toContain('The password was wrong.');
    expect(server.attempts).toEqual(['none', 'password']);
  });
  it('no password to give', async () => {
    const { port } = await bench.serve({ password: 'richtig' });
    bench.known(port, HOST);
    expect(told(await echo(bench.target(port)))).toContain('It asks for a password, and none was given.');
  });
  it('BatchMode asks nothing', async () => {
    const { port } = await bench.serve({ password: 'richtig' });
    bench.known(port, HOST);
    bench.config('BatchMode yes');
    bench.person.secrets = ['richtig'];
    expect(told(await echo(bench.target(port)))).toMatch(/^auth: /);
    expect(bench.person.questions).toEqual([]);
  });
  it('keyboard-interactive: the host’s own words', async () => {
    const { port } = await bench.serve({ password: '123456', asks: 'Code from\u001b[31m your token: ' });
    bench.known(port, HOST);
    bench.person.secrets = ['000000', '123456'];
    expect(await echo(bench.target(port))).toMatchObject(hi);
    const question = `dev@127.0.0.1:${port} asks: Code from\\x1b[31m your token:`;
    expect(bench.person.questions).toEqual([question, `${question} (the last answer was refused)`]);
  });
  it('keyboard-interactive: several questions, several times, shown or hidden as the host says; codes are not kept', async () => {
    let given: string[] = [];
    const { server, port } = await bench.serve({}, {
      authenticate: (attempt) => {
        if (attempt.method !== 'keyboard-interactive') return attempt.reject(['keyboard-interactive']);
        attempt.prompt([{ prompt: 'Password: ', echo: false }], 'PAM', 'Two steps.', (first) =>
          attempt.prompt([{ prompt: 'Token name: ', echo: true }, { prompt: 'Code: ', echo: false }], (second) =>
            attempt.prompt([], '', 'Welcome', () => ((given = [...first, ...second]), attempt.accept())),
          ),
        );
      },
    });
    bench.known(port, HOST);
    bench.person.secrets = ['geheim', 'phone', '123456'];
    expect(await echo(bench.target(port))).toMatchObject(hi);
    const label = `dev@127.0.0.1:${port}`;
    expect(given).toEqual(['geheim', 'phone', '123456']);
    expect(bench.person.questions).toEqual([`${label} asks: Two steps. Password:`, `${label} asks: Token name:`, `${label} asks: Code:`]);
    expect(bench.person.uses).toEqual([{ key: `password ${label}` }, { echo: true }, {}]);
    expect([bench.person.verdicts, server.attempts]).toEqual([[`password ${label}: right`], ['none', 'keyboard-interactive']]);
  });
  it('a key and a password, when the host wants both', async () => {
    const { port, server } = await bench.serve({ keys: [USER.parsed], password: 'richtig', both: true });
    bench.known(port, HOST);
    bench.write('id_ed25519', USER.private);
    bench.person.secrets = ['richtig'];
    expect(await echo(bench.target(port))).toMatchObject(hi);
    expect(server.attempts).toEqual(['none', 'publickey', 'publickey', 'none', 'password']);
  });
  it('no key fits: what was tried and what the host takes', async () => {
    const { port } = await bench.serve({ keys: [HOST2.parsed] });
    bench.known(port, HOST);
    bench.write('id_ed25519', USER.private);
    bench.write('id_rsa', 'no key at all');
    const message = told(await echo(bench.target(port)));
    expect(message).toContain(`Tried: ${bench.home}/.ssh/id_ed25519. The host takes: publickey. Also: ${bench.home}/.ssh/id_rsa holds no usable private key`);
  });
  it('a named key that is not there', async () => {
    const { port } = await bench.serve({ keys: [HOST2.parsed] });
    bench.known(port, HOST);
    expect(told(await echo(bench.target(port, { identity: '/nowhere/key' })))).toContain('Also: /nowhere/key does not exist');
  });
  it('a refusal is remembered for a while: neither the person nor the host is bothered again', async () => {
    const { port, server } = await bench.serve({ password: 'richtig' });
    bench.known(port, HOST);
    bench.person.secrets = [undefined, 'richtig'];
    const guarded = bench.target(port);
    const first = await echo(guarded);
    expect([await echo(guarded), server.connections, bench.person.questions.length]).toEqual([first, 1, 1]);
    expect(await guarded.facts({ refresh: true })).toMatchObject({ kind: 'known' });
  });
});
