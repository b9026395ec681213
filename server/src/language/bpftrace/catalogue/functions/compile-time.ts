import type { BtFunction } from '../../catalogue.ts';
import { format, literal, optional, param } from './params.ts';

const any = param('expression', 'any');

/** What is known before the program runs: sizes, offsets, questions about types. */
export const compileTimeFunctions: readonly BtFunction[] = [
  { name: 'sizeof', use: 'value', overloads: [{ params: [param('of', 'type', 'any')], returns: 'uint64' }], example: '@ = sizeof(uint64);', summary: 'Size of a type or expression in bytes.' },
  { name: 'offsetof', since: [0, 18], use: 'value', overloads: [{ params: [param('of', 'type', 'any'), param('field', 'field')], returns: 'uint64' }], example: '@ = offsetof(struct task_struct, pid);', summary: 'Distance of a field from the start of its struct in bytes; since 0.23 through fields of fields.' },
  { name: 'typeof', since: [0, 25], use: 'value', overloads: [{ params: [param('of', 'type', 'any')], returns: 'unknown' }], example: '$t = (typeof(pid))1;', summary: 'The type of an expression, to declare or cast with.' },
  { name: 'typeinfo', since: [0, 25], use: 'value', overloads: [{ params: [param('of', 'type', 'any')], returns: 'typeinfo' }], example: '@ = is_str(1);', summary: 'What is known of a type before the program runs; unstable.' },
  { name: 'container_of', since: [0, 27], macro: true, use: 'value', overloads: [{ params: [param('pointer', 'pointer'), param('type', 'type', 'any'), param('member', 'field')], returns: 'unknown' }], example: '$c = container_of((int32*)0, struct task_struct, pid);', summary: 'The struct that a member belongs to, from the member\'s address.' },
  { name: 'fail', since: [0, 25], use: 'statement', overloads: [{ params: [format, optional(literal('value', 'integer', 'string', 'bool'))], variadic: true, returns: 'void' }], example: 'if comptime (false) { fail("no"); }', summary: 'Stops with an error before anything runs, when the place is reached in compiling.' },
  { name: 'static_assert', since: [0, 25], macro: true, use: 'statement', overloads: [{ params: [param('condition', 'bool', 'integer'), literal('message', 'string')], returns: 'void' }], example: 'static_assert(true, "no");', summary: 'Stops with an error before anything runs, unless the condition holds.' },
  { name: 'is_str', since: [0, 25], macro: true, use: 'value', overloads: [{ params: [any], returns: 'bool' }], example: '@ = is_str("x");', summary: 'Whether an expression is a string.' },
  { name: 'is_ptr', since: [0, 25], macro: true, use: 'value', overloads: [{ params: [any], returns: 'bool' }], example: '@ = is_ptr(curtask);', summary: 'Whether an expression is a pointer.' },
  { name: 'is_array', since: [0, 25], macro: true, use: 'value', overloads: [{ params: [any], returns: 'bool' }], example: '@ = is_array(1);', summary: 'Whether an expression is an array.' },
  { name: 'is_integer', since: [0, 25], macro: true, use: 'value', overloads: [{ params: [any], returns: 'bool' }], example: '@ = is_integer(1);', summary: 'Whether an expression is an integer.' },
  { name: 'is_unsigned_integer', since: [0, 25], macro: true, use: 'value', overloads: [{ params: [any], returns: 'bool' }], example: '@ = is_unsigned_integer(1);', summary: 'Whether an expression is an integer without sign.' },
  { name: 'is_literal', since: [0, 25], use: 'value', overloads: [{ params: [any], returns: 'bool' }], macro: true, example: '@ = is_literal(1);', summary: 'Whether an expression is a literal.' },
  { name: 'is_scalar', since: [0, 25], use: 'value', overloads: [{ params: [param('map', 'map')], returns: 'bool' }], example: '@s = 1; @ = is_scalar(@s);', summary: 'Whether a map has no keys.' },
  { name: 'kfunc_exist', since: [0, 25], macro: true, use: 'value', overloads: [{ params: [literal('name', 'string')], returns: 'bool' }], example: '@ = kfunc_exist("bpf_task_from_pid");', summary: 'Whether the kernel has a function for BPF programs of that name.' },
  { name: 'kfunc_allowed', since: [0, 25], macro: true, use: 'value', overloads: [{ params: [literal('name', 'string')], returns: 'bool' }], example: '@ = kfunc_allowed("bpf_task_from_pid");', summary: 'Whether the current probe may call a kernel function for BPF programs.' },
];
