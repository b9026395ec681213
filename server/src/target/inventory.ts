import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Facts } from '../kernel/facts.ts';
import type { KernelRecord } from '../kernel/record.ts';
import type { Stale } from '../kernel/record-modules.ts';
import { TransferProgress, type OnProgress } from './progress.ts';
import type { Outcome, Ran, Target } from './target.ts';

export type RecordOutcome = { readonly kind: 'known'; readonly record: KernelRecord } | Exclude<Outcome, Ran>;

export interface FetchOptions {
  readonly facts: Facts;
  /** Everything, or only what is stale: its modules, and the lists that change with them. */
  readonly parts?: 'all' | Stale;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** Base64 of the compressed parts: some 4 MB for a kernel with few modules. */
const MAX_OUTPUT = 64 * 1024 * 1024;
/** More than any kernel's part; what unpacks to more is refused. */
const MAX_PART = 128 * 1024 * 1024;

/**
 * Prints what an inventory is made of: `=NAME` before each part, the part as base64 of gzip. A part that cannot be read
 * is left out. bpftrace lists the functions of `available_filter_functions`, and not those of the kprobes blacklist.
 * `wc` and `cat` tell the sizes and the bytes of all module BTF in one go each. `#SIZE` lines come first: the bytes of the
 * types that will follow, for the one who waits. bpftool tries every helper with every type of program: 0.2 s, 1.4 s on an
 * emulated machine.
 *
 * `$1` is `all` or `modules`, which are then the other arguments: of those types and functions, and the lists that change with them.
 */
const SCRIPT = `
LC_ALL=C; export LC_ALL
what=$1; shift
all() { [ "$what" = all ]; }
part() { echo "=$1"; gzip -1 | base64; }
t=/sys/kernel/tracing; [ -d $t/events ] || t=/sys/kernel/debug/tracing
f=$t/available_filter_functions
k=/sys/kernel/debug/kprobes/blacklist
all && cd /sys/kernel/btf 2>/dev/null && ls -l | sed -n 's/^-\\([^ ]* *\\)\\{4\\}\\([0-9]*\\) .*/#\\2/p'
all && [ -r /sys/kernel/btf/vmlinux ] && part btf </sys/kernel/btf/vmlinux
head -c 1 $f >/dev/null 2>&1 && if all; then sort -u $f | part functions
elif [ $# -gt 0 ]; then grep -E " \\[($(IFS='|'; echo "$*"))\\]\\$" $f | sort -u | part functions; fi
[ -r $k ] && cut -f 2 $k | part blacklist
cd $t/events 2>/dev/null && grep -H field: */*/format | part formats
all && [ "$(id -u)" = 0 ] && command -v bpftool >/dev/null 2>&1 && bpftool -j feature probe kernel 2>/dev/null | part features
if cd /sys/kernel/btf 2>/dev/null; then
all && set -- $(ls | grep -v '^vmlinux$')
n=$#; for m; do [ -r "$m" ] && set -- "$@" "$m"; done; shift $n
[ $# -gt 0 ] && wc -c "$@" | part module-sizes && cat "$@" | part module-btf
fi
true
`;

/** Reads a target's kernel, or the stale parts of it, in one round trip. Without root only its types can be read. */
export async function fetchRecord(target: Target, { facts, parts: wanted = 'all', timeoutMs, signal, onProgress }: FetchOptions): Promise<RecordOutcome> {
  const arguments_ = wanted === 'all' ? ['all'] : ['modules', ...wanted.modules];
  const progress = onProgress && new TransferProgress(onProgress);
  const outcome = await target.exec({ argv: ['sh', '-c', SCRIPT, 'sh', ...arguments_], asRoot: facts.root !== 'none', timeoutMs, signal, maxOutputBytes: MAX_OUTPUT, ...(progress && { onStdout: progress.take }) });
  if (outcome.kind !== 'ran') return outcome;
  const parts = outcome.truncated ? undefined : await unpack(outcome.stdout).catch(() => undefined);
  if (!parts) return { kind: 'failed', reason: 'host', message: `What ${target.name} told of its kernel could not be read: it was cut off or mixed with other output.` };
  const { release, arch, distribution, kernelId } = facts;
  const plain = (['btf', 'functions', 'blacklist', 'formats', 'features'] as const).flatMap((name) => {
    const bytes = parts.get(name);
    return bytes && bytes.length > 0 ? [[name, bytes] as const] : [];
  });
  const modules = wanted === 'all' ? facts.modules : Object.fromEntries(wanted.modules.map((name) => [name, facts.modules[name] ?? '']));
  return { kind: 'known', record: { release, arch, distribution, kernelId, modules, moduleBtf: moduleBtf(parts), ...Object.fromEntries(plain) } };
}

async function unpack(stdout: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const texts = stdout.split(/^=/m).slice(1);
  const parts = texts.map(async (text) => {
    const end = text.indexOf('\n');
    return [text.slice(0, end), await promisify(gunzip)(Buffer.from(text.slice(end + 1), 'base64'), { maxOutputLength: MAX_PART })] as const;
  });
  return new Map(await Promise.all(parts));
}

/** Cuts the bytes of all files apart by their sizes: lines of `wc -c`, in the order of the bytes. A module loaded in between makes them not fit. */
function moduleBtf(parts: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, Uint8Array> {
  const bytes = parts.get('module-btf');
  const sizes = new TextDecoder().decode(parts.get('module-sizes')).matchAll(/^ *(\d+) (\S+)$/gm);
  const files = [...sizes].map(([, size, name = '']) => ({ name, size: Number(size) })).filter(({ name }) => name !== 'total');
  const modules = new Map<string, Uint8Array>();
  if (bytes?.length !== files.reduce((sum, { size }) => sum + size, 0)) return modules;
  let at = 0;
  for (const { name, size } of files) {
    modules.set(name, bytes.subarray(at, at + size));
    at += size;
  }
  return modules;
}
