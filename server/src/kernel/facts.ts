import { parseVersion, type Version } from '../base/version.ts';

/** What one target is and has: the summary of its inventory. */
export interface Facts {
  /** Kernel release as `uname -r` prints it. */
  readonly release: string;
  /** Machine as `uname -m` prints it. */
  readonly arch: string;
  /** `PRETTY_NAME` of os-release; empty when there is none. */
  readonly distribution: string;
  readonly user: string;
  /** How a command becomes root there. */
  readonly root: 'is-root' | 'sudo' | 'none';
  readonly btf: boolean;
  readonly kprobes: boolean;
  readonly tracefs: boolean;
  readonly bpffs: boolean;
  readonly tools: Readonly<Partial<Record<Tool, ToolVersion>>>;
}

export type Tool = 'bpftrace' | 'clang' | 'bpftool';

export interface ToolVersion {
  /** The name to run it by: `clang` may only exist as `clang-14`. */
  readonly command: string;
  /** The line it printed of itself. */
  readonly text: string;
  readonly version: Version;
}

/**
 * Prints the facts as `key=value` lines. `kprobes` looks for the perf event source every way of
 * attaching a kprobe needs; a kernel without CONFIG_KPROBES has neither it nor the control file.
 */
export const FACTS_SCRIPT = `
echo "release=$(uname -r)"; echo "arch=$(uname -m)"; echo "system=$(uname -s)"
[ -r /etc/os-release ] && (. /etc/os-release; echo "distribution=$PRETTY_NAME")
echo "user=$(id -un)"; echo "uid=$(id -u)"
[ "$(id -u)" = 0 ] || { sudo -n true 2>/dev/null && echo sudo=yes; }
[ -r /sys/kernel/btf/vmlinux ] && echo btf=yes
[ -e /sys/bus/event_source/devices/kprobe/type ] && echo kprobes=yes
grep -q ' tracefs ' /proc/mounts && echo tracefs=yes
grep -q ' bpf ' /proc/mounts && echo bpffs=yes
v() { command -v "$2" >/dev/null 2>&1 && echo "tool.$1=$2 $("$2" --version 2>/dev/null | grep -m1 '[0-9]')"; }
v bpftrace bpftrace; v bpftool bpftool
for c in clang clang-22 clang-21 clang-20 clang-19 clang-18 clang-17 clang-16 clang-15 clang-14; do v clang $c && break; done
true
`;

/** Reads what FACTS_SCRIPT printed. Undefined when it is not from a Linux machine. */
export function decodeFacts(output: string): Facts | undefined {
  const values = new Map<string, string>();
  for (const line of output.split('\n')) {
    const at = line.indexOf('=');
    if (at > 0) values.set(line.slice(0, at), line.slice(at + 1).trim());
  }
  const release = values.get('release');
  if (!release || values.get('system') !== 'Linux') return undefined;
  const yes = (key: string): boolean => values.get(key) === 'yes';
  return {
    release,
    arch: values.get('arch') ?? '',
    distribution: values.get('distribution') ?? '',
    user: values.get('user') ?? '',
    root: values.get('uid') === '0' ? 'is-root' : yes('sudo') ? 'sudo' : 'none',
    btf: yes('btf'),
    kprobes: yes('kprobes'),
    tracefs: yes('tracefs'),
    bpffs: yes('bpffs'),
    tools: decodeTools(values),
  };
}

function decodeTools(values: ReadonlyMap<string, string>): Facts['tools'] {
  const tools: Partial<Record<Tool, ToolVersion>> = {};
  for (const name of ['bpftrace', 'clang', 'bpftool'] as const) {
    const [, command, text] = /^(\S+) ?(.*)$/.exec(values.get(`tool.${name}`) ?? '') ?? [];
    const version = text === undefined ? undefined : parseVersion(text);
    if (command && text !== undefined) tools[name] = { command, text, version: version ?? [] };
  }
  return tools;
}

/** One line for a status bar: `6.12.117+deb13-cloud-amd64, bpftrace v0.23.2`. */
export function summarizeFacts(facts: Facts): string {
  const bpftrace = facts.tools.bpftrace;
  return [facts.release, bpftrace ? bpftrace.text : 'no bpftrace'].join(', ');
}
