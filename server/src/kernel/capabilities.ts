import { printable } from '../base/text.ts';
import { atLeast } from '../base/version.ts';
import type { Facts } from './facts.ts';
import type { Inventory } from './inventory.ts';
import { asRoot, installCommand } from './packages.ts';

/** Something programs need of a machine, whether it is there, and what to do where it is not. */
export interface Capability {
  /** Stable kebab-case name. */
  readonly name: string;
  readonly available: boolean;
  /** A few words: `kprobes`; where it is missing `No kprobes`. */
  readonly title: string;
  /** Why it is missing, or what there is. Half a sentence. */
  readonly reason: string;
  readonly remedy?: Remedy;
  /** No bpftrace program runs there as long as it is missing. */
  readonly blocks?: true;
}

export interface Remedy {
  /** What to do; one sentence. */
  readonly text: string;
  /** To be pasted into a shell of that machine. Nothing that the machine itself said stands in it unchecked. */
  readonly command?: string;
}

export interface CapabilityOptions {
  /** Whether programs are compiled on that machine; else clang is not needed there. */
  readonly compiles?: boolean;
}

/** What keeps programs from being checked or run on a machine, the gravest first. */
export function missingCapabilities(facts: Facts, inventory?: Inventory, options?: CapabilityOptions): readonly Capability[] {
  return capabilities(facts, inventory, options).filter(({ available }) => !available);
}

/**
 * Everything programs may need of a machine. `inventory` is that of the machine itself; without it less can be told. What follows
 * from another is left out: fentry where there is no BTF, every kind of probe where nothing can be traced.
 */
export function capabilities(facts: Facts, inventory?: Inventory, { compiles = false }: CapabilityOptions = {}): readonly Capability[] {
  return [
    bpf(facts),
    root(facts),
    lockdown(facts),
    bpftrace(facts),
    tracefs(facts),
    btf(facts),
    ...(facts.config.CONFIG_BPF_EVENTS === 'n' ? [] : [kprobes(facts), ...(facts.btf ? [fentry(facts, inventory)] : []), uprobes(facts)]),
    perl(facts),
    bpftool(facts),
    bpffs(facts),
    ...(compiles ? [clang(facts)] : []),
  ];
}

function bpf({ config }: Facts): Capability {
  const name = 'bpf';
  const remedy = { text: 'Use another kernel.' };
  if (config.CONFIG_BPF_SYSCALL === 'n') return { name, available: false, blocks: true, title: 'No eBPF', reason: 'CONFIG_BPF_SYSCALL is off in this kernel', remedy };
  if (config.CONFIG_BPF_EVENTS === 'n') return { name, available: false, blocks: true, title: 'No tracing with eBPF', reason: 'CONFIG_BPF_EVENTS is off in this kernel', remedy };
  return { name, available: true, title: 'eBPF', reason: 'the kernel takes eBPF programs' };
}

function root({ root, user }: Facts): Capability {
  const name = 'root';
  if (root === 'is-root') return { name, available: true, title: 'root', reason: 'logged in as root' };
  if (root !== 'none') return { name, available: true, title: 'root', reason: `${printable(user)} becomes root by ${root === 'sudo-password' ? 'sudo, with a password' : root}` };
  const rule = /^[A-Za-z_][\w.-]*$/.test(user) ? { command: `echo '${user} ALL=(root) NOPASSWD: ALL' | sudo tee /etc/sudoers.d/kgent` } : {};
  return {
    name,
    available: false,
    blocks: true,
    title: 'No root',
    reason: `the user ${printable(user)} may not become root`,
    remedy: { text: 'Connect as root, or let the user run sudo.', ...rule },
  };
}

/** What each mode keeps from programs: the kernel's security/security.c (lockdown_reasons) and include/linux/security.h. */
function lockdown({ lockdown: mode }: Facts): Capability {
  const name = 'lockdown';
  if (mode !== 'confidentiality') return { name, available: true, title: 'lockdown', reason: mode === 'integrity' ? 'integrity: programs may not write into processes' : mode };
  return {
    name,
    available: false,
    blocks: true,
    title: 'Kernel is locked down',
    reason: 'confidentiality: programs may not read its memory',
    remedy: { text: 'Start it without lockdown=confidentiality; integrity is no hindrance.' },
  };
}

/** 0.17 is the oldest whose language and flags are known here. */
function bpftrace(facts: Facts): Capability {
  const name = 'bpftrace';
  const tool = facts.tools.bpftrace;
  if (tool && tool.version.length > 0 && !atLeast(tool.version, 0, 17)) {
    return { name: 'bpftrace-version', available: false, title: 'bpftrace is too old', reason: `${tool.version.join('.')} is not known here, 0.17 and newer are`, remedy: { text: 'Install a newer one.' } };
  }
  if (tool) return { name, available: true, title: name, reason: printable(tool.text) };
  const command = installCommand('bpftrace', facts);
  return {
    name,
    available: false,
    blocks: true,
    title: 'bpftrace is not installed',
    reason: 'bpftrace programs cannot run',
    remedy: { text: 'Install it, or copy a static one to the target.', ...(command === undefined ? {} : { command }) },
  };
}

