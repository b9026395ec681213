import type { BtFunction } from '../../catalogue.ts';
import { literal, optional, param } from './params.ts';

const namespace = param('namespace', 'namespace');
const task = param('task', 'pointer');

/** Kinds of probes in which no process can be sent a signal. */
const WITHOUT_TASK = ['begin', 'end', 'self', 'interval', 'software', 'hardware', 'watchpoint', 'asyncwatchpoint'];

/** Processes, clocks, cgroups, and what acts on what is traced. */
export const processFunctions: readonly BtFunction[] = [
  { name: 'nsecs', since: [0, 19], instead: 'nsecs', use: 'value', overloads: [{ params: [], returns: 'uint64' }, { params: [param('clock', 'clock')], returns: 'uint64' }], example: '@ = nsecs(monotonic);', summary: 'Nanoseconds by a clock: `boot` (sleep included, the default), `monotonic` (without), `tai`, `sw_tai`.' },
  { name: 'pid', since: [0, 24], instead: 'pid', use: 'value', overloads: [{ params: [], returns: 'uint32' }, { params: [namespace], returns: 'uint32' }], example: '@ = pid(init);', summary: 'Process ID as bpftrace\'s own PID namespace sees it (`curr_ns`), or the first one (`init`).' },
  { name: 'tid', since: [0, 24], instead: 'tid', use: 'value', overloads: [{ params: [], returns: 'uint32' }, { params: [namespace], returns: 'uint32' }], example: '@ = tid(init);', summary: 'Thread ID as bpftrace\'s own PID namespace sees it (`curr_ns`), or the first one (`init`).' },
  { name: 'comm', since: [0, 24], instead: 'comm', use: 'value', overloads: [{ params: [], returns: 'string[16]' }, { params: [param('pid', 'integer')], since: [0, 25], returns: 'string[64]' }], example: '@ = comm();', summary: 'Name of the current thread, or of the process with that ID.', caveat: 'With an ID only where the kernel lets `bpf_task_from_pid` be called: tracepoints and profile, not begin, end and uprobes.' },
  { name: 'ppid', since: [0, 24], instead: 'curtask->real_parent->tgid', macro: true, use: 'value', overloads: [{ params: [], since: [0, 25], returns: 'int32' }, { params: [task], returns: 'int32' }], example: '@ = ppid(curtask);', summary: 'Process ID of the parent of a task.' },
  { name: 'pcomm', since: [0, 25], instead: 'curtask->real_parent->comm', macro: true, use: 'value', overloads: [{ params: [], returns: 'string[16]' }, { params: [task], returns: 'string[16]' }], example: '@ = pcomm(curtask);', summary: 'Name of the parent of a task.' },
  { name: 'leader_tid', since: [0, 26], instead: 'curtask->group_leader->pid', macro: true, use: 'value', overloads: [{ params: [], returns: 'int32' }, { params: [task], returns: 'int32' }], example: '@ = leader_tid(curtask);', summary: 'Thread ID of the first thread of a task\'s process.' },
  { name: 'leader_comm', since: [0, 26], instead: 'curtask->group_leader->comm', macro: true, use: 'value', overloads: [{ params: [], returns: 'string[16]' }, { params: [task], returns: 'string[16]' }], example: '@ = leader_comm(curtask);', summary: 'Name of the first thread of a task\'s process.' },
  { name: 'cgroupid', use: 'value', overloads: [{ params: [literal('path', 'string')], returns: 'uint64' }], example: '@ = cgroupid("/sys/fs/cgroup");', summary: 'ID of the cgroup (version 2) at a path, to compare with `cgroup`; found before tracing starts.' },
  { name: 'cgroup_path', use: 'value', overloads: [{ params: [param('id', 'integer'), optional(literal('filter', 'string'))], returns: 'cgroup-path' }], example: '@ = cgroup_path(cgroup);', summary: 'Path of a cgroup by its ID, looked up when printed.' },
  { name: 'signal', use: 'statement', unsafe: true, notProbes: WITHOUT_TASK, overloads: [{ params: [param('signal', 'integer', 'string')], returns: 'void' }], example: 'signal("SIGUSR1");', summary: 'Sends a signal, by name or number, to the process that is traced.' },
  { name: 'signal_thread', since: [0, 25], instead: 'signal', macro: true, use: 'statement', unsafe: true, notProbes: WITHOUT_TASK, overloads: [{ params: [param('signal', 'integer', 'string')], returns: 'void' }], example: 'signal_thread("SIGUSR1");', summary: 'Sends a signal, by name or number, to the thread that is traced.' },
  { name: 'override', use: 'statement', unsafe: true, probes: ['kprobe'], overloads: [{ params: [param('result', 'integer')], returns: 'void' }], example: 'override(1);', summary: 'Makes the traced kernel function return at once with that result.', caveat: 'Only for functions the kernel marks for error injection.' },
  { name: 'write_user', since: [0, 26], macro: true, use: 'value', unsafe: true, overloads: [{ params: [param('to', 'pointer', 'integer'), param('from', 'pointer', 'integer', 'string', 'array'), param('length', 'integer')], returns: 'bool' }], example: '@ = write_user((int8*)0, (int8*)0, 8);', summary: 'Writes bytes into the memory of the traced process.', caveat: 'Can crash it.' },
];
