import { describe, expect, it } from 'vitest';
import { explainText } from './explain.ts';

const head = 'libbpf: prog \'f\': BPF program load failed: Permission denied\nlibbpf: prog \'f\': -- BEGIN PROG LOAD LOG --\n';
const tail = 'processed 9 insns (limit 1000000)\n-- END PROG LOAD LOG --\n';

/** Class and cause of what a log and a source say; the log's steps are given without the words around them. */
function cause(source: string, steps: string): string {
  const [found] = explainText(`${head}${steps}\n${tail}`, { source });
  return `${found?.class ?? '-'} ${found?.cause.text ?? '-'}`;
}

describe('a check that is there', () => {
  const lookup = `0: R1=ctx() R10=fp0
; v = bpf_map_lookup_elem(&m, &k); @ f.bpf.c:4
4: (18) r1 = 0xffff88819aae3800       ; R1=map_ptr(map=m,ks=4,vs=8)
6: (85) call bpf_map_lookup_elem#1    ; R0=map_value_or_null(id=1,map=m,ks=4,vs=8)`;
  it('and that a goto goes past', () => {
    const source = 'SEC("tc")\nint f(struct __sk_buff *skb)\n{\n\tv = bpf_map_lookup_elem(&m, &k);\n\tif (k == 1)\n\t\tgoto add;\n\tif (!v)\n\t\treturn 0;\nadd:\n\t*v += 1;\n\treturn 0;\n}\n';
    expect(cause(source, `${lookup}
; if (k == 1) @ f.bpf.c:5
7: (61) r1 = *(u32 *)(r10 -4)         ; R1=scalar() R10=fp0
8: (15) if r1 == 0x1 goto pc+1 10: R0=map_value_or_null(id=1,map=m,ks=4,vs=8) R1=1 R10=fp0
; *v += 1; @ f.bpf.c:10
10: (79) r1 = *(u64 *)(r0 +0)
R0 invalid mem access 'map_value_or_null'`)).toBe('null-check if (k == 1)');
  });
  it('and asks for the address of a variable', () => {
    const source = 'SEC("tc")\nint f(struct __sk_buff *skb)\n{\n\tv = bpf_map_lookup_elem(&m, &k);\n\tif (&k)\n\t\t*v += 1;\n\treturn 0;\n}\n';
    expect(cause(source, `${lookup}\n; *v += 1; @ f.bpf.c:6\n7: (79) r1 = *(u64 *)(r0 +0)\nR0 invalid mem access 'map_value_or_null'`)).toBe('null-check if (&k)');
  });
  it('and leaves only when something else holds too', () => {
    const source = 'SEC("tc")\nint f(struct __sk_buff *skb)\n{\n\tv = bpf_map_lookup_elem(&m, &k);\n\tif (debug && !v)\n\t\treturn 0;\n\t*v += 1;\n\treturn 0;\n}\n';
    expect(cause(source, `${lookup}\n; *v += 1; @ f.bpf.c:7\n7: (79) r1 = *(u64 *)(r0 +0)\nR0 invalid mem access 'map_value_or_null'`)).toBe('null-check if (debug && !v)');
    expect(cause(source.replace('&& !v', '|| !v'), `${lookup}\n; *v += 1; @ f.bpf.c:7\n7: (79) r1 = *(u64 *)(r0 +0)\nR0 invalid mem access 'map_value_or_null'`)).toBe('null-check v = bpf_map_lookup_elem(&m, &k);');
  });
  it('and names the pointer that was checked before', () => {
    const source = 'SEC("tc")\nint f(struct __sk_buff *skb)\n{\n\tu = bpf_map_lookup_elem(&n, &k);\n\tif (!u)\n\t\treturn 0;\n\tv = bpf_map_lookup_elem(&m, &k);\n\tif (!u)\n\t\treturn 0;\n\t*v += 1;\n\treturn 0;\n}\n';
    const steps = `${lookup.replace('c:4', 'c:7')}\n; *v += 1; @ f.bpf.c:10\n7: (79) r1 = *(u64 *)(r0 +0)\nR0 invalid mem access 'map_value_or_null'`;
    const log = `${head}${steps}\n${tail}`;
    expect(explainText(log, { source })[0]?.cause.line).toBe(8);
    // What nobody checked before may be meant as it stands.
    expect(explainText(log, { source: source.replace('if (!u)', 'if (!w)') })[0]?.cause.line).toBe(7);
  });
  it('and that clang left out, for the caller follows what it is given', () => {
    const source = 'static u64 *get(u32 k)\n{\n\tv = bpf_map_lookup_elem(&m, &k);\n\tif (!v)\n\t\treturn NULL;\n\treturn bpf_map_lookup_elem(&n, v);\n}\nSEC("tc")\nint f(struct __sk_buff *skb)\n{\n\tu64 *p = get(skb->len);\n\t*p += 1;\n\treturn 0;\n}\n';
    expect(cause(source, `${lookup.replace('c:4', 'c:3')}\n; return bpf_map_lookup_elem(&n, v); @ f.bpf.c:6\n7: (bf) r2 = r0                       ; R0=map_value_or_null(id=1,map=m,ks=4,vs=8) R2=map_value_or_null(id=1,map=m,ks=4,vs=8)\n8: (85) call bpf_map_lookup_elem#1\nR2 type=map_value_or_null expected=fp, pkt`)).toBe('null-check u64 *p = get(skb->len);');
  });
});

