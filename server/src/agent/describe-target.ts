import type { Facts, Tool } from '../kernel/facts.ts';

/** What a model must know of the target, one fact a line. */
export function summarizeTarget(facts: Facts | undefined): string {
  if (!facts) return 'Unknown; use what every recent kernel has.';
  const tool = (name: Tool): string => facts.tools[name]?.text ?? `${name}: not installed`;
  return [
    `kernel: ${facts.release}`,
    `architecture: ${facts.arch}`,
    ...(facts.distribution ? [`distribution: ${facts.distribution}`] : []),
    `bpftrace: ${tool('bpftrace')}`,
    `clang: ${tool('clang')}`,
    `kprobes, kretprobes, fentry, fexit: ${facts.kprobes ? 'available' : 'NOT available on this kernel; do not use them'}`,
    `kernel type information (BTF): ${facts.btf ? 'available' : 'not available'}`,
  ].join('\n');
}
