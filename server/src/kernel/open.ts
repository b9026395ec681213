import { UserError } from '../base/error.ts';
import { Btf } from './btf/btf.ts';
import { BtfKernelTypes } from './btf/kernel-types.ts';
import { kfuncsOf } from './btf/kfuncs.ts';
import { readHelpers, type Helpers } from './helpers.ts';
import type { Inventory, KernelTypes } from './inventory.ts';
import { functionListings, KERNEL } from './probes/functions.ts';
import { Probes } from './probes/index.ts';
import type { Listings } from './probes/listing.ts';
import { iterListing, PERF, tracepointListings } from './probes/listings.ts';
import { textOf, type KernelRecord } from './record.ts';
import { TracepointFormats } from './tracepoint/formats.ts';
import { runInTurns, runWhenIdle, type Steps } from './turns.ts';
import { writeVmlinuxHeader } from './vmlinux-h/write.ts';

export interface OpenOptions {
  readonly source: Inventory['source'];
  readonly label: string;
}

/**
 * Opens what was read from a kernel, in turns. Nothing is copied out of the record. What takes longest to put in order is
 * done while nobody asks, or when it is asked for. Rejects with a UserError when its BTF is damaged.
 */
export async function openInventory(record: KernelRecord, options: OpenOptions): Promise<Inventory> {
  const { inventory, ahead } = await runInTurns(open(record, options));
  // What is damaged is told to whoever asks for it.
  runWhenIdle(ahead).catch(() => undefined);
  return inventory;
}

interface Opened {
  readonly inventory: Inventory;
  /** Makes ahead what will be asked for. */
  readonly ahead: Steps<undefined>;
}

function* open(record: KernelRecord, options: OpenOptions): Steps<Opened> {
  const { types, btfs } = yield* openTypes(record);
  const kernel = types.get(KERNEL);
  const named: KernelTypes = kernel ?? NO_TYPES;
  const formats = yield* TracepointFormats.of(textOf(record.formats), named);
  yield;
  const listings: readonly Listings[] = [
    PERF,
    ...(kernel ? [iterListing(kernel)] : []),
    ...(record.formats ? tracepointListings(formats.names(), named) : []),
    ...(record.functions ? functionListings({ functions: record.functions, blacklist: record.blacklist, types }) : []),
  ];
  let helpers: Helpers | undefined;
  let kfuncs: readonly string[] | undefined;
  const inventory: Inventory = {
    release: record.release,
    arch: record.arch,
    source: options.source,
    label: options.label,
    probes: new Probes(listings),
    types: named,
    tracepoint: (category, event) => formats.get(category, event),
    func: remembering((name) => findFunction(types, name)),
    // What is no kernel's is filled in by who knows the machine.
    binary: () => undefined,
    helpers: (programType) => (helpers ??= readHelpers(record.features)).get(programType),
    kfuncs: () => (kfuncs ??= [...new Set(btfs.flatMap(kfuncsOf))].sort()),
    vmlinuxHeader: (modules = []) => kernel && writeVmlinuxHeader(kernel.types.btf, modules.map((name) => moduleBtf(types, name, options.label))),
  };
  return { inventory, ahead: makeAhead(listings, kernel) };
}

function* makeAhead(listings: readonly Listings[], kernel: BtfKernelTypes | undefined): Steps<undefined> {
  for (const sort of ['struct', 'func', 'typedef'] as const) {
    yield;
    if (kernel) yield* kernel.names(sort).prepare();
  }
  for (const { made } of listings) yield* made.ahead();
  return undefined;
}

/** The kernel's types and those of its modules. */
function* openTypes(record: KernelRecord): Steps<{ readonly types: ReadonlyMap<string, BtfKernelTypes>; readonly btfs: readonly Btf[] }> {
  const types = new Map<string, BtfKernelTypes>();
  if (!record.btf) return { types, btfs: [] };
  const btf = new Btf(record.btf);
  const btfs = [btf];
  const kernel = new BtfKernelTypes(btf);
  types.set(KERNEL, kernel);
  for (const [module, bytes] of record.moduleBtf) {
    yield;
    const split = new Btf(bytes, btf);
    btfs.push(split);
    types.set(module, new BtfKernelTypes(split, kernel));
  }
  return { types, btfs };
}

function moduleBtf(types: ReadonlyMap<string, BtfKernelTypes>, name: string, label: string): Btf {
  const module = name === KERNEL ? undefined : types.get(name);
  if (!module) throw new UserError('missing', `Nothing is known of the types of a module ${name} on ${label}: it is not loaded there, or part of the kernel itself.`);
  return module.types.btf;
}

/** Names looked up again and again while a program is written; those no module has take longest. */
const REMEMBERED = 1_000;

function remembering<T>(find: (name: string) => T): (name: string) => T {
  const known = new Map<string, { readonly found: T }>();
  return (name) => {
    const before = known.get(name) ?? { found: find(name) };
    if (known.size >= REMEMBERED) known.clear();
    known.set(name, before);
    return before.found;
  };
}

function findFunction(types: ReadonlyMap<string, BtfKernelTypes>, name: string): ReturnType<Inventory['func']> {
  for (const [module, known] of types) {
    const proto = known.func(name);
    if (proto) return { proto, module };
  }
  return undefined;
}

/** A kernel without BTF. */
const NO_TYPES: KernelTypes = {
  struct: () => undefined,
  union: () => undefined,
  enum: () => undefined,
  typedef: () => undefined,
  enumerator: () => undefined,
  namesWith: () => [],
};
