import { resolve, type CStruct, type CType } from '../../../kernel/ctype.ts';
import { specsOf } from '../../../language/bpftrace/queries/described.ts';
import { qualityOf } from '../../properties/declared.ts';
import type { ValueFacts } from '../../properties/facts.ts';
import { HOST, type Quality } from '../../properties/quality.ts';
import { unit } from '../../properties/units.ts';
import type { Piece } from './piece.ts';
import type { CValue, Origin } from './value.ts';
import type { World } from './world.ts';

/** Fields of contexts that are in network byte order, though their types do not say so. */
const CONTEXT_NETWORK: Readonly<Record<string, Readonly<Record<string, 16 | 32>>>> = {
  __sk_buff: { protocol: 16, vlan_proto: 16, remote_ip4: 32, local_ip4: 32, remote_port: 32 }, bpf_sock: { dst_port: 16, src_ip4: 32, dst_ip4: 32 }, bpf_sock_addr: { user_port: 16, user_ip4: 32, msg_src_ip4: 32 },
  bpf_sock_ops: { remote_ip4: 32, local_ip4: 32, remote_port: 32 }, bpf_sk_lookup: { remote_port: 16, remote_ip4: 32, local_ip4: 32 }, sk_msg_md: { remote_ip4: 32, local_ip4: 32, remote_port: 32 }, sk_reuseport_md: { eth_protocol: 16 },
};
const CONTEXT_HOST: Readonly<Record<string, readonly string[]>> = { __sk_buff: ['local_port'], bpf_sock: ['src_port'], bpf_sock_ops: ['local_port'], bpf_sk_lookup: ['local_port'], sk_msg_md: ['local_port'], sock_common: ['skc_num'] };

/** What a field of the kernel's is: by its type, by the knowledge base, by what contexts are known to hold. */
export function qualityOfKernelField(world: World, struct: CStruct, name: string, type: CType | undefined, piece: Piece): Quality {
  const network = CONTEXT_NETWORK[struct.name]?.[name];
  if (network !== undefined) return { order: { kind: 'network', bits: network } };
  if (CONTEXT_HOST[struct.name]?.includes(name) === true) return { order: HOST };
  return qualityOf(type, factsOfField(world, struct, name, piece));
}

function factsOfField({ facts }: World, struct: CStruct, name: string, { section }: Piece): ValueFacts | undefined {
  const event = struct.name.startsWith('trace_event_raw_') && section?.kind.attach === 'tracepoint' ? facts.value(`tracepoint:${section.target.replace('/', ':')}`, name) : undefined;
  return event ?? facts.value(`${struct.kind} ${struct.name}.${name}`);
}

/** Kernel types of lengths, positions and the like: all of their bits count. */
const LENGTHS = new Set(['size_t', 'loff_t', 'sector_t', 'u64', '__u64', 's64', '__s64', 'ktime_t']);

export function isLength(type: CType | undefined): boolean {
  return type?.kind === 'typedef' && LENGTHS.has(type.name);
}

/** How many bits of a result count. Those of reads and writes (`ssize_t`) never exceed MAX_RW_COUNT, which is below 2^31. */
function registerBits(type: CType | undefined): number {
  const at = type && resolve(type);
  if (type?.kind === 'typedef' && type.name === 'ssize_t') return 32;
  return at?.kind === 'int' || at?.kind === 'enum' ? Math.max(32, at.size * 8) : at?.kind === 'pointer' ? 64 : 32;
}

/** System calls whose results are addresses or positions. */
const WIDE_CALLS = /^(?:sys_exit_)?(?:mmap|mremap|brk|shmat|lseek)$/;

