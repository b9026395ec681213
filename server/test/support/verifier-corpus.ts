import { spawn } from 'node:child_process';
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readdirSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** All cases are tried, which takes minutes: KGENT_TEST_WHOLE_CORPUS=1. A run of every gate tries enough of them. */
export const WHOLE = process.env['KGENT_TEST_WHOLE_CORPUS'] === '1';

/** Where the cases lie: `<class>/<name>/{rejected,correct}.bpf.c`, `case.json`, `logs/`. */
export const CORPUS = join(import.meta.dirname, '../../../test-fixtures/verifier');

export type Version = 'rejected' | 'correct';

/**
 * `BPF_PROG_TEST_RUN` of the correct version. Without an input the kernel makes a packet of its own. `maps`: an element put into
 * a map before, key and value in hexadecimal: what a program does where nothing is in its maps is its own choice.
 */
export type Oracle = { kind: 'test-run'; input: string; returns: number; maps?: Record<string, [key: string, value: string]> };

export type Case = {
  /** `<class>/<name>`. */
  id: string;
  class: string;
  /** 1-based line of rejected.bpf.c with the mistake. */
  cause: number;
  /** 1-based line of rejected.bpf.c the kernel stopped at. */
  line: number;
  program: string;
  /** Kernels seen to reject the one version and to load the other, as `6.18`. */
  kernels: string[];
  note: string;
  /** The loader has only these, for rejections that root never sees. */
  capabilities?: string[];
  oracle?: Oracle;
};

const folders = (path: string): string[] => readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();

export function readCases(): Case[] {
  const ids = folders(CORPUS).flatMap((name) => folders(join(CORPUS, name)).map((short) => `${name}/${short}`));
  return ids.map((id) => ({ id, ...(JSON.parse(readFileSync(join(CORPUS, id, 'case.json'), 'utf8')) as Omit<Case, 'id'>) }));
}

/** `6.18.44-fc-v657` → `6.18`. */
export const kernelName = (release: string): string => /^\d+\.\d+/.exec(release)?.[0] ?? release;

export const logFile = (id: string, kernel: string, level: 1 | 2 = 1): string => join(CORPUS, id, 'logs', `${kernel}${level === 2 ? '-2' : ''}.log`);

export type Outcome = { code: number; stdout: string; stderr: string };

/** More than this of a log is not kept: its middle is left out. Bytes. */
const KEPT = 300_000;
const END = 100_000;

/** The text of a file; of a big one its begin and its end. */
function readShort(path: string): string {
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    const part = (from: number, length: number): string => {
      const bytes = Buffer.alloc(length);
      return bytes.toString('utf8', 0, readSync(fd, bytes, 0, length, from));
    };
    if (size <= KEPT) return part(0, size);
    const head = part(0, END).replace(/[^\n]*$/, '');
    const tail = part(size - END, END).replace(/^[^\n]*\n/, '');
    return `${head}[${size - head.length - tail.length} bytes of the recording are left out here]\n${tail}`;
  } finally {
    closeSync(fd);
  }
}

/** Runs a program to its end in `cwd`; 124 when it took longer than `limitMs`. */
export async function execute(argv: string[], cwd: string, name = 'run', limitMs = 300_000): Promise<Outcome> {
  const files = [join(cwd, `${name}.stdout`), join(cwd, `${name}.stderr`)] as const;
  const [out, err] = files.map((file) => openSync(file, 'w'));
  const child = spawn(argv[0] ?? '', argv.slice(1), { cwd, stdio: ['ignore', out, err], env: { ...process.env, LC_ALL: 'C' } });
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
  const code = await new Promise<number>((resolve) => {
    child.once('error', () => resolve(127));
    child.once('close', (status) => resolve(status ?? 124));
  });
  clearTimeout(timer);
  for (const fd of [out, err]) if (fd !== undefined) closeSync(fd);
  return { code, stdout: readShort(files[0]), stderr: readShort(files[1]) };
}

const FLAGS = ['-target', 'bpf', '-D__TARGET_ARCH_x86', '-g', '-O2'];

