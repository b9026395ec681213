import type { CEnum, CFunction, CStruct, CType } from './ctype.ts';
import type { Binary } from './elf/binary.ts';
import type { Steps } from './turns.ts';

/** What one kernel offers to programs. Everything is decoded lazily from shared bytes. */
export interface Inventory {
  /** Kernel release as `uname -r` prints it. */
  readonly release: string;
  readonly arch: string;
  /** `target`: read from the machine itself. `bundled`: the kernel that comes with Kgent, for want of a target. */
  readonly source: 'target' | 'bundled';
  /** For messages: `debian-vm (6.12.117)`, `debian-vm (6.12.117, as of 3 days ago; not reachable now)`, `the bundled Debian 13 kernel (6.12.117)`. */
  readonly label: string;
  /** When it was read, in milliseconds since 1970, where the target has not answered since. */
  readonly asOf?: number;
  readonly probes: ProbeIndex;
  readonly types: KernelTypes;
  /** Fields of a tracepoint as `bpftrace -lv` shows them: without the common ones. */
  tracepoint(category: string, event: string): TracepointFormat | undefined;
  /** A kernel function's prototype from BTF, with the module it is in (`vmlinux` for the kernel itself). */
  func(name: string): { readonly proto: CFunction; readonly module: string } | undefined;
  /**
   * Functions and markers of a program or library of the machine, by the path (or name) a probe gives it, for uprobe and
   * usdt. Undefined when it has not been read: that happens in the background when an open program names it.
   */
  binary(path: string): Binary | undefined;
  /** Helpers that programs of a type may call, both as bpftool names them (`kprobe`, `bpf_get_stack`). Undefined when that is not known. */
  helpers(programType: string): ReadonlySet<string> | undefined;
  /** Kernel functions that programs may call, sorted. Empty when BTF does not mark them: kernels before 6.10. Which types of program may is not known. */
  kfuncs(): readonly string[];
  /**
   * The types of the kernel and of the named modules as `vmlinux.h` for BPF C: some 0.3 s of work. Undefined without
   * BTF. Throws UserError for a module whose BTF is not known, and while it is made when the BTF is damaged.
   */
  vmlinuxHeader(modules?: readonly string[]): Steps<string> | undefined;
}

export interface TracepointFormat {
  readonly category: string;
  readonly event: string;
  readonly fields: readonly TracepointField[];
}

export interface TracepointField {
  readonly name: string;
  readonly type: CType;
  /** As the format file writes it: `const char *`, `__data_loc char[]`. */
  readonly typeText: string;
  /** Bytes from the start of the record. */
  readonly offset: number;
  readonly size: number;
  readonly signed: boolean;
}

export interface KernelTypes {
  struct(name: string): CStruct | undefined;
  union(name: string): CStruct | undefined;
  enum(name: string): CEnum | undefined;
  typedef(name: string): CType | undefined;
  /** An enumerator of any enum: `TCP_ESTABLISHED`. */
  enumerator(name: string): { readonly value: bigint; readonly of: CEnum } | undefined;
  /** Names beginning with a prefix, sorted, at most `limit`. */
  namesWith(kind: 'struct' | 'union' | 'enum' | 'typedef' | 'enumerator', prefix: string, limit: number): readonly string[];
}

/**
 * The attach points of a kernel as `bpftrace -l` prints them (`tracepoint:sched:sched_switch`, `kprobe:vfs_read`,
 * `fentry:vmlinux:vfs_read`, …). Functions are kept once and shared by kprobe, kretprobe, fentry and fexit.
 */
export interface ProbeIndex {
  /** How many attach points there are in all. */
  readonly count: number;
  /** False when nothing is known of that provider on this kernel (uprobe, usdt): absence then says nothing. */
  knows(provider: ListedProvider): boolean;
  has(provider: ListedProvider, ...parts: string[]): boolean;
  /** How many attach points a pattern with `*` matches (`provider` canonical; parts may hold wildcards). */
  countMatches(provider: ListedProvider, ...parts: string[]): number;
  /** Attach points matching a pattern, as `bpftrace -l` prints them, at most `limit`. */
  matches(provider: ListedProvider, parts: readonly string[], limit: number): readonly string[];
  /** Values of the next part that begin with `prefix` (then those that contain it), given the parts before it; at most `limit`. */
  complete(provider: ListedProvider, before: readonly string[], prefix: string, limit: number): readonly string[];
  /** Names near a misspelt one, best first ("did you mean"), as full attach points of that provider. */
  similar(provider: ListedProvider, parts: readonly string[], limit: number): readonly string[];
}

/** Providers whose attach points a kernel lists. Canonical names; kretprobe and fexit share the functions of kprobe and fentry. */
export type ListedProvider = 'tracepoint' | 'rawtracepoint' | 'kprobe' | 'kretprobe' | 'fentry' | 'fexit' | 'iter' | 'software' | 'hardware';
