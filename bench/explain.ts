// explain.ts: what explaining a long log costs. A log of 50 MB as level 2 prints it: a loop walked a hundred thousand
// times and more, its branches, states and citations, and a rejection at its end.
import { explain } from '../server/src/verifier-log/explain/explain.ts';
import { parseLog } from '../server/src/verifier-log/parse/log.ts';

const BYTES = 50_000_000;
const BUDGET_MS = 2000;
const BUDGET_MB = 500;

/** One turn of the loop: about 600 bytes. */
function turn(n: number): string {
  const sum = (n * 7) % 4096;
  return `; for (int i = 0; i < LIMIT; i++) { @ long.bpf.c:21
10: (bf) r2 = r6                      ; R2=scalar(id=${n + 3},smin=0,smax=umax=${sum},var_off=(0x0; 0xfff)) R6=scalar(id=${n + 3},smin=0,smax=umax=${sum},var_off=(0x0; 0xfff))
; sum += step(i); @ long.bpf.c:22
11: (85) call bpf_get_prandom_u32#7   ; R0=scalar()
12: (0f) r6 += r0                     ; R0=scalar() R6=scalar()
13: (55) if r6 != 0x${sum.toString(16)} goto pc-4 10: R6=scalar() R7=ctx() R8=map_value_or_null(id=1,map=counts,ks=4,vs=8) R10=fp0
mark_precise: frame0: last_idx 13 first_idx 10 subseq_idx -1
from 13 to 10: R0=scalar() R6=scalar(umax=${sum}) R7=ctx() R8=map_value_or_null(id=1,map=counts,ks=4,vs=8) R10=fp0 fp-8=mmmm????
`;
}

function longLog(): string {
  const head = `libbpf: prog 'count': -- BEGIN PROG LOAD LOG --
0: R1=ctx() R10=fp0
; __u64 *v = bpf_map_lookup_elem(&counts, &key); @ long.bpf.c:18
5: (85) call bpf_map_lookup_elem#1    ; R0=map_value_or_null(id=1,map=counts,ks=4,vs=8)
6: (bf) r8 = r0                       ; R0=map_value_or_null(id=1,map=counts,ks=4,vs=8) R8=map_value_or_null(id=1,map=counts,ks=4,vs=8)
`;
  const turns: string[] = [head];
  for (let bytes = head.length, n = 0; bytes < BYTES; n++) {
    const text = turn(n);
    turns.push(text);
    bytes += text.length;
  }
  turns.push(`; *v += sum; @ long.bpf.c:24
14: (79) r1 = *(u64 *)(r8 +0)
R8 invalid mem access 'map_value_or_null'
processed 1000000 insns (limit 1000000) max_states_per_insn 4 total_states 9000 peak_states 9000 mark_read 4
-- END PROG LOAD LOG --
`);
  return Buffer.from(turns.join('')).toString('utf8');
}

const log = longLog();
const began = performance.now();
const parsed = parseLog(log);
const readMs = performance.now() - began;
const [found] = explain(parsed);
const allMs = performance.now() - began;
const megabytes = Math.round(process.memoryUsage().rss / 1e6);
console.log(`${(log.length / 1e6).toFixed(1)} MB, ${parsed.text.count} lines: read in ${Math.round(readMs)} ms, explained in ${Math.round(allMs)} ms (budget ${BUDGET_MS}), ${megabytes} MB resident (budget ${BUDGET_MB})`);
console.log(`${found?.class ?? 'nothing'} at line ${found?.cause.line ?? '?'}`);
if (found?.class !== 'null-check' || found.cause.line !== 18 || allMs > BUDGET_MS || megabytes > BUDGET_MB) process.exitCode = 1;
