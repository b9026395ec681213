import { declareFunction, printCType } from '../../../kernel/ctype.ts';
import type { Inventory } from '../../../kernel/inventory.ts';
import type { CProgram } from '../analysis/analyze.ts';
import { argumentText, memberPrototype, type Operation, prototypeOf } from '../analysis/prototype.ts';
import { callersOf, mayCall } from '../catalogue/allowed.ts';
import { helperSince, type Helper } from '../catalogue/helpers.ts';
import { kfuncCallers, kfuncNamed } from '../catalogue/kfuncs.ts';
import type { MapType } from '../catalogue/map-types.ts';
import { PROGRAM_TYPES, programType } from '../catalogue/program-types.ts';
import type { Section } from '../catalogue/sections.ts';

/** What there is to say of a helper, in paragraphs of Markdown. `programs` are those that call it. */
export function helperNotes(helper: Helper, inventory: Inventory, programs: readonly CProgram[]): string[] {
  const { name, summary, result, gplOnly, sleepable, invalidates } = helper;
  const since = helperSince(name);
  const facts = [since && `Since Linux ${since.join('.')}.`, gplOnly && 'Only for programs under the GPL.', sleepable && 'Only in programs that may sleep.'].filter(Boolean).join(' ');
  return [summary, ...(result === '' ? [] : [`Returns: ${result}`]), facts, ...(invalidates === undefined ? [] : [`No longer valid after it: ${lower(invalidates)}`]), ...who(name, inventory, programs)].filter((note) => note !== '');
}

function who(name: string, inventory: Inventory, programs: readonly CProgram[]): string[] {
  const own = [...new Set(programs.flatMap(({ type }) => type?.name ?? []))];
  const refused = own.filter((type) => mayCall(inventory, type, name) === 'no');
  const { types: callers, asked } = callersOf(inventory, PROGRAM_TYPES.map((type) => type.name), name);
  if (callers.length === 0 && refused.length === 0) return [];
  const not = refused.length > 0 ? `**Not for ${refused.join(', ')} programs.** ` : '';
  return [`${not}On ${asked ? inventory.label : 'Linux 6.18'}, these types of program may call it: ${callers.join(', ') || 'none'}.`];
}

function lower(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}

/** The prototype of a kernel function as C has it; undefined when the kernel's BTF does not tell. */
export function functionText(inventory: Inventory, name: string): string | undefined {
  const proto = inventory.func(name)?.proto;
  return proto && declareFunction(proto, name);
}

/** What there is to say of a kfunc, in paragraphs of Markdown. */
export function kfuncNotes(name: string, inventory: Inventory): string[] {
  const known = kfuncNamed(name);
  const facts = known ? [known.since && `Since Linux ${known.since.join('.')}.`, known.sleepable && 'Only in programs that may sleep.', known.who !== undefined && `For ${known.who}.`].filter(Boolean).join(' ') : '';
  const meaning = known ? [known.summary, ...(known.result === '' ? [] : [`Returns: ${known.result}`]), ...(facts === '' ? [] : [facts])] : [];
  return [...meaning, ...whoMayCall(name), kfuncThere(name, inventory)];
}

function whoMayCall(name: string): string[] {
  const types = kfuncCallers(name);
  return types ? [`May be called by: ${types.has('all') ? 'programs of every type' : [...types].sort().join(', ')} (Linux 6.12).`] : [];
}

function kfuncThere(name: string, inventory: Inventory): string {
  const listed = inventory.kfuncs();
  if (listed.includes(name)) return `A kfunc: a function of the kernel that programs may call, on ${inventory.label}. Declare it with \`extern … __ksym\`; vmlinux.h of newer tools does.`;
  return listed.length > 0 ? `**${inventory.label} has no kfunc of this name.**` : `Which kfuncs ${inventory.label} has cannot be told: kernels mark them since 6.10.`;
}

export function mapTypeNotes({ summary, since, key, value, entries, noPrealloc }: MapType): string[] {
  const keys = { any: 'of any type', index: 'of 4 bytes: an index', int: 'of 4 bytes, a file descriptor for user space', none: 'none', prefix: 'the prefix\'s length in bits as `__u32`, then the data' } as const;
  const values = { any: 'of any type', none: 'none', fd: 'of 4 bytes: a file descriptor for user space', id: 'of 4 bytes, or more for some kernels', map: 'maps, which `__array(values, …)` describes', stack: 'an array of 8-byte addresses' } as const;
  const sizes = { any: 'how many elements there can be', ring: 'the size in bytes: a power of two, whole pages', zero: 'must be left out', cpus: 'may be left out: one for each CPU', pages: 'the size in pages' } as const;
  return [summary, `Keys: ${keys[key]}.  \nValues: ${values[value]}.  \n\`max_entries\`: ${sizes[entries]}.${noPrealloc ? '  \nNeeds `BPF_F_NO_PREALLOC` in `map_flags`.' : ''}`, `Since Linux ${since.join('.')}.`];
}

/** What a section means: when the program runs, what it gets, what it returns. */
export function sectionNotes({ kind }: Section): string[] {
  const type = programType(kind.type);
  const since = kind.since ?? type?.since;
  const context = type?.context === undefined ? '' : ` Its context is \`struct ${type.context} *\`.`;
  return [
    kind.note,
    ...(type && type.summary !== kind.note ? [`Type of program: \`${type.name}\`. ${type.summary}${context}`] : []),
    ...(type ? [`Returns: ${type.returns}`] : []),
    ...(since ? [`Since Linux ${since.join('.')}.`] : []),
    ...(kind.instead === undefined ? [] : [`The older name of \`SEC("${kind.instead}")\`.`]),
  ];
}

/** What a program of a section gets on a kernel, as C; undefined when that is not known. */
export function sectionArguments(inventory: Inventory, section: Section, operation?: Operation): string | undefined {
  if (section.kind.attach === 'tracepoint') return tracepointText(inventory, section.target);
  const proto = operation && section.kind.type === 'struct_ops' ? memberPrototype(inventory, operation) : prototypeOf(inventory, section);
  if (!proto) return undefined;
  const result = proto.result && proto.result.kind !== 'void' ? `  → ${printCType(proto.result)}` : '';
  return `${proto.of.replace(/\(\)$/, '')}(${proto.arguments.map(argumentText).join(', ') || 'void'})${result}`;
}

function tracepointText(inventory: Inventory, target: string): string | undefined {
  const [category = '', event = ''] = target.split('/');
  const format = inventory.tracepoint(category, event);
  return format && [`/* ${category}:${event} */`, ...format.fields.map(({ typeText, name, offset, size }) => `${typeText} ${name}; /* offset ${offset}, ${size} bytes */`)].join('\n');
}
