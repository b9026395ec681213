import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LocalTarget } from '../../src/target/local.ts';
import type { ExecRequest, Outcome } from '../../src/target/target.ts';

const target = new LocalTarget();
const exec = (argv: ExecRequest['argv'], rest: Partial<ExecRequest> = {}): Promise<Outcome> => target.exec({ argv, timeoutMs: 20_000, ...rest });
const alive = (pid: number): boolean => {
  try {
    // A zombie has ended; only its parent has not looked yet.
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};
/** Waits until a process is gone; the test's own time limit is the bound. */
const gone = async (pid: number): Promise<void> => {
  while (alive(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
};

describe('outcomes', () => {
  it('ran: output, exit status, arguments as they are', async () => {
    const odd = `it's "\\n" $HOME \`x\` ; żółć`;
    expect(await exec(['sh', '-c', 'printf "%s" "$1"; echo err >&2; exit 3', 'sh', odd])).toMatchObject({ kind: 'ran', exitCode: 3, stdout: odd, stderr: 'err\n' });
  });
  it('ran: files of any bytes stand in a private directory that is gone afterwards', async () => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => i % 256);
    const outcome = await exec(['sh', '-c', 'pwd; ls -ld . | cut -c1-10; cksum < a.bin; cat b.txt'], { files: [{ name: 'a.bin', content: bytes }, { name: 'b.txt', content: 'żółć\n' }] });
    if (outcome.kind !== 'ran') throw new Error(JSON.stringify(outcome));
    const [directory = '', mode, sum, text] = outcome.stdout.split('\n');
    expect({ mode, text, size: sum?.split(' ')[1] }).toEqual({ mode: 'drwx------', text: 'żółć', size: '70000' });
    expect(existsSync(directory)).toBe(false);
  });
  it('missing', async () => expect(await exec(['no-such-program-here'])).toEqual({ kind: 'missing', tool: 'no-such-program-here' }));
  it('cancelled before it starts', async () => expect(await exec(['true'], { signal: AbortSignal.abort() })).toMatchObject({ kind: 'cancelled' }));
  it('not Linux: says what to do instead', async () => {
    expect(await new LocalTarget('darwin').exec({ argv: ['true'], timeoutMs: 1000 })).toMatchObject({ kind: 'failed', reason: 'not-linux', message: expect.stringContaining('over SSH') as string });
  });
  it('bounds what it keeps', async () => {
    const outcome = await exec(['sh', '-c', 'head -c 3000000 /dev/zero | tr "\\0" x'], { maxOutputBytes: 1000 });
    expect(outcome).toMatchObject({ kind: 'ran', truncated: true });
    expect(outcome.kind === 'ran' && outcome.stdout.length).toBe(1000);
  });
});

describe('ending', () => {
  const tree = 'echo $$; sleep 300 & echo $!; wait';
  const pids = (text: string): number[] => text.trim().split('\n').map(Number);

  it('time limit ends the whole group', async () => {
    const outcome = await exec(['sh', '-c', tree], { timeoutMs: 300 });
    expect(outcome).toMatchObject({ kind: 'timed-out', afterMs: 300 });
    await Promise.all(pids(outcome.kind === 'timed-out' ? outcome.stdout : '').map(gone));
  });
  it('cancelling ends the whole group, also when it ignores TERM', async () => {
    const abort = new AbortController();
    const outcome = await exec(['sh', '-c', `trap "" TERM; ${tree}`], { signal: abort.signal, onStdout: (text) => void (text.includes('\n') && abort.abort()) });
    expect(outcome.kind).toBe('cancelled');
    await Promise.all(pids(outcome.kind === 'cancelled' ? outcome.stdout : '').map(gone));
  });
  it('stop lets the program finish', async () => {
    const script = '$| = 1; $SIG{INT} = sub { print "maps\\n"; exit 7 }; print "up\\n"; sleep 60';
    const execution = target.start({ argv: ['perl', '-e', script], timeoutMs: 20_000, onStdout: (text) => void (text.includes('up') && execution.stop(10_000)) });
    expect(await execution.done).toMatchObject({ kind: 'ran', exitCode: 7, stdout: 'up\nmaps\n' });
  });
  it('a program that misses the first signal is nudged', async () => {
    const script = '$| = 1; $SIG{INT} = sub { }; $SIG{TERM} = sub { print "maps\\n"; exit 7 }; print "up\\n"; sleep 60 while 1';
    const execution = target.start({ argv: ['perl', '-e', script], nudge: true, timeoutMs: 20_000, onStdout: (text) => void (text.includes('up') && execution.stop(10_000)) });
    expect(await execution.done).toMatchObject({ kind: 'ran', exitCode: 7, stdout: 'up\nmaps\n' });
  });
  it('a killed client leaves nothing: no process, no directory', async () => {
    const code = `import { LocalTarget } from './server/src/target/local.ts';
      new LocalTarget().start({ argv: ['sh', '-c', 'pwd; ${tree}'], timeoutMs: 60000, onStdout: (t) => process.stdout.write(t) });`;
    const client = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    for await (const chunk of client.stdout) {
      text += String(chunk);
      if (text.split('\n').length > 3) break;
    }
    client.kill('SIGKILL');
    const [directory = '', ...rest] = text.trim().split('\n');
    await Promise.all(rest.map((pid) => gone(Number(pid))));
    while (existsSync(directory)) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(readdirSync(tmpdir())).not.toContain(directory.slice(join('/tmp/').length));
  });
});
