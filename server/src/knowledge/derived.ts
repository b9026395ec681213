import { declareFunction } from '../kernel/ctype.ts';
import type { Inventory } from '../kernel/inventory.ts';
import type { Item } from './items.ts';
import { parametersOf } from './parameters.ts';

/** To be raised when this file would make other items of the same kernel. */
export const DERIVED_VERSION = 1;

/** Attach points described in one step: less than a millisecond, for most of it is reading prototypes. */
const AT_ONCE = 50;

/** Functions that tracepoints and system calls are made of: one attaches to those, or to what they call. */
const MACHINERY = /^kprobe:(?:__probestub|__traceiter|__bpf_trace|perf_trace|trace_event_raw_event|trace_raw_output|__cfi|__do_sys|__se_sys|__ia32_|__probe)_?/;

/**
 * The attach points of a kernel that nobody described, told by what their names and types say: its functions (as `kprobe:`, which stands for
 * all ways to attach to one) and its tracepoints, some at a time. `described`: ids to leave out.
 */
export function* derivedItems(inventory: Inventory, described: (id: string) => boolean): Generator<readonly Item[], undefined, undefined> {
  for (const ids of pointsOf(inventory)) {
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const left = ids.slice(from, from + AT_ONCE).filter((id) => !described(id) && !MACHINERY.test(id));
      if (left.length > 0) yield left.map((id) => (id.startsWith('kprobe:') ? functionItem(id, inventory) : tracepointItem(id, inventory)));
    }
  }
  return undefined;
}

/** What names of functions begin with. */
const BEGINNINGS = '_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** All attach points, some thousands at a time: to list all at once takes too long for one turn. */
function* pointsOf({ probes }: Inventory): Generator<readonly string[], undefined, undefined> {
  yield probes.matches('tracepoint', ['*', '*'], Infinity);
  for (const beginning of BEGINNINGS) yield probes.matches('kprobe', [`${beginning}*`], Infinity);
  return undefined;
}

function functionItem(id: string, inventory: Inventory): Item {
  const name = id.slice('kprobe:'.length);
  const known = inventory.func(name);
  return derivedFunction(name, known && { proto: declareFunction(known.proto, name), module: known.module });
}

function tracepointItem(id: string, inventory: Inventory): Item {
  const [, category = '', event = ''] = id.split(':');
  return derivedTracepoint(category, event, (inventory.tracepoint(category, event)?.fields ?? []).map((field) => field.name));
}

/** `known`: its prototype, `ssize_t vfs_read(struct file *file, …)`, and the module it is in; absent where the kernel has no types of it. */
export function derivedFunction(name: string, known: { readonly proto: string; readonly module: string } | undefined): Item {
  const module = known && known.module !== 'vmlinux' ? known.module : '';
  const summary = `${known?.proto ?? 'Function of the kernel, of unknown arguments'}${module === '' ? '' : `, of module ${module}`}`;
  return itemOf(`kprobe:${name}`, summary, name, [module, ...typesOf(known?.proto ?? '')]);
}

export function derivedTracepoint(category: string, event: string, fields: readonly string[]): Item {
  const summary = fields.length === 0 ? 'Event without fields' : `Event with ${fields.join(', ')}`;
  return itemOf(`tracepoint:${category}:${event}`, summary, `${category} ${event}`, fields);
}

/** The name says most of what there is to be known. */
function itemOf(id: string, summary: string, name: string, further: readonly string[]): Item {
  return { kind: 'attach-point', id, summary, fields: [{ text: name, weight: 2 }, { text: further.join(' '), weight: 0.3 }], about: name };
}

function typesOf(proto: string): string[] {
  return parametersOf(proto).map(({ type, name }) => `${type.replaceAll(/\b(?:struct|const|unsigned|int|long|char|void|enum|union)\b|[^\w\s]/g, ' ')} ${name}`);
}
