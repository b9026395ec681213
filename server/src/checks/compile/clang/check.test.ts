import { describe, expect, it } from 'vitest';
import { knownFacts } from '../../../../test/support/facts.ts';
import { bundled } from '../../../../test/support/inventory.ts';
import type { Target } from '../../../target/target.ts';
import type { Finding } from '../../finding.ts';
import { ClangBuilder } from './build.ts';
import { clangCompile } from './check.ts';
import { VmlinuxHeaders } from './vmlinux.ts';

/** What is found when a machine's clang says so. */
async function found(stderr: string): Promise<readonly Finding[]> {
  const facts = { ...knownFacts, tools: { ...knownFacts.tools, clang: { command: 'clang', version: [19, 1, 7] as const, text: 'clang 19.1.7' } } };
  const target: Target = { name: 'vm', kind: 'ssh', exec: () => Promise.resolve({ kind: 'ran', exitCode: 1, stdout: '', stderr, truncated: false, ms: 1 }), start: () => expect.fail('nothing is started'), facts: () => Promise.resolve({ kind: 'known', facts }), dispose: () => Promise.resolve() };
  const check = clangCompile(new ClangBuilder(target, new VmlinuxHeaders('/nowhere')));
  const { findings } = await check.run({ uri: 'file:///nowhere/x.bpf.c', version: 1, text: '#include <bpf/bpf_helpers.h>\n#include "own.h"\n', language: 'c' }, { target, facts, timeoutMs: 1000, unsafe: false, inventory: () => Promise.resolve(bundled) });
  return findings;
}

describe('a header that is missing', () => {
  it('of libbpf: which package has it there', async () => {
    expect(await found("program.bpf.c:1:10: fatal error: 'bpf/bpf_helpers.h' file not found\n")).toMatchObject([{ code: 'missing-header', message: "'bpf/bpf_helpers.h' file not found: the headers of libbpf are missing on vm (apt install libbpf-dev)" }]);
  });
  it("of the user's own", async () => {
    expect(await found("program.bpf.c:2:10: fatal error: 'own.h' file not found\n")).toMatchObject([{ code: 'missing-header', message: "'own.h' file not found" }]);
  });
});
