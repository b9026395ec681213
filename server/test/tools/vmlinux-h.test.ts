import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { VmlinuxHeaders } from '../../src/checks/compile/clang/vmlinux.ts';
import type { Facts } from '../../src/kernel/facts.ts';
import { openInventory } from '../../src/kernel/open.ts';
import type { Target } from '../../src/target/target.ts';
import { Btf, KIND } from '../../src/kernel/btf/btf.ts';
import { BtfKernelTypes } from '../../src/kernel/btf/kernel-types.ts';
import { BtfTypes } from '../../src/kernel/btf/types.ts';
import type { CType } from '../../src/kernel/ctype.ts';
import { decodeRecord } from '../../src/kernel/record.ts';
import { runAtOnce } from '../../src/kernel/turns.ts';
import { writeVmlinuxHeader } from '../../src/kernel/vmlinux-h/write.ts';
import { freshConfig, kgent } from '../support/kgent.ts';
import { randomly } from '../support/mutate.ts';
import { clangForBpf, clangLayouts } from '../support/clang.ts';
import { decodedLayouts, namedTypes, recordsWith, shapeOf, sizeOf } from '../support/decoded-layouts.ts';

const bundled = decodeRecord(brotliDecompressSync(readFileSync('knowledge/kernels/debian-13.kernel.br')));

