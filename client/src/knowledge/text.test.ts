import { expect, it } from 'vitest';
import { snippetFor } from './text.ts';

it.each([
  ['tracepoint:sched:sched_switch', 'attach-point', 'bpftrace', 'tracepoint:sched:sched_switch\n{\n\t$0\n}\n'],
  ['tracepoint:sched:sched_switch', 'attach-point', 'c', 'SEC("tracepoint/sched/sched_switch")\nint sched_switch(void *ctx)\n{\n\t$0\n\treturn 0;\n}\n'],
  ['kprobe:tcp_connect', 'attach-point', 'c', 'SEC("kprobe/tcp_connect")\nint tcp_connect(void *ctx)\n{\n\t$0\n\treturn 0;\n}\n'],
  ['fentry:vmlinux:tcp_connect', 'attach-point', 'c', 'SEC("fentry/tcp_connect")\nint tcp_connect(void *ctx)\n{\n\t$0\n\treturn 0;\n}\n'],
  ['kprobe:finish_task_switch.isra.0', 'attach-point', 'c', 'SEC("kprobe/finish_task_switch.isra.0")\nint finish_task_switch_isra_0(void *ctx)\n{\n\t$0\n\treturn 0;\n}\n'],
  ['bpf_map_lookup_elem', 'helper', 'c', 'bpf_map_lookup_elem$0'],
  ['hist(value)', 'bpftrace', 'bpftrace', 'hist$0'],
  ['$1', 'bpftrace', 'bpftrace', '\\$1$0'],
] as const)('%s of kind %s in %s', (id, kind, language, snippet) => expect(snippetFor({ id, kind }, language)).toBe(snippet));
