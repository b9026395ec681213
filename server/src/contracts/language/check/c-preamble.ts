import type { Span } from '../../../base/span.ts';
import type { CMember, CType, Name } from '../../../language/bpftrace/syntax/ast.ts';
import { child, type Cst } from '../../../language/bpftrace/syntax/cst.ts';
import type { Document, PlacedItem } from '../../../language/bpftrace/syntax/document.ts';
import type { CDocument } from '../../../language/bpfc/syntax/document.ts';
import type { CItem } from '../../../language/bpfc/syntax/item.ts';

/** Made once for each piece: bpftrace's checker keeps what it learnt of the same objects. */
const made = new WeakMap<CItem, readonly CType[]>();

/** The structs, unions, enums and typedefs of a C program as bpftrace has them in its preamble; `all`: also those whose layout is not known, for their fields' names and types. */
export function preambleOf({ text, items }: CDocument, which: 'laid-out' | 'all' = 'laid-out'): Document {
  const types = items.flatMap((placed): PlacedItem[] => typesOf(placed.item, which).map((item) => ({ start: placed.start, end: placed.end, item, plain: true, faults: [] })));
  return { text, items: types, comments: [] };
}

/** What C lays out in another way, or what the preprocessor decides, is left out: then nothing is known of it. */
const UNSURE = /__attribute__|__packed|__aligned|preserve_access_index|^\s*#\s*(?:if|else|elif)/m;
const KIND = /^(?:(struct|union|enum)_specifier|type_definition)$/;

function typesOf(item: CItem, which: 'laid-out' | 'all'): readonly CType[] {
  const { declaration, text } = item;
  if (declaration.kind === 'function' || declaration.kind === 'directive' || (which === 'laid-out' && UNSURE.test(text))) return [];
  const found = made.get(item) ?? specifiers(item.tree).flatMap((node) => typeOf(text, node) ?? []);
  made.set(item, found);
  return found;
}

/** Those that define something, by themselves or for a variable. */
function specifiers(tree: Cst | undefined): Cst[] {
  return (tree?.children ?? []).flatMap((node) => (node.type === 'declaration' ? node.children : [node])).filter(({ type }) => KIND.test(type));
}

const sliced = (text: string, { start, end }: Span): string => text.slice(start, end);
const nameAt = (text: string, at: Cst): Name => ({ kind: 'name', text: sliced(text, at), start: at.start, end: at.end });

function typeOf(text: string, node: Cst): CType | undefined {
  const tag = KIND.exec(node.type)?.[1];
  const type = tag === undefined ? child(node, 'type') : node;
  const name = tag === undefined ? innermost(child(node, 'declarator')).name : child(node, 'name');
  const body = type && child(type, 'body');
  if ((tag !== undefined && !body) || !type || (!name && tag !== 'enum')) return undefined;
  const members = type.type === 'enum_specifier' ? enumerators(text, body) : membersOf(text, body);
  if (!members) return undefined;
  return { kind: 'c-type', tag: tag === undefined ? 'typedef' : (tag as 'struct' | 'union' | 'enum'), text: sliced(text, node), members, start: node.start, end: node.end, ...(name && { name: nameAt(text, name) }) };
}

function enumerators(text: string, body: Cst | undefined): CMember[] {
  return (body?.children ?? []).filter(({ type }) => type === 'enumerator').map((node) => {
    const name = child(node, 'name');
    const value = child(node, 'value');
    return { start: node.start, end: node.end, type: '', pointers: 0, arrays: [], ...(name && { name: nameAt(text, name) }), ...(value && { value: sliced(text, value) }) };
  });
}

/** Undefined when something in it is not understood. */
function membersOf(text: string, body: Cst | undefined): CMember[] | undefined {
  const found: CMember[] = [];
  for (const node of body?.children ?? []) {
    if (/^[{};]$|^comment$/.test(node.type)) continue;
    const members = node.type === 'field_declaration' ? declared(text, node) : undefined;
    if (!members) return undefined;
    found.push(...members);
  }
  return found;
}

function declared(text: string, node: Cst): CMember[] | undefined {
  const type = child(node, 'type');
  if (!type || node.children.some(({ type: kind }) => kind === 'ERROR')) return undefined;
  const inner = child(type, 'body');
  const nested = inner && type.type !== 'enum_specifier' ? membersOf(text, inner) : undefined;
  if (inner && !nested && type.type !== 'enum_specifier') return undefined;
  const base = { start: node.start, end: node.end, type: sliced(text, { start: type.start, end: inner ? inner.start : type.end }).replaceAll(/\s+/g, ' ').trim(), ...(nested && { members: nested, union: type.type === 'union_specifier' }) };
  const width = node.children.find(({ type: kind }) => kind === 'bitfield_clause');
  const bits = width ? Number(sliced(text, width).replace(':', '')) : undefined;
  const declarators = node.children.filter(({ field }) => field === 'declarator');
  if (declarators.length === 0) return [{ ...base, pointers: 0, arrays: [] }];
  return declarators.map((declarator) => {
    const { name, pointers, arrays, functionPointer } = innermost(declarator);
    return { ...base, pointers, arrays: arrays.map((array) => sliced(text, array)), ...(name && { name: nameAt(text, name) }), ...(functionPointer && { functionPointer }), ...(bits !== undefined && Number.isInteger(bits) && { bits }) };
  });
}

interface Declared {
  readonly name: Cst | undefined;
  readonly pointers: number;
  /** With their brackets, the outer ones first. */
  readonly arrays: readonly Span[];
  readonly functionPointer?: true;
}

function innermost(declarator: Cst | undefined): Declared {
  const arrays: Span[] = [];
  let pointers = 0;
  let at = declarator;
  let functionPointer = false;
  while (at && !/identifier$/.test(at.type)) {
    const inner: Cst | undefined = child(at, 'declarator') ?? at.children.find(({ type }) => /declarator$|identifier$/.test(type));
    if (at.type === 'pointer_declarator') pointers++;
    else if (at.type === 'array_declarator') arrays.unshift({ start: inner?.end ?? at.start, end: at.end });
    else if (at.type === 'function_declarator') functionPointer = true;
    at = inner;
  }
  return { name: at, pointers: functionPointer ? 0 : pointers, arrays, ...(functionPointer && { functionPointer }) };
}
