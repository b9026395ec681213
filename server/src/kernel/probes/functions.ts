import type { BtfKernelTypes } from '../btf/kernel-types.ts';
import { inPieces, Later, type Steps } from '../turns.ts';
import { textOf } from '../record.ts';
import type { Listing, Listings } from './listing.ts';
import { NameTable } from './name-table.ts';
import { compilePattern } from './pattern.ts';

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
export function functionListings(sources: FunctionSources): Listings {
  return { providers: sources.types.has(KERNEL) ? ['kprobe', 'kretprobe', 'fentry', 'fexit'] : ['kprobe', 'kretprobe'], made: new Later(listings(sources)) };
}

function* listings({ functions, blacklist, types }: FunctionSources): Steps<readonly Listing[]> {
  const table = yield* NameTable.of(functions, KERNEL);
  const flags = new Uint8Array(table.count);
  if (types.has(KERNEL)) yield* markFentry(table, types, flags);
  yield* markKprobes(table, flags);
  for (const name of textOf(blacklist).split('\n')) clear(table, name, flags, KPROBE | KPROBE_LISTED | FENTRY_LISTED);
  yield;
  for (const pattern of UNLISTED) clear(table, pattern, flags, KPROBE_LISTED | FENTRY_LISTED);
  clear(table, NO_FUNCTION, flags, 0xff);
  const flag = (bit: number) => (row: number): boolean => ((flags[row] ?? 0) & bit) !== 0;
  const kprobe = { table, group: 'optional', print: 'name', repeated: flag(REPEATED), attachable: flag(KPROBE), listed: flag(KPROBE_LISTED) } as const;
  const fentry = { table, group: 'optional', print: 'group:name', attachable: flag(FENTRY), listed: flag(FENTRY_LISTED) } as const;
  const both = [{ ...kprobe, provider: 'kprobe' }, { ...kprobe, provider: 'kretprobe' }] as const;
  return types.has(KERNEL) ? [...both, { ...fentry, provider: 'fentry' }, { ...fentry, provider: 'fexit' }] : both;
}

function markFentry(table: NameTable, types: FunctionSources['types'], flags: Uint8Array): Steps<undefined> {
  const typesOf = table.groups.map((group) => types.get(group));
  return inPieces(table.count, ROWS_A_STEP, (from, to) => {
    for (let row = from; row < to; row++) flags[row] = fentryFlags(table, row, typesOf[table.groupNumber(row)]);
  });
}

function markKprobes(table: NameTable, flags: Uint8Array): Steps<undefined> {
  return inPieces(table.count, ROWS_A_STEP, (from, to) => {
    for (let row = from; row < to; row++) flags[row] = (flags[row] ?? 0) | KPROBE | KPROBE_LISTED | (table.repeats(row) ? REPEATED : 0);
  });
}

function clear(table: NameTable, pattern: string, flags: Uint8Array, bits: number): void {
  table.scan(compilePattern(pattern), () => true, (row) => {
    flags[row] = (flags[row] ?? 0) & ~bits;
    return true;
  });
}

/** What bpftrace 0.21 and newer leave out of lists and wildcards, though one can attach there (0.17 lists `rcu_*`). */
const UNLISTED = ['rcu_*', '*.part.*', 'bpf_dispatcher_xdp_func'];
/** A place the kernel's build left over. */
const NO_FUNCTION = '__ftrace_invalid_address__*';

/** A module's functions are taken to be known to its BTF when that was not read. */
function fentryFlags(table: NameTable, row: number, types: BtfKernelTypes | undefined): number {
  if (!types) return FENTRY | FENTRY_LISTED;
  const start = table.start(row);
  const func = types.names('func').find(table.bytes, start, start + table.length(row));
  const parameters = func === 0 ? undefined : types.types.parameterCount(func);
  if (parameters === undefined) return 0;
  return parameters <= LISTED_PARAMETERS ? FENTRY | FENTRY_LISTED : FENTRY;
}
