import type { Binary } from '../../../../kernel/elf/binary.ts';
import type { Inventory } from '../../../../kernel/inventory.ts';
import { withoutOffset } from './offset.ts';

/** Kinds of probes that attach to programs and libraries. */
export type BinaryProvider = 'uprobe' | 'uretprobe' | 'usdt';

export function isInBinary(provider: string | undefined): provider is BinaryProvider {
  return provider === 'uprobe' || provider === 'uretprobe' || provider === 'usdt';
}

/** Names of C++ and Rust functions as symbols have them. */
const MANGLED = ['_Z*', '_R*'];

/** Counting what a wildcard matches walks over all symbols: done once per binary and pattern. */
const counts = new WeakMap<Binary, Map<string, number>>();

/**
 * How many functions or markers of a binary an attach point stands for; undefined when the binary has not been read, and for
 * what its symbols cannot tell: addresses, and names of C++ and Rust, which stand there in another form.
 */
export function matchesInBinary(provider: BinaryProvider, parts: readonly string[], inventory: Inventory): number | undefined {
  const [path = '', ...named] = parts;
  const name = named.map(withoutOffset);
  const binary = inventory.binary(path);
  const last = name.at(-1) ?? '';
  if (!binary || last === '' || name.length > (provider === 'usdt' ? 2 : 1) || !/^[\w.$@*]+$/.test(last) || /^(?:0x[\da-f]+|\d+)$/i.test(last)) return undefined;
  const known = counts.get(binary) ?? new Map<string, number>();
  counts.set(binary, known);
  const key = `${provider === 'usdt' ? 'usdt' : 'uprobe'}:${name.join(':')}`;
  const count = known.get(key) ?? (provider === 'usdt' ? binary.markersLike(last, name.length > 1 ? name[0] : '*').length : functionsLike(binary, last));
  known.set(key, count);
  const mangled = count === 0 && provider !== 'usdt' && MANGLED.some((pattern) => binary.functions(pattern, 1).length > 0);
  return mangled ? undefined : count;
}

/** The function that was probably meant, as `bpftrace -l` prints it. */
export function similarInBinary(provider: BinaryProvider, parts: readonly string[], inventory: Inventory): string | undefined {
  const [path = '', name = ''] = parts;
  // A path in quotes would have to be quoted again.
  const near = provider === 'usdt' || !/^[\w/.+-]+$/.test(path) ? undefined : inventory.binary(path)?.similarFunctions(withoutOffset(name), 1)[0];
  return near === undefined ? undefined : `${provider}:${path}:${near}`;
}

function functionsLike(binary: Binary, name: string): number {
  return name.includes('*') ? binary.functions(name, Infinity).length : Number(binary.hasFunction(name));
}
