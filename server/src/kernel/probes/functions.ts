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
const NAMES_A_STEP = 50;

export interface FunctionSources {
  /** Lines of `available_filter_functions`. */
  readonly functions: Uint8Array;
  readonly blacklist: Uint8Array | undefined;
  /** By module, the kernel's own under its name; a module whose functions are not known is not among them. */
  readonly types: ReadonlyMap<string, BtfKernelTypes>;
}

/**
 * kprobe, kretprobe, fentry and fexit: four views of one table of functions. Which of them BTF knows takes longest to find,
 * and is found by itself: whoever asks of a kprobe does not wait for it.
 */
export function functionListings(sources: FunctionSources): readonly Listings[] {
  const table = new Later(NameTable.of(sources.functions, KERNEL));
  const kprobes: Listings = { providers: ['kprobe', 'kretprobe'], made: new Later(kprobeListings(table, sources)), early: (name) => isKprobe(sources, name) };
  return sources.types.has(KERNEL) ? [kprobes, { providers: ['fentry', 'fexit'], made: new Later(fentryListings(table, sources)) }] : [kprobes];
}

/** Looked up in the text as it was read, in about a millisecond: putting it in order takes a hundred. */
function isKprobe({ functions, blacklist }: FunctionSources, name: string): boolean {
  return /^[\w.$]+$/.test(name) && hasName(functions, name) && !(blacklist && hasName(blacklist, name)) && !name.startsWith(NO_FUNCTION.slice(0, -1));
}

/** Whether a line is the name, or begins with it and a module. */
function hasName(text: Uint8Array, name: string): boolean {
  const lines = Buffer.from(text.buffer, text.byteOffset, text.length);
  const wanted = Buffer.from(name, 'latin1');
  for (let at = lines.indexOf(wanted); at >= 0; at = lines.indexOf(wanted, at + 1)) {
    const end = lines[at + wanted.length];
    if ((at === 0 || lines[at - 1] === NEWLINE) && (end === undefined || end === NEWLINE || end === SPACE)) return true;
  }
  return false;
}

const NEWLINE = 10;
const SPACE = 32;

const flagIn = (flags: Uint8Array, bit: number) => (row: number): boolean => ((flags[row] ?? 0) & bit) !== 0;

function* kprobeListings(later: Later<NameTable>, { blacklist }: FunctionSources): Steps<readonly Listing[]> {
  yield* later.ahead();
  const table = later.get();
  const flags = new Uint8Array(table.count);
  yield* markKprobes(table, flags);
  yield* clearAll(table, flags, blacklist, KPROBE | KPROBE_LISTED, KPROBE_LISTED);
  const kprobe = { table, group: 'optional', print: 'name', repeated: flagIn(flags, REPEATED), attachable: flagIn(flags, KPROBE), listed: flagIn(flags, KPROBE_LISTED) } as const;
  return [{ ...kprobe, provider: 'kprobe' }, { ...kprobe, provider: 'kretprobe' }];
}

function* fentryListings(later: Later<NameTable>, { blacklist, types }: FunctionSources): Steps<readonly Listing[]> {
  yield* later.ahead();
  const table = later.get();
  const flags = new Uint8Array(table.count);
  yield* markFentry(table, types, flags);
  yield* clearAll(table, flags, blacklist, FENTRY | FENTRY_LISTED, FENTRY_LISTED);
  const fentry = { table, group: 'optional', print: 'group:name', attachable: flagIn(flags, FENTRY), listed: flagIn(flags, FENTRY_LISTED) } as const;
  return [{ ...fentry, provider: 'fentry' }, { ...fentry, provider: 'fexit' }];
}

/** Takes back what was said of functions that cannot be attached to, and of those that lists leave out. */
function* clearAll(table: NameTable, flags: Uint8Array, blacklist: Uint8Array | undefined, attachable: number, listed: number): Steps<undefined> {
  const names = textOf(blacklist).split('\n');
  yield* inPieces(names.length, NAMES_A_STEP, (from, to) => {
    for (const name of names.slice(from, to)) clear(table, name, flags, attachable);
  });
  for (const pattern of UNLISTED) {
    clear(table, pattern, flags, listed);
    yield;
  }
  clear(table, NO_FUNCTION, flags, 0xff);
  return undefined;
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
