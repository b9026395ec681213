import type { Expr, Name, TypeRef } from '../ast.ts';
import { child, type Cst } from '../cst.ts';
import { name, parts, span, textOf, type Context } from './context.ts';

const TYPES = new Set(['primitive_type', 'type_identifier', 'struct_type', 'pointer_type', 'array_type', 'typeof_type']);

export function isType(node: Cst): boolean {
  return TYPES.has(node.type);
}

/** `expr` lowers the expression in a `typeof`. */
export function typeRef(context: Context, node: Cst, expr: (context: Context, node: Cst) => Expr): TypeRef {
  let core = node;
  let pointers = 0;
  const arrays: (number | null)[] = [];
  for (let inner: Cst | undefined = node; inner; inner = child(inner, 'type')) {
    core = inner;
    if (inner.type === 'pointer_type') pointers++;
    else if (inner.type === 'array_type') {
      const size = child(inner, 'size');
      arrays.unshift(size ? Number(textOf(context, size).replaceAll('_', '')) : null);
    } else break;
  }
  const base = { kind: 'type', ...span(node), pointers, arrays } as const;
  if (core.type === 'struct_type') {
    const tag = child(core, 'kind')?.type;
    return { ...base, tag: tag === 'union' || tag === 'enum' ? tag : 'struct', name: nameOf(context, core) };
  }
  if (core.type === 'typeof_type') return { ...base, tag: 'typeof', name: name(context, { start: core.start, end: core.start }), ...of(context, core, expr) };
  return { ...base, tag: 'name', name: name(context, core) };
}

function nameOf(context: Context, node: Cst): Name {
  return name(context, child(node, 'name') ?? { start: node.end, end: node.end });
}

function of(context: Context, node: Cst, expr: (context: Context, node: Cst) => Expr): { of?: TypeRef | Expr } {
  const inner = typeOrValue(context, node, expr);
  return inner ? { of: inner } : {};
}

/** What stands in `sizeof(…)` and its like. */
export function typeOrValue(context: Context, node: Cst, expr: (context: Context, node: Cst) => Expr): TypeRef | Expr | undefined {
  const type = child(node, 'type');
  if (type) return typeRef(context, type, expr);
  const value = parts(node).find((part) => part.field === 'value');
  return value && expr(context, value);
}
