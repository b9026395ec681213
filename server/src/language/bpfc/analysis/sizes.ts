import { resolve, type CType } from '../../../kernel/ctype.ts';
import { child, type Cst } from '../../bpftrace/syntax/cst.ts';
import type { CItem } from '../syntax/item.ts';
import type { CShared } from './shared.ts';

/** Bytes of C's own types and of those that BPF programs use for them, on 64-bit machines. */
const SIZES: Readonly<Record<string, number>> = {
  char: 1, __u8: 1, u8: 1, uint8_t: 1, __s8: 1, s8: 1, int8_t: 1, bool: 1, _Bool: 1, 'unsigned char': 1, 'signed char': 1,
  short: 2, 'unsigned short': 2, __u16: 2, u16: 2, uint16_t: 2, __s16: 2, s16: 2, int16_t: 2, __be16: 2, __le16: 2,
  int: 4, unsigned: 4, 'unsigned int': 4, __u32: 4, u32: 4, uint32_t: 4, __s32: 4, s32: 4, int32_t: 4, __be32: 4, __le32: 4, pid_t: 4, uid_t: 4, gid_t: 4,
  long: 8, 'unsigned long': 8, 'long long': 8, 'unsigned long long': 8, __u64: 8, u64: 8, uint64_t: 8, __s64: 8, s64: 8, int64_t: 8, __be64: 8, __le64: 8, size_t: 8, ssize_t: 8,
};

interface Tables {
  /** What macros without parameters stand for. */
  readonly constants: ReadonlyMap<string, string>;
  /** Structs and unions that the document declares. */
  readonly structs: ReadonlyMap<string, { readonly item: CItem; readonly node: Cst }>;
  readonly aliases: ReadonlySet<string>;
}

const tables = new WeakMap<CShared, Tables>();

