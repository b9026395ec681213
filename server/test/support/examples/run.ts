import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What came out of a run, and what was wrong with it. */
export interface Ran {
  readonly output: string;
  /** Warnings, errors and a bad end; empty when all is well. */
  readonly complaints: string;
  /** What the workload itself said, which may well be errors: some are made on purpose. */
  readonly workload: string;
}

const LIMIT_MS = 90_000;
const ERRORS = 'errors';
/** Said by every run as root without limits, or without kernel functions to trace. */
const NOISE = /RLIMIT_MEMLOCK|available_filter_functions|^Attach(?:ing|ed) \d+ probes?/;
/** bpftrace 0.27 warns of constructs that 0.17 wants so; what it warns of while it runs is another matter. */
const WRITTEN_FOR_ALL = /WARNING: (?:signed operands|Expression of type|Return value discarded|Addrspace mismatch|Unnecessary cast|expanded from|comparison of integers|arithmetic on integers)/;

/** Runs files in a folder of their own that is gone afterwards. */
async function inFolder<T>(files: Readonly<Record<string, string | Uint8Array>>, run: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'kgent-example-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The lines of standard error that are no noise. */
export function complaintsIn(stderr: string): string[] {
  return stderr.split('\n').filter((line) => /\S/.test(line) && !NOISE.test(line) && !WRITTEN_FOR_ALL.test(line) && /ERROR|WARNING|error|warning|fail|lost|Lost|BPF|libbpf|:/.test(line) && !/^\s|^[/@~]|~~~/.test(line));
}

function collect(command: string, args: readonly string[], cwd: string, input: string): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, timeout: LIMIT_MS, stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject).on('close', (code, signal) => {
      const workload = existsSync(join(cwd, ERRORS)) ? readFileSync(join(cwd, ERRORS), 'utf8') : '';
      resolve({ output, complaints: [...complaintsIn(stderr), ...(code === 0 ? [] : [`ended with ${signal ?? code}`])].join('\n'), workload });
    });
    // One that ended early does not read; how it ended says enough.
    child.stdin.on('error', () => undefined).end(input);
  });
}

/** The shell script of a workload. Its own output is nobody's. */
export function workloadScript(lines: readonly string[]): string {
  return [`exec >/dev/null 2>${ERRORS}`, ...lines, ''].join('\n');
}

/** Runs a program while its workload runs: bpftrace starts that when all probes are attached, and ends with it. */
export function runBpftrace(bpftrace: string, text: string, workload: readonly string[]): Promise<Ran> {
  return inFolder({ 'program.bt': text, 'workload.sh': workloadScript(workload) }, (folder) =>
    collect(bpftrace, ['-c', `/bin/sh ${folder}/workload.sh`, 'program.bt'], folder, ''));
}

/** Loads an object and does the steps `run-object.c` describes; `run` alone means the workload. */
export function runObject(runner: string, object: Uint8Array, steps: readonly string[], workload: readonly string[]): Promise<Ran> {
  return inFolder({ 'program.o': object, 'workload.sh': workloadScript(workload) }, (folder) =>
    collect(runner, ['program.o'], folder, stepsText(steps)));
}

/** What `run-object` reads. */
export function stepsText(steps: readonly string[]): string {
  return steps.map((step) => `${step === 'run' ? 'run workload.sh' : step}\n`).join('');
}

/** Compiles `run-object.c`. */
export function buildRunner(): string {
  const runner = join(mkdtempSync(join(tmpdir(), 'kgent-runner-')), 'run-object');
  execFileSync('gcc', ['-O1', '-Wall', '-Werror', '-o', runner, join(import.meta.dirname, 'run-object.c'), '-lbpf']);
  return runner;
}
