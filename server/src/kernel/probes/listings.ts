import type { KernelTypes, ListedProvider } from '../inventory.ts';
import { Later, type Steps } from '../turns.ts';
import { KERNEL } from './functions.ts';
import type { Listing, Listings } from './listing.ts';
import { NameTable } from './name-table.ts';

/** Longer than any kernel's list of names with one prefix. */
const ALL = 100_000;

/** Tracepoints and raw tracepoints from the names of all events, `sched:sched_switch`. */
export function tracepointListings(events: readonly string[], types: KernelTypes): readonly Listings[] {
  return [one('tracepoint', tracepoints(events)), one('rawtracepoint', rawTracepoints(events, types))];
}

function one(provider: ListedProvider, listing: Steps<Listing>): Listings {
  const alone = function* (): Steps<readonly Listing[]> {
    return [yield* listing];
  };
  return { providers: [provider], made: new Later(alone()) };
}

function* tracepoints(events: readonly string[]): Steps<Listing> {
  const table = yield* tableOf(events.map((event) => event.replace(/^([^:]*):(.*)$/, '$2 [$1]')));
  return { provider: 'tracepoint', table, group: 'required', print: 'group:name' };
}

/**
 * System calls have no raw tracepoints of their own. BTF also names those that have no event (`sched_entry_tp`) or
 * that are in a module not loaded; bpftrace up to 0.24 does not list them.
 */
function* rawTracepoints(events: readonly string[], types: KernelTypes): Steps<Listing> {
  const withEvent = new Set(events.filter((event) => !event.startsWith('syscalls:')).map((event) => event.slice(event.indexOf(':') + 1)));
  yield;
  const prefix = 'btf_trace_';
  const inBtf = types.namesWith('typedef', prefix, ALL).map((name) => name.slice(prefix.length));
  const table = yield* tableOf([...withEvent, ...inBtf]);
  return { provider: 'rawtracepoint', table, group: 'optional', print: 'name', listed: (row) => withEvent.has(table.name(row)) };
}

/** Iterators: the kernel has a struct for the context of each. */
export function iterListing(types: KernelTypes): Listings {
  return one('iter', iterators(types));
}

function* iterators(types: KernelTypes): Steps<Listing> {
  const prefix = 'bpf_iter__';
  const names = types.namesWith('struct', prefix, ALL).map((name) => name.slice(prefix.length));
  // `bpf_iter__task__safe_trusted` tells the verifier something of `bpf_iter__task`.
  return { provider: 'iter', table: yield* tableOf(names.filter((name) => !name.includes('__'))), group: 'none', print: 'name' };
}

/** Events of the perf subsystem that bpftrace has names for: the same on every kernel. */
export const PERF: Listings = { providers: ['software', 'hardware'], made: new Later(perfListings()) };

function* perfListings(): Steps<readonly Listing[]> {
  const software = yield* tableOf('alignment-faults bpf-output context-switches cpu cpu-clock cpu-migrations cs dummy emulation-faults faults major-faults minor-faults page-faults task-clock'.split(' '));
  const hardware = yield* tableOf('backend-stalls branch-instructions branch-misses branches bus-cycles cache-misses cache-references cpu-cycles cycles frontend-stalls instructions ref-cycles'.split(' '));
  return [
    { provider: 'software', table: software, group: 'none', print: 'name:' },
    { provider: 'hardware', table: hardware, group: 'none', print: 'name:' },
  ];
}

function* tableOf(lines: readonly string[]): Steps<NameTable> {
  yield;
  const text = [...lines].sort().map((line) => `${line}\n`).join('');
  yield;
  return yield* NameTable.of(new TextEncoder().encode(text), KERNEL);
}