describe('a call without a line of its own', () => {
  const source = 'SEC("tc")\nint f(struct __sk_buff *skb)\n{\n\tu32 len = READ(skb);\n\tif (len) {\n\t\tr = bpf_ringbuf_reserve(&rb, 8, 0);\n\t\tif (!r)\n\t\t\treturn 0;\n\t} else {\n\t\tr = bpf_ringbuf_reserve(&rb, 8, 1);\n\t\t*r = 1;\n\t}\n\treturn 0;\n}\n';
  const steps = (note: string): string => `0: R1=ctx() R10=fp0
; u32 len = READ(skb); @ f.bpf.c:4
0: (61) r8 = *(u32 *)(r1 +0)          ; R1=ctx() R8=scalar()
${note}1: (18) r1 = 0xffff8881a3aba600       ; R1=map_ptr(map=rb,ks=0,vs=0)
3: (85) call bpf_ringbuf_reserve#131  ; R0=ringbuf_mem_or_null(id=4,ref_obj_id=4,sz=8) refs=4
; *r = 1; @ f.bpf.c:11
4: (62) *(u32 *)(r0 +0) = 1
R0 invalid mem access 'ringbuf_mem_or_null'`;
  it('is the one on the way to the use', () => expect(cause(source, steps(';  @ f.bpf.c:0\n'))).toBe('null-check r = bpf_ringbuf_reserve(&rb, 8, 1);'));
  it('a macro that calls it keeps its line', () => expect(cause(source, steps(''))).toBe('null-check u32 len = READ(skb);'));
});

describe('limits', () => {
  const access = `0: R1=ctx() R10=fp0
; n = skb->hash; @ f.bpf.c:5
0: (61) r2 = *(u32 *)(r1 +0)          ; R1=ctx() R2=scalar(umax=0xffffffff)
; return LINE; @ f.bpf.c:6
1: (57) r2 &= 31                      ; R2=scalar(smin=smin32=0,smax=umax=smax32=umax32=31,var_off=(0x0; 0x1f))
2: (18) r1 = 0xffffc900040d4000       ; R1=map_value(map=.bss,ks=4,vs=16)
4: (0f) r1 += r2                      ; R1=map_value(map=.bss,ks=4,vs=16,smin=smin32=0,smax=umax=smax32=umax32=31,var_off=(0x0; 0x1f)) R2=scalar(smin=smin32=0,smax=umax=smax32=umax32=31,var_off=(0x0; 0x1f))
5: (71) r0 = *(u8 *)(r1 +0)
invalid access to map value, value_size=16 off=31 size=1
R1 max value is outside of the allowed memory range`;
  const source = (index: string): string => `#define MASK 0x1f\nSEC("tc")\nint f(struct __sk_buff *skb)\n{\n\tn = skb->hash;\n\treturn t[${index}];\n}\n`;
  it.each([
    ['n & 31', 'return t[n & 31];'],
    ['n & MASK', '#define MASK 0x1f'],
    ['n & (MASK)', 'return t[n & (MASK)];'],
  ])('a mask in the index, t[%s]', (index, expected) => expect(cause(source(index), access.replace('LINE', `t[${index}]`))).toBe(`map-value-bounds ${expected}`));
});

