import { describe, expect, it } from 'vitest';
import { parseBpfC } from '../../../../test/support/bpfc.ts';
import { bundled } from '../../../../test/support/inventory.ts';
import { marked } from '../../../../test/support/marked.ts';
import { analyzeC, type CAnalysis } from '../analysis/analyze.ts';
import { completeC } from './complete/complete.ts';
import { hoverC } from './hover.ts';
import { outlineC } from './outline.ts';
import { signatureC } from './signature.ts';

function at(source: string): { readonly analysis: CAnalysis; readonly cursor: number; readonly text: string } {
  const { text, cursor } = marked(source);
  return { analysis: analyzeC(parseBpfC(text), { inventory: bundled }), cursor, text };
}
const labels = (source: string): string[] => {
  const { analysis, cursor } = at(source);
  return completeC(analysis, cursor).items.map(({ label }) => label);
};
const hovered = (source: string): string => {
  const { analysis, cursor } = at(source);
  const found = hoverC(analysis, cursor);
  return found ? [found.code, ...found.notes].join('\n') : '';
};
const xdp = (body: string): string => `SEC("xdp")\nint p(struct xdp_md *ctx)\n{\n\t${body}\n}\n`;

describe('completion', () => {
  it('proposes sections, then what they attach to', () => {
    expect(labels('SEC("kpr‸")')).toEqual(['kprobe', 'kprobe.multi', 'kprobe.session']);
    expect(labels('SEC("tp/sch‸")')).toEqual(['sched']);
    expect(labels('SEC("tp/sched/sched_sw‸")')).toEqual(['sched_swap_numa', 'sched_switch']);
    expect(labels('SEC("tp_btf/sched_sw‸")')).toEqual(['sched_swap_numa', 'sched_switch']);
    expect(labels('SEC("fentry/vfs_readl‸")')).toContain('vfs_readlink');
    expect(labels('SEC("?kprobe/vfs_readl‸')).toContain('vfs_readlink');
    expect(labels('SEC("lsm/file_op‸")')).toEqual(['file_open']);
    expect(labels('SEC("iter/task_v‸")')).toContain('task_vma');
    expect(labels('SEC("ksyscall/openat‸")')).toEqual(['openat', 'openat2']);
    expect(labels('SEC("cgroup/conn‸")')).toEqual(['cgroup/connect4', 'cgroup/connect6', 'cgroup/connect_unix']);
  });

  it('proposes the kfuncs that this type of program may call', () => {
    expect(labels(xdp('bpf_cpumask_cr‸'))).toEqual([]);
    expect(labels(xdp('bpf_xdp_ct_loo‸'))).toEqual(['bpf_xdp_ct_lookup']);
    expect(labels('SEC("tp_btf/sched_switch")\nint p(u64 *ctx)\n{\n\tbpf_cpumask_cr‸\n}\n')).toContain('bpf_cpumask_create');
  });

  it('replaces the part that is being written', () => {
    const { analysis, cursor, text } = at('SEC("tp/sched/sched_sw‸")');
    const [first] = completeC(analysis, cursor).items;
    expect(first && text.slice(first.span.start, first.span.end)).toBe('sched_sw');
    expect(at('SEC("t‸")').analysis && completeC(at('SEC("t‸")').analysis, 6).items.find(({ label }) => label === 'tp')).toMatchObject({ newText: 'tp/', goesOn: 'proposals' });
  });

  it('proposes the helpers that this type of program may call', () => {
    const found = labels(xdp('bpf_xdp_adj‸'));
    expect(found).toEqual(['bpf_xdp_adjust_head', 'bpf_xdp_adjust_meta', 'bpf_xdp_adjust_tail']);
    expect(labels(xdp('bpf_get_current_‸'))).not.toContain('bpf_get_current_comm');
    expect(labels('SEC("kprobe/vfs_read") int p(void *ctx) { bpf_get_current_‸ }')).toContain('bpf_get_current_comm');
  });

  it('fills in the parameters', () => {
    const { analysis, cursor } = at(xdp('bpf_map_lookup_e‸'));
    expect(completeC(analysis, cursor).items.find(({ label }) => label === 'bpf_map_lookup_elem')).toMatchObject({ snippet: 'bpf_map_lookup_elem(${1:map}, ${2:key})', detail: 'void *(void *map, const void *key)' });
  });

  it('proposes types of maps and fields of the context', () => {
    expect(labels('struct { __uint(type, BPF_MAP_TYPE_RING‸); } m SEC(".maps");')).toContain('BPF_MAP_TYPE_RINGBUF');
    expect(labels('struct { __uint(m‸) } m SEC(".maps");')).toEqual(expect.arrayContaining(['max_entries', 'map_flags']));
    expect(labels(xdp('return ctx->‸'))).toEqual(['data', 'data_end', 'data_meta', 'ingress_ifindex', 'rx_queue_index', 'egress_ifindex']);
  });

  it('proposes nothing in comments, text and directives', () => {
    expect([labels(xdp('/* bpf_m‸ */')), labels(xdp('// bpf_m‸')), labels(xdp('bpf_printk("bpf_m‸")')), labels('#include "bpf_m‸'), labels('int bpf_m‸;')]).toEqual([[], [], [], [], []]);
  });
});

