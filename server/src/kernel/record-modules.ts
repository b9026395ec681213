import type { Facts } from './facts.ts';
import { textOf, type KernelRecord } from './record.ts';

/** What of a record is not, or no longer, as it is on a machine that runs the same kernel. */
export interface Stale {
  /** Modules whose types and functions must be read. */
  readonly modules: readonly string[];
}

/**
 * What must be read again for this machine. `all`: more than modules. Undefined when the record is right as it is, but for
 * modules that are not loaded there: `forModules` leaves those out.
 */
export function staleParts(record: KernelRecord, { modules, tracefs, root }: Pick<Facts, 'modules' | 'tracefs' | 'root'>): 'all' | Stale | undefined {
  // It was read before tracefs was mounted there.
  if (tracefs && root !== 'none' && !record.formats) return 'all';
  const known = record.modules ?? {};
  const fresh = Object.keys(modules).filter((name) => known[name] !== modules[name]);
  return fresh.length > 0 || !sameModules(record.loaded ?? known, modules) ? { modules: fresh } : undefined;
}

/** The record as it is for a machine that has only these of its modules loaded. */
export function forModules(record: KernelRecord, loaded: Facts['modules']): KernelRecord {
  const modules = record.modules ?? {};
  const gone = new Set(Object.keys(modules).filter((name) => loaded[name] !== modules[name]));
  if (gone.size === 0) return record;
  return {
    ...record,
    modules: without(modules, gone),
    moduleBtf: new Map([...record.moduleBtf].filter(([name]) => !gone.has(name))),
    ...(record.functions && { functions: linesOfOthers(record.functions, gone) }),
  };
}

/** A record with what was read later: types and functions of `fresh` modules take the place of what it had of them, lists that of its lists. */
export function withParts(record: KernelRecord, fresh: KernelRecord, loaded: Facts['modules']): KernelRecord {
  const replaced = new Set(Object.keys(fresh.modules ?? {}));
  return {
    ...record,
    modules: { ...record.modules, ...fresh.modules },
    loaded,
    moduleBtf: new Map([...[...record.moduleBtf].filter(([name]) => !replaced.has(name)), ...fresh.moduleBtf]),
    ...(record.functions && { functions: merged(linesOfOthers(record.functions, replaced), fresh.functions) }),
    ...(fresh.formats && { formats: fresh.formats }),
    ...(fresh.blacklist && { blacklist: fresh.blacklist }),
  };
}

function sameModules(a: Facts['modules'], b: Facts['modules']): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

function without(modules: Facts['modules'], names: ReadonlySet<string>): Facts['modules'] {
  return Object.fromEntries(Object.entries(modules).filter(([name]) => !names.has(name)));
}

/** Lines of `available_filter_functions` that are of none of the modules. */
function linesOfOthers(functions: Uint8Array, modules: ReadonlySet<string>): Uint8Array {
  if (modules.size === 0) return functions;
  const pattern = new RegExp(`^.* \\[(?:${[...modules].map((name) => name.replace(/\W/g, '\\$&')).join('|')})\\]\n`, 'gm');
  return Buffer.from(textOf(functions).replaceAll(pattern, ''), 'latin1');
}

/** Sorted lines of both, by their bytes. */
function merged(functions: Uint8Array, more: Uint8Array | undefined): Uint8Array {
  if (!more || more.length === 0) return functions;
  const lines = `${textOf(functions)}${textOf(more)}`.split('\n').filter((line) => line !== '');
  return Buffer.from(lines.sort().map((line) => `${line}\n`).join(''), 'latin1');
}
