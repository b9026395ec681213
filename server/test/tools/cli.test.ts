import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { events, freshConfig, kgent } from '../support/kgent.ts';

const directory = mkdtempSync(join(tmpdir(), 'kgent-cli-'));
const file = (name: string, content: string | Buffer): string => {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
};

describe('the main job without a model', () => {
  it('a sentence becomes an accepted program whose run ends with counts', async () => {
    const { code, stdout, stderr } = await kgent(['generate', 'count system calls by process', '--run', '--for', '2s', '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) as string });
    const all = events(stdout);
    const names = all.map((e) => e.event);
    expect(names.slice(0, 4)).toEqual(['started', 'retrieved', 'drafting', 'drafted']);
    expect(all.find((e) => e.event === 'drafted')).toMatchObject({ origin: { kind: 'retrieved' } });
    expect(all.find((e) => e.event === 'accepted')).toMatchObject({ attempts: 1, message: expect.stringMatching(/retrieved/i) as string });
    const last = all.at(-1);
    if (last?.event !== 'ended') throw new Error(`the last event is ${JSON.stringify(last)}`);
    expect(last.outcome).toBe('finished');
    const [map] = Object.values(last.maps) as Record<string, number>[];
    expect(Object.keys(map ?? {}).length).toBeGreaterThan(0);
  });
  it('people read steps, the program and its maps', async () => {
    const out = join(directory, 'out.bt');
    const { code, stdout, stderr } = await kgent(['generate', 'count system calls by process', '--out', out, '--run', '--for', '1s']);
    expect(code).toBe(0);
    expect(stderr).toMatch(/No model configured[^]*not generated[^]*compile passed[^]*Written to/);
    expect(stdout).toMatch(/^@.*:\n(?: {2}\S.* +\d+\n)+/m);
    expect(readFileSync(out, 'utf8')).toContain('raw_syscalls');
  });
  it('says honestly that nothing matches', async () => {
    const { code, stdout } = await kgent(['generate', 'bake a chocolate cake', '--json']);
    expect({ code, last: events(stdout).at(-1) }).toMatchObject({ code: 1, last: { event: 'rejected' } });
  });
});

describe('search', () => {
  it('ranks what a kernel lacks below what it has, and says what it needs', async () => {
    const { code, stdout } = await kgent(['search', 'tracepoint:ocfs2:ocfs2_sync_file', '--target', 'local', '--kind', 'attach-point', '-k', '25', '--json']);
    expect(code).toBe(0);
    const { results } = JSON.parse(stdout) as { results: { id: string; available: boolean | null; wants?: string }[] };
    const absent = results.filter(({ available }) => available === false);
    expect(absent.find(({ id }) => id === 'tracepoint:ocfs2:ocfs2_sync_file')).toMatchObject({ wants: 'module ocfs2' });
    expect(results.slice(-absent.length)).toEqual(absent);
    expect(results.length).toBeGreaterThan(absent.length);
  });
  it('exports specs as the paper keeps them', async () => {
    const { stdout } = await kgent(['search', 'kprobe:tcp_connect', '-k', '1', '--format', 'kgent']);
    expect(JSON.parse(stdout)).toMatchObject({ 'kprobe:tcp_connect': { proto: 'int tcp_connect(struct sock *sk)', description: expect.stringContaining('TCP connection') as string, pre: expect.arrayContaining(['sk->__sk_common.skc_state == TCP_SYN_SENT']) as string[], post: [] } });
  });
  it('says when there is nothing', async () => {
    expect(await kgent(['search', 'qwxyz'])).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('Nothing that Kgent knows') as string });
    expect((await kgent(['search', 'x', '--format', 'xml'])).stderr).toContain("There is no format 'xml'. The formats: text, json, kgent.");
  });
});

