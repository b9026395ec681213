import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeError } from '../base/error.ts';
import { loadSource } from './load.ts';

const SPEC = { id: 'tracepoint:sched:sched_switch', kind: 'attach-point', proto: 'args: int prev_pid', summary: 'The CPU changes to another thread', meaning: 'Fires at every context switch.', args: [], pre: [], post: [], words: ['context switch'] };
const EXAMPLE = { id: 'reads', description: 'Count reads', also: ['how many reads'], tags: ['files'], language: 'bpftrace', kernel: { min: '5.4', needs: [], checked: ['6.1'] }, bpftrace: { min: '0.17' }, prints: 'a count', notes: '' };

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kgent-load-'));
});
afterEach(() => rm(dir, { recursive: true }));

async function files(contents: Readonly<Record<string, unknown>>): Promise<void> {
  for (const [name, content] of Object.entries(contents)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  }
}

const GOOD = { 'specs/sched.jsonl': `${JSON.stringify(SPEC)}\n\n`, 'examples/files/reads.json': EXAMPLE, 'examples/files/reads.bt': 'kprobe:vfs_read { @ = count(); }\r\n' };

describe('the knowledge folder', () => {
  it('is read as plain data', async () => {
    await files(GOOD);
    const source = await loadSource(dir);
    expect(source.specs).toEqual([{ ...SPEC, caveats: [], alternatives: [] }]);
    expect(source.examples).toMatchObject([{ id: 'reads', language: 'bpftrace', text: 'kprobe:vfs_read { @ = count(); }\n', kernelMin: '5.4', bpftraceMin: '0.17' }]);
  });

  it('completes arguments that are well known by type, name or both, the most particular first', async () => {
    const proto = 'int f(struct sock *sk, int flags, int len, int cpu, int rc, int other)';
    await files({
      'specs/a.jsonl': JSON.stringify({ ...SPEC, proto, args: [{ name: 'len', meaning: 'its own', unit: 'bytes' }] }),
      'specs/arguments.jsonl': ['{"type": "struct sock *", "meaning": "the socket", "nullable": false}', '{"type": "int", "name": "flags", "meaning": "bits", "flags": true}', '{"type": "int", "name": "len", "meaning": "not said"}', '{"name": "rc", "meaning": "result"}', '{"in": "tracepoint:sched:", "name": "rc", "meaning": "result there"}', '{"in": "tracepoint:net:", "name": "other", "meaning": "elsewhere"}'].join('\n'),
    });
    expect((await loadSource(dir)).specs[0]?.args).toEqual([
      { name: 'sk', meaning: 'the socket', nullable: false },
      { name: 'flags', meaning: 'bits', flags: true },
      { name: 'len', meaning: 'its own', unit: 'bytes' },
      { name: 'rc', meaning: 'result there' },
    ]);
  });

  it('has a hash that changes with every file and only with them', async () => {
    await files(GOOD);
    const before = (await loadSource(dir)).hash;
    await files({ 'README.md': 'not knowledge', ...GOOD });
    expect((await loadSource(dir)).hash).toBe(before);
    await files({ 'examples/files/reads.bt': 'kprobe:vfs_read { @x = count(); }' });
    expect((await loadSource(dir)).hash).not.toBe(before);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['broken JSON in a line', { 'specs/a.jsonl': `${JSON.stringify(SPEC)}\n{"id": }\n` }, 'specs/a.jsonl:2: no valid JSON'],
    ['broken JSON in a file', { 'examples/a/x.json': '{\n "id": "x",\n oops\n}' }, 'examples/a/x.json:3: no valid JSON'],
    ['a missing key', { 'specs/a.jsonl': JSON.stringify({ ...SPEC, summary: undefined }) }, 'specs/a.jsonl:1: summary:'],
    ['an unknown key', { 'specs/a.jsonl': JSON.stringify({ ...SPEC, summry: 'x' }) }, 'specs/a.jsonl:1: Unrecognized key: "summry"'],
    ['a wrong kind', { 'specs/a.jsonl': JSON.stringify({ ...SPEC, kind: 'probe' }) }, 'specs/a.jsonl:1: kind:'],
    ['the same id twice', { 'specs/a.jsonl': JSON.stringify(SPEC), 'specs/b.jsonl': `\n${JSON.stringify(SPEC)}` }, "specs/b.jsonl:2: 'attach-point tracepoint:sched:sched_switch' is already described in specs/a.jsonl:1"],
    ['a wrong value in an example', { ...GOOD, 'examples/files/reads.json': { ...EXAMPLE, language: 'rust' } }, 'examples/files/reads.json:10: language:'],
    ['an id that is not the file name', { 'examples/files/other.json': EXAMPLE, 'examples/files/other.bt': 'x' }, "examples/files/other.json:2: the id 'reads' is not the file's name"],
    ['a program without a description', { 'examples/files/lonely.bpf.c': 'x' }, 'examples/files/lonely.bpf.c:1: no .json file beside it'],
    ['a description without a program', { 'examples/files/reads.json': EXAMPLE }, 'its program examples/files/reads.bt is missing'],
  ])('tells where there is %s', async (_, contents, problem) => {
    await files(contents);
    await expect(loadSource(dir)).rejects.toMatchObject({ name: 'UserError', code: 'bad-knowledge', message: expect.stringContaining(problem) as string });
  });

  it('lists many mistakes, but not all of thousands', async () => {
    await files({ 'specs/a.jsonl': 'x\n'.repeat(3_000) });
    const message = await loadSource(dir).then(() => '', describeError);
    expect(message.split('\n')).toHaveLength(22);
    expect(message).toContain('and 2980 more');
  });

  it('has to exist', async () => {
    await expect(loadSource(join(dir, 'nowhere'))).rejects.toMatchObject({ code: 'bad-knowledge' });
  });
});
