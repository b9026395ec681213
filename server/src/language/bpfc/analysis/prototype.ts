import { declareName, findField, resolve, type CFunction, type CType } from '../../../kernel/ctype.ts';
import type { Inventory } from '../../../kernel/inventory.ts';
import type { Section } from '../catalogue/sections.ts';

export interface Argument {
  readonly name: string;
  type(): CType;
}

/** What a program at an attach point gets. */
export interface Prototype {
  readonly arguments: readonly Argument[];
  /** What the function returns, where the program sees it. */
  readonly result: CType | undefined;
  /** Name of what it is of, for messages: `vfs_read`, `tracepoint sched_switch`. */
  readonly of: string;
}

/** The arguments a kernel gives a program of a section; undefined when that is not known. */
export function prototypeOf(inventory: Inventory, section: Section): Prototype | undefined {
  const { kind: { attach, prefix }, target } = section;
  switch (attach) {
    case 'btf-tracepoint':
    case 'raw-tracepoint': {
      const proto = functionBehind(inventory.types.typedef(`btf_trace_${target}`));
      // The first one is the tracepoint's own.
      return proto && { arguments: proto.params.slice(1), result: undefined, of: `tracepoint ${target}` };
    }
    case 'btf-function':
    case 'function': {
      const name = functionName(target);
      const proto = inventory.func(name)?.proto;
      return proto && { arguments: proto.params, result: /^(?:fexit|fmod_ret|kretprobe)/.test(prefix) ? proto.returns() : undefined, of: `${name}()` };
    }
    case 'lsm': {
      const proto = inventory.func(`bpf_lsm_${target}`)?.proto;
      return proto && { arguments: proto.params, result: proto.returns(), of: `hook ${target}` };
    }
    case 'syscall': {
      const fields = inventory.tracepoint('syscalls', `sys_enter_${target}`)?.fields.filter(({ name }) => name !== '__syscall_nr');
      return fields && { arguments: fields.map(({ name, type }) => ({ name, type: () => type })), result: undefined, of: `system call ${target}` };
    }
    default:
      return undefined;
  }
}

/** A function of an interface of the kernel that a program implements. */
export interface Operation {
  /** `tcp_congestion_ops`. */
  readonly struct: string;
  readonly member: string;
}

/** The arguments a member of an interface is called with. */
export function memberPrototype({ types }: Inventory, operation: Operation | undefined): Prototype | undefined {
  const struct = operation && types.struct(operation.struct);
  const proto = struct && functionBehind(findField(struct, operation.member)?.type());
  return proto && { arguments: proto.params, result: proto.returns(), of: `${operation.struct}.${operation.member}()` };
}

/** A function of the kernel as it is attached to, without module and offset: `ext4:ext4_sync_fs`, `vfs_read+0x10`. */
export function functionName(target: string): string {
  return target.replace(/^[\w-]+:/, '').replace(/\+.*$/, '');
}

function functionBehind(type: CType | undefined): CFunction | undefined {
  const at = type && resolve(type);
  if (at?.kind === 'function') return at;
  const to = at?.kind === 'pointer' ? resolve(at.to()) : undefined;
  return to?.kind === 'function' ? to : undefined;
}

/** As C writes it: `struct file *file, char *buf`. */
export function argumentText(argument: Argument, i: number): string {
  return declareName(argument.type(), argument.name || `arg${i}`);
}

export function isVoid(type: CType | undefined): boolean {
  return type === undefined || resolve(type).kind === 'void';
}