describe('hover', () => {
  it('explains a helper, and to whom it is open', () => {
    const text = hovered('SEC("kprobe/vfs_read") int p(void *ctx) { return bpf_probe_read_ker‸nel(0, 0, 0); }');
    expect(text).toMatch(/^long bpf_probe_read_kernel\(void \*dst, __u32 size, const void \*unsafe_ptr\)/);
    expect(text).toMatch(/Since Linux 5\.5\. Only for programs under the GPL\./);
    expect(text).toMatch(/these types of program may call it: .*kprobe/);
    expect(hovered(xdp('bpf_get_current_co‸mm(0, 0);'))).toContain('**Not for xdp programs.**');
  });

  it('explains sections with what they get', () => {
    expect(hovered('SEC("fentry/vfs_r‸ead") int BPF_PROG(p) { return 0; }')).toMatch(/vfs_read\(struct file \*file, char \*buf, size_t count, loff_t \*pos\)/);
    expect(hovered('SEC("tp/sched/sched_sw‸itch") int p(void *c) { return 0; }')).toMatch(/pid_t prev_pid; \/\* offset \d+, 4 bytes \*\//);
    expect(hovered('SEC("xd‸p") int p(struct xdp_md *c) { return 0; }')).toContain('Its context is `struct xdp_md *`.');
  });

  it('explains macros, types of maps, their entries, kfuncs and fields', () => {
    expect(hovered(xdp('BPF_CORE_RE‸AD(a, b);'))).toContain('each pointer safely');
    expect(hovered('struct { __uint(type, BPF_MAP_TYPE_RING‸BUF); } m SEC(".maps");')).toContain('Since Linux 5.8.');
    expect(hovered('struct { __uint(max_en‸tries, 1); } m SEC(".maps");')).toContain('How many elements');
    expect(hovered(xdp('bpf_task_acq‸uire(0);'))).toMatch(/^struct task_struct \*bpf_task_acquire\(struct task_struct \*p\)/);
    expect(hovered(xdp('return ctx->data_e‸nd;'))).toMatch(/`struct xdp_md`, offset 4/);
  });

  it('says nothing of names the program declares itself', () => {
    expect(hovered('static int bpf_redirect(int a) { return a; }\nSEC("xdp") int p(struct xdp_md *c) { return bpf_redi‸rect(1); }')).toBe('');
  });
});

it('the signature of the call that is being written', () => {
  const { analysis, cursor } = at(xdp('bpf_map_update_elem(&m, f(a, b), ‸'));
  const found = signatureC(analysis, cursor);
  const [signature] = found?.signatures ?? [];
  expect(signature?.label).toBe('bpf_map_update_elem(void *map, const void *key, const void *value, __u64 flags) → long');
  expect(signature && signature.label.slice(...(signature.params[found?.argument ?? 0] ?? [0, 0]))).toBe('const void *value');
});

it('the outline holds programs and maps', () => {
  const { analysis } = at(`struct { __uint(type, BPF_MAP_TYPE_HASH); } m SEC(".maps");\nstatic int f(void) { return 0; }\n${xdp('return 0;')}`);
  expect(outlineC(analysis.document).map(({ kind, name, detail }) => [kind, name, detail])).toEqual([['map', 'm', 'hash'], ['probe', 'p', 'xdp']]);
});
