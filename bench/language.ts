// language.ts: what the language server costs on a 1,000-line program, of bpftrace and of BPF C, beside bpftrace's own
// compile check of the same file in the same run. Times are those an editor sees: over the protocol, from request to answer.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { LspClient } from '../server/test/support/lsp-client.ts';
import { program } from './program.ts';
import { programC } from './program-c.ts';
import { ms, summarize, timed, type Sample } from './statistics.ts';

const LINES = 1000;
/** What a server that just starts is given: most programs are no longer. */
const FIRST_LINES = 100;
const NONE = { KGENT_TARGET: 'none' };

/** A language, with what a person asks in it. */
interface Subject {
  readonly name: string;
  readonly languageId: string;
  readonly ending: string;
  readonly program: (lines: number) => string;
  /** Half-typed text where completion is asked for; `‸` is where it goes on. */
  readonly partial: readonly string[];
  /** Words a person may hover. */
  readonly words: RegExp;
}

const BPFTRACE: Subject = {
  name: 'bpftrace',
  languageId: 'bpftrace',
  ending: 'bt',
  program,
  partial: ['tracepoint:', 'tracepoint:sched:', 'tracepoint:syscalls:sys_enter_o', 'kprobe:', 'kprobe:vfs_', 'kprobe:tcp_rcv', 'fentry:', 'fentry:vmlinux:ext4_', 'kretprobe:b', 'k'],
  words: /[@$]?\b[a-z_]\w+/gi,
};

const inXdp = (typed: string): string => `SEC("xdp") int half(struct xdp_md *ctx) { struct task_struct *task = bpf_get_current_task_btf(); ${typed}‸ }`;
const BPF_C: Subject = {
  name: 'BPF C',
  languageId: 'c',
  ending: 'bpf.c',
  program: programC,
  partial: ['SEC("‸")', 'SEC("kprobe/tcp_‸")', 'SEC("tp/syscalls/sys_enter_o‸")', 'SEC("fentry/vfs_‸")', inXdp('bpf_'), inXdp('bpf_map_l'), inXdp('ctx->'), inXdp('task->'), inXdp('BPF_CORE_READ(task, '), 'struct { __uint(type, BPF_‸); } m SEC(".maps");'],
  words: /\b[a-z_]\w+/gi,
};

interface Row {
  readonly what: string;
  readonly sample: Sample;
  readonly budget: number;
}

/** The server started until the first findings of an opened file. */
async function coldOpen({ ending, languageId, program: make }: Subject): Promise<number> {
  const client = new LspClient(NONE);
  const uri = `file:///cold.${ending}`;
  const took = await timed(async () => {
    await client.start();
    await client.open(uri, make(FIRST_LINES), 1, languageId);
    await client.diagnostics(uri, 1, () => true);
  });
  await client.stop();
  return took;
}

/** One character typed and taken away again, all over the file. */
async function keystrokes(client: LspClient, uri: string, text: string): Promise<number[]> {
  const times: number[] = [];
  const lines = text.split('\n');
  let version = 1;
  for (let n = 0; n < 200; n++) {
    const line = (n * 37) % lines.length;
    const character = lines[line]?.length ?? 0;
    const at = { line, character };
    for (const change of [{ range: { start: at, end: at }, text: 'x' }, { range: { start: at, end: { line, character: character + 1 } }, text: '' }]) {
      version++;
      const changed = version;
      times.push(await timed(async () => {
        await client.connection.sendNotification('textDocument/didChange', { textDocument: { uri, version: changed }, contentChanges: [change] });
        await client.diagnostics(uri, changed, () => true);
      }));
    }
  }
  return times;
}

