import { plural } from '../base/text.ts';
import type { Facts, Tool, ToolVersion } from '../kernel/facts.ts';
import type { Inventory, ListedProvider } from '../kernel/inventory.ts';
import type { TargetFact } from '../protocol.ts';

/** In the order people look for them. */
const PROVIDERS: readonly ListedProvider[] = ['tracepoint', 'kprobe', 'kretprobe', 'fentry', 'fexit', 'rawtracepoint', 'iter', 'software', 'hardware'];
const TOOLS: readonly Tool[] = ['bpftrace', 'bpftool', 'libbpf', 'clang', 'perl'];

/** What is known of a target, a line each, the most asked for first. Text of the host is not made fit to be shown here. */
export function targetFacts(facts: Facts | undefined, inventory: Inventory | undefined): readonly TargetFact[] {
  return [...(facts ? [system(facts), kernel(facts)] : inventory ? [{ name: 'kernel', label: 'Kernel', value: inventory.label } as const] : []), ...(inventory ? [attachPoints(inventory)] : facts?.root === 'none' ? [UNREADABLE] : []), ...(facts ? [types(facts), tools(facts), privileges(facts)] : [])];
}

function system({ distribution, arch }: Facts): TargetFact {
  return { name: 'system', label: distribution || 'Linux', value: arch };
}

function kernel({ release, lockdown, modules }: Facts): TargetFact {
  const locked = lockdown === 'integrity' || lockdown === 'confidentiality' ? [`lockdown: ${lockdown}`] : [];
  const count = Object.keys(modules).length;
  return { name: 'kernel', label: 'Kernel', value: [release, ...(count > 0 ? [plural(count, 'module')] : []), ...locked].join(', ') };
}

function types({ btf }: Facts): TargetFact {
  return { name: 'btf', label: 'Types (BTF)', value: btf ? 'yes' : 'no' };
}

const UNREADABLE: TargetFact = { name: 'attach-points', label: 'Attach points', value: 'unknown: only root may read them' };

const listed = new WeakMap<Inventory, TargetFact>();

/** Counting goes through all names: done once for each inventory. */
function attachPoints(inventory: Inventory): TargetFact {
  const known = listed.get(inventory);
  if (known) return known;
  const { probes } = inventory;
  const parts = PROVIDERS.filter((provider) => probes.knows(provider)).map((provider) => item(provider, thousands(probes.countMatches(provider, '*'))));
  const fact: TargetFact = { name: 'attach-points', label: 'Attach points', value: thousands(probes.count), parts };
  listed.set(inventory, fact);
  return fact;
}

function tools({ tools: there }: Facts): TargetFact {
  const version = ({ text, version: parts }: ToolVersion): string => (parts.length > 0 ? parts.join('.') : text);
  const found = TOOLS.flatMap((name) => (there[name] ? [`${name} ${version(there[name])}`] : []));
  const parts = TOOLS.map((name) => item(name, there[name] ? version(there[name]) : 'not installed'));
  return { name: 'tools', label: 'Tools', value: found.slice(0, 2).join(', ') || 'none', parts };
}

function privileges({ root, user }: Facts): TargetFact {
  const ways: Readonly<Record<Facts['root'], string>> = { 'is-root': `logged in as ${user}`, sudo: `${user} by sudo`, 'sudo-password': `${user} by sudo, with a password`, doas: `${user} by doas`, none: `${user} may not` };
  return { name: 'root', label: 'Root', value: ways[root] };
}

function item(label: string, value: string): TargetFact {
  return { name: 'item', label, value };
}

/** `39,632`: the same wherever it is read, as the product's texts are English. */
function thousands(count: number): string {
  return count.toLocaleString('en-US');
}
