/** A function as one kernel has it. */
export interface KernelFunction {
  /** `vmlinux` for the kernel itself. */
  readonly module: string;
  /** `ssize_t vfs_read(struct file *file, char *buf, size_t count, loff_t *pos)`. */
  readonly proto: string;
}

/** A field of a tracepoint as its format declares it. */
export interface KernelField {
  readonly name: string;
  /** `const char *name`, `unsigned long args[6]`, `__data_loc char[] comm`. */
  readonly declaration: string;
  /** Bytes in the record. */
  readonly size: number;
}

export interface KernelTracepoint {
  readonly module: string;
  readonly fields: readonly KernelField[];
}

/** What specs are held against: the functions and tracepoints of a kernel with its modules. */
export interface KernelTables {
  /** By name. The kernel's own stands first, then those of modules by their names: static functions may share one. */
  readonly functions: ReadonlyMap<string, readonly KernelFunction[]>;
  /** Functions that programs may call, by name. Empty for kernels before 6.10, whose BTF does not mark them. */
  readonly kfuncs: ReadonlyMap<string, KernelFunction>;
  /** By `CATEGORY:EVENT`. */
  readonly tracepoints: ReadonlyMap<string, KernelTracepoint>;
  /** Declarations of members by name, by type: `struct sock`, `refcount_t`. A member of a nameless struct stands behind a dot: `key.saddr`. */
  readonly structs: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** Heads of the sections of kfuncs begin so; else a head is a module's name. */
const KFUNCS = 'kfuncs ';

/**
 * Reads the texts that `scripts/kernel-data.mjs` writes. Functions: a line `=MODULE` or `=kfuncs MODULE`, then prototypes. Tracepoints:
 * a line `CATEGORY:EVENT MODULE`, then for each field its size and declaration. Structs: a line `=TYPE`, then its members.
 */
export function readKernelTables(text: { readonly functions: string; readonly tracepoints: string; readonly structs: string }): KernelTables {
  return { ...readFunctions(text.functions), tracepoints: readTracepoints(text.tracepoints), structs: readStructs(text.structs) };
}

function readFunctions(text: string): Pick<KernelTables, 'functions' | 'kfuncs'> {
  const functions = new Map<string, KernelFunction[]>();
  const kfuncs = new Map<string, KernelFunction>();
  let head = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('=')) head = line.slice(1);
    const name = line.startsWith('=') ? undefined : nameOf(line);
    if (name === undefined) continue;
    if (head.startsWith(KFUNCS)) {
      kfuncs.set(name, { module: head.slice(KFUNCS.length), proto: line });
      continue;
    }
    const known = functions.get(name);
    const found = { module: head, proto: line };
    if (!known) functions.set(name, [found]);
    else if (head === 'vmlinux') known.unshift(found);
    else known.push(found);
  }
  return { functions, kfuncs };
}

/** Parameters hold parentheses only behind the one of the function itself. */
function nameOf(proto: string): string | undefined {
  return /^[^(]*?([\w.]+)\(/.exec(proto)?.[1];
}

function readTracepoints(text: string): ReadonlyMap<string, KernelTracepoint> {
  const tracepoints = new Map<string, KernelTracepoint & { readonly fields: KernelField[] }>();
  let fields: KernelField[] = [];
  for (const line of text.split('\n')) {
    const [, size, declaration] = /^(\d+) (.+)$/.exec(line) ?? [];
    if (size !== undefined && declaration !== undefined) {
      fields.push({ name: fieldName(declaration), declaration, size: Number(size) });
      continue;
    }
    const [, id, module] = /^([^ :]+:[^ ]+) (\S+)$/.exec(line) ?? [];
    if (id === undefined || module === undefined) continue;
    fields = [];
    tracepoints.set(id, { module, fields });
  }
  return tracepoints;
}

function readStructs(text: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const structs = new Map<string, Map<string, string>>();
  let members = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (line.startsWith('=')) {
      members = new Map<string, string>();
      structs.set(line.slice(1), members);
    } else if (line !== '') members.set(memberName(line), line);
  }
  return structs;
}

/** Of `int (*fn)(void)`, `char buf[16]`, `u8 flag : 1`, `u32 key.saddr`. */
function memberName(declaration: string): string {
  return (/\(\*([\w.]+)\)/.exec(declaration) ?? /([\w.]+)(?:\[\d*\])*(?: : \d+)?$/.exec(declaration))?.[1] ?? '';
}

function fieldName(declaration: string): string {
  return (/\(\*(\w+)\)/.exec(declaration) ?? /(\w+)(?:\[[^\]]*\])*$/.exec(declaration))?.[1] ?? '';
}

/** What is asked for: a spec, as far as it matters here. */
export interface Described {
  /** `kprobe:vfs_read`, `fentry:xfs:xfs_file_open`, `tracepoint:sched:sched_switch`; a bare name for a kfunc, `struct sock.sk_err` for a field. */
  readonly id: string;
  readonly kind: string;
  /** `module xfs` among them tells apart functions of one name. */
  readonly needs?: readonly string[] | undefined;
}

/**
 * The true prototype of what a spec describes: that of the first of these kernels that has it. Undefined where none has,
 * and for what is no function, tracepoint or field of a kernel.
 */
export function prototypeOf(spec: Described, kernels: readonly KernelTables[]): string | undefined {
  for (const kernel of kernels) {
    const proto = inKernel(spec, kernel);
    if (proto !== undefined) return proto;
  }
  return undefined;
}

function inKernel({ id, kind, needs = [] }: Described, { functions, kfuncs, tracepoints, structs }: KernelTables): string | undefined {
  if (kind === 'field') return fieldOf(id, structs);
  if (kind === 'kfunc') return kfuncs.get(id)?.proto;
  const [provider = '', ...parts] = id.split(':');
  if (provider === 'tracepoint') return tracepoints.get(parts.join(':'))?.fields.map(({ declaration }) => declaration).join('; ');
  if (!/^(?:kprobe|kretprobe|fentry|fexit)$/.test(provider)) return undefined;
  const modules = [...parts.slice(0, -1), ...needs.flatMap((need) => /^module (\S+)$/.exec(need)?.[1]?.replaceAll('-', '_') ?? [])];
  const found = functions.get(parts.at(-1) ?? '');
  return (found?.find(({ module }) => modules.includes(module)) ?? found?.[0])?.proto;
}

/** Follows `struct sock.__sk_common.skc_dport` through the structs; a field is declared under its last name. */
function fieldOf(id: string, structs: KernelTables['structs']): string | undefined {
  const [type = '', ...path] = id.split('.');
  const members = structs.get(type);
  for (let taken = 1; members && taken <= path.length; taken++) {
    const name = path.slice(0, taken).join('.');
    const declaration = members.get(name);
    if (declaration === undefined) continue;
    if (taken === path.length) return declaration.replace(name, path.at(-1) ?? '');
    const inner = declaration.replace(/(?:\[\d*\])*$/, '').slice(0, -name.length).trim();
    const within = fieldOf([inner, ...path.slice(taken)].join('.'), structs);
    // Members of a nameless struct stand under their longer name.
    if (within !== undefined) return within;
  }
  return undefined;
}