it('of two calls of a function the one behind which its result is looked at took the pointer away', () => {
  const source = 'static int pull(struct __sk_buff *skb, int n)\n{\n\treturn bpf_skb_pull_data(skb, n);\n}\nSEC("tc")\nint f(struct __sk_buff *skb)\n{\n\tif (pull(skb, 14))\n\t\treturn 0;\n\tp = (void *)(long)skb->data;\n\tif (p + 14 > end)\n\t\treturn 0;\n\tif (pull(skb, 34))\n\t\treturn 0;\n\treturn *p;\n}\n';
  const pull = (at: number): string => `; return bpf_skb_pull_data(skb, n); @ f.bpf.c:3\n${at}: (85) call bpf_skb_pull_data#39     ; R0=scalar()`;
  const steps = `0: R1=ctx() R6=ctx() R10=fp0
${pull(0)}
; if (pull(skb, 14)) @ f.bpf.c:8
1: (55) if r0 != 0x0 goto pc+9        ; R0=0
; p = (void *)(long)skb->data; @ f.bpf.c:10
2: (61) r7 = *(u32 *)(r6 +76)         ; R6=ctx() R7=pkt(r=0)
${pull(3)}
; if (pull(skb, 34)) @ f.bpf.c:13
4: (55) if r0 != 0x0 goto pc+6        ; R0=0
; return *p; @ f.bpf.c:15
5: (71) r0 = *(u8 *)(r7 +0)
R7 invalid mem access 'scalar'`;
  expect(cause(source, steps)).toBe('stale-pointer if (pull(skb, 34))');
});

it('what a function called back does has a frame of its own', () => {
  const source = 'static int one(u32 i, struct at *at)\n{\n\tu32 slot = at->from + i;\n\thits[slot] = 0;\n\treturn 0;\n}\nSEC("tc")\nint f(struct __sk_buff *skb)\n{\n\tbpf_loop(8, one, &at, 0);\n\treturn 0;\n}\n';
  const steps = `0: R1=8 R2=func() R3=fp-8 R4=0 R10=fp0
; bpf_loop(8, one, &at, 0); @ f.bpf.c:10
12: (85) call bpf_loop#181 15: frame1: R1=scalar() R2=fp[0]-8 R10=fp0 cb
; u32 slot = at->from + i; @ f.bpf.c:3
15: (61) r3 = *(u32 *)(r2 +0)         ; frame1: R2=fp[0]-8 R3=scalar(umax=0xffffffff) cb
; hits[slot] = 0; @ f.bpf.c:4
16: (18) r1 = 0xffffc90003308004      ; frame1: R1=map_value(map=.bss,ks=4,vs=260) cb
18: (0f) r1 += r3                     ; frame1: R1=map_value(map=.bss,ks=4,vs=260,smin=0,smax=umax=0xffffffff) R3=scalar(umax=0xffffffff) cb
19: (62) *(u32 *)(r1 +0) = 0
R1 unbounded memory access, make sure to bounds check any such access`;
  expect(cause(source, steps)).toMatch(/ u32 slot = at->from \+ i;$/);
});

describe('what is not a step', () => {
  it('a licence in no section', () => {
    const source = 'const char _license[] = "GPL";\nSEC("tc")\nint f(void *ctx)\n{\n\tbpf_trace_printk("x", 2);\n\treturn 0;\n}\n';
    expect(cause(source, '; bpf_trace_printk("x", 2); @ f.bpf.c:5\n0: (85) call bpf_trace_printk#6\ncannot call GPL-restricted function from non-GPL compatible program')).toBe('gpl-only const char _license[] = "GPL";');
  });
  it('a kernel function the log does not reach', () => {
    const source = 'extern int bpf_xdp_metadata_rx_timestamp(const struct xdp_md *ctx, u64 *t) __ksym;\nSEC("tc")\nint f(void *ctx)\n{\n\tu64 t;\n\tbpf_xdp_metadata_rx_timestamp(ctx, &t);\n\treturn 0;\n}\n';
    expect(cause(source, 'metadata kfuncs require device-bound program')).toBe('kfunc-not-allowed bpf_xdp_metadata_rx_timestamp(ctx, &t);');
  });
});

it('fields of a kernel object that a program may not write', () => {
  const [found] = explainText(`${head}; tp->snd_una = ack; @ f.bpf.c:4\n0: (63) *(u32 *)(r2 +1672) = r1\nno write support to tcp_sock at off 1672\n${tail}`);
  expect(found).toMatchObject({ class: 'read-only', message: expect.stringContaining('The field `snd_una` of struct tcp_sock') as string });
});

