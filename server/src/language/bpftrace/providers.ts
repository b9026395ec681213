/** Kinds of probes bpftrace 0.17 knows, with their short names (its `--help` and manual). */
const KNOWN_SINCE_0_17 = new Set(
  'BEGIN END kprobe kretprobe uprobe uretprobe usdt tracepoint profile interval software hardware watchpoint asyncwatchpoint kfunc kretfunc iter k kr u ur U t p i s h w aw f fr it'.split(' '),
);

/** Newer names of what 0.17 has under another one. */
const OLDER_NAME: Readonly<Record<string, string>> = { fentry: 'kfunc', fexit: 'kretfunc', begin: 'BEGIN', end: 'END' };

export function knownTo017(provider: string): boolean {
  return KNOWN_SINCE_0_17.has(provider) || provider.includes('*');
}

export function olderName(provider: string): string | undefined {
  return OLDER_NAME[provider];
}

/** Kinds of probes that need the kernel's kprobes (the `f` family attaches by BTF instead). */
export function needsKprobes(provider: string): boolean {
  return /^(?:kprobe|kretprobe|k|kr)$/.test(provider);
}
export function needsTracefs(provider: string): boolean {
  return needsKprobes(provider) || /^(?:tracepoint|t)$/.test(provider);
}
export function isUprobe(provider: string): boolean {
  return /^(?:uprobe|uretprobe|u|ur)$/.test(provider);
}
