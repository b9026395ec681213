import type { CMember, CType, Name } from '../ast.ts';
import { child, type Cst } from '../cst.ts';
import { name, parts, span, textOf, type Context } from './context.ts';

/** A struct, union, enum or typedef of the C preamble. */
export function cType(context: Context, node: Cst): CType {
  const base = { kind: 'c-type', ...span(node), text: textOf(context, node) } as const;
  const named = (holder: Cst): { name?: Name } => {
    const found = child(holder, 'name');
    return found ? { name: name(context, found) } : {};
  };
  if (node.type === 'enum_definition') return { ...base, tag: 'enum', ...named(node), members: enumerators(context, child(node, 'body')) };
  if (node.type === 'type_definition') return typedef(context, node, base);
  const tag = child(node, 'kind')?.type === 'union' ? 'union' : 'struct';
  return { ...base, tag, ...named(node), members: members(context, child(node, 'body')) };
}

function typedef(context: Context, node: Cst, base: { kind: 'c-type'; start: number; end: number; text: string }): CType {
  const declarator = child(node, 'declarator');
  const type = child(node, 'type');
  const body = type && child(type, 'body');
  const found = declarator && innermost(declarator);
  return {
    ...base,
    tag: 'typedef',
    ...(found?.name && { name: name(context, found.name) }),
    members: type?.type === 'enum_specifier' ? enumerators(context, body) : members(context, body),
  };
}

function enumerators(context: Context, body: Cst | undefined): CMember[] {
  return (body ? parts(body) : []).filter((part) => part.type === 'enumerator').map((part) => {
    const named = child(part, 'name');
    const value = child(part, 'value');
    return { ...span(part), ...(named && { name: name(context, named) }), type: '', pointers: 0, arrays: [], ...(value && { value: textOf(context, value) }) };
  });
}

function members(context: Context, body: Cst | undefined): CMember[] {
  return (body ? parts(body) : []).filter((part) => part.type === 'field_declaration').flatMap((part) => declared(context, part));
}

/** `unsigned int a : 3, *b[4];` declares two. */
function declared(context: Context, node: Cst): CMember[] {
  const type = child(node, 'type');
  const inner = type && child(type, 'body');
  const base = {
    ...span(node),
    type: typeText(context, node, type),
    ...(inner && type.type === 'struct_specifier' && { members: members(context, inner), union: child(type, 'kind')?.type === 'union' }),
  };
  const found: CMember[] = [];
  for (const part of parts(node)) {
    if (part.field === 'declarator') found.push({ ...base, ...declarator(context, part) });
    else if (part.type === 'bitfield') {
      const width = Number(textOf(context, child(part, 'width') ?? part));
      const last = found.pop() ?? { ...base, pointers: 0, arrays: [] };
      found.push({ ...last, ...(Number.isInteger(width) && { bits: width }) });
    }
  }
  return found.length > 0 ? found : [{ ...base, pointers: 0, arrays: [] }];
}

/** The type without its body and its qualifiers: `struct foo`, `unsigned int`. */
function typeText(context: Context, node: Cst, type: Cst | undefined): string {
  if (!type) return '';
  const body = child(type, 'body');
  const text = textOf(context, { start: type.start, end: body ? body.start : type.end });
  const tag = node.children.includes(type) && type.type === 'type_identifier' ? '' : (child(type, 'kind')?.type ?? '');
  return text.replaceAll(/\s+/g, ' ').trim() || tag;
}

interface Declared {
  readonly name?: Cst;
  readonly pointers: number;
  readonly arrays: readonly Cst[];
  readonly functionPointer: boolean;
}

function declarator(context: Context, node: Cst): Pick<CMember, 'name' | 'pointers' | 'arrays' | 'functionPointer'> {
  const found = innermost(node);
  return {
    ...(found.name && { name: name(context, found.name) }),
    pointers: found.functionPointer ? 0 : found.pointers,
    arrays: found.arrays.map((array) => textOf(context, { start: (child(array, 'declarator') ?? array).end, end: array.end }).trim()),
    ...(found.functionPointer && { functionPointer: true }),
  };
}

/** Follows pointers, arrays and parentheses of a declarator down to its name. */
function innermost(node: Cst): Declared {
  const arrays: Cst[] = [];
  let pointers = 0;
  let functionPointer = false;
  for (let inner: Cst | undefined = node; inner; inner = child(inner, 'declarator') ?? parts(inner).find((part) => /declarator$|^field_identifier$/.test(part.type))) {
    if (inner.type === 'field_identifier') return { name: inner, pointers, arrays: arrays.toReversed(), functionPointer };
    if (inner.type === 'pointer_declarator') pointers++;
    else if (inner.type === 'array_declarator') arrays.push(inner);
    else if (inner.type === 'function_declarator') functionPointer = true;
  }
  return { pointers, arrays: arrays.toReversed(), functionPointer };
}