describe('checks of the packet', () => {
  const start = `0: R1=ctx() R10=fp0
; void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end; @ f.bpf.c:LINE
1: (61) r2 = *(u32 *)(r1 +4)          ; R1=ctx() R2=pkt_end()
2: (61) r1 = *(u32 *)(r1 +0)          ; R1=pkt(r=0)`;
  const program = (body: string): string => `SEC("xdp")\nint f(struct xdp_md *ctx)\n{\n\tvoid *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;\n${body}\treturn 1;\n}\n`;
  it('that a function makes and clang merged with the look at its result', () => {
    const get = 'static struct hdr *get(void *start, void *stop)\n{\n\tstruct hdr *h = start + 14;\n\tif ((void *)h + 8 > stop)\n\t\treturn 0;\n\treturn h;\n}\n';
    expect(cause(`${get}${program('\tstruct hdr *h = get(data, end);\n\tif (!h)\n\t\treturn 2;\n\tif (h->c == 7)\n\t\treturn 2;\n')}`, `${start.replace('LINE', '11')}
; if (!h) @ f.bpf.c:13
3: (07) r1 += 22                      ; R1=pkt(off=22,r=0)
4: (2d) if r1 > r2 goto pc+4          ; R1=pkt(off=22,r=22) R2=pkt_end()
; if (h->c == 7) @ f.bpf.c:15
5: (79) r1 = *(u64 *)(r1 +0)
invalid access to packet, off=22 size=8, R1(id=0,off=22,r=22)
R1 offset is outside of the packet`)).toBe('packet-bounds if ((void *)h + 8 > stop)');
  });
  it('that a macro makes and clang merged with the condition before it', () => {
    const source = `#define ROOM(p, n, e) if ((void *)(p) + (n) > (e)) return 2\n${program('\tstruct udphdr *udp = data + 14;\n\tif (ctx->rx_queue_index)\n\t\treturn 2;\n\tROOM(udp, 2, end);\n\tif (udp->dest == 53)\n\t\treturn 2;\n')}`;
    expect(cause(source, `${start.replace('LINE', '5')}
; if (ctx->rx_queue_index) @ f.bpf.c:7
3: (bf) r3 = r1                       ; R1=pkt(r=0) R3=pkt(r=0)
4: (07) r3 += 16                      ; R3=pkt(off=16,r=0)
5: (2d) if r3 > r2 goto pc+4          ; R2=pkt_end() R3=pkt(off=16,r=16)
; if (udp->dest == 53) @ f.bpf.c:10
6: (69) r1 = *(u16 *)(r1 +16)
invalid access to packet, off=16 size=2, R1(id=0,off=0,r=16)
R1 offset is outside of the packet`)).toBe('packet-bounds ROOM(udp, 2, end);');
  });
  it('that asks for a length only', () => {
    expect(cause(program('\tstruct ethhdr *eth = data;\n\tu32 len = end - data;\n\tif (len < sizeof(*eth))\n\t\treturn 2;\n\tif (eth->h_proto == 8)\n\t\treturn 2;\n'), `${start.replace('LINE', '4')}
; if (eth->h_proto == 8) @ f.bpf.c:9
3: (69) r1 = *(u16 *)(r1 +12)
invalid access to packet, off=12 size=2, R1(id=0,off=12,r=0)
R1 offset is outside of the packet`)).toBe('packet-bounds if (len < sizeof(*eth))');
  });
});

describe('an index that is read in the access itself', () => {
  it('is another number than the one that was checked', () => {
    const source = 'SEC("tc")\nint f(struct __sk_buff *skb)\n{\n\tvolatile struct ring *r = bpf_map_lookup_elem(&m, &k);\n\tif (!r)\n\t\treturn 0;\n\tif (r->head < 32)\n\t\tr->e[r->head] = 1;\n\treturn 0;\n}\n';
    expect(cause(source, `0: R1=ctx() R10=fp0
; volatile struct ring *r = bpf_map_lookup_elem(&m, &k); @ f.bpf.c:4
7: (85) call bpf_map_lookup_elem#1    ; R0=map_value(map=m,ks=4,vs=264)
; if (r->head < 32) @ f.bpf.c:7
9: (61) r1 = *(u32 *)(r0 +0)          ; R0=map_value(map=m,ks=4,vs=264) R1=scalar(smin=0,smax=umax=0xffffffff,var_off=(0x0; 0xffffffff))
10: (25) if r1 > 0x1f goto pc+7       ; R1=scalar(smin=smin32=0,smax=umax=smax32=umax32=31,var_off=(0x0; 0x1f))
; r->e[r->head] = 1; @ f.bpf.c:8
11: (61) r2 = *(u32 *)(r0 +0)         ; R0=map_value(map=m,ks=4,vs=264) R2=scalar(smin=0,smax=umax=0xffffffff,var_off=(0x0; 0xffffffff))
12: (0f) r0 += r2                     ; R0=map_value(map=m,ks=4,vs=264,smin=0,smax=umax=0xffffffff,var_off=(0x0; 0xffffffff)) R2=scalar(smin=0,smax=umax=0xffffffff,var_off=(0x0; 0xffffffff))
13: (72) *(u8 *)(r0 +8) = 1
R0 unbounded memory access, make sure to bounds check any such access`)).toBe('unbounded-scalar r->e[r->head] = 1;');
  });
});

