import type { ProbeKind } from '../catalogue.ts';

const one = [{ count: 1 }];
const TIME_UNITS = ['us', 'ms', 's', 'hz'];

/** Every kind of probe. `begin` and `end` were written in capitals only before 0.24. */
export const probeKinds: readonly ProbeKind[] = [
  {
    name: 'begin', aliases: [{ name: 'BEGIN' }], spelled: { since: [0, 24], instead: 'BEGIN' }, form: 'BEGIN', parts: [{ count: 0 }], builtins: [], wildcards: false,
    summary: 'Runs once, before anything is attached: headings, constants in maps. Not the context of any traced process.',
  },
  {
    name: 'end', aliases: [{ name: 'END' }], spelled: { since: [0, 24], instead: 'END' }, form: 'END', parts: [{ count: 0 }], builtins: [], wildcards: false,
    summary: 'Runs once, when tracing ends and before maps are printed: `clear()` here what should not be printed.',
  },
  {
    name: 'self', aliases: [], since: [0, 22], form: 'self:signal:SIGUSR1', parts: [{ count: 2 }], builtins: [], wildcards: false, values: { part: 1, of: ['SIGUSR1'] },
    summary: 'Runs when bpftrace itself gets SIGUSR1, for example to print maps on demand.',
  },
  {
    name: 'kprobe', aliases: [{ name: 'k' }], form: 'kprobe:[MODULE:]FUNCTION[+OFFSET]', parts: [{ count: 1 }, { count: 2, since: [0, 20] }], builtins: ['argN', 'sargN', 'func', 'ctx', 'args'], wildcards: true,
    summary: 'Runs when a kernel function is entered, or at an offset in it. Arguments are `arg0`… without types; functions come and go between kernels.',
  },
  {
    name: 'kretprobe', aliases: [{ name: 'kr' }], form: 'kretprobe:[MODULE:]FUNCTION', parts: [{ count: 1 }, { count: 2, since: [0, 20] }], builtins: ['retval', 'func', 'ctx'], wildcards: true,
    summary: 'Runs when a kernel function returns, with its `retval`. Arguments are gone: keep them in a map keyed by `tid` on entry, or use `fexit`.',
  },
  {
    name: 'fentry', aliases: [{ name: 'f' }, { name: 'kfunc' }], spelled: { since: [0, 20], instead: 'kfunc' }, form: 'fentry:[MODULE:]FUNCTION', parts: [{ count: 1 }, { count: 2 }, { count: 3, since: [0, 24] }], builtins: ['args', 'func', 'ctx'], wildcards: true,
    summary: 'Runs when a kernel function is entered, with typed arguments in `args` from the kernel\'s BTF and less overhead than a kprobe.',
  },
  {
    name: 'fexit', aliases: [{ name: 'fr' }, { name: 'kretfunc' }], spelled: { since: [0, 20], instead: 'kretfunc' }, form: 'fexit:[MODULE:]FUNCTION', parts: [{ count: 1 }, { count: 2 }, { count: 3, since: [0, 24] }], builtins: ['args', 'retval', 'func', 'ctx'], wildcards: true,
    summary: 'Runs when a kernel function returns, with `retval` and the arguments it was called with in `args`: no map between entry and return is needed.',
  },
  {
    name: 'tracepoint', aliases: [{ name: 't' }], form: 'tracepoint:CATEGORY:EVENT', parts: [{ count: 2 }], builtins: ['args'], wildcards: true,
    summary: 'Runs at an event the kernel\'s authors marked, with named fields in `args`. Steadier between kernels than functions.',
  },
  {
    name: 'rawtracepoint', aliases: [{ name: 'rt' }], since: [0, 19], instead: 'tracepoint', form: 'rawtracepoint:[MODULE:]EVENT', parts: [{ count: 1 }, { count: 2, since: [0, 24] }], builtins: ['argN', 'args', 'ctx'], wildcards: true,
    summary: 'The same event as a tracepoint, with the unprocessed arguments of its call in the kernel: faster, but pointers instead of copied fields.',
  },
  {
    name: 'uprobe', aliases: [{ name: 'u' }], form: 'uprobe:BINARY:FUNCTION[+OFFSET]', parts: [{ count: 2 }, { count: 3, since: [0, 19] }, { count: 1 }], builtins: ['argN', 'sargN', 'args', 'func', 'ctx'], wildcards: true,
    summary: 'Runs when a function of a program or library is entered. Arguments are `arg0`…, or `args` where the binary has debug information.',
  },
  {
    name: 'uretprobe', aliases: [{ name: 'ur' }], form: 'uretprobe:BINARY:FUNCTION', parts: [{ count: 2 }, { count: 3, since: [0, 19] }, { count: 1 }], builtins: ['retval', 'func', 'ctx'], wildcards: true,
    summary: 'Runs when a function of a program or library returns, with its `retval`. Breaks programs that manage their own stacks, such as Go\'s.',
  },
  {
    name: 'usdt', aliases: [{ name: 'U' }], form: 'usdt:BINARY:[PROVIDER:]NAME', parts: [{ count: 2 }, { count: 3 }, { count: 1 }], builtins: ['argN', 'ctx'], wildcards: true,
    summary: 'Runs at a marker that a program\'s author put into it, with the marker\'s arguments in `arg0`….',
  },
  {
    name: 'profile', aliases: [{ name: 'p' }], form: 'profile:hz:RATE', parts: [{ count: 2 }, { count: 1, since: [0, 24] }], builtins: ['ctx'], wildcards: false, values: { part: 0, of: TIME_UNITS },
    summary: 'Runs on every CPU at a steady rate: sample stacks or the running process. 99 Hz avoids beating with timers of 100 Hz.',
  },
  {
    name: 'interval', aliases: [{ name: 'i' }], form: 'interval:s:COUNT', parts: [{ count: 2 }, { count: 1, since: [0, 24] }], builtins: ['ctx'], wildcards: false, values: { part: 0, of: TIME_UNITS },
    summary: 'Runs on one CPU at a steady interval: print and clear maps, stop after a while. Not in the context of any traced process.',
  },
  {
    name: 'software', aliases: [{ name: 's' }], form: 'software:EVENT:COUNT', parts: [{ count: 2 }, ...one], builtins: ['ctx'], wildcards: false,
    values: { part: 0, of: ['alignment-faults', 'bpf-output', 'context-switches', 'cpu-clock', 'cpu-migrations', 'dummy', 'emulation-faults', 'major-faults', 'minor-faults', 'page-faults', 'task-clock', 'cpu', 'cs', 'faults'] },
    summary: 'Runs once in every COUNT of one of the kernel\'s software counters, such as page faults or context switches.',
  },
  {
    name: 'hardware', aliases: [{ name: 'h' }], form: 'hardware:EVENT:COUNT', parts: [{ count: 2 }, ...one], builtins: ['ctx'], wildcards: false,
    values: { part: 0, of: ['backend-stalls', 'branch-instructions', 'branch-misses', 'bus-cycles', 'cache-misses', 'cache-references', 'cpu-cycles', 'frontend-stalls', 'instructions', 'ref-cycles', 'branches', 'cycles'] },
    summary: 'Runs once in every COUNT of one of the processor\'s counters, such as cache misses. Virtual machines often have none.',
  },
  {
    name: 'watchpoint', aliases: [{ name: 'w' }], form: 'watchpoint:ADDRESS:LENGTH:MODE', parts: [{ count: 3 }], builtins: ['ctx'], wildcards: false, values: { part: 2, of: ['r', 'w', 'rw', 'x'] },
    summary: 'Runs when memory at an address is read, written or executed: of the kernel, or of the process given with `-p` or `-c`.',
  },
  {
    name: 'asyncwatchpoint', aliases: [{ name: 'aw' }], until: [0, 25], instead: 'watchpoint', form: 'asyncwatchpoint:FUNCTION+ARG:LENGTH:MODE', parts: [{ count: 3 }], builtins: ['ctx'], wildcards: false, values: { part: 2, of: ['r', 'w', 'rw', 'x'] },
    summary: 'A watchpoint on what an argument of a function points to, set without stopping the process. Dropped in 0.25.',
  },
  {
    name: 'iter', aliases: [{ name: 'it' }], form: 'iter:OBJECT[:PIN]', parts: [{ count: 1 }, { count: 2 }], builtins: ['ctx'], wildcards: false,
    summary: 'Runs once for each existing object of a kind (`task`, `task_file`, `task_vma`, …) with its fields in `ctx`; cannot stand beside other probes.',
  },
  {
    name: 'bench', aliases: [], since: [0, 24], form: 'bench:NAME', parts: one, builtins: [], wildcards: false,
    summary: 'A block whose time bpftrace measures when it is started with `--bench`; ignored otherwise.',
  },
  {
    name: 'test', aliases: [], since: [0, 25], form: 'test:NAME', parts: one, builtins: [], wildcards: false,
    summary: 'A test that bpftrace runs with `--test`; ignored otherwise.',
  },
];