describe('help', () => {
  it.each(['--help', '-h'])('%s tells what a command takes', async (flag) => {
    const { code, stdout } = await kgent(['check', 'x.bt', flag]);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Usage: kgent check FILE .*--json/) as string });
  });
  it('tells the version', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(await kgent(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` });
  });
});

describe('check', () => {
  it('prints one JSON document', async () => {
    const path = file('a.bt', 'BEGIN {\n  prinft("x");\n}\n');
    const { code, stdout } = await kgent(['check', path, '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ file: path, target: 'local', skipped: ['load', 'contract'].map((check) => ({ check, reason: expect.stringContaining('errors first') as string })), findings: [{ check: 'semantics', code: 'unknown-function', severity: 'error', range: { start: { line: 1, character: 2 } }, evidence: [], repairs: [{ title: 'Replace with printf', sure: true }] }] });
  });
  it('runs only the named checks', async () => {
    expect((await kgent(['check', file('b.bt', 'BEGIN { prinft(1); }'), '--only', 'syntax'])).code).toBe(0);
  });
  it('a missing tool is told, and is not "no problems"', async () => {
    const bare = mkdtempSync(join(tmpdir(), 'kgent-bare-'));
    // What the supervisor and the facts need, and no bpftrace.
    for (const tool of ['sh', 'head', 'mktemp', 'setsid', 'rm', 'sleep', 'uname', 'id', 'grep', 'cat', 'tail']) symlinkSync(`/usr/bin/${tool}`, join(bare, tool));
    const { code, stdout } = await kgent(['check', file('c.bt', 'BEGIN { exit(); }'), '--json'], { PATH: bare });
    expect({ code, ...(JSON.parse(stdout) as object) }).toMatchObject({ code: 2, findings: [], skipped: [{ check: 'compile', reason: expect.stringMatching(/bpftrace is not installed[^]*apt install bpftrace/) as string }, { check: 'load' }] });
  });
});

describe('bad input', () => {
  const binary = Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 37) % 256));
  it.each([
    ['an empty sentence', ['generate', '  '], 2, /empty/],
    ['a sentence of 1 MB from a script', ['generate', 'count '.repeat(20_000)], 2, /at most 4,000/],
    ['no such file', ['check', '/no/such.bt'], 2, /no file/],
    ['a directory', ['check', `${directory}`], 2, /neither a bpftrace program|no file/],
    ['another kind of file', ['check', file('x.py', 'print(1)')], 2, /neither a bpftrace program/],
    ['a binary file', ['check', file('bin.bt', binary)], 1, /no source text/],
    ['a huge file', ['check', file('huge.bt', 'BEGIN { }\n'.repeat(200_000))], 1, /larger than 1 MB/],
    ['an unknown command', ['frobnicate'], 2, /no command/],
    ['a room built later', ['eval', 'x'], 2, /not built yet/],
    ['an engine that is none', ['verify', 'x.bt', '--engine', 'cvc5'], 2, /no engine 'cvc5'/],
    ['an unknown option', ['check', 'x.bt', '--frob'], 2, /frob[^]*Usage/],
    ['a bad duration', ['generate', 'x', '--run', '--for', 'soon'], 2, /no duration/],
    ['an unknown target', ['check', file('ok.bt', 'BEGIN { }'), '--target', 'nobody'], 2, /no target 'nobody'/],
    ['a target that refuses', ['check', file('ok2.bt', 'BEGIN { }'), '--target', 'root@127.0.0.1:1'], 2, /127\.0\.0\.1[^]*refused/],
  ])('%s', async (_, args, code, message) => {
    const ended = await kgent(args, { XDG_CONFIG_HOME: freshConfig() });
    expect(ended.stdout + ended.stderr).toMatch(message);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
    expect(ended.code).toBe(code);
  });
  it('a target that accepts and never answers', async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const ended = await kgent(['target', 'probe', `root@127.0.0.1:${port}`, '--json'], { XDG_CONFIG_HOME: freshConfig() });
    server.close();
    expect(JSON.parse(ended.stdout)).toMatchObject({ error: { message: expect.stringMatching(/did not answer|within \d+ s|timed out/i) as string } });
    expect(ended.code).toBe(2);
  });
  it('unsafe programs do not run unasked', async () => {
    const ended = await kgent(['run', file('unsafe.bt', 'BEGIN { system("touch /tmp/kgent-should-not-exist"); exit(); }')]);
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringMatching(/system\(\)[^]*--unsafe/) as string });
  });
});