describe('what goes round', () => {
  it('may be a function that calls itself', () => {
    const source = 'static int f(int n)\n{\n\tif (n <= 0)\n\t\treturn 1;\n\treturn n * f(n - 1);\n}\nSEC("tc")\nint p(struct __sk_buff *skb)\n{\n\treturn f(skb->len);\n}\n';
    expect(cause(source, `0: R1=ctx() R10=fp0
; if (n <= 0) @ f.bpf.c:3
4: (c6) if w1 s< 0x1 goto pc+5        ; R1=scalar()
BPF program is too large. Processed 1000001 insn`)).toBe('subprogram return n * f(n - 1);');
  });
});

describe('a field that the kernel has not', () => {
  it('stands in the function that the last line calls', () => {
    const source = 'static long state_of(void *t)\n{\n\tstruct task_struct___old *o = t;\n\treturn BPF_CORE_READ(o, state);\n}\nSEC("tc")\nint p(void *ctx)\n{\n\treturn state_of(get()) == 1;\n}\n';
    expect(cause(source, `0: R1=ctx() R10=fp0
; return state_of(get()) == 1; @ f.bpf.c:9
0: (85) call bpf_get_current_task#35          ; R0=scalar()
1: <invalid CO-RE relocation>
failed to resolve CO-RE relocation <byte_off> [5] struct task_struct___old.state (0:0 @ offset 0)`)).toBe('core-relocation return BPF_CORE_READ(o, state);');
  });
});

describe('what was lost', () => {
  const packet = `0: R1=ctx() R10=fp0
; void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end; @ f.bpf.c:4
0: (bf) r6 = r1                       ; R1=ctx() R6=ctx()
1: (61) r7 = *(u32 *)(r6 +76)         ; R6=ctx() R7=pkt(r=0)`;
  it('was lost at the first call that moves the packet', () => {
    const source = 'SEC("tc")\nint f(struct __sk_buff *skb)\n{\n\tvoid *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;\n\tstruct tcphdr *tcp = data;\n\tbpf_l3_csum_replace(skb, 24, 1, 2, 4);\n\tbpf_skb_store_bytes(skb, 30, data, 4, 0);\n\treturn tcp->source;\n}\n';
    expect(cause(source, `${packet}
; bpf_l3_csum_replace(skb, 24, 1, 2, 4); @ f.bpf.c:6
5: (85) call bpf_l3_csum_replace#10   ; R0=scalar()
; bpf_skb_store_bytes(skb, 30, data, 4, 0); @ f.bpf.c:7
9: (85) call bpf_skb_store_bytes#9    ; R0=scalar()
; return tcp->source; @ f.bpf.c:8
10: (69) r0 = *(u16 *)(r7 +0)
R7 invalid mem access 'scalar'`)).toBe('stale-pointer bpf_l3_csum_replace(skb, 24, 1, 2, 4);');
  });
  it('was a check of an offset that grew behind it', () => {
    const source = 'SEC("tc")\nint f(struct __sk_buff *skb)\n{\n\tvoid *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;\n\tu64 off = skb->mark & 31;\n\tstruct udphdr *uh = data + off;\n\tif (data + off + sizeof(*uh) > end)\n\t\treturn 0;\n\toff += uh->len == 1 ? 4 : 0;\n\tstruct shim *sh = data + off;\n\treturn sh->magic;\n}\n';
    expect(cause(source, `${packet}
2: (61) r8 = *(u32 *)(r6 +80)         ; R6=ctx() R8=pkt_end()
; u64 off = skb->mark & 31; @ f.bpf.c:5
3: (61) r1 = *(u32 *)(r6 +8)          ; R1=scalar(umax=0xffffffff) R6=ctx()
4: (57) r1 &= 31                      ; R1=scalar(smin=smin32=0,smax=umax=smax32=umax32=31,var_off=(0x0; 0x1f))
; struct udphdr *uh = data + off; @ f.bpf.c:6
5: (bf) r2 = r7                       ; R2=pkt(r=0) R7=pkt(r=0)
6: (0f) r2 += r1                      ; R2=pkt(id=1,r=0,smin=smin32=0,smax=umax=smax32=umax32=31,var_off=(0x0; 0x1f))
7: (bf) r3 = r2                       ; R2=pkt(id=1,r=0) R3=pkt(id=1,r=0)
8: (07) r3 += 8                       ; R3=pkt(id=1,off=8,r=0)
; if (data + off + sizeof(*uh) > end) @ f.bpf.c:7
9: (2d) if r3 > r8 goto pc+9          ; R3=pkt(id=1,off=8,r=8) R8=pkt_end()
; off += uh->len == 1 ? 4 : 0; @ f.bpf.c:9
10: (69) r4 = *(u16 *)(r2 +4)         ; R2=pkt(id=1,r=8) R4=scalar(umax=0xffff)
11: (07) r1 += 4                      ; R1=scalar(umax=35)
; struct shim *sh = data + off; @ f.bpf.c:10
12: (0f) r7 += r1                     ; R7=pkt(id=2,r=0,umax=35)
; return sh->magic; @ f.bpf.c:11
13: (69) r0 = *(u16 *)(r7 +0)
invalid access to packet, off=0 size=2, R7(id=2,off=0,r=0)
R7 offset is outside of the packet`)).toBe('packet-bounds off += uh->len == 1 ? 4 : 0;');
  });
});