/** Writes this kernel's vmlinux.h to a directory, and beside it as clang has it when it was read: reading it takes most of a compilation. */
export function writeHeaders(dir: string): Promise<Outcome> {
  return execute(['sh', '-c', 'bpftool btf dump file /sys/kernel/btf/vmlinux format c > vmlinux.h && exec clang "$@"', 'clang', ...FLAGS, '-x', 'c-header', 'vmlinux.h', '-o', 'vmlinux.pch'], dir);
}

/** Whether nothing but comments stands before the header, so that it may be taken as it was read before. */
const FIRST = /^(?:\/\/[^\n]*|\/\*[^]*?\*\/|\s)*#include "vmlinux\.h"/;

/** Compiles one version to `<version>.o` in `room`; logs then name the source without a directory. */
export function compile(id: string, version: Version, headers: string, room: string): Promise<Outcome> {
  const source = join(CORPUS, id, `${version}.bpf.c`);
  const read = FIRST.test(readFileSync(source, 'utf8')) ? ['-include-pch', join(headers, 'vmlinux.pch')] : [];
  const argv = ['clang', ...FLAGS, ...read, '-Wall', '-Werror=implicit-function-declaration', `-I${headers}`, '-c', `${version}.bpf.c`, '-o', join(room, `${version}.o`)];
  // The directory of the source is left to clang: `-g` takes the file's name as it is given.
  return execute(['sh', '-c', 'cd "$0" && exec "$@"', join(CORPUS, id), ...argv], room, `${version}-clang`);
}

/** Loads every program of `<version>.o` in `room` and pins it in `pins`. `level` 2 has bpftool's `-d`. */
export function load(one: Case, version: Version, room: string, pins: string, level: 1 | 2 = 1): Promise<Outcome> {
  const bounded = one.capabilities ? ['setpriv', `--bounding-set=-all,+${one.capabilities.join(',+')}`] : [];
  return execute([...bounded, 'bpftool', ...(level === 2 ? ['-d'] : []), 'prog', 'loadall', `${version}.o`, pins], room, `${version}-load`);
}

/** A fresh directory for one case below `parent`. */
export function roomFor(one: Case, parent: string): string {
  const room = join(parent, one.id.replace('/', '.'));
  if (!existsSync(room)) mkdirSync(room, { recursive: true });
  return room;
}

/** What the kernel (or libbpf) complains of: the lines behind the last instruction, or libbpf's own words. */
export function complaintOf(log: string): string {
  const lines = log.split('\n');
  const end = lines.findIndex((line) => /^processed \d+ insns/.test(line));
  if (end < 0) return lines.filter((line) => line.startsWith('libbpf: ')).slice(0, 3).join('\n');
  let start = end;
  while (start > 0 && end - start < 6 && !/^\s*\d+: |^; |BEGIN PROG LOAD LOG/.test(lines[start - 1] ?? '')) start -= 1;
  return lines.slice(start, end).join('\n') || (lines[end - 1] ?? '');
}

/** The same complaint whatever registers, offsets and numbers another clang chose. */
export const withoutNumbers = (complaint: string): string => complaint.replace(/0x[0-9a-f]+|\d+/g, '#');

/** What the program of an object in `room` returns for the oracle's input; what was said where it did not run. */
export async function runOracle({ oracle, program }: Case, object: string, room: string, bpftool = 'bpftool'): Promise<string> {
  writeFileSync(join(room, 'input'), Buffer.from(oracle?.input ?? '', 'hex'));
  const bytes = (hex: string): string => (hex.match(/../g) ?? []).join(' ');
  const fill = Object.entries(oracle?.maps ?? {}).map(([name, [key, value]]) => ` && "$0" map update pinned /sys/fs/bpf/m/${name} key hex ${bytes(key)} value hex ${bytes(value)} >/dev/null`);
  // In mounts of its own: nothing stays.
  const script = `mount -t bpf bpf /sys/fs/bpf && "$0" prog loadall "$2" /sys/fs/bpf/p pinmaps /sys/fs/bpf/m >/dev/null${fill.join('')} && "$0" prog run pinned "/sys/fs/bpf/p/$1" data_in input repeat 1`;
  const { stdout, stderr } = await execute(['unshare', '-m', 'sh', '-c', script, bpftool, program, object], room, 'oracle');
  return /^Return value: (\d+),/m.exec(stdout)?.[1] ?? stderr;
}
