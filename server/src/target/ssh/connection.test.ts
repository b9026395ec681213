import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tcpServer, type Door, type ServerOptions, type TestSshServer } from '../../../test/support/ssh-server.ts';
import { Wire } from '../../../test/support/tcp.ts';
import type { SshTarget } from './target.ts';
import { echo, hi, HOST, HOST2, readFile, sshBench, told, USER } from '../../../test/support/ssh-bench.ts';

const bench = sshBench();

describe('unreachable', () => {
  it('refused', async () => {
    const { port, close } = await tcpServer(() => undefined);
    await close();
    expect(told(await echo(bench.target(port)))).toBe(`unreachable: 127.0.0.1 port ${port} refused the connection: nothing listens there. Is its SSH server running, and is the port right?`);
  });
  it('no such name', async () => {
    expect(told(await echo(bench.target(0, { destination: 'no-such.invalid' })))).toMatch(/^unreachable: (There is no host named|The name) 'no-such\.invalid'/);
  });
  it.each([
    ['silence', 'accepts connections, but no SSH server answered there within 1 s', () => undefined],
    ['another protocol', 'is no SSH server', (socket: { end: (text: string) => void }) => socket.end(`${'HTTP/1.1 400 Bad Request\r\n'.repeat(2000)}`)],
    ['hang-up', 'closed the connection at once', (socket: { end: () => void }) => socket.end()],
  ])('%s', async (_what, expected, talk) => {
    const { port, close } = await tcpServer(talk);
    bench.closing.push(close);
    bench.config('ConnectTimeout 1');
    const begun = Date.now();
    expect(told(await echo(bench.target(port)))).toContain(expected);
    expect(Date.now() - begun).toBeLessThan(5000);
  });
  it('cancelled while it connects: at once, and the attempt is given up', async () => {
    const { port, sockets, close } = await tcpServer((socket) => socket.once('data', () => abort.abort()));
    bench.closing.push(close);
    const abort = new AbortController();
    expect(await echo(bench.target(port), { signal: abort.signal })).toMatchObject({ kind: 'cancelled' });
    const [socket] = sockets;
    if (socket && !socket.closed) await new Promise((resolve) => socket.once('close', resolve));
  });
  it('one who cancels does not take the connection from another who waits', async () => {
    const { port } = await bench.serve({ keys: [USER.parsed] });
    bench.known(port, HOST);
    bench.write('id_ed25519', USER.private);
    const both = bench.target(port);
    const abort = new AbortController();
    const [first, second] = [echo(both, { signal: abort.signal }), echo(both)];
    abort.abort();
    expect([await first, await second]).toMatchObject([{ kind: 'cancelled' }, hi]);
  });
  it('a ProxyCommand is not run, and that is said', async () => {
    bench.config(`ProxyCommand touch ${bench.home}/was-here`);
    expect(told(await echo(bench.target(1)))).toContain('Use ProxyJump');
    expect(readFile(join(bench.home, 'was-here'))).toBeUndefined();
  });
});