describe('places', () => {
  it('of inline assembly are its own lines', () => {
    const source = 'SEC("tc")\nint f(struct __sk_buff *skb)\n{\n\tu64 sum;\n\tasm volatile(\n\t\t"r2 = 1\\n"\n\t\t"r3 += r2\\n"\n\t\t"%[sum] = r3\\n"\n\t\t: [sum] "=r"(sum) :: "r2", "r3");\n\treturn sum;\n}\n';
    expect(cause(source, `0: R1=ctx() R10=fp0
; asm volatile( @ f.bpf.c:5
0: (b7) r2 = 1                        ; R2=1
1: (0f) r3 += r2
R3 !read_ok`)).toBe('uninitialized-register "r3 += r2\\n"');
  });
  it('of what a function only hands on are those that give it', () => {
    const source = 'static void emit(void *to, struct e *e)\n{\n\tbpf_perf_event_output(to, &m, 0, e, 8);\n}\nSEC("xdp")\nint f(struct xdp_md *ctx)\n{\n\tvoid *data = (void *)(long)ctx->data;\n\tstruct e e = {};\n\temit(data, &e);\n\treturn 2;\n}\n';
    expect(cause(source, `0: R1=ctx() R10=fp0
; void *data = (void *)(long)ctx->data; @ f.bpf.c:8
0: (61) r1 = *(u32 *)(r1 +0)          ; R1=pkt(r=0)
; bpf_perf_event_output(to, &m, 0, e, 8); @ f.bpf.c:3
4: (85) call bpf_perf_event_output#25
helper access to the packet is not allowed`)).toBe('helper-argument emit(data, &e);');
  });
});

describe('numbers', () => {
  it('that another variable was limited by have no limit themselves', () => {
    const source = 'SEC("tp/x")\nint f(struct args *ctx)\n{\n\tu64 count = ctx->count;\n\tif (!count)\n\t\treturn 0;\n\tsize = count < 64 ? count : 64;\n\te->size = size;\n\tbpf_probe_read_user(e->data, count, p);\n\treturn 0;\n}\n';
    expect(cause(source, `0: R1=ctx() R10=fp0
; u64 count = ctx->count; @ f.bpf.c:4
1: (79) r7 = *(u64 *)(r1 +32)         ; R1=ctx() R7=scalar()
; if (!count) @ f.bpf.c:5
2: (15) if r7 == 0x0 goto pc+23       ; R7=scalar(umin=1)
10: (b7) r1 = 64                      ; R1=64
11: (bf) r9 = r7                      ; R7=scalar(id=3,umin=1) R9=scalar(id=3,umin=1)
; size = count < 64 ? count : 64; @ f.bpf.c:7
12: (2d) if r1 > r7 goto pc+1         ; R1=64 R7=scalar(id=3,umin=64)
13: (b7) r9 = 64                      ; R9=64
; bpf_probe_read_user(e->data, count, p); @ f.bpf.c:9
20: (bf) r2 = r7                      ; R2=scalar(id=3,umin=64) R7=scalar(id=3,umin=64)
22: (85) call bpf_probe_read_user#112
R2 min value is negative, either use unsigned or 'var &= const'`)).toBe('unbounded-scalar u64 count = ctx->count;');
  });
  it('that a function is given come from its caller', () => {
    const source = 'static void add(u32 at)\n{\n\tstruct st *s = &all[at];\n\ts->n++;\n}\nSEC("tp/x")\nint f(void *ctx)\n{\n\tu32 slot = bpf_get_prandom_u32();\n\tadd(slot);\n\treturn 0;\n}\n';
    expect(cause(source, `0: R1=ctx() R10=fp0
; u32 slot = bpf_get_prandom_u32(); @ f.bpf.c:9
2: (85) call bpf_get_prandom_u32#7    ; R0=scalar()
; add(slot); @ f.bpf.c:10
3: (bf) r1 = r0                       ; R0=scalar(id=2) R1=scalar(id=2)
5: (85) call pc+2
caller:
 R10=fp0
callee:
 frame1: R1=scalar(id=2) R10=fp0
8: frame1: R1=scalar(id=2) R10=fp0
; struct st *s = &all[at]; @ f.bpf.c:3
8: (67) r1 <<= 32                     ; frame1: R1=scalar(smax=0x7fffffff00000000,umax=0xffffffff00000000,smin32=0,smax32=umax32=0,var_off=(0x0; 0xffffffff00000000))
9: (77) r1 >>= 32                     ; frame1: R1=scalar(smin=0,smax=umax=0xffffffff,var_off=(0x0; 0xffffffff))
11: (18) r3 = 0xffffc90009205000      ; frame1: R3=map_value(map=f.bss,ks=4,vs=2048)
13: (0f) r3 += r1                     ; frame1: R1=scalar(smin=0,smax=umax=0xffffffff,var_off=(0x0; 0xffffffff)) R3=map_value(map=f.bss,ks=4,vs=2048,smin=0,smax=umax=0xffffffff,var_off=(0x0; 0xffffffff))
; s->n++; @ f.bpf.c:4
14: (79) r1 = *(u64 *)(r3 +8)
R3 unbounded memory access, make sure to bounds check any such access`)).toBe('unbounded-scalar u32 slot = bpf_get_prandom_u32();');
  });
});