function tracefs(facts: Facts): Capability {
  const name = 'tracefs';
  if (facts.tracefs) return { name, available: true, title: name, reason: 'mounted' };
  const command = asRoot('mount -t tracefs tracefs /sys/kernel/tracing', facts);
  return { name, available: false, title: 'tracefs is not mounted', reason: 'tracepoints and functions cannot be listed', remedy: { text: 'Mount it.', command } };
}

function btf({ btf: there, config }: Facts): Capability {
  const name = 'btf';
  if (there) return { name, available: true, title: 'BTF', reason: 'the types of the kernel are known' };
  const off = config.CONFIG_DEBUG_INFO_BTF === 'n' ? 'CONFIG_DEBUG_INFO_BTF is off' : 'there is no /sys/kernel/btf/vmlinux';
  return {
    name,
    available: false,
    title: 'No BTF',
    reason: `${off}: no fentry, fields are unknown`,
    // Since when distributions build their kernels with it: their own release notes.
    remedy: { text: 'Use a kernel with CONFIG_DEBUG_INFO_BTF: of Debian 11, Ubuntu 20.10, Fedora 31, RHEL 8.2 or newer.' },
  };
}

function kprobes({ kprobes: there, config }: Facts): Capability {
  const name = 'kprobes';
  if (there) return { name, available: true, title: name, reason: 'functions of the kernel can be probed' };
  const off = (['CONFIG_KPROBES', 'CONFIG_KPROBE_EVENTS'] as const).find((flag) => config[flag] === 'n');
  return {
    name,
    available: false,
    title: 'No kprobes',
    reason: off === undefined ? 'this kernel has no perf event source of that name' : `${off} is off in this kernel`,
    remedy: { text: 'Use tracepoints, or a kernel built with CONFIG_KPROBES.' },
  };
}

function fentry(facts: Facts, inventory: Inventory | undefined): Capability {
  const name = 'fentry';
  const why = whyNoFentry(facts, inventory);
  if (why === undefined) return { name, available: true, title: name, reason: 'functions of the kernel can be traced by their types' };
  return { name, available: false, title: 'No fentry', reason: why, remedy: { text: facts.kprobes ? 'Use kprobes.' : 'Use tracepoints.' } };
}

function whyNoFentry(facts: Facts, inventory: Inventory | undefined): string | undefined {
  const off = (['CONFIG_FUNCTION_TRACER', 'CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS'] as const).find((flag) => facts.config[flag] === 'n');
  if (off !== undefined) return `${off} is off in this kernel`;
  const none = inventory?.source === 'target' && inventory.probes.knows('fentry') && inventory.probes.countMatches('fentry', '*') === 0;
  return none ? 'no function of this kernel can be traced' : undefined;
}

function uprobes({ config }: Facts): Capability {
  const name = 'uprobes';
  if (config.CONFIG_UPROBE_EVENTS !== 'n') return { name, available: true, title: name, reason: 'functions of programs and libraries can be probed' };
  return { name, available: false, title: 'No uprobes', reason: 'CONFIG_UPROBE_EVENTS is off in this kernel', remedy: { text: 'Use a kernel built with CONFIG_UPROBE_EVENTS.' } };
}

function perl(facts: Facts): Capability {
  return tool(facts, 'perl', 'the load check is left out');
}

/** 7.2 is the first that attaches by itself (`autoattach`). */
function bpftool(facts: Facts): Capability {
  const version = facts.tools.bpftool?.version;
  if (!version || atLeast(version, 7, 2)) return tool(facts, 'bpftool', 'BPF C compiles, but can be neither loaded nor run');
  return { name: 'bpftool', available: false, title: 'bpftool is too old', reason: `${version.join('.')} cannot attach BPF C, 7.2 and newer can`, remedy: { text: 'Install a newer one to run BPF C; checking it works.' } };
}

function clang(facts: Facts): Capability {
  return tool(facts, 'clang', 'BPF C cannot be compiled');
}

function bpffs(facts: Facts): Capability {
  const name = 'bpffs';
  if (facts.bpffs) return { name, available: true, title: 'bpf file system', reason: 'mounted' };
  const command = asRoot('mount -t bpf bpf /sys/fs/bpf', facts);
  return { name, available: false, title: 'No bpf file system', reason: 'BPF C cannot be attached', remedy: { text: 'Mount it.', command } };
}

function tool(facts: Facts, name: 'perl' | 'bpftool' | 'clang', without: string): Capability {
  const there = facts.tools[name];
  if (there) return { name, available: true, title: name, reason: printable(there.text) };
  const command = installCommand(name, facts);
  return { name, available: false, title: `${name} is not installed`, reason: without, remedy: { text: 'Install it.', ...(command === undefined ? {} : { command }) } };
}