function bpftoolHeader(bytes: Uint8Array): string {
  const dir = mkdtempSync(join(tmpdir(), 'kgent-btf-'));
  try {
    writeFileSync(join(dir, 'kernel.btf'), bytes);
    return execFileSync('bpftool', ['btf', 'dump', 'file', join(dir, 'kernel.btf'), 'format', 'c'], { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] });
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** Kernels since 6.19 have structs as members without a name; bpftool 7.1 writes them as Microsoft's C knows them. */
const BPFTOOL_FLAGS = ['-fms-extensions', '-Wno-microsoft-anon-tag'];

/** Names whose layouts differ, with both. */
function differences(a: ReadonlyMap<string, readonly string[]>, b: ReadonlyMap<string, readonly string[]>): readonly { readonly name: string }[] {
  const names = [...new Set([...a.keys(), ...b.keys()])];
  return names.flatMap((name) => (JSON.stringify(a.get(name)) === JSON.stringify(b.get(name)) ? [] : [{ name, a: a.get(name), b: b.get(name) }]));
}

/** In BPF, which has no functions with variable arguments, this is a plain pointer; bpftool's header has it so too. */
const VARIABLE_ARGUMENTS = ['va_list', '__gnuc_va_list', 'struct warn_args'];

/** Assertions for clang: the size of every typedef that has one and of every enum, and the value of every enumerator. */
function assertions(btf: Btf): string[] {
  const sizes = new Map<string, Set<number>>();
  const add = (name: string, size: number | undefined): void => void (size !== undefined && sizes.set(name, (sizes.get(name) ?? new Set()).add(size)));
  for (const type of namedTypes(btf, KIND.typedef)) if (type.kind === 'typedef' && !type.name.startsWith('__builtin_') && !VARIABLE_ARGUMENTS.includes(type.name)) add(type.name, sizeOf(type));
  for (const type of namedTypes(btf, KIND.enum, KIND.enum64)) if (type.kind === 'enum') add(`enum ${type.name}`, type.size);
  const values = new Map<string, Set<string>>();
  const types = new BtfTypes(btf);
  for (let id = btf.firstId; id < btf.endId; id++) {
    const type = btf.kind(id) === KIND.enum || btf.kind(id) === KIND.enum64 ? types.type(id) : undefined;
    for (const { name, value } of type?.kind === 'enum' ? type.values() : []) values.set(name, (values.get(name) ?? new Set()).add(`${BigInt.asUintN(64, value)}ULL`));
  }
  const one = (of: string, among: Iterable<string | number>): string => `_Static_assert(${[...among].map((each) => `${of} == ${each}`).join(' || ')}, "");`;
  return [...[...sizes].map(([name, some]) => one(`sizeof(${name})`, some)), ...[...values].map(([name, some]) => one(`(unsigned long long)${name}`, some))];
}

const given = (process.env['KGENT_TEST_BTF'] ?? '').split(':').filter((path) => path !== '');

describe.each([
  ['this machine', () => readFileSync('/sys/kernel/btf/vmlinux')],
  ['the bundled kernel', () => bundled.btf ?? new Uint8Array()],
  // More kernels, as files.
  ...given.map((path) => [path, () => readFileSync(path)] as const),
] as const)('%s', (_, read) => {
  let bytes: Uint8Array;
  let kernel: Btf;
  let header: string;
  let decoded: ReadonlyMap<string, readonly string[]>;
  /** What bpftool's header has otherwise than the kernel: besides, bpftool 7.1 writes enums of one byte or two with four. */
  let unlike: ReadonlySet<string>;

  beforeAll(() => {
    bytes = read();
    kernel = new Btf(bytes);
    header = runAtOnce(writeVmlinuxHeader(kernel));
    decoded = decodedLayouts(kernel);
    unlike = new Set([...VARIABLE_ARGUMENTS, ...recordsWith(kernel, (type: CType) => type.kind === 'enum' && type.size < 4)]);
    expect(decoded.size).toBeGreaterThan(7000);
  });

  it('clang lays out every struct and union of our header as the kernel has it', () => {
    expect(differences(clangLayouts(header), decoded).filter(({ name }) => !VARIABLE_ARGUMENTS.includes(name)).slice(0, 3)).toEqual([]);
  });
  it("and those of bpftool's header, but for what it cannot write", () => {
    expect(differences(clangLayouts(bpftoolHeader(bytes), BPFTOOL_FLAGS), decoded).filter(({ name }) => !unlike.has(name)).slice(0, 3)).toEqual([]);
  });
  it("structs that are looked up by name, as programs are judged, lie as in bpftool's header: 500 of them", () => {
    const theirs = clangLayouts(bpftoolHeader(bytes), BPFTOOL_FLAGS);
    const types = new BtfKernelTypes(kernel);
    const random = randomly(500);
    const names = types.namesWith('struct', '', 1_000_000);
    const sample = Array.from({ length: 500 }, () => names[random(names.length)] ?? '').filter((name) => !unlike.has(`struct ${name}`));
    expect(sample.length).toBeGreaterThan(450);
    for (const name of sample) {
      const struct = types.struct(name);
      expect([name, theirs.get(`struct ${name}`)]).toEqual([name, expect.arrayContaining([struct && shapeOf(struct)]) as string[]]);
    }
  });
  it('typedefs and enums have their sizes, and enumerators their values', () => {
    const asserted = assertions(kernel);
    expect(asserted.length).toBeGreaterThan(10_000);
    expect(clangForBpf(['#include "vmlinux.h"', ...asserted].join('\n'), { 'vmlinux.h': header }).stderr.slice(0, 2000)).toBe('');
  });
});

it('types of all modules of the bundled kernel stand with its own, each as it lies there', () => {
  const kernel = new Btf(bundled.btf ?? new Uint8Array());
  const modules = [...bundled.moduleBtf.values()].map((bytes) => new Btf(bytes, kernel));
  expect(modules.length).toBeGreaterThan(100);
  const layouts = clangLayouts(runAtOnce(writeVmlinuxHeader(kernel, modules)));
  expect(layouts.has('struct xfs_mount')).toBe(true);
  expect(differences(layouts, decodedLayouts(kernel, modules)).filter(({ name }) => !VARIABLE_ARGUMENTS.includes(name)).slice(0, 3)).toEqual([]);
});

describe('programs compile with it and with no other header of a kernel', () => {
  const libbpf = Object.fromEntries(['helpers', 'helper_defs', 'core_read', 'tracing', 'endian'].map((name) => [`bpf/bpf_${name}.h`, readFileSync(`/usr/include/bpf/bpf_${name}.h`, 'utf8')]));
  const candidates = ['clang', ...Array.from({ length: 12 }, (_, index) => `clang-${14 + index}`)];
  const versions = new Map(candidates.map((clang) => [spawnSync(clang, ['--version'], { encoding: 'utf8' }).stdout ?? '', clang] as const));
  const compilers = [...versions].flatMap(([version, clang]) => (version === '' ? [] : [clang]));
  const programs = ['test-fixtures/demo', 'knowledge/examples'].flatMap((dir) => readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.bpf.c')).map((file) => join(dir, file)));
  const headers = [
    ['this machine', runAtOnce(writeVmlinuxHeader(new Btf(readFileSync('/sys/kernel/btf/vmlinux'))))],
    ['the bundled kernel', runAtOnce(writeVmlinuxHeader(new Btf(bundled.btf ?? new Uint8Array())))],
  ] as const;

  it.each(headers.flatMap(([kernel, header]) => compilers.map((clang) => [kernel, clang, header] as const)))('%s, %s', (_, clang, header) => {
    expect(programs.length).toBeGreaterThan(10);
    for (const program of programs) {
      const compiled = clangForBpf(readFileSync(program, 'utf8'), { ...libbpf, 'vmlinux.h': header }, { clang, flags: ['-D__TARGET_ARCH_x86', '-c', '-o', 'program.o'] });
      expect([program, compiled.stderr]).toEqual([program, '']);
    }
  });
});

it('a terminal gets it for a target, for none, and with modules', async () => {
  const run = (...args: string[]): ReturnType<typeof kgent> => kgent(['target', 'header', ...args], { XDG_CONFIG_HOME: freshConfig() });
  const out = join(mkdtempSync(join(tmpdir(), 'kgent-header-')), 'vmlinux.h');
  expect(await run('local', '--out', out)).toMatchObject({ code: 0, stdout: '' });
  expect(readFileSync(out, 'utf8')).toBe(runAtOnce(writeVmlinuxHeader(new Btf(readFileSync('/sys/kernel/btf/vmlinux')))));
  const withModule = await run('none', '--module', 'xfs');
  expect(withModule.stdout).toContain('\nstruct xfs_mount {\n');
  expect(withModule.stderr).toContain('the bundled Debian 13 kernel (6.12');
  expect(await run('none', '--module', 'no_such')).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('a module no_such on the bundled') as string });
});

