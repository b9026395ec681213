import { compareVersions, parseVersion } from '../base/version.ts';
import type { Facts } from '../kernel/facts.ts';
import type { Example } from '../knowledge/knowledge.ts';

/** Why an example cannot work on a target; undefined when nothing speaks against it. Unknown needs are left to the checks. */
export function whyUnsuitable(example: Example, facts: Facts | undefined): string | undefined {
  if (!facts) return undefined;
  if (!facts.kprobes && example.needs.some((need) => /^(kprobe|kretprobe|fentry|fexit|kfunc)/.test(need))) {
    return `it needs ${example.needs.join(', ')}, which the kernel of the target does not offer`;
  }
  if (!facts.btf && example.needs.includes('btf')) return 'it needs kernel type information (BTF), which the target does not have';
  if (example.needs.includes('x86') && facts.arch !== 'x86_64') return `it was written for x86-64; the target is ${facts.arch}`;
  if (isOlder(facts.release, example.kernelMin)) return `it needs Linux ${example.kernelMin} or newer; the target has ${facts.release}`;
  const bpftrace = facts.tools.bpftrace?.version;
  if (example.bpftraceMin !== undefined && bpftrace && isOlder(bpftrace.join('.'), example.bpftraceMin)) {
    return `it needs bpftrace ${example.bpftraceMin} or newer; the target has ${bpftrace.join('.')}`;
  }
  return undefined;
}

function isOlder(has: string, needed: string): boolean {
  const [a, b] = [parseVersion(has), parseVersion(needed)];
  return a !== undefined && b !== undefined && compareVersions(a, b) < 0;
}
