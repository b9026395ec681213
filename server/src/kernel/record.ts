import { UserError } from '../base/error.ts';

/** What was read from one kernel, as it was read: an inventory is opened from it, and it is what is stored. */
export interface KernelRecord {
  /** Kernel release as `uname -r` prints it. */
  readonly release: string;
  readonly arch: string;
  /** `PRETTY_NAME` of os-release; empty when there is none. */
  readonly distribution: string;
  /** See `Facts.kernelId`. */
  readonly kernelId?: string;
  /** The modules whose types and functions are in it, with their builds as `Facts.modules` tells them. */
  readonly modules?: Modules;
  /** The modules that were loaded when the formats and the blacklist were read; `modules` when absent. */
  readonly loaded?: Modules;
  /** `/sys/kernel/btf/vmlinux`. */
  readonly btf?: Uint8Array;
  /** `/sys/kernel/btf/MODULE` by module: split BTF upon that of the kernel. */
  readonly moduleBtf: ReadonlyMap<string, Uint8Array>;
  /** Lines of `available_filter_functions`: `NAME` or `NAME [MODULE]`. Absent when it could not be read. */
  readonly functions?: Uint8Array;
  /** Names of functions that are on the list but not for kprobes, one a line (the kernel's kprobes/blacklist). */
  readonly blacklist?: Uint8Array;
  /** What `grep -H field: CATEGORY/EVENT/format` prints of all tracepoints. Absent when they could not be read. */
  readonly formats?: Uint8Array;
  /** What `bpftool -j feature probe kernel` prints. Absent when there was no bpftool, or no root. */
  readonly features?: Uint8Array;
}

type Modules = Readonly<Record<string, string>>;

const FIRST_LINE = 'kgent-kernel 1';

/**
 * One file of a record: a first line that tells what it is, a line of JSON with the plain values and the lengths of the
 * parts, then the parts one after the other. It is stored compressed.
 */
export function encodeRecord(record: KernelRecord): Uint8Array {
  const parts = partsOf(record);
  const { release, arch, distribution, kernelId, modules, loaded } = record;
  const header = { release, arch, distribution, kernelId, modules, loaded, parts: parts.map(([name, bytes]) => [name, bytes.length]) };
  const head = new TextEncoder().encode(`${FIRST_LINE}\n${JSON.stringify(header)}\n`);
  const file = new Uint8Array(parts.reduce((sum, [, bytes]) => sum + bytes.length, head.length));
  file.set(head);
  let at = head.length;
  for (const [, bytes] of parts) {
    file.set(bytes, at);
    at += bytes.length;
  }
  return file;
}

/** The parts share the file's memory. Throws UserError when it is none, or damaged. */
export function decodeRecord(file: Uint8Array): KernelRecord {
  const firstEnd = file.indexOf(10);
  const headEnd = file.indexOf(10, firstEnd + 1);
  const decoder = new TextDecoder();
  if (firstEnd < 0 || headEnd < 0 || decoder.decode(file.subarray(0, firstEnd)) !== FIRST_LINE) throw damaged('it does not begin as one');
  const { parts, ...plainValues } = readHeader(decoder.decode(file.subarray(firstEnd + 1, headEnd)));
  const bytesOf = new Map<string, Uint8Array>();
  let at = headEnd + 1;
  for (const [name, length] of parts) {
    if (at + length > file.length) throw damaged('it is cut off');
    bytesOf.set(name, file.subarray(at, at + length));
    at += length;
  }
  const moduleBtf = new Map([...bytesOf].filter(([name]) => name.startsWith('btf/')).map(([name, bytes]) => [name.slice(4), bytes]));
  const plain = PLAIN.flatMap((name) => (bytesOf.has(name) ? [[name, bytesOf.get(name)] as const] : []));
  return { ...plainValues, moduleBtf, ...(Object.fromEntries(plain) as Partial<Record<(typeof PLAIN)[number], Uint8Array>>) };
}

/** Bytes of the kernel as text; what it prints of itself is ASCII. */
export function textOf(bytes: Uint8Array = new Uint8Array()): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

const PLAIN = ['btf', 'functions', 'blacklist', 'formats', 'features'] as const;

function partsOf(record: KernelRecord): (readonly [string, Uint8Array])[] {
  const plain = PLAIN.flatMap((name) => (record[name] ? [[name, record[name]] as const] : []));
  return [...plain, ...[...record.moduleBtf].map(([name, bytes]) => [`btf/${name}`, bytes] as const)];
}

interface Header {
  readonly release: string;
  readonly arch: string;
  readonly distribution: string;
  readonly kernelId?: string;
  readonly modules?: Modules;
  readonly loaded?: Modules;
  readonly parts: readonly (readonly [string, number])[];
}

function readHeader(text: string): Header {
  try {
    const { release, arch, distribution, kernelId, modules, loaded, parts } = JSON.parse(text) as Header;
    const isPart = (part: unknown): boolean => Array.isArray(part) && typeof part[0] === 'string' && Number.isInteger(part[1]) && part[1] >= 0;
    if ([release, arch, distribution, kernelId ?? ''].every((value) => typeof value === 'string') && [modules, loaded].every(isModules) && parts.every(isPart)) {
      return { release, arch, distribution, ...(kernelId === undefined ? {} : { kernelId }), ...(modules && { modules }), ...(loaded && { loaded }), parts };
    }
  } catch {
    // Told below.
  }
  throw damaged('its header cannot be read');
}

function isModules(value: unknown): boolean {
  return value === undefined || (typeof value === 'object' && value !== null && Object.values(value).every((id) => typeof id === 'string'));
}

function damaged(how: string): UserError {
  return new UserError('damaged-kernel-file', `The file of a kernel's inventory cannot be read: ${how}.`);
}
