import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClangBuilder } from '../../src/checks/compile/clang/build.ts';
import { clangCompile } from '../../src/checks/compile/clang/check.ts';
import { VmlinuxHeaders } from '../../src/checks/compile/clang/vmlinux.ts';
import { objectLoad } from '../../src/checks/load/object.ts';
import type { CheckContext, CheckResult } from '../../src/checks/pipeline.ts';
import type { Program } from '../../src/checks/program.ts';
import type { Facts } from '../../src/kernel/facts.ts';
import { LocalTarget } from '../../src/target/local.ts';
import { NoTarget } from '../../src/target/none.ts';
import type { ExecRequest, Target } from '../../src/target/target.ts';
import { bundled } from '../support/inventory.ts';
import { factsOf } from '../support/local.ts';

const local = new LocalTarget();
const made: string[] = [];
let facts: Facts;
const headers = new VmlinuxHeaders(mkdtempSync(join(tmpdir(), 'kgent-test-')));

beforeAll(async () => {
  facts = await factsOf(local);
});
afterAll(() => made.forEach((dir) => rmSync(dir, { recursive: true })));

/** This machine as a host that has clang, seen from one that has none and cannot be reached by its paths. */
class Far implements Target {
  readonly name = 'far';
  readonly kind = 'ssh';
  readonly asked: ExecRequest[] = [];
  start(request: ExecRequest) {
    return local.start(request);
  }
  exec(request: ExecRequest) {
    this.asked.push(request);
    return local.exec(request);
  }
  facts() {
    return Promise.resolve({ kind: 'known', facts } as const);
  }
  dispose() {
    return Promise.resolve();
  }
}

/** A machine without any tool. */
class Bare extends NoTarget {}

/** Writes a project; one of its files as a program, and what a check of it may use. */
function project(files: Readonly<Record<string, string>>, name: string, more: Partial<CheckContext> = {}): { readonly program: Program; readonly context: CheckContext } {
  const dir = mkdtempSync(join(tmpdir(), 'kgent-project-'));
  made.push(dir);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text.replaceAll('@DIR', dir));
  }
  const program: Program = { uri: pathToFileURL(join(dir, name)).href, version: 1, text: (files[name] ?? '').replaceAll('@DIR', dir), language: 'c' };
  return { program, context: { target: local, ...('facts' in more ? {} : { facts }), timeoutMs: 60_000, unsafe: false, inventory: () => Promise.resolve(bundled), ...more } };
}

function compile(files: Readonly<Record<string, string>>, name: string, { local: here = local, ...more }: { readonly local?: Target } & Partial<CheckContext> = {}): Promise<CheckResult> {
  const { program, context } = project(files, name, more);
  return clangCompile(new ClangBuilder(here, headers)).run(program, context);
}

const HEAD = '#include "vmlinux.h"\n#include <bpf/bpf_helpers.h>\nchar LICENSE[] SEC("license") = "GPL";\n';
const PROJECT = {
  'compile_flags.txt': '-Iinclude\n-DLIMIT=5\n',
  'include/limits.h': '#include "inner/more.h"\n',
  'include/inner/more.h': '#include <vmlinux.h>\nstatic inline u32 more(void) { return LIMIT; }\n',
  'src/near.h': '#define NEAR 1\n',
  'src/x.bpf.c': `${HEAD}#include "near.h"\n#include "limits.h"\n#include "../top.h"\nSEC("xdp") int f(void *ctx) { return more() + NEAR + TOP; }\n`,
  'top.h': '#define TOP 2\n',
};