it('checks of BPF C take it from the inventory: nothing is asked of the machine', async () => {
  const machine: Target = { name: 'local', kind: 'local', start: () => expect.unreachable(), exec: () => expect.unreachable(), facts: () => expect.unreachable(), dispose: () => Promise.resolve() };
  const { btf = new Uint8Array() } = bundled;
  const facts = { release: bundled.release, btf: true } as Facts;
  const headers = new VmlinuxHeaders(mkdtempSync(join(tmpdir(), 'kgent-header-')));
  const inventory = await openInventory(bundled, { source: 'target', label: 'local' });
  const { text } = { text: '', ...(await headers.get(machine, facts, inventory)) };
  expect(text).toBe(runAtOnce(writeVmlinuxHeader(new Btf(btf))));
  expect(await headers.get(machine, facts, inventory)).toEqual({ text });
  const damaged = await openInventory({ ...bundled, btf: ringOf(btf), moduleBtf: new Map() }, { source: 'target', label: 'local' });
  expect(await headers.get(machine, facts, damaged)).toEqual({ reason: expect.stringContaining('(BTF) cannot be read') as string });
});

/** BTF whose first typedef is what a pointer to itself points to. */
function ringOf(btf: Uint8Array): Uint8Array {
  const types = new Btf(btf);
  const bytes = new Uint8Array(btf);
  const all = Array.from({ length: types.endId - 1 }, (_, index) => index + 1);
  const pointer = all.find((id) => types.kind(id) === KIND.pointer) ?? 0;
  const typedef = all.find((id) => types.kind(id) === KIND.typedef) ?? 0;
  const view = new DataView(bytes.buffer);
  view.setUint32(types.position(pointer) + 8, pointer, true);
  view.setUint32(types.position(typedef) + 8, pointer, true);
  return bytes;
}
