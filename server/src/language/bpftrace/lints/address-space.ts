import { resolve } from '../../../kernel/ctype.ts';
import type { Problem } from '../problem.ts';
import type { Call, Expr } from '../syntax/ast.ts';
import { fieldOf, structOf, valueOf } from './fields.ts';
import { originOf, storedIn } from './flow.ts';
import type { ProbeView, View } from './view.ts';

/** Kernel functions with arguments that are addresses of the calling process: position to name. */
const USER_ARGUMENTS: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  do_sys_open: { 1: 'filename' }, do_sys_openat2: { 1: 'filename' }, getname: { 0: 'filename' }, getname_flags: { 0: 'filename' }, user_path_at: { 1: 'name' }, user_path_at_empty: { 1: 'name' }, strncpy_from_user: { 1: 'src' },
  vfs_read: { 1: 'buf' }, vfs_write: { 1: 'buf' }, ksys_read: { 1: 'buf' }, ksys_write: { 1: 'buf' }, do_readlinkat: { 1: 'pathname' }, do_faccessat: { 1: 'filename' }, do_fchmodat: { 1: 'filename' }, do_fchownat: { 1: 'filename' },
  vfs_fstatat: { 1: 'filename' }, do_utimes: { 1: 'filename' }, do_sys_truncate: { 0: 'pathname' }, do_mount: { 1: 'dir_name' }, __sys_connect: { 1: 'uservaddr' }, __sys_bind: { 1: 'umyaddr' }, __sys_sendto: { 1: 'buff' }, __sys_recvfrom: { 1: 'ubuf' },
};

/** Fields of kernel structs that lead into the process. */
const USER_FIELDS = new Set(['filename.uptr', 'iovec.iov_base', 'user_msghdr.msg_name', 'user_msghdr.msg_control']);
/** Fields of kernel structs that hold or lead to the kernel's own text. */
const KERNEL_FIELDS = new Set(['qstr.name', 'filename.name', 'task_struct.comm', 'net_device.name', 'module.name', 'super_block.s_id', 'file_system_type.name', 'dentry.d_iname', 'kobject.name', 'linux_binprm.filename', 'gendisk.disk_name']);

const KERNEL_PROBES = new Set(['kprobe', 'kretprobe', 'fentry', 'fexit']);
const READERS = new Set(['str', 'buf']);

/** `address-space`: text read in the kernel's memory that lies in the process's, or the other way round. */
export function addressSpace(view: View): readonly Problem[] {
  return view.probes.flatMap((probe) => probe.of('call').flatMap(({ expr: call, order }) => {
    const [pointer] = call.args;
    const called = call.callee.text;
    if (!pointer) return [];
    if (READERS.has(called)) {
      const name = userPointer(view, probe, pointer, order);
      return name === undefined ? [] : [userReadAsKernel(probe, pointer, called, name)];
    }
    if (called === 'uptr') return kernelField(view, originOf(probe, pointer, order)) ? [wrongMark(probe, call, pointer, 'kernel')] : [];
    return called === 'kptr' && processArgument(probe, originOf(probe, pointer, order)) ? [wrongMark(probe, call, pointer, 'process')] : [];
  }));
}

function userReadAsKernel(probe: ProbeView, pointer: Expr, reader: string, name: string): Problem {
  const span = probe.at(pointer);
  return {
    code: 'address-space', severity: 'warning', span, evidence: [],
    message: `\`${name}\` is an address of the process, and \`${reader}()\` reads the kernel's memory here: it gives nothing, or something else. Mark it with \`uptr()\`.`,
    repairs: [{ title: 'Read the process\'s memory with uptr()', sure: false, edits: [{ span: { start: span.start, end: span.start }, newText: 'uptr(' }, { span: { start: span.end, end: span.end }, newText: ')' }] }],
  };
}

function wrongMark(probe: ProbeView, call: Call, pointer: Expr, owner: 'kernel' | 'process'): Problem {
  const mark = call.callee.text;
  return {
    code: 'address-space', severity: 'warning', span: probe.at(call), evidence: [],
    message: `\`${probe.sourceOf(pointer)}\` is an address of the ${owner}; \`${mark}()\` makes it be read in the other memory, where something else is or nothing. Leave \`${mark}()\` out.`,
    repairs: [{ title: `Leave ${mark}() out`, sure: false, edits: [{ span: probe.at({ start: call.start, end: pointer.start }), newText: '' }, { span: probe.at({ start: pointer.end, end: call.end }), newText: '' }] }],
  };
}

/** Name of the user-space argument or field an expression reads, when the probe reads kernel memory by itself. */
function userPointer(view: View, probe: ProbeView, expr: Expr, order: number): string | undefined {
  const at = originOf(probe, expr, order);
  if (at.kind !== 'map') return userValue(view, probe, at);
  const names = storedIn(view, at.name).map((s) => userValue(view, s.probe, s.value));
  return names.every((name) => name !== undefined) ? names[0] : undefined;
}

function userValue(view: View, probe: ProbeView, at: Expr): string | undefined {
  if (at.kind === 'field' && USER_FIELDS.has(owned(view, at) ?? '')) return at.name.text;
  if (probe.points.length === 0 || !probe.points.every((p) => KERNEL_PROBES.has(p.provider))) return undefined;
  const names = probe.points.map((p) => {
    const args = userArguments(view, p.parts.at(-1) ?? '');
    if (at.kind === 'identifier' && p.provider === 'kprobe') return args[Number(/^arg(\d)$/.exec(at.name)?.[1] ?? -1)];
    const isArg = at.kind === 'field' && structOf(view.analysis.typeOf(at.object))?.args === true;
    return isArg && Object.values(args).includes(at.name.text) ? at.name.text : undefined;
  });
  return names.every((n) => n !== undefined) ? (at.kind === 'identifier' ? `${at.name} (${names[0] ?? ''})` : names[0]) : undefined;
}

/** As the kernel at hand has them: where a path has become a `struct filename`, it is the kernel's copy. */
function userArguments(view: View, name: string): Readonly<Record<number, string>> {
  const known = USER_ARGUMENTS[name] ?? {};
  const params = view.analysis.options.inventory.func(name)?.proto.params;
  return Object.fromEntries(Object.entries(known).filter(([index]) => {
    const type = params?.[Number(index)]?.type();
    const to = type?.kind === 'pointer' ? resolve(type.to()) : undefined;
    return to?.kind !== 'struct' || to.name === 'sockaddr';
  }));
}

function kernelField(view: View, expr: Expr): boolean {
  const field = fieldOf(expr);
  return field !== undefined && KERNEL_FIELDS.has(owned(view, field) ?? '');
}

/** `task_struct.comm` for `$task->comm`. */
function owned(view: View, field: Extract<Expr, { kind: 'field' }>): string | undefined {
  const owner = structOf(view.analysis.typeOf(field.object));
  return owner && owner.args !== true ? `${owner.struct.name}.${field.name.text}` : undefined;
}

/** Arguments of system calls and of user-space functions are addresses of the process. */
function processArgument(probe: ProbeView, expr: Expr): boolean {
  const at = valueOf(expr);
  const every = (test: (p: { provider: string; parts: readonly string[] }) => boolean): boolean => probe.points.length > 0 && probe.points.every(test);
  if (at.kind === 'identifier' && /^arg\d+$/.test(at.name)) return every((p) => p.provider === 'uprobe' || p.provider === 'usdt');
  return at.kind === 'field' && at.object.kind === 'identifier' && at.object.name === 'args' && every((p) => p.provider === 'tracepoint' && p.parts[0] === 'syscalls' && /^sys_enter_/.test(p.parts[1] ?? ''));
}
