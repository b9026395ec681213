import type { Builtin } from '../catalogue.ts';

/** Since 0.24 most builtins can be written as calls: `pid()`. */
const call = { since: [0, 24] };
const FUNCTIONS = ['kprobe', 'kretprobe', 'fentry', 'fexit', 'uprobe', 'uretprobe'];

export const builtins: readonly Builtin[] = [
  { name: 'pid', type: 'uint32', older: { type: 'uint64', until: [0, 22] }, call, summary: 'Process ID of the current thread: what `ps` shows, the same for all threads of a process.', caveat: 'In interrupts and timers it is whatever process happened to be interrupted.' },
  { name: 'tid', type: 'uint32', older: { type: 'uint64', until: [0, 22] }, call, summary: 'Thread ID of the current thread: the right key to carry something from entry to return.' },
  { name: 'uid', type: 'uint64', call, summary: 'User ID of the current thread, as the first user namespace sees it.' },
  { name: 'gid', type: 'uint64', call, summary: 'Group ID of the current thread, as the first user namespace sees it.' },
  { name: 'comm', type: 'string[16]', call, summary: 'Name of the current thread, at most 15 bytes.', caveat: 'Threads can rename themselves, and in interrupts it is the name of whatever was interrupted.' },
  { name: 'username', type: 'username', call, summary: 'Name of the user who owns the current thread; looked up when printed.' },
  { name: 'nsecs', type: 'uint64', call: { since: [0, 19] }, summary: 'Nanoseconds since the machine started, sleep included: take the difference of two for a duration.', caveat: 'Not the time of day: print that with `strftime`.' },
  { name: 'elapsed', type: 'uint64', call, summary: 'Nanoseconds since bpftrace started.' },
  { name: 'jiffies', type: 'uint64', since: [0, 20], instead: 'nsecs', call, summary: 'The kernel\'s tick counter.' },
  { name: 'cpu', type: 'uint64', call, summary: 'Number of the CPU the probe runs on.' },
  { name: 'ncpus', type: 'uint64', since: [0, 24], call, summary: 'How many CPUs the machine has.' },
  { name: 'numaid', type: 'uint64', call, summary: 'Number of the NUMA node the probe runs on.' },
  { name: 'rand', type: 'uint64', call, summary: 'A pseudo-random number of 32 bits.' },
  { name: 'cgroup', type: 'uint64', call, summary: 'ID of the cgroup (version 2) the current process is in; `cgroup_path()` gives its name.' },
  { name: 'curtask', type: 'struct task_struct *', call, summary: 'The kernel\'s `struct task_struct` of the current thread.' },
  { name: 'kstack', type: 'kstack', call: {}, summary: 'The kernel\'s call stack: as a map key it counts by code path. `kstack(MODE, LIMIT)` chooses form and depth.' },
  { name: 'ustack', type: 'ustack', call: {}, summary: 'The user-space call stack. `ustack(MODE, LIMIT)` chooses form and depth.', caveat: 'Needs frame pointers; without them stacks are short or wrong.' },
  { name: 'dw_ustack', type: 'ustack', since: [0, 26], instead: 'ustack', call, summary: 'The user-space call stack found with DWARF unwind tables: complete without frame pointers.', caveat: 'x86_64 only, for processes given with `-p`, `-c` or `--dwarf-pid`.' },
  { name: 'probe', type: 'string', call, summary: 'Full name of the probe that fired: tells several probes with one body apart.' },
  { name: 'probetype', type: 'string', since: [0, 25], call, summary: 'Kind of the probe that fired: `kprobe`, `tracepoint`; `special` for begin and end.' },
  { name: 'func', type: 'ksym', call, probes: FUNCTIONS, summary: 'Name of the traced function.', caveat: 'Before 0.19 not in fentry and fexit; in return probes it needs a kernel that tells.' },
  { name: 'argN', type: 'uint64', probes: ['kprobe', 'uprobe', 'usdt', 'rawtracepoint'], summary: 'The traced function\'s Nth argument, counted from 0, as a plain number: cast it to use it as a pointer.', caveat: 'Only those passed in registers (6 on x86_64) and no floating-point ones; gone in return probes.' },
  { name: 'sargN', type: 'uint64', probes: ['kprobe', 'uprobe'], until: [0, 25], instead: '*(reg("sp") + OFFSET)', summary: 'The Nth value on the stack at the function\'s entry. Dropped in 0.25.' },
  { name: 'args', type: 'unknown', probes: ['tracepoint', 'fentry', 'fexit', 'uprobe', 'rawtracepoint'], summary: 'The probe\'s arguments by name: `args.filename` (before 0.19: `args->filename`).', caveat: 'For uprobes only where the binary has debug information; for rawtracepoints since 0.24.' },
  { name: 'retval', type: 'uint64', call, probes: ['kretprobe', 'uretprobe', 'fexit'], summary: 'What the traced function returned. Kernel functions return negative error numbers.', caveat: 'Untyped in kretprobe and uretprobe: cast to `(int32)` what is an int. fexit knows the type.' },
  { name: 'ctx', type: 'unknown', probes: ['kprobe', 'kretprobe', 'fentry', 'fexit', 'rawtracepoint', 'uprobe', 'uretprobe', 'usdt', 'profile', 'interval', 'software', 'hardware', 'watchpoint', 'asyncwatchpoint', 'iter'], summary: 'The context the kernel gives the program; the object\'s fields in `iter` probes.' },
  { name: 'cpid', type: 'uint64', call, summary: 'Process ID of the command given with `-c`.', caveat: 'Before 0.25 an error without `-c`; from then on 0.' },
  { name: 'has_cpid', type: 'bool', since: [0, 25], call: { since: [0, 25] }, summary: 'Whether a command was given with `-c`.' },
  { name: 'usermode', type: 'int8', older: { type: 'uint8', until: [0, 26] }, since: [0, 24], call, summary: 'Whether the CPU was running user code when the probe fired. x86_64 only.' },
  { name: 'ppid', type: 'int32', since: [0, 24], instead: 'curtask->real_parent->tgid', call, summary: 'Process ID of the parent of the current process.' },
  { name: 'pcomm', type: 'string[16]', since: [0, 25], instead: 'curtask->real_parent->comm', call: { since: [0, 25] }, summary: 'Name of the parent process.' },
  { name: 'leader_tid', type: 'int32', since: [0, 26], instead: 'curtask->group_leader->pid', call: { since: [0, 26] }, summary: 'Thread ID of the first thread of the current process.' },
  { name: 'leader_comm', type: 'string[16]', since: [0, 26], instead: 'curtask->group_leader->comm', call: { since: [0, 26] }, summary: 'Name of the first thread of the current process: not changed by what other threads call themselves.' },
  { name: 'config', type: 'unknown', since: [0, 27], call: { since: [0, 27] }, summary: 'The settings in force: `config.max_strlen`.' },
];
