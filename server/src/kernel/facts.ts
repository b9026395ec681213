import type { Version } from '../base/version.ts';
import { decodeConfig, decodeKernelId, decodeLimits, decodeLockdown, decodeModules, decodeTools, Printed } from './facts-decode.ts';
import type { KernelFlag } from './facts-script.ts';

export { FACTS_SCRIPT, KGENT_BIN, type KernelFlag } from './facts-script.ts';

/** What one target is and has: the summary of its inventory. */
export interface Facts {
  /** Kernel release as `uname -r` prints it. */
  readonly release: string;
  /** Machine as `uname -m` prints it. */
  readonly arch: string;
  /** `PRETTY_NAME` of os-release; empty when there is none. */
  readonly distribution: string;
  /** `ID` of os-release: `debian`, `fedora`; empty when there is none. */
  readonly distributionId: string;
  /** `ID_LIKE` of os-release: the distributions it stems from, nearest first. */
  readonly distributionLike: readonly string[];
  /** The GNU build id of the kernel, in hexadecimal; empty when it cannot be read. */
  readonly buildId: string;
  /** Tells this very kernel from all others: its build id, or the sum of its types where that cannot be read. Empty without either. */
  readonly kernelId: string;
  /** What lockdown keeps even root from. `none` also where the kernel was built or started without it. */
  readonly lockdown: 'none' | 'integrity' | 'confidentiality' | 'unknown';
  /** `y`, `m` or a number as the configuration file writes it, `n` for what is not set. Empty when there is no such file to read. */
  readonly config: Readonly<Partial<Record<KernelFlag, string>>>;
  readonly limits: KernelLimits;
  /** Loaded modules, with what tells one build from another: the build id, or the size in memory where there is none. */
  readonly modules: Readonly<Record<string, string>>;
  readonly user: string;
  /** How a command becomes root there. `sudo-password`: a person is asked; a user of the group `sudo`, `wheel` or `admin` may most likely. */
  readonly root: 'is-root' | 'sudo' | 'sudo-password' | 'doas' | 'none';
  readonly btf: boolean;
  readonly kprobes: boolean;
  readonly tracefs: boolean;
  readonly bpffs: boolean;
  /** Whether debugfs is mounted: the kprobes blacklist is read there. */
  readonly debugfs: boolean;
  readonly tools: Readonly<Partial<Record<Tool, ToolVersion>>>;
}

/** What `/proc/sys/kernel` allows; undefined where there is no such setting. */
export interface KernelLimits {
  /** 0: users may load programs; 1 and 2: root only. */
  readonly unprivilegedBpfDisabled?: number;
  /** 2 and more: users see nothing of the kernel; -1: everything. */
  readonly perfEventParanoid?: number;
  /** 0: addresses of the kernel are shown; 2: to nobody. */
  readonly kptrRestrict?: number;
}

/** Programs, and the library bpftool was built with (or the shared one, where there is no bpftool). */
export type Tool = 'bpftrace' | 'clang' | 'bpftool' | 'perl' | 'libbpf';

export interface ToolVersion {
  /** The name to run it by: `clang` may only exist as `clang-14`. That of its file for a library. */
  readonly command: string;
  /** The line it printed of itself. */
  readonly text: string;
  readonly version: Version;
  /** Size, time and path of its file: as long as they are the same, so is the version. Not of libraries. */
  readonly stamp?: string;
}

/** The arguments of FACTS_SCRIPT: what need not be read again when it is as it was. */
export function factsArguments(before: Facts | undefined): readonly string[] {
  const stamps = Object.values(before?.tools ?? {}).flatMap(({ stamp }) => (stamp === undefined ? [] : [`${stamp};`])).join('');
  return [stamps, before && 'CONFIG_BPF_SYSCALL' in before.config ? before.buildId.replace(/..(?=.)/g, '$& ') : ''];
}

/** Reads what FACTS_SCRIPT printed, completed by what is as it was `before`. Undefined when it is not from a Linux machine. */
export function decodeFacts(output: string, before?: Facts): Facts | undefined {
  const printed = new Printed(output);
  const release = printed.get('release');
  if (release === '' || printed.get('system') !== 'Linux') return undefined;
  const yes = (key: string): boolean => printed.get(key) === 'yes';
  const arch = printed.get('arch');
  const kernel = decodeKernelId(printed, release, arch);
  const read = decodeConfig(printed);
  const config = before && kernel.buildId !== '' && kernel.buildId === before.buildId ? { ...before.config, ...read } : read;
  return {
    release,
    arch,
    distribution: printed.get('distribution'),
    distributionId: printed.get('id'),
    distributionLike: printed.get('like').split(' ').filter((word) => word !== ''),
    ...kernel,
    lockdown: decodeLockdown(printed.get('lockdown'), config),
    config,
    limits: decodeLimits(printed),
    modules: decodeModules(printed, arch),
    user: printed.get('user'),
    root: wayToRoot(printed),
    btf: yes('btf'),
    kprobes: yes('kprobes'),
    tracefs: yes('tracefs'),
    bpffs: yes('bpffs'),
    debugfs: yes('debugfs'),
    tools: decodeTools(output, before?.tools ?? {}),
  };
}

function wayToRoot(printed: Printed): Facts['root'] {
  if (printed.get('uid') === '0') return 'is-root';
  if (printed.get('doas') === 'yes') return 'doas';
  const sudo = printed.get('sudo');
  return sudo === 'yes' ? 'sudo' : sudo === 'password' ? 'sudo-password' : 'none';
}

/** One line for a status bar: `6.12.117+deb13-cloud-amd64, bpftrace v0.23.2`. */
export function summarizeFacts(facts: Facts): string {
  const bpftrace = facts.tools.bpftrace;
  return [facts.release, bpftrace ? bpftrace.text : 'no bpftrace'].join(', ');
}
