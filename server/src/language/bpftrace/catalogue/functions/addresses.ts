import type { BtFunction } from '../../catalogue.ts';
import { literal, optional, param } from './params.ts';

const address = param('address', 'integer', 'pointer');
const symbol = literal('symbol', 'string');

/** Addresses, symbols, stacks and registers. */
export const addressFunctions: readonly BtFunction[] = [
  {
    name: 'kstack', use: 'value', example: '@ = kstack(perf, 3);',
    overloads: [{ params: [], returns: 'kstack' }, { params: [param('mode', 'stack-mode')], returns: 'kstack' }, { params: [literal('limit', 'integer')], returns: 'kstack' }, { params: [param('mode', 'stack-mode'), literal('limit', 'integer')], returns: 'kstack' }],
    summary: 'The kernel\'s call stack in a form (`bpftrace`, `perf`, `raw`) and with at most `limit` frames.',
  },
  {
    name: 'ustack', use: 'value', example: '@ = ustack(perf, 3);',
    overloads: [{ params: [], returns: 'ustack' }, { params: [param('mode', 'stack-mode')], returns: 'ustack' }, { params: [literal('limit', 'integer')], returns: 'ustack' }, { params: [param('mode', 'stack-mode'), literal('limit', 'integer')], returns: 'ustack' }],
    summary: 'The user-space call stack in a form (`bpftrace`, `perf`, `raw`, `build_id`) and with at most `limit` frames.',
    caveat: 'Needs frame pointers; names of processes that have ended are lost.',
  },
  {
    name: 'dw_ustack', since: [0, 26], instead: 'ustack', macro: true, use: 'value', example: '@ = dw_ustack(perf);',
    overloads: [{ params: [], returns: 'ustack' }, { params: [param('mode', 'stack-mode')], returns: 'ustack' }, { params: [literal('limit', 'integer')], returns: 'ustack' }, { params: [param('mode', 'stack-mode'), literal('limit', 'integer')], returns: 'ustack' }],
    summary: 'The user-space call stack, unwound with DWARF tables: complete without frame pointers.',
    caveat: 'x86_64 only, for processes given with `-p`, `-c` or `--dwarf-pid`.',
  },
  { name: 'ksym', use: 'value', overloads: [{ params: [address], returns: 'ksym' }], example: '@ = ksym(curtask);', summary: 'Name of the kernel function at an address, looked up when printed.' },
  { name: 'usym', use: 'value', overloads: [{ params: [address], returns: 'usym' }], example: '@ = usym(curtask);', summary: 'Name of the function at an address of the current process, looked up when printed.', caveat: 'Lost when the process has ended by then.' },
  { name: 'kaddr', use: 'value', overloads: [{ params: [symbol], returns: 'uint64' }], example: '@ = kaddr("vfs_read");', summary: 'Address of a kernel symbol, found before tracing starts.' },
  { name: 'uaddr', use: 'value', probes: ['uprobe', 'uretprobe', 'usdt'], overloads: [{ params: [symbol], returns: 'uint64 *' }], example: '@ = uaddr("ps1_prompt");', summary: 'Address of a symbol of the traced binary, as a pointer to an integer of the symbol\'s size.' },
  { name: 'percpu_kaddr', use: 'value', since: [0, 22], overloads: [{ params: [symbol, optional(param('cpu', 'integer'))], returns: 'uint64' }], example: '@ = percpu_kaddr("runqueues");', summary: 'Address of a per-CPU variable of the kernel, for the current CPU or a given one.', caveat: 'With a CPU it can be 0: check before reading through it.' },
  { name: 'uptr', use: 'value', overloads: [{ params: [param('pointer', 'pointer', 'integer')], returns: 'same' }], example: '@ = uptr(curtask);', summary: 'The same pointer, read as an address of the current process.' },
  { name: 'kptr', use: 'value', overloads: [{ params: [param('pointer', 'pointer', 'integer')], returns: 'same' }], example: '@ = kptr(curtask);', summary: 'The same pointer, read as an address of the kernel.' },
  { name: 'reg', use: 'value', probes: ['kprobe', 'kretprobe', 'uprobe', 'uretprobe', 'usdt', 'profile', 'interval', 'software', 'hardware', 'watchpoint', 'asyncwatchpoint'], overloads: [{ params: [literal('register', 'string')], returns: 'uint64' }], example: '@ = reg("ip");', summary: 'A register of the CPU when the probe fired: `ip`, `sp`, `di`, … on x86_64.' },
  { name: 'unwatch', use: 'statement', overloads: [{ params: [address], returns: 'void' }], example: 'unwatch(0x1000);', summary: 'Takes the watchpoint on an address away.' },
  { name: 'is_err', since: [0, 26], macro: true, use: 'value', overloads: [{ params: [param('pointer', 'pointer', 'integer')], returns: 'bool' }], example: '@ = is_err(curtask);', summary: 'Whether a pointer the kernel returned is an error number in disguise (`ERR_PTR`).', instead: '(int64)p < 0' },
];