function tablesOf(shared: CShared): Tables {
  const known = tables.get(shared);
  if (known) return known;
  const constants = new Map<string, string>();
  const structs = new Map<string, { item: CItem; node: Cst }>();
  const aliases = new Set<string>();
  for (const item of shared.items) {
    const define = /^#\s*define\s+(\w+)[ \t]+([^\n]*)/.exec(item.text);
    // What is defined twice depends on what the preprocessor finds.
    if (define?.[1] !== undefined) constants.set(define[1], constants.has(define[1]) ? '?' : (define[2] ?? '').replace(/\/[/*].*$/, '').trim());
    if (/^\s*typedef\b/.test(item.text) && item.declaration.kind === 'other') item.declaration.names.forEach((name) => aliases.add(name));
    for (const node of item.tree?.children ?? []) {
      const name = child(node, 'name');
      if (/^(?:struct|union)_specifier$/.test(node.type) && name && child(node, 'body')) structs.set(item.text.slice(name.start, name.end), { item, node });
    }
  }
  const made = { constants, structs, aliases };
  tables.set(shared, made);
  return made;
}

interface Layout {
  readonly size: number;
  readonly align: number;
}

/** Deepest nesting of types and constants that is followed. */
const MAX_DEPTH = 12;

/** Bytes of a type as it is written in the document; undefined where that cannot be told without the compiler. */
export function sizeOfType(written: string, shared: CShared): number | undefined {
  return layoutOf(written, shared, 0)?.size;
}

function layoutOf(written: string, shared: CShared, depth: number): Layout | undefined {
  const text = written.replace(/\b(?:const|volatile|static)\b/g, ' ').replace(/\s+/g, ' ').trim();
  if (depth > MAX_DEPTH) return undefined;
  if (/\*$/.test(text)) return { size: 8, align: 8 };
  const { structs, aliases } = tablesOf(shared);
  const array = /^(.*?)((?:\s*\[[^\]]*\])+)$/.exec(text);
  if (array) return repeated(layoutOf(array[1] ?? '', shared, depth + 1), array[2] ?? '', shared);
  const struct = /^(?:struct|union) (\w+)$/.exec(text)?.[1];
  if (struct !== undefined) {
    const own = structs.get(struct);
    if (own) return membersOf(own.node, own.item, shared, depth + 1);
    return shared.declared.has(struct) ? undefined : kernelLayout(shared.inventory.types.struct(struct));
  }
  if (/^enum \w+$/.test(text)) return { size: 4, align: 4 };
  const size = aliases.has(text) ? undefined : SIZES[text];
  return size === undefined ? undefined : { size, align: size };
}

function kernelLayout(type: CType | undefined): Layout | undefined {
  const at = type && resolve(type);
  // How it is aligned matters only where it is part of another one; 8 is the rule for what holds a pointer.
  return at?.kind === 'struct' || at?.kind === 'union' ? { size: at.size, align: at.size % 8 === 0 ? 8 : at.size % 4 === 0 ? 4 : 1 } : undefined;
}

function repeated(of: Layout | undefined, brackets: string, shared: CShared): Layout | undefined {
  if (!of) return undefined;
  let size = of.size;
  for (const [, text = ''] of brackets.matchAll(/\[([^\]]*)\]/g)) {
    const count = numberOf(text, shared);
    if (count === undefined) return undefined;
    size *= count;
  }
  return { size, align: of.align };
}

/** A struct or union with its body, laid out as C does. */
function membersOf(node: Cst, item: CItem, shared: CShared, depth: number): Layout | undefined {
  // Attributes may pack or align it.
  if (/__attribute__|__packed|__aligned|#/.test(item.text)) return undefined;
  const union = node.type === 'union_specifier';
  let size = 0;
  let align = 1;
  for (const field of child(node, 'body')?.children ?? []) {
    if (/^[{};]$|comment/.test(field.type)) continue;
    const members = field.type === 'field_declaration' ? fieldLayouts(field, item, shared, depth) : undefined;
    if (!members) return undefined;
    for (const member of members) {
      align = Math.max(align, member.align);
      size = union ? Math.max(size, member.size) : Math.ceil(size / member.align) * member.align + member.size;
    }
  }
  return { size: Math.ceil(size / align) * align, align };
}

function fieldLayouts(field: Cst, item: CItem, shared: CShared, depth: number): Layout[] | undefined {
  const type = child(field, 'type');
  if (!type || field.children.some(({ type: kind }) => kind === 'bitfield_clause' || kind === 'ERROR')) return undefined;
  const inner = /^(?:struct|union)_specifier$/.test(type.type) && child(type, 'body');
  const base = inner ? membersOf(type, item, shared, depth + 1) : layoutOf(item.text.slice(type.start, type.end), shared, depth + 1);
  const declarators = field.children.filter(({ field: role }) => role === 'declarator');
  if (declarators.length === 0) return base && [base];
  const found = declarators.map((declarator) => declared(declarator, base, item, shared));
  return found.every((layout) => layout !== undefined) ? found : undefined;
}

function declared(declarator: Cst, base: Layout | undefined, item: CItem, shared: CShared): Layout | undefined {
  switch (declarator.type) {
    case 'field_identifier':
      return base;
    case 'pointer_declarator':
      return { size: 8, align: 8 };
    case 'array_declarator': {
      const of = child(declarator, 'declarator');
      const count = child(declarator, 'size');
      return of && count && repeated(declared(of, base, item, shared), `[${item.text.slice(count.start, count.end)}]`, shared);
    }
    default:
      return undefined;
  }
}

/** A number: one that is written, a macro that stands for one, `sizeof`, and some that are multiplied, shifted or added. */
export function numberOf(text: string, shared: CShared, depth = 0): number | undefined {
  const whole = text.trim();
  if (depth > MAX_DEPTH || whole === '') return undefined;
  const of = /^sizeof ?\( ?([^()]+?) ?\)$/.exec(whole.replace(/\s+/g, ' '))?.[1];
  if (of !== undefined) return sizeOfType(of, shared);
  const within = /^\(([^()]*(?:\([^()]*\)[^()]*)*)\)$/.exec(whole)?.[1];
  if (within !== undefined) return numberOf(within, shared, depth + 1);
  if (/^(?:0x[\da-f]+|\d+)[ul]*$/i.test(whole)) return Number(whole.replace(/(?<=^(?:0x[\da-f]+|\d+))[ul]+$/i, ''));
  if (/^\w+$/.test(whole)) return numberOf(tablesOf(shared).constants.get(whole) ?? '', shared, depth + 1);
  for (const [operator, apply] of OPERATORS) {
    const at = splitAt(whole, operator);
    if (at === undefined) continue;
    const left = numberOf(whole.slice(0, at), shared, depth + 1);
    const right = numberOf(whole.slice(at + operator.length), shared, depth + 1);
    return left === undefined || right === undefined ? undefined : apply(left, right);
  }
  return undefined;
}

/** Those that bind less first. */
const OPERATORS: readonly (readonly [string, (a: number, b: number) => number])[] = [
  ['<<', (a, b) => a * 2 ** b],
  ['+', (a, b) => a + b],
  ['-', (a, b) => a - b],
  ['*', (a, b) => a * b],
];

/** The last place of an operator outside of brackets. */
function splitAt(text: string, operator: string): number | undefined {
  let depth = 0;
  for (let at = text.length - operator.length; at > 0; at--) {
    if (text[at] === ')') depth++;
    else if (text[at] === '(') depth--;
    else if (depth === 0 && text.startsWith(operator, at)) return at;
  }
  return undefined;
}