/** The result of what a program is attached to, as its register holds it. */
export function resultOf(world: World, { section }: Piece): CValue | undefined {
  if (!section) return undefined;
  const { attach, prefix } = section.kind;
  if (attach === 'function' || attach === 'btf-function') {
    const proto = world.analysis.inventory.func(section.target)?.proto;
    const type = proto?.returns();
    const facts = specsOf('kprobe', [section.target]).map((id) => world.facts.value(id, 'retval')).find(Boolean);
    return { quality: qualityOf(type, facts), type, origin: { kind: 'register', bits: registerBits(type) } };
  }
  const name = attach === 'syscall' ? section.target : /^(?:tp|tracepoint)$/.test(prefix) ? section.target.replace(/^syscalls\//, '') : undefined;
  return name === undefined ? undefined : { quality: {}, type: undefined, origin: { kind: 'register', bits: WIDE_CALLS.test(name) ? 64 : 32 } };
}

/** What a program is given as its parameter of this number, behind the name. */
export function argumentOfProgram(world: World, piece: Piece, index: number, macro: string | undefined): Pick<CValue, 'quality' | 'origin'> | undefined {
  const { section } = piece;
  if (!section || macro === undefined) return undefined;
  if (/KRETPROBE|URETPROBE/.test(macro)) return resultOf(world, piece);
  const proto = section.kind.attach === 'function' || section.kind.attach === 'btf-function' ? world.analysis.inventory.func(section.target)?.proto : undefined;
  if (!proto) return undefined;
  if (index === proto.params.length) return resultOf(world, piece);
  return ofParameter(world, section.target, proto.params[index]);
}

function ofParameter({ facts }: World, fn: string, param: { readonly name: string; type(): CType } | undefined): Pick<CValue, 'quality' | 'origin'> | undefined {
  if (!param) return undefined;
  const type = param.type();
  const known = specsOf('kprobe', [fn]).map((id) => facts.value(id, param.name)).find(Boolean);
  // Whatever else it is cast to is what it was declared as.
  const origin: Origin = isLength(type) ? { kind: 'wide' } : { kind: 'register', bits: 8 };
  return { quality: qualityOf(type, known), ...(resolve(type).kind !== 'pointer' && { origin }) };
}

/** `PT_REGS_PARM2(ctx)`: counted from 1. */
export function parameterInRegister(world: World, { section }: Piece, number: number): CValue | undefined {
  const proto = section?.kind.attach === 'function' ? world.analysis.inventory.func(section.target)?.proto : undefined;
  const found = proto && section && ofParameter(world, section.target, proto.params[number - 1]);
  return found && { ...found, type: undefined };
}

/** Registers in contexts: results and arguments of system calls, of tracepoints without types. */
export function registerInContext(world: World, struct: CStruct, name: string, piece: Piece): Origin | undefined {
  if (struct.name === 'trace_event_raw_sys_exit' && name === 'ret') return resultOf(world, piece)?.origin ?? { kind: 'register', bits: 32 };
  return name === 'args' && /^(?:trace_event_raw_sys_enter|bpf_raw_tracepoint_args)$/.test(struct.name) ? { kind: 'register', bits: 8 } : undefined;
}

const NS: Quality = { order: HOST, unit: unit('ns') };
const WIDE: Origin = { kind: 'wide' };

/** What helpers give that is known beside their type. */
const HELPERS: Readonly<Record<string, Pick<CValue, 'quality' | 'origin'>>> = {
  ...Object.fromEntries(['', 'boot_', 'coarse_', 'tai_'].map((clock) => [`bpf_ktime_get_${clock}ns`, { quality: NS, origin: { kind: 'clock' } as const }])),
  bpf_jiffies64: { quality: { order: HOST, unit: unit('jiffies') }, origin: { kind: 'clock' } },
  ...Object.fromEntries(['bpf_get_current_cgroup_id', 'bpf_get_current_ancestor_cgroup_id', 'bpf_skb_cgroup_id', 'bpf_skb_ancestor_cgroup_id', 'bpf_sk_cgroup_id', 'bpf_get_socket_cookie'].map((name) => [name, { quality: { order: HOST }, origin: WIDE }])),
  ...Object.fromEntries(['bpf_get_current_pid_tgid', 'bpf_get_current_uid_gid', 'bpf_get_smp_processor_id', 'bpf_get_prandom_u32', 'bpf_get_numa_node_id', 'bpf_get_cgroup_classid'].map((name) => [name, { quality: { order: HOST } }])),
};

export function resultOfHelper(name: string): Pick<CValue, 'quality' | 'origin'> | undefined {
  return Object.hasOwn(HELPERS, name) ? HELPERS[name] : undefined;
}

