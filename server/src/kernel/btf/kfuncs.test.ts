import { expect, it } from 'vitest';
import { BtfBuilder } from '../../../test/support/btf.ts';
import { bundled } from '../../../test/support/inventory.ts';
import { Btf, KIND } from './btf.ts';
import { kfuncsOf } from './kfuncs.ts';

it('functions that bear the mark, and not those of which only a parameter does, or that bear another', () => {
  const b = new BtfBuilder();
  const proto = b.add(KIND.funcProto, '', 0, { vlen: 0 });
  const func = (name: string): number => b.add(KIND.func, name, proto, { vlen: 1 });
  const [callable, other, third] = [func('bpf_go'), func('do_go'), func('bpf_stop')];
  b.add(KIND.declTag, 'bpf_kfunc', callable, { extra: [-1] });
  b.add(KIND.declTag, 'bpf_kfunc', other, { extra: [0] });
  b.add(KIND.declTag, 'bpf_fastcall', third, { extra: [-1] });
  expect(kfuncsOf(new Btf(b.bytes()))).toEqual(['bpf_go']);
});
it('those of a whole kernel, and what helpers its programs may call', () => {
  expect(bundled.kfuncs()).toEqual(expect.arrayContaining(['bpf_arena_alloc_pages', 'bpf_cgroup_acquire', 'bpf_task_from_pid']));
  expect(bundled.kfuncs()).not.toContain('vfs_read');
  const may = (type: string, helper: string) => bundled.helpers(type)?.has(helper);
  expect([may('kprobe', 'bpf_get_func_ip'), may('xdp', 'bpf_xdp_adjust_head'), may('kprobe', 'bpf_xdp_adjust_head'), may('tracing', 'bpf_get_func_ip')]).toEqual([true, true, false, undefined]);
});
