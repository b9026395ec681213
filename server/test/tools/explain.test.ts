import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kgent } from '../support/kgent.ts';

const directory = mkdtempSync(join(tmpdir(), 'kgent-explain-'));
const file = (name: string, content: string): string => {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
};

const SOURCE = 'SEC("tp/sched/sched_switch")\nint f(void *ctx)\n{\n\t__u32 key = 1;\n\t__u64 *v = bpf_map_lookup_elem(&counts, &key);\n\t*v += 1;\n\treturn 0;\n}\n';
const LOG = `libbpf: prog 'f': -- BEGIN PROG LOAD LOG --
0: R1=ctx() R10=fp0
; __u64 *v = bpf_map_lookup_elem(&counts, &key); @ f.bpf.c:5
6: (85) call bpf_map_lookup_elem#1    ; R0=map_value_or_null(id=1,map=counts,ks=4,vs=8)
; *v += 1; @ f.bpf.c:6
7: (79) r1 = *(u64 *)(r0 +0)
R0 invalid mem access 'map_value_or_null'
processed 7 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
-- END PROG LOAD LOG --
`;

describe('kgent explain', () => {
  it('one document with the cause and its evidence', async () => {
    const source = file('f.bpf.c', SOURCE);
    const { code, stdout } = await kgent(['explain', file('f.log', LOG), '--source', source, '--json']);
    const document = JSON.parse(stdout) as { file: string; findings: unknown[] };
    expect({ code, file: document.file }).toEqual({ code: 1, file: source });
    expect(document.findings).toMatchObject([{ check: 'load', code: 'null-check', severity: 'error', range: { start: { line: 4, character: 1 }, end: { line: 4 } }, repairs: [] }]);
    expect(JSON.stringify(document.findings)).toContain('rejected here: v is a map value of counts (8 bytes), or NULL');
  });
  it('people read the place as compilers print it', async () => {
    const { code, stdout } = await kgent(['explain', file('f.log', LOG)]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^f\.bpf\.c:5:1: error: `v` may be NULL here .* \[load\/null-check\]\n/);
  });
  it('a log in which nothing was rejected', async () => {
    const { code, stdout } = await kgent(['explain', file('fine.log', '0: R1=ctx() R10=fp0\n0: (b7) r0 = 0                        ; R0=0\n1: (95) exit\nprocessed 2 insns (limit 1000000)\n')]);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('rejected nothing') as string });
  });
  it('what cannot be read, and what is no log', async () => {
    const missing = await kgent(['explain', join(directory, 'missing.log')]);
    const other = await kgent(['explain', file('poem.txt', 'Roses are red\n')]);
    expect([missing.code, other.code]).toEqual([2, 2]);
    expect(`${missing.stderr}${other.stderr}`).toMatch(/missing\.log cannot be read[^]*no words of the kernel's verifier/);
  });
  it('a recorded rejection sits on what made the value, not on its use', async () => {
    const log = readFileSync('test-fixtures/verifier/null-check/lookup-in-loop/logs/6.18.log', 'utf8');
    const { code, stdout } = await kgent(['explain', file('loop.log', log), '--source', 'test-fixtures/verifier/null-check/lookup-in-loop/rejected.bpf.c']);
    expect({ code, first: stdout.split('\n')[0] }).toMatchObject({ code: 1, first: expect.stringContaining('rejected.bpf.c:22:') as string });
  });
});
