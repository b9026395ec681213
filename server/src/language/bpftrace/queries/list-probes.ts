import type { Inventory, ListedProvider } from '../../../kernel/inventory.ts';
import { probeKinds } from '../catalogue/probes.ts';

/** What a pattern of `bpftrace -l` asks for. */
export type ProbeList =
  | { readonly kind: 'attach-points'; readonly lines: readonly string[] }
  /** Symbols or markers of programs: those are not the kernel's to know. `name` may hold wildcards. */
  | { readonly kind: 'binary'; readonly provider: 'uprobe' | 'uretprobe' | 'usdt'; readonly path: string; readonly name: readonly string[] }
  /** The kernel does not tell its attach points of that provider, or not without root. */
  | { readonly kind: 'not-known'; readonly provider: string }
  | { readonly kind: 'bad'; readonly message: string };

/** What a provider with a wildcard, or none at all, stands for: each attach point once. */
const LISTED: readonly ListedProvider[] = ['fentry', 'hardware', 'iter', 'kprobe', 'rawtracepoint', 'software', 'tracepoint'];
/** Providers whose attach points hang on no kernel: units of time. */
const TIMED: readonly string[] = ['interval', 'profile'];
const UNITS = ['hz', 'ms', 's', 'us'];

/** More than any kernel has. */
const ALL = 1_000_000;

/** Answers what `bpftrace -l PATTERN` would, line for line and in its order, as 0.21 and newer do. An empty pattern means everything. */
export function listProbes({ probes }: Pick<Inventory, 'probes'>, pattern: string): ProbeList {
  const [first = '', ...rest] = pattern.trim() === '' ? ['*'] : pattern.trim().split(':');
  // A single word is looked for among all of them.
  if (rest.length === 0 && !probeKinds.some((kind) => canonical(kind.name) === canonical(first))) return ofMany(probes, '*', [first]);
  if (first.includes('*')) return ofMany(probes, first, rest);
  const provider = canonical(first);
  if (provider === undefined) return { kind: 'bad', message: `There is no kind of probe '${first}'. Kinds are ${[...LISTED, 'kretprobe', 'fexit', 'uprobe', 'uretprobe', 'usdt', ...TIMED].sort().join(', ')}.` };
  if (provider === 'uprobe' || provider === 'uretprobe' || provider === 'usdt') return ofBinary(provider, rest);
  if (TIMED.includes(provider)) return { kind: 'attach-points', lines: UNITS.filter((unit) => fits(rest[0] ?? '*', unit)).map((unit) => `${provider}:${unit}:`) };
  if (!isListed(provider)) return { kind: 'bad', message: `${provider} has no attach points to list.` };
  if (!probes.knows(provider)) return { kind: 'not-known', provider };
  return { kind: 'attach-points', lines: linesOf(probes, provider, rest).toSorted() };
}

function ofMany(probes: Inventory['probes'], providers: string, parts: readonly string[]): ProbeList {
  const wanted = LISTED.filter((provider) => fits(providers, provider) && probes.knows(provider));
  // With one part too many for its kind a probe is none.
  const lines = wanted.filter((provider) => parts.length <= MOST_PARTS[provider]).flatMap((provider) => linesOf(probes, provider, parts));
  return { kind: 'attach-points', lines: lines.toSorted() };
}

/** With one part only, that is compared with all of `CATEGORY:EVENT`. */
function linesOf(probes: Inventory['probes'], provider: ListedProvider, parts: readonly string[]): readonly string[] {
  const [only = '*', second] = parts;
  if (provider !== 'tracepoint' || second !== undefined) return probes.matches(provider, partsFor(provider, parts), ALL);
  const pattern = patternOf(`tracepoint:${only}`);
  return probes.matches('tracepoint', ['*', '*'], ALL).filter((line) => pattern.test(line));
}

const MOST_PARTS: Readonly<Record<ListedProvider, number>> = { tracepoint: 2, rawtracepoint: 1, kprobe: 2, kretprobe: 2, fentry: 2, fexit: 2, iter: 1, software: 1, hardware: 1 };

/** `software:faults:` has a count behind the colon; `kprobe:f+8` is a place in f. */
function partsFor(provider: ListedProvider, parts: readonly string[]): readonly string[] {
  const [first = '*'] = parts;
  if (provider === 'software' || provider === 'hardware') return [first];
  return (parts.length === 0 ? ['*'] : parts).map((part) => part.replace(/\+\w+$/, ''));
}

function ofBinary(provider: 'uprobe' | 'uretprobe' | 'usdt', parts: readonly string[]): ProbeList {
  const [path = '', ...name] = parts;
  if (path === '' || path === '*') return { kind: 'bad', message: `Name the binary: ${provider}:/bin/bash:*.` };
  return { kind: 'binary', provider, path, name: name.length === 0 ? ['*'] : name };
}

/** The name of a kind of probe, for the short and older names too. */
function canonical(name: string): string | undefined {
  return probeKinds.find((kind) => kind.name === name || kind.aliases.some((alias) => alias.name === name))?.name;
}

function isListed(provider: string): provider is ListedProvider {
  return provider in MOST_PARTS;
}

function fits(pattern: string, name: string): boolean {
  return patternOf(pattern).test(name);
}

function patternOf(pattern: string): RegExp {
  return new RegExp(`^${pattern.split('*').map((piece) => piece.replace(/\W/g, '\\$&')).join('.*')}$`);
}
