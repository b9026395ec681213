import type { BtfKernelTypes } from '../btf/kernel-types.ts';
import type { Steps } from '../turns.ts';
import { textOf } from '../record.ts';
import type { Listing } from './listing.ts';
import { NameTable } from './name-table.ts';

/** Name of the kernel itself where modules are named. */
export const KERNEL = 'vmlinux';

/** What one can do with each traceable function, a bit each. */
const KPROBE = 1;
const KPROBE_LISTED = 2;
const FENTRY = 4;
const FENTRY_LISTED = 8;
/** The row before has the same name. */
const REPEATED = 16;

/** bpftrace lists functions for `fentry` up to this many parameters; the kernel takes more. */
const LISTED_PARAMETERS = 6;
/** Rows looked up in one step: under two milliseconds. */
const ROWS_A_STEP = 500;

export interface FunctionSources {
  /** Lines of `available_filter_functions`. */
  readonly functions: Uint8Array;
  readonly blacklist: Uint8Array | undefined;
  /** By module, the kernel's own under its name; a module whose functions are not known is not among them. */
  readonly types: ReadonlyMap<string, BtfKernelTypes>;
}

/** kprobe, kretprobe, fentry and fexit: four views of one table of functions. */
export function* functionListings({ functions, blacklist, types }: FunctionSources): Steps<readonly Listing[]> {
  const table = yield* NameTable.of(functions, KERNEL);
  const forbidden = new Set(textOf(blacklist).split('\n'));
  const flags = new Uint8Array(table.count);
  const typesOf = table.groups.map((group) => types.get(group));
  const hasBtf = types.has(KERNEL);
  for (let row = 0; row < table.count; row++) {
    if (row % ROWS_A_STEP === 0) yield;
    const name = table.name(row);
    // A place the kernel's build left over, no function.
    if (name.startsWith('__ftrace_invalid_address__')) continue;
    const repeated = table.repeats(row) ? REPEATED : 0;
    const kprobe = forbidden.has(name) ? 0 : KPROBE;
    const fentry = hasBtf ? fentryFlags(table, row, typesOf[table.groupNumber(row)]) : 0;
    flags[row] = repeated | (kprobe === 0 || isUnlisted(name) ? (kprobe | fentry) & ~FENTRY_LISTED : kprobe | fentry | KPROBE_LISTED);
  }
  const flag = (bit: number) => (row: number): boolean => ((flags[row] ?? 0) & bit) !== 0;
  const kprobe = { table, group: 'optional', print: 'name', repeated: flag(REPEATED), attachable: flag(KPROBE), listed: flag(KPROBE_LISTED) } as const;
  const fentry = { table, group: 'optional', print: 'group:name', attachable: flag(FENTRY), listed: flag(FENTRY_LISTED) } as const;
  const both = [{ ...kprobe, provider: 'kprobe' }, { ...kprobe, provider: 'kretprobe' }] as const;
  return hasBtf ? [...both, { ...fentry, provider: 'fentry' }, { ...fentry, provider: 'fexit' }] : both;
}

/** A module's functions are taken to be known to its BTF when that was not read. */
function fentryFlags(table: NameTable, row: number, types: BtfKernelTypes | undefined): number {
  if (!types) return FENTRY | FENTRY_LISTED;
  const start = table.start(row);
  const func = types.names('func').find(table.bytes, start, start + table.length(row));
  const parameters = func === 0 ? undefined : types.types.parameterCount(func);
  if (parameters === undefined) return 0;
  return parameters <= LISTED_PARAMETERS ? FENTRY | FENTRY_LISTED : FENTRY;
}

/** What bpftrace 0.21 and newer leave out of lists and wildcards, though one can attach there (0.17 lists `rcu_*`). */
function isUnlisted(name: string): boolean {
  return name.startsWith('rcu_') || name.includes('.part.') || name === 'bpf_dispatcher_xdp_func';
}
