import { Btf } from './btf/btf.ts';
import { BtfKernelTypes } from './btf/kernel-types.ts';
import type { Inventory, KernelTypes } from './inventory.ts';
import { functionListings, KERNEL } from './probes/functions.ts';
import { Probes } from './probes/index.ts';
import { iterListing, perfListings, tracepointListings } from './probes/listings.ts';
import type { KernelRecord } from './record.ts';
import { TracepointFormats } from './tracepoint/formats.ts';

export interface OpenOptions {
  readonly source: Inventory['source'];
  readonly label: string;
  /** Lets others have a turn; called at least each 20 ms. */
  readonly pause?: () => Promise<void>;
}

/** Opens what was read from a kernel. Nothing is copied out of the record. Throws UserError when its BTF is damaged. */
export async function openInventory(record: KernelRecord, options: OpenOptions): Promise<Inventory> {
  const pause = options.pause ?? (() => new Promise<void>((resolve) => void setImmediate(resolve)));
  const types = await openTypes(record, pause);
  const kernel = types.get(KERNEL);
  const named: KernelTypes = kernel ?? NO_TYPES;
  const formats = new TracepointFormats(new TextDecoder('latin1').decode(record.formats), named);
  await pause();
  const listings = [
    ...perfListings(),
    ...(kernel ? [iterListing(kernel)] : []),
    ...(record.formats ? tracepointListings(formats.names(), named) : []),
    ...(record.functions ? await functionListings({ functions: record.functions, blacklist: record.blacklist, types, pause }) : []),
  ];
  return {
    release: record.release,
    arch: record.arch,
    source: options.source,
    label: options.label,
    probes: new Probes(listings),
    types: named,
    tracepoint: (category, event) => formats.get(category, event),
    func: (name) => findFunction(types, name),
  };
}

/** The kernel's types and those of its modules, with the indexes that all need already made. */
async function openTypes(record: KernelRecord, pause: () => Promise<void>): Promise<ReadonlyMap<string, BtfKernelTypes>> {
  const types = new Map<string, BtfKernelTypes>();
  if (!record.btf) return types;
  const btf = new Btf(record.btf);
  const kernel = new BtfKernelTypes(btf);
  types.set(KERNEL, kernel);
  for (const sort of ['func', 'struct', 'typedef'] as const) {
    await pause();
    kernel.names(sort);
  }
  for (const [module, bytes] of record.moduleBtf) {
    await pause();
    types.set(module, new BtfKernelTypes(new Btf(bytes, btf), kernel));
  }
  return types;
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
