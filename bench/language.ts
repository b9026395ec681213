// language.ts: what the language server costs on a 1,000-line program, beside bpftrace's own compile check of the
// same file in the same run. Times are those an editor sees: over the protocol, from request to answer.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { LspClient } from '../server/test/support/lsp-client.ts';
import { program } from './program.ts';
import { ms, summarize, timed, type Sample } from './statistics.ts';

const LINES = 1000;
/** What a server that just starts is given: most programs are no longer. */
const FIRST_LINES = 100;
const URI = 'file:///bench.bt';
const NONE = { KGENT_TARGET: 'none' };

interface Row {
  readonly what: string;
  readonly sample: Sample;
  readonly budget: number;
}

/** The server started until the first findings of an opened file. */
async function coldOpen(text: string): Promise<number> {
  const client = new LspClient(NONE);
  const took = await timed(async () => {
    await client.start();
    await client.open(URI, text);
    await client.diagnostics(URI, 1, () => true);
  });
  await client.stop();
  return took;
}

/** One character typed and taken away again, all over the file. */
async function keystrokes(client: LspClient, text: string, firstVersion: number): Promise<number[]> {
  const times: number[] = [];
  const lines = text.split('\n');
  let version = firstVersion;
  for (let n = 0; n < 200; n++) {
    const line = (n * 37) % lines.length;
    const character = lines[line]?.length ?? 0;
    const at = { line, character };
    for (const change of [{ range: { start: at, end: at }, text: 'x' }, { range: { start: at, end: { line, character: character + 1 } }, text: '' }]) {
      version++;
      const changed = version;
      times.push(await timed(async () => {
        await client.connection.sendNotification('textDocument/didChange', { textDocument: { uri: URI, version: changed }, contentChanges: [change] });
        await client.diagnostics(URI, changed, () => true);
      }));
    }
  }
  return times;
}

const PARTIAL = ['tracepoint:', 'tracepoint:sched:', 'tracepoint:syscalls:sys_enter_o', 'kprobe:', 'kprobe:vfs_', 'kprobe:tcp_rcv', 'fentry:', 'fentry:vmlinux:ext4_', 'kretprobe:b', 'k'];

/** A half-typed probe at the end of the file, completed. */
async function completions(client: LspClient, text: string): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < 100; n++) {
    const typed = PARTIAL[n % PARTIAL.length] ?? '';
    const uri = `file:///complete-${n}.bt`;
    await client.open(uri, `${text}\n${typed}`);
    await client.diagnostics(uri, 1, () => true);
    const position = { line: text.split('\n').length, character: typed.length };
    times.push(await timed(() => client.connection.sendRequest('textDocument/completion', { textDocument: { uri }, position })));
    await client.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  }
  return times;
}

async function hovers(client: LspClient, text: string): Promise<number[]> {
  const times: number[] = [];
  const words = [...text.matchAll(/[@$]?\b[a-z_]\w+/gi)];
  for (let n = 0; n < 300; n++) {
    const before = text.slice(0, (words[(n * 53) % words.length]?.index ?? 0) + 1).split('\n');
    const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
    times.push(await timed(() => client.connection.sendRequest('textDocument/hover', { textDocument: { uri: URI }, position })));
  }
  return times;
}

/** bpftrace's own check of the file; undefined when it is not installed. */
function bpftraceCheck(command: string, mode: readonly string[], file: string): Sample | undefined {
  if (!existsSync(command)) return undefined;
  const runs = Array.from({ length: 5 }, () => {
    const started = performance.now();
    execFileSync(command, [...mode, file], { stdio: 'ignore', timeout: 120_000 });
    return performance.now() - started;
  });
  return summarize(runs);
}

async function main(): Promise<void> {
  const text = program(LINES);
  const file = join(mkdtempSync(join(tmpdir(), 'kgent-bench-')), 'bench.bt');
  writeFileSync(file, text);
  const cold: number[] = [];
  for (let n = 0; n < 5; n++) cold.push(await coldOpen(program(FIRST_LINES)));
  const client = new LspClient(NONE);
  await client.start();
  await client.open(URI, text);
  const found = await client.diagnostics(URI, 1, () => true);
  const rows: Row[] = [
    { what: `cold server to findings, ${FIRST_LINES} lines`, sample: summarize(cold), budget: 400 },
    { what: 'keystroke to findings', sample: summarize(await keystrokes(client, text, 1)), budget: 10 },
    { what: 'completion', sample: summarize(await completions(client, text)), budget: 10 },
    { what: 'hover', sample: summarize(await hovers(client, text)), budget: 5 },
  ];
  const memory = Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${client.process.pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024;
  await client.stop();
  console.log(`A program of ${text.split('\n').length} lines, ${found.length} findings; the bundled kernel.\n`);
  for (const { what, sample, budget } of rows) {
    console.log(`${what.padEnd(38)} p95 ${ms(sample.p95).padStart(8)}  median ${ms(sample.median).padStart(8)}  budget ${ms(budget)}${sample.p95 <= budget ? '' : '  OVER'}  (n=${sample.count})`);
  }
  console.log(`${'server memory'.padEnd(38)} ${memory.toFixed(0)} MB  budget 350 MB${memory <= 350 ? '' : '  OVER'}`);
  const keystroke = rows[1]?.sample.median ?? Number.NaN;
  for (const [name, sample] of [
    ['bpftrace 0.17 --test codegen', bpftraceCheck('/usr/bin/bpftrace', ['--test', 'codegen'], file)],
    ['newest bpftrace --mode codegen', bpftraceCheck(process.env['KGENT_TEST_BPFTRACE_NEW'] ?? join(homedir(), '.cache/kgent/sid/bin/bpftrace'), ['--mode', 'codegen'], file)],
  ] as const) {
    console.log(sample ? `${name.padEnd(38)} median ${ms(sample.median)}: ${(sample.median / keystroke).toFixed(0)} times a keystroke's` : `${name.padEnd(38)} not installed`);
  }
}

await main();
