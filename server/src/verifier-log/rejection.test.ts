import { describe, expect, it } from 'vitest';
import { readComplaint, readRejection } from './rejection.ts';

// Kernel 6.18 through libbpf 1.1.
const LOG = `libbpf: prog 'on_switch': -- BEGIN PROG LOAD LOG --
Live regs before insn:
      0: .......... (85) call bpf_get_current_pid_tgid#14
0: R1=ctx() R10=fp0
; __u32 pid = bpf_get_current_pid_tgid() >> 32; @ null-deref.bpf.c:8
0: (85) call bpf_get_current_pid_tgid#14      ; R0=scalar()
;  @ null-deref.bpf.c:0
4: (07) r2 += -4                      ; R2=fp-4
; *v += 1; @ null-deref.bpf.c:10
8: (79) r1 = *(u64 *)(r0 +0)
R0 invalid mem access 'map_value_or_null'
verification time 142 usec
stack depth 8
processed 8 insns (limit 1000000) max_states_per_insn 0 total_states 1 peak_states 1 mark_read 0
-- END PROG LOAD LOG --
libbpf: prog 'on_switch': failed to load: -13
`;

describe('a rejected load', () => {
  it('complaint, program and source line', () => {
    expect(readRejection(LOG)).toMatchObject({ program: 'on_switch', complaint: "R0 invalid mem access 'map_value_or_null'", line: 10 });
  });
  it('without source annotations', () => {
    expect(readRejection(LOG.replace(/^;.*\n/gm, ''))).not.toHaveProperty('line');
  });
  it('cut off in the middle', () => {
    expect(readRejection(LOG.slice(0, LOG.indexOf('verification time')))).toMatchObject({ complaint: "R0 invalid mem access 'map_value_or_null'" });
  });
  it('no log at all', () => expect(readRejection('libbpf: failed to open x: -2\n')).toBeUndefined());
});

describe('bpftrace -v', () => {
  it('0.17 and 0.27 print the log plainly', () => {
    const log = '0: (05) goto pc-1\ninfinite loop detected at insn 0\ncur state: R1=ctx() R10=fp0\nold state: R1=ctx() R10=fp0\nprocessed 9 insns (limit 1000000) max_states_per_insn 0\n\nERROR: Error loading program: BEGIN\n';
    expect(readComplaint(log)).toMatchObject({ complaint: 'infinite loop detected at insn 0' });
  });
  it('no log', () => expect(readComplaint('ERROR: Error attaching probe: x\n')).toBeUndefined());
});
