import { has, probeKind } from './catalogue.ts';

/** Questions about the kind of a probe, by the provider as it is written: `k` is a kprobe too. */

export function knownTo017(provider: string): boolean {
  const kind = probeKind(provider);
  return provider.includes('*') || (kind !== undefined && has(kind.spelling, [0, 17, 0]));
}

/** The name 0.17 has for what newer versions call otherwise. */
export function olderName(provider: string): string | undefined {
  const kind = probeKind(provider)?.kind;
  return kind?.name === provider ? kind.spelled?.instead : undefined;
}

/** Kinds of probes that need the kernel's kprobes (the `f` family attaches by BTF instead). */
export function needsKprobes(provider: string): boolean {
  return isOneOf(provider, ['kprobe', 'kretprobe']);
}

export function needsTracefs(provider: string): boolean {
  return needsKprobes(provider) || isOneOf(provider, ['tracepoint']);
}

export function isUprobe(provider: string): boolean {
  return isOneOf(provider, ['uprobe', 'uretprobe']);
}

function isOneOf(provider: string, names: readonly string[]): boolean {
  const name = probeKind(provider)?.kind.name;
  return name !== undefined && names.includes(name);
}
