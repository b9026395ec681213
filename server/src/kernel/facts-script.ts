/** Kernel configuration that decides what eBPF programs can do. */
export const KERNEL_FLAGS = [
  ...['BPF_SYSCALL', 'BPF_JIT', 'BPF_EVENTS', 'BPF_LSM', 'BPF_KPROBE_OVERRIDE', 'BPF_STREAM_PARSER', 'BPF_UNPRIV_DEFAULT_OFF', 'CGROUP_BPF'],
  ...['DEBUG_INFO_BTF', 'DEBUG_INFO_BTF_MODULES', 'KALLSYMS_ALL', 'MODULES'],
  ...['KPROBES', 'KPROBE_EVENTS', 'UPROBE_EVENTS', 'FPROBE', 'FUNCTION_TRACER', 'FUNCTION_ERROR_INJECTION', 'DYNAMIC_FTRACE_WITH_DIRECT_CALLS', 'FTRACE_SYSCALLS'],
  ...['SECURITY_LOCKDOWN_LSM', 'NET_CLS_BPF', 'NET_ACT_BPF', 'XDP_SOCKETS', 'PREEMPT', 'PREEMPT_RT', 'PREEMPT_DYNAMIC', 'HZ'],
] as const;

export type KernelFlag = `CONFIG_${(typeof KERNEL_FLAGS)[number]}`;

/** Where Kgent puts tools a person copies to a target, below the user's home. Searched after the PATH. */
export const KGENT_BIN = '.local/share/kgent/bin';

const CLANGS = ['clang', ...[22, 21, 20, 19, 18, 17, 16, 15, 14].map((version) => `clang-${version}`)].join(' ');

/**
 * Prints the facts as `key=value` lines, whatever is missing there. `kprobes` looks for the perf event source every way of
 * attaching a kprobe needs; a kernel without CONFIG_KPROBES has neither it nor the control file. Bytes come as hexadecimal
 * words. Without a build id the sum of the types stands for the kernel.
 *
 * `$1` holds the stamps (`SIZE.TIME PATH;`) of the tools whose versions are known: those are not started again, bpftrace alone takes two
 * seconds on an emulated machine. `$2` is the build id, in words, of the kernel whose configuration is known. Shell builtins are used where they will do, because there each process costs 30 ms.
 */
export const FACTS_SCRIPT = `
known=$1; kernel=$2; PATH=$PATH:$HOME/${KGENT_BIN}
read_to() { v=; read -r v 2>/dev/null <"$2"; [ -n "$v" ] && echo "$1=$v"; } 2>/dev/null
release=$(uname -r)
echo "release=$release"; echo "arch=$(uname -m)"; echo "system=$(uname -s)"
[ -r /etc/os-release ] && (. /etc/os-release; echo "distribution=$PRETTY_NAME"; echo "id=$ID"; echo "like=$ID_LIKE")
echo "user=$(id -un)"; echo "uid=$(id -u)"
has() { command -v "$1" >/dev/null 2>&1; }
[ "$(id -u)" = 0 ] || {
if sudo -n true 2>/dev/null; then echo sudo=yes
elif has doas && doas -n true 2>/dev/null; then echo doas=yes
elif has sudo; then case " $(id -nG) " in *' sudo '*|*' wheel '*|*' admin '*) echo sudo=password;; esac
fi; }
[ -r /sys/kernel/btf/vmlinux ] && echo btf=yes
[ -e /sys/bus/event_source/devices/kprobe/type ] && echo kprobes=yes
m=$(grep -E ' (tracefs|debugfs|bpf) ' /proc/mounts 2>/dev/null)
case $m in *' tracefs '*) echo tracefs=yes;; esac
case $m in *' debugfs '*) echo debugfs=yes;; esac
case $m in *' bpf '*) echo bpffs=yes;; esac
read_to lockdown /sys/kernel/security/lockdown || { [ -e /sys/kernel/security/lsm ] && echo 'lockdown=[none]'; }
read_to unprivileged-bpf-disabled /proc/sys/kernel/unprivileged_bpf_disabled
read_to perf-event-paranoid /proc/sys/kernel/perf_event_paranoid
read_to kptr-restrict /proc/sys/kernel/kptr_restrict
n=$(od -An -v -tx1 /sys/kernel/notes 2>/dev/null || { [ -r /sys/kernel/btf/vmlinux ] && cksum </sys/kernel/btf/vmlinux | sed 's/^/sum /'; })
n=$(echo $n); echo "notes=$n"
case $n in *"\${kernel:-none}"*) ;; *)
c="^CONFIG_(${KERNEL_FLAGS.join('|')})="
if [ -r /proc/config.gz ]; then gzip -dc /proc/config.gz 2>/dev/null | LC_ALL=C grep -E "$c"
else for f in "/boot/config-$release" "/lib/modules/$release/config" "/usr/lib/modules/$release/config"; do [ -r "$f" ] && LC_ALL=C grep -E "$c" "$f" && break; done; fi;;
esac
sed 's/^\\([^ ]*\\) \\([^ ]*\\) .*/module=\\1 \\2/' /proc/modules 2>/dev/null
(cd /sys/module 2>/dev/null && set -- */notes/.note.gnu.build-id && [ -r "$1" ] && echo "noted=$*" && echo "module-notes="$(cat "$@" 2>/dev/null | od -An -v -tx1))
set --
for t in bpftrace bpftool perl; do p=$(command -v $t 2>/dev/null) && echo "tool.$t=$t $p" && set -- "$@" "$p"; done
for t in ${CLANGS}; do p=$(command -v $t 2>/dev/null) && echo "tool.clang=$t $p" && set -- "$@" "$p" && break; done
for l in /usr/lib/libbpf.so.? /usr/lib64/libbpf.so.? /usr/lib/*/libbpf.so.? /lib/*/libbpf.so.?; do [ -e "$l" ] && { echo "libbpf=$l $(readlink -f "$l" 2>/dev/null)"; break; }; done
{ stat -L -c '%s.%Y %n' "$@" || for p; do echo "$(ls -lL "$p" | cksum | tr ' ' .) $p"; done; } 2>/dev/null | while IFS= read -r s; do
echo "stamp=$s"; p=\${s#* }
case $known in *"$s;"*) ;; *) "\${p##*/}" --version 2>/dev/null </dev/null | while IFS= read -r l; do [ -n "$l" ] && echo "version=$l"; done;; esac
done
true
`;