describe('headers and flags of the project', () => {
  it('are used on this machine', async () => expect(await compile(PROJECT, 'src/x.bpf.c')).toEqual({ findings: [] }));
  it('are sent along to another that compiles', async () => {
    const far = new Far();
    expect(await compile(PROJECT, 'src/x.bpf.c', { local: new Bare(), target: far })).toEqual({ findings: [] });
    expect(far.asked.map(({ argv }) => argv.join(' ')).filter((line) => line.includes('kgent-project-'))).toEqual([]);
  });
  it('a folder outside the project is used on this machine', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'kgent-outside-'));
    made.push(outside);
    writeFileSync(join(outside, 'outside.h'), '#define OUTSIDE 3\n');
    const commands = JSON.stringify([{ directory: '@DIR', file: 'x.bpf.c', arguments: ['clang', '-isystem', outside, '-DVALUE=OUTSIDE', 'x.bpf.c'] }]);
    expect(await compile({ 'compile_commands.json': commands, 'x.bpf.c': `${HEAD}#include <outside.h>\nSEC("xdp") int f(void *ctx) { return VALUE; }\n` }, 'x.bpf.c')).toEqual({ findings: [] });
  });
  it('an error in a header stands at the include that led there', async () => {
    const { findings } = await compile({ ...PROJECT, 'include/inner/more.h': '#define LESS 1\nstatic inline nothing more(void) { return 1; }\n' }, 'src/x.bpf.c');
    expect(findings.map((f) => [f.range.start.line, f.message])).toEqual([[4, "In ../include/inner/more.h, line 2: unknown type name 'nothing'"]]);
  });
  it('what the verifier rejects in a header stands at the program, when nothing of it comes before', async () => {
    const header = 'static __always_inline int first_byte(struct xdp_md *ctx)\n{\n\tchar *p = (void *)(long)ctx->data;\n\treturn p[0];\n}\n';
    const text = `${HEAD}#include "near.h"\n\nSEC("xdp") int f(struct xdp_md *ctx)\n{\n\tint b = first_byte(ctx);\n\treturn b & 1;\n}\n`;
    const { program, context } = project({ 'near.h': header, 'x.bpf.c': text }, 'x.bpf.c');
    const { findings } = await objectLoad(new ClangBuilder(local, headers)).run(program, context);
    expect(findings.map((f) => [f.code, text.split('\n')[f.range.start.line]?.trim()])).toEqual([['packet-bounds', 'SEC("xdp") int f(struct xdp_md *ctx)']]);
  });
  it('a header that changed is read again', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'kgent-project-'));
    made.push(dir);
    const check = clangCompile(new ClangBuilder(local, headers));
    const program = { uri: pathToFileURL(join(dir, 'x.bpf.c')).href, version: 1, text: `${HEAD}#include "v.h"\nint v = V;\n`, language: 'c' } as const;
    const codes = async (header: string): Promise<readonly string[]> => {
      writeFileSync(join(dir, 'v.h'), header);
      return (await check.run(program, { target: local, facts, timeoutMs: 60_000, unsafe: false, inventory: () => Promise.resolve(bundled) })).findings.map(({ code }) => code);
    };
    expect([await codes('#define V 1\n'), await codes('\n')]).toEqual([[], ['unknown-identifier']]);
  });
});

describe('a target that cannot be asked', () => {
  const why = 'Nobody answers there.';
  const without = { target: new NoTarget(), facts: undefined, whyNoFacts: why } as unknown as Partial<CheckContext>;

  it('is compiled for the kernel that is known, which is said', async () => {
    const { findings, skipped } = await compile({ 'x.bpf.c': `${HEAD}SEC("xdp") int f(void *ctx) { struct task_struct *t = 0; return sizeof(*t) + zz; }\n` }, 'x.bpf.c', without);
    expect(skipped).toBeUndefined();
    expect(findings.map((f) => [f.range.start.line, f.severity, f.code])).toEqual([[3, 'error', 'unknown-identifier'], [0, 'info', 'assumed-kernel']]);
    expect(findings[1]).toMatchObject({ message: `vmlinux.h is that of ${bundled.label} here.`, evidence: [{ message: why }] });
  });
  it('without clang here: why', async () => {
    expect(await compile({ 'x.bpf.c': HEAD }, 'x.bpf.c', { ...without, local: new Bare() })).toEqual({ findings: [], skipped: why });
  });
  it('no clang there, no clang here: what to install', async () => {
    const tools = Object.fromEntries(Object.entries(facts.tools).filter(([name]) => name !== 'clang'));
    const { skipped } = await compile({ 'x.bpf.c': HEAD }, 'x.bpf.c', { target: new Far(), facts: { ...facts, tools }, local: new Bare() });
    expect(skipped).toMatch(/^clang is not installed on this machine and on far: apt install clang, /);
  });
});