describe('checks and uses', () => {
  const start = `0: R1=ctx() R10=fp0
; void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end; @ f.bpf.c:4
1: (61) r2 = *(u32 *)(r1 +4)          ; R1=ctx() R2=pkt_end()
2: (61) r1 = *(u32 *)(r1 +0)          ; R1=pkt(r=0)`;
  const program = (body: string): string => `SEC("xdp")\nint f(struct xdp_md *ctx)\n{\n\tvoid *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;\n${body}\treturn 1;\n}\n`;
  it('a copy that begins where the check ends is not checked by it', () => {
    expect(cause(program('\tstruct h *q = data;\n\tif ((void *)(q + 1) > end)\n\t\treturn 2;\n\t__builtin_memcpy(&cid, q + 1, 8);\n'), `${start}
; if ((void *)(q + 1) > end) @ f.bpf.c:6
3: (bf) r3 = r1                       ; R1=pkt(r=0) R3=pkt(r=0)
4: (07) r3 += 8                       ; R3=pkt(off=8,r=0)
5: (2d) if r3 > r2 goto pc+4          ; R2=pkt_end() R3=pkt(off=8,r=8)
; __builtin_memcpy(&cid, q + 1, 8); @ f.bpf.c:8
6: (71) r4 = *(u8 *)(r3 +1)
invalid access to packet, off=9 size=1, R3(id=0,off=9,r=8)
R3 offset is outside of the packet`)).toBe('packet-bounds __builtin_memcpy(&cid, q + 1, 8);');
  });
  it('a comparison of another address that names the pointer was meant for it', () => {
    const steps = `${start}
; if (data + 14 + sizeof(*udp) > end) @ f.bpf.c:6
3: (bf) r3 = r1                       ; R1=pkt(r=0) R3=pkt(r=0)
4: (07) r3 += 22                      ; R3=pkt(off=22,r=0)
5: (2d) if r3 > r2 goto pc+4          ; R2=pkt_end() R3=pkt(off=22,r=22)
; udp = data + len; @ f.bpf.c:5
6: (0f) r1 += r4                      ; R1=pkt(id=1,r=0,smin=umin=smin32=umin32=20,smax=umax=smax32=umax32=60,var_off=(0x0; 0x3c)) R4=scalar(smin=umin=smin32=umin32=20,smax=umax=smax32=umax32=60,var_off=(0x0; 0x3c))
; if (udp->dest) @ f.bpf.c:8
7: (69) r1 = *(u16 *)(r1 +2)
invalid access to packet, off=2 size=2, R1(id=1,off=2,r=0)
R1 offset is outside of the packet`;
    expect(cause(program('\tudp = data + len;\n\tif (data + 14 + sizeof(*udp) > end)\n\t\treturn 2;\n\tif (udp->dest)\n\t\treturn 0;\n'), steps)).toBe('packet-bounds if (data + 14 + sizeof(*udp) > end)');
    expect(cause(program('\tudp = data + len;\n\tif (data + 14 + sizeof(*ip) > end)\n\t\treturn 2;\n\tif (udp->dest)\n\t\treturn 0;\n'), steps.replace('*udp', '*ip'))).toBe('packet-bounds udp = data + len;');
  });
  it('in a loop that checks each turn, and too little, the check is the cause', () => {
    expect(cause(program('\tu8 *opt = data;\n\tfor (int i = 0; i < 10; i++) {\n\t\tif (opt + 2 > end)\n\t\t\treturn 2;\n\t\tif (opt[0] == 2)\n\t\t\treturn opt[3];\n\t\topt += opt[1];\n\t}\n'), `${start}
; if (opt + 2 > end) @ f.bpf.c:7
3: (bf) r3 = r1                       ; R1=pkt(r=0) R3=pkt(r=0)
4: (07) r3 += 2                       ; R3=pkt(off=2,r=0)
5: (2d) if r3 > r2 goto pc+14         ; R2=pkt_end() R3=pkt(off=2,r=2)
; opt += opt[1]; @ f.bpf.c:11
6: (71) r4 = *(u8 *)(r1 +1)           ; R1=pkt(r=2) R4=scalar(smin=smin32=0,smax=umax=smax32=umax32=255,var_off=(0x0; 0xff))
7: (0f) r1 += r4                      ; R1=pkt(id=3,r=0,smin=smin32=0,smax=umax=smax32=umax32=255,var_off=(0x0; 0xff)) R4=scalar(smin=smin32=0,smax=umax=smax32=umax32=255,var_off=(0x0; 0xff))
; if (opt + 2 > end) @ f.bpf.c:7
8: (bf) r3 = r1                       ; R1=pkt(id=3,r=0,smin=smin32=0,smax=umax=smax32=umax32=255,var_off=(0x0; 0xff)) R3=pkt(id=3,r=0,smin=smin32=0,smax=umax=smax32=umax32=255,var_off=(0x0; 0xff))
9: (07) r3 += 2                       ; R3=pkt(id=3,off=2,r=0,smin=smin32=0,smax=umax=smax32=umax32=255,var_off=(0x0; 0xff))
10: (2d) if r3 > r2 goto pc+9         ; R2=pkt_end() R3=pkt(id=3,off=2,r=2,smin=smin32=0,smax=umax=smax32=umax32=255,var_off=(0x0; 0xff))
; return opt[3]; @ f.bpf.c:10
11: (71) r0 = *(u8 *)(r1 +3)
invalid access to packet, off=3 size=1, R1(id=3,off=3,r=2)
R1 offset is outside of the packet`)).toBe('packet-bounds if (opt + 2 > end)');
  });
  it('the end of the packet is no number', () => {
    expect(cause(program('\t*slot = (u64)end >> 12;\n'), `${start}\n; *slot = (u64)end >> 12; @ f.bpf.c:5\n3: (77) r2 >>= 12\nR2 pointer arithmetic on pkt_end prohibited`)).toBe('pointer-arithmetic *slot = (u64)end >> 12;');
  });
  it('an address is no return value', () => {
    expect(cause(program('\tlong hit = (long)bpf_map_lookup_elem(&m, &k);\n\treturn hit;\n'), `${start}
; long hit = (long)bpf_map_lookup_elem(&m, &k); @ f.bpf.c:5
6: (85) call bpf_map_lookup_elem#1    ; R0=map_value_or_null(id=1,map=m,ks=4,vs=4)
; return hit; @ f.bpf.c:6
7: (95) exit
At program exit the register R0 is not a known value (map_value_or_null)`)).toMatch(/^return-range /);
  });
  it('an element before the checked one is wrong where it is used', () => {
    expect(cause(program('\tu64 at = r->head;\n\tif (at >= 32)\n\t\treturn 2;\n\tgap = r->ts[at] - r->ts[at - 2];\n'), `0: R1=ctx() R10=fp0
; u64 at = r->head; @ f.bpf.c:5
10: (79) r2 = *(u64 *)(r1 +0)         ; R1=map_value(map=rings,ks=4,vs=264) R2=scalar()
; if (at >= 32) @ f.bpf.c:6
11: (25) if r2 > 0x1f goto pc+9       ; R2=scalar(smin=smin32=0,smax=umax=smax32=umax32=31,var_off=(0x0; 0x1f))
; gap = r->ts[at] - r->ts[at - 2]; @ f.bpf.c:8
12: (67) r2 <<= 3                     ; R2=scalar(smin=smin32=0,smax=umax=smax32=umax32=248,var_off=(0x0; 0xf8))
13: (0f) r1 += r2                     ; R1=map_value(map=rings,ks=4,vs=264,smin=smin32=0,smax=umax=smax32=umax32=248,var_off=(0x0; 0xf8)) R2=scalar(smin=smin32=0,smax=umax=smax32=umax32=248,var_off=(0x0; 0xf8))
14: (79) r2 = *(u64 *)(r1 -8)
invalid access to map value, value_size=264 off=-8 size=8
R1 min value is outside of the allowed memory range`)).toBe('map-value-bounds gap = r->ts[at] - r->ts[at - 2];');
  });
});