describe('one connection', () => {
  it('is shared, also by requests that come while it connects', async () => {
    const { port, server } = await bench.serve({ keys: [USER.parsed] });
    bench.known(port, HOST);
    bench.write('id_ed25519', USER.private);
    const shared = bench.target(port);
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => echo(shared)));
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array.from({ length: 8 }, () => 'ran'));
    expect([server.connections, server.mostSessions > 1]).toEqual([1, true]);
  });
  it('requests wait in line where the host allows few sessions', async () => {
    const { port, server } = await bench.serve({ keys: [USER.parsed] }, { maxSessions: 2 });
    bench.known(port, HOST);
    bench.write('id_ed25519', USER.private);
    const shared = bench.target(port);
    const outcomes = await Promise.all(Array.from({ length: 7 }, () => echo(shared)));
    expect(outcomes.map(told)).toEqual(Array.from({ length: 7 }, () => 'ran'));
    expect([server.connections, server.mostSessions]).toEqual([1, 2]);
  });
  it('a host that allows no session at all', async () => {
    const { port } = await bench.serve({ keys: [USER.parsed] }, { maxSessions: 0 });
    bench.known(port, HOST);
    bench.write('id_ed25519', USER.private);
    const shared = bench.target(port);
    expect((await Promise.all([echo(shared), echo(shared), echo(shared)])).map(told)).toEqual(Array.from({ length: 3 }, () => expect.stringContaining('did not start a command') as string));
  });
  it('dropped: what runs is told so and ends there, the next request connects anew', async () => {
    const { port, server } = await bench.serve({ keys: [USER.parsed] });
    bench.known(port, HOST);
    bench.write('id_ed25519', USER.private);
    const dropped = bench.target(port);
    let pid = 0;
    const running = dropped.exec({ argv: ['sh', '-c', 'echo $$; exec sleep 300'], timeoutMs: 10_000, onStdout: (text) => ((pid = Number(text)), server.drop()) });
    expect(await running).toMatchObject({ kind: 'failed', reason: 'connection-lost' });
    expect(await dropped.exec({ argv: ['sh', '-c', `while kill -0 ${pid} 2>/dev/null; do sleep 0.1; done; echo hi`], timeoutMs: 10_000 })).toMatchObject(hi);
    expect(server.connections).toBe(2);
  });
  it('a command that has ended before we come to look is not taken for a lost connection', async () => {
    // Start, words, exit status and end arrive in one piece, as those of a quick refusal do on a busy machine.
    const answer: ServerOptions['answer'] = (accept) => {
      // The start is a packet of 36 bytes, the rest has 208.
      wire.gatherAnswers(200);
      const channel = accept();
      channel.stderr.write('dev is not in the sudoers file.\n');
      channel.exit(1);
      channel.end();
    };
    const { port } = await bench.serve({ keys: [USER.parsed] }, { answer });
    const wire = await Wire.to(port);
    bench.closing.push(() => wire.close());
    bench.known(wire.port, HOST);
    bench.write('id_ed25519', USER.private);
    const target = bench.target(wire.port);
    for (let i = 0; i < 5; i++) expect(told(await echo(target, { asRoot: true }))).toContain('needs-root: This needs root, and sudo does not let this user become root');
  });
  it('closing it ends the connection', async () => {
    const { port, server } = await bench.serve({ keys: [USER.parsed] });
    bench.known(port, HOST);
    bench.write('id_ed25519', USER.private);
    const closed = bench.target(port);
    await echo(closed);
    await closed.dispose();
    expect(told(await echo(closed))).toBe('connection-lost: The target was closed.');
    expect(server.connections).toBe(1);
  });
});

describe('jump hosts', () => {
  async function twoHosts(outer: Door, forwarding: boolean): Promise<{ inner: SshTarget; port: number; jumpPort: number; jump: TestSshServer }> {
    const { port } = await bench.serve({ keys: [USER.parsed] }, { hostKeys: [HOST2.private] });
    const { port: jumpPort, server: jump } = await bench.serve(outer, { forwarding });
    bench.write('known_hosts', `[127.0.0.1]:${port} ${HOST2.public}\n[127.0.0.1]:${jumpPort} ${HOST.public}\n`);
    bench.write('id_ed25519', USER.private);
    return { inner: bench.target(port, { proxyJump: `hop@127.0.0.1:${jumpPort}` }), port, jumpPort, jump };
  }
  it('commands run through it', async () => {
    const { inner, jump } = await twoHosts({ keys: [USER.parsed] }, true);
    expect(await echo(inner)).toMatchObject(hi);
    await inner.dispose();
    expect(jump.connections).toBe(1);
  });
  it('one connection to it serves many hosts, and is closed with the last', async () => {
    const { inner, port, jumpPort, jump } = await twoHosts({ keys: [USER.parsed] }, true);
    const others = [1, 2, 3].map(() => bench.target(port, { proxyJump: `hop@127.0.0.1:${jumpPort}` }));
    expect((await Promise.all([inner, ...others].map((target) => echo(target)))).map(told)).toEqual(['ran', 'ran', 'ran', 'ran']);
    expect(jump.connections).toBe(1);
    await Promise.all(others.map((target) => target.dispose()));
    expect(await echo(inner)).toMatchObject(hi);
    await inner.dispose();
    await jump.idle();
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
