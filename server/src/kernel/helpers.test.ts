import { describe, expect, it } from 'vitest';
import { readHelpers } from './helpers.ts';

const printed = (helpers: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify({ system_config: {}, helpers }));

describe('helpers by type of program', () => {
  it('as bpftool tells them', () => {
    const helpers = readHelpers(printed({ kprobe_available_helpers: ['bpf_get_stack', 'bpf_override_return'], xdp_available_helpers: ['bpf_xdp_adjust_head'], tracing_available_helpers: [] }));
    expect([...helpers].map(([type, names]) => [type, [...names]])).toEqual([['kprobe', ['bpf_get_stack', 'bpf_override_return', 'bpf_trace_printk', 'bpf_probe_write_user']], ['xdp', ['bpf_xdp_adjust_head', 'bpf_trace_printk']]]);
  });
  it('what is as old as what was found is there too', () => {
    expect([...(readHelpers(printed({ sk_lookup_available_helpers: ['bpf_skc_to_unix_sock'], xdp_available_helpers: ['bpf_a'] })).get('xdp') ?? [])]).toEqual(['bpf_a', 'bpf_trace_printk', 'bpf_trace_vprintk']);
  });
  it('nothing of a bpftool that takes everything for allowed', () => {
    expect(readHelpers(printed({ kprobe_available_helpers: ['bpf_a', 'bpf_b'], xdp_available_helpers: ['bpf_b', 'bpf_a'], tracing_available_helpers: [] })).size).toBe(0);
  });
  it.each([undefined, new Uint8Array(), new TextEncoder().encode('Error: not root'), printed(null), printed({ kprobe_available_helpers: 'all', xdp_available_helpers: [1, null] })])('nothing where nothing can be read', (features) => {
    expect(readHelpers(features).size).toBe(0);
  });
});
