import { describe, expect, it } from 'vitest';
import { bundled } from '../../../../test/support/inventory.ts';
import { HELPERS, helperNamed, helperPrototype, helperSince } from './helpers.ts';

describe('the catalogue of helpers', () => {
  it('has the numbers of the kernel', () => {
    const ids = bundled.types.enum('bpf_func_id')?.values() ?? [];
    const numbered = ids.filter(({ name }) => !/unspec|MAX_ID/i.test(name)).map(({ name, value }) => `${value} ${name.replace('BPF_FUNC_', 'bpf_')}`);
    expect(HELPERS.map(({ name }, i) => `${i + 1} ${name}`)).toEqual(numbered);
  });

  it('says since which kernel each is there', () => {
    expect(['bpf_map_lookup_elem', 'bpf_get_stack', 'bpf_probe_read_kernel', 'bpf_jiffies64', 'bpf_ringbuf_reserve', 'bpf_task_storage_get', 'bpf_timer_init', 'bpf_loop', 'bpf_dynptr_data', 'bpf_cgrp_storage_get'].map((name) => helperSince(name)?.join('.'))).toEqual(['3.19', '4.18', '5.5', '5.6', '5.8', '5.11', '5.15', '5.17', '5.19', '6.2']);
    expect(HELPERS.every(({ name }) => helperSince(name) !== undefined)).toBe(true);
  });

  it('says of each what it does and what its result means, in sentences', () => {
    const poor = HELPERS.filter(({ summary, result, returns }) => !/^[A-Z].*\.$/s.test(summary) || (returns === 'void' ? result !== '' : !/\.$/.test(result)));
    expect(poor.map(({ name }) => name)).toEqual([]);
  });

  it('knows what can be NULL: all that return pointers, but three', () => {
    const never = HELPERS.filter(({ returns, nullable }) => returns.endsWith('*') && !nullable).map(({ name }) => name);
    expect(never).toEqual(['bpf_get_local_storage', 'bpf_this_cpu_ptr', 'bpf_get_current_task_btf']);
    expect(HELPERS.filter(({ returns, nullable }) => nullable && !returns.endsWith('*'))).toEqual([]);
  });

  it('writes prototypes as C has them', () => {
    const text = (name: string): string => helperPrototype(helperNamed(name) ?? expect.fail(name));
    expect(text('bpf_map_lookup_elem')).toBe('void *bpf_map_lookup_elem(void *map, const void *key)');
    expect(text('bpf_ktime_get_ns')).toBe('__u64 bpf_ktime_get_ns(void)');
  });
});