/** Something half-typed at the end of the open file, completed, and taken away again. */
async function completions(client: LspClient, text: string, { partial, languageId, ending }: Subject): Promise<number[]> {
  const times: number[] = [];
  const uri = `file:///complete.${ending}`;
  const start = { line: text.split('\n').length, character: 0 };
  await client.open(uri, `${text}\n`, 1, languageId);
  await client.diagnostics(uri, 1, () => true);
  for (let n = 0; n < 200; n++) {
    const [typed = '', rest = ''] = (partial[n % partial.length] ?? '').split('‸');
    const version = 2 * n + 2;
    const change = async (changed: number, end: typeof start, inserted: string): Promise<void> => {
      await client.connection.sendNotification('textDocument/didChange', { textDocument: { uri, version: changed }, contentChanges: [{ range: { start, end }, text: inserted }] });
      await client.diagnostics(uri, changed, () => true);
    };
    await change(version, start, typed + rest);
    const position = { line: start.line, character: typed.length };
    times.push(await timed(() => client.connection.sendRequest('textDocument/completion', { textDocument: { uri }, position })));
    await change(version + 1, { line: start.line, character: typed.length + rest.length }, '');
  }
  return times;
}

async function hovers(client: LspClient, uri: string, text: string, wanted: RegExp): Promise<number[]> {
  const times: number[] = [];
  const words = [...text.matchAll(wanted)];
  for (let n = 0; n < 300; n++) {
    const before = text.slice(0, (words[(n * 53) % words.length]?.index ?? 0) + 1).split('\n');
    const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
    times.push(await timed(() => client.connection.sendRequest('textDocument/hover', { textDocument: { uri }, position })));
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

/** One language: a cold server and then one that holds the long program. */
async function measure(subject: Subject): Promise<{ readonly median: number }> {
  const text = subject.program(LINES);
  const uri = `file:///bench.${subject.ending}`;
  const cold: number[] = [];
  for (let n = 0; n < 5; n++) cold.push(await coldOpen(subject));
  const client = new LspClient(NONE);
  await client.start();
  await client.open(uri, text, 1, subject.languageId);
  const found = await client.diagnostics(uri, 1, () => true);
  const keystroke = summarize(await keystrokes(client, uri, text));
  const rows: Row[] = [
    { what: `cold server to findings, ${FIRST_LINES} lines`, sample: summarize(cold), budget: 400 },
    { what: 'keystroke to findings', sample: keystroke, budget: 10 },
    { what: 'completion', sample: summarize(await completions(client, text, subject)), budget: 10 },
    { what: 'hover', sample: summarize(await hovers(client, uri, text, subject.words)), budget: 5 },
  ];
  const memory = Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${client.process.pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024;
  await client.stop();
  console.log(`${subject.name}: ${text.split('\n').length} lines, ${found.length} findings; the bundled kernel.\n`);
  for (const { what, sample, budget } of rows) {
    console.log(`${what.padEnd(38)} p95 ${ms(sample.p95).padStart(8)}  median ${ms(sample.median).padStart(8)}  budget ${ms(budget)}${sample.p95 <= budget ? '' : '  OVER'}  (n=${sample.count})`);
  }
  console.log(`${'server memory'.padEnd(38)} ${memory.toFixed(0)} MB  budget 350 MB${memory <= 350 ? '' : '  OVER'}`);
  return keystroke;
}

async function main(): Promise<void> {
  const keystroke = await measure(BPFTRACE);
  const file = join(mkdtempSync(join(tmpdir(), 'kgent-bench-')), 'bench.bt');
  writeFileSync(file, program(LINES));
  for (const [name, sample] of [
    ['bpftrace 0.17 --test codegen', bpftraceCheck('/usr/bin/bpftrace', ['--test', 'codegen'], file)],
    ['newest bpftrace --mode codegen', bpftraceCheck(process.env['KGENT_TEST_BPFTRACE_NEW'] ?? join(homedir(), '.cache/kgent/sid/bin/bpftrace'), ['--mode', 'codegen'], file)],
  ] as const) {
    console.log(sample ? `${name.padEnd(38)} median ${ms(sample.median)}: ${(sample.median / keystroke.median).toFixed(0)} times a keystroke's` : `${name.padEnd(38)} not installed`);
  }
  console.log();
  await measure(BPF_C);
}

await main();
