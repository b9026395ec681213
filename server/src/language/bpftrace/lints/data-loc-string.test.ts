import { describe, it } from 'vitest';
import { expectLint } from './expect.test-support.ts';

describe('strings behind the record of a tracepoint', () => {
  it.each([
    'tracepoint:sched:sched_process_exec { printf("%s\\n", str(«args->filename»)); }',
    'tracepoint:net:netif_receive_skb { @[str(«args->name»)] = count(); }',
    't:sched:sched_process_exec /str(«args->filename») == "/bin/ls"/ { @ = count(); }',
  ])('0.17: %s', (source) => {
    expectLint('data-loc-string', source, [0, 17]);
  });
  it.each([
    ['tracepoint:sched:sched_process_exec { printf("%s\\n", str(args.filename)); }', [0, 24]],
    ['tracepoint:syscalls:sys_enter_openat { printf("%s\\n", str(args->filename)); }', [0, 17]],
    ['tracepoint:sched:sched_process_exec { printf("%d\\n", args->pid); }', [0, 17]],
  ] as const)('%s', (source, version) => {
    expectLint('data-loc-string', source, version);
  });
});
