/** The pages of docs/findings about BPF C: each wrong program is found to be so, each right one is accepted by this machine's kernel. */
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ClangBuilder } from '../../src/checks/compile/clang/build.ts';
import { clangCompile } from '../../src/checks/compile/clang/check.ts';
import { VmlinuxHeaders } from '../../src/checks/compile/clang/vmlinux.ts';
import { objectLoad } from '../../src/checks/load/object.ts';
import { allFindings, runPipeline, type CheckReport } from '../../src/checks/pipeline.ts';
import { semanticsOfC } from '../../src/checks/semantics-c.ts';
import type { Facts } from '../../src/kernel/facts.ts';
import { LocalTarget } from '../../src/target/local.ts';
import { cParser } from '../support/bpfc.ts';
import { bundled } from '../support/inventory.ts';
import { factsOf } from '../support/local.ts';

const HEAD = ['"vmlinux.h"', '<bpf/bpf_helpers.h>', '<bpf/bpf_tracing.h>', '<bpf/bpf_core_read.h>', '<bpf/bpf_endian.h>'].map((name) => `#include ${name}\n`).join('');
const LICENCE = '\nchar LICENSE[] SEC("license") = "GPL";\n';

/** What is wrong in them is fine on a new kernel, or for root; clang 14 knows no tags of types. */
const ELSEWHERE = new Set(['helper-too-new', 'kfunc-too-new', 'section-too-new', 'pointer-comparison', 'pointer-leak', 'uninitialized-stack', 'kptr']);
/** These need clang 15 or newer, or libbpf 1.2 or newer. */
const NEWER_TOOLS = new Set(['kptr', 'kfunc-too-new']);

const pages = readdirSync('docs/findings').flatMap((name) => {
  const [wrong, right] = [...readFileSync(join('docs/findings', name), 'utf8').matchAll(/```c\n([^]*?)```/g)].map(([, text = '']) => text);
  return wrong !== undefined && right !== undefined ? [{ code: name.replace(/\.md$/, ''), wrong, right }] : [];
});

let facts: Facts;
let check: (text: string) => Promise<readonly CheckReport[]>;

beforeAll(async () => {
  const target = new LocalTarget();
  facts = await factsOf(target);
  const builder = new ClangBuilder(target, new VmlinuxHeaders(mkdtempSync(join(tmpdir(), 'kgent-test-'))));
  const checks = [semanticsOfC(() => Promise.resolve(cParser)), clangCompile(builder), objectLoad(builder)];
  check = async (program) => {
    const text = HEAD + program + (program.includes('"license"') ? '' : LICENCE);
    return runPipeline(checks, { uri: 'file:///page.bpf.c', version: 1, text, language: 'c' }, { target, facts, timeoutMs: 60_000, unsafe: false, inventory: () => Promise.resolve(bundled) });
  };
});

const told = (reports: readonly CheckReport[]): string[] => allFindings(reports).filter(({ severity }) => severity !== 'info').map(({ code, message }) => `${code}: ${message}`);

describe('the programs of the pages', () => {
  it.each(pages.filter(({ code }) => !ELSEWHERE.has(code)))('$code: the wrong one is found', async ({ code, wrong }) => {
    const reports = await check(wrong);
    expect(reports.flatMap(({ findings }) => findings.map((each) => each.code)), told(reports).join('\n')).toContain(code);
  });
  it.each(pages.filter(({ code }) => !NEWER_TOOLS.has(code)))('$code: nothing is wrong with the right one', async ({ right }) => {
    expect(told(await check(right))).toEqual([]);
  });
});
