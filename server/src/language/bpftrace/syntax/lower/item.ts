import type { Span } from '../../../../base/span.ts';
import type { AttachPoint, Block, Config, Directive, Func, Import, Item, Macro, MapDecl, Name, Probe } from '../ast.ts';
import { child, type Cst } from '../cst.ts';
import { cType } from './c-type.ts';
import { name, parts, span, textOf, type Context } from './context.ts';
import { at, expr, isExpr, mapAccess } from './expr.ts';
import { block, statements, variable } from './stmt.ts';
import { typeRef } from './types.ts';

type Lower = (context: Context, node: Cst) => Item;

const LOWER: Readonly<Record<string, Lower>> = {
  preproc_include: directive,
  preproc_define: directive,
  preproc_directive: directive,
  struct_definition: cType,
  struct_declaration: (c, n) => ({ ...cType(c, n), forward: true }),
  enum_definition: cType,
  type_definition: cType,
  config_block: config,
  import_statement: (c, n): Import => ({ kind: 'import', ...span(n), path: unquoted(textOf(c, child(n, 'path') ?? { start: n.end, end: n.end })) }),
  map_declaration: mapDecl,
  macro_definition: macro,
  function_definition: func,
};

/** The item of a kind of its own, when the parser found one. */
export function item(context: Context, root: Cst): Item | undefined {
  const main = parts(root).find((part) => part.type in LOWER);
  return main && LOWER[main.type]?.(context, main);
}

/**
 * A probe. Its attach points come from the segmenter, which knows them in any text; the rest from the tree, whatever
 * recovery made of it.
 */
export function probe(context: Context, root: Cst, attachPoints: readonly Span[]): Probe {
  const whole = parts(root).find((part) => part.type === 'probe');
  const first = attachPoints[0] ?? { start: 0, end: 0 };
  const header = { start: first.start, end: attachPoints.at(-1)?.end ?? first.end };
  const base = { kind: 'probe', start: 0, end: context.text.length, attachPoints: attachPoints.map((place) => attachPoint(context, place)), header } as const;
  const predicate = find(root, 'predicate');
  const body = whole && child(whole, 'body');
  return {
    ...base,
    ...(predicate && { predicate: at(context, predicate, 'condition'), predicateSpan: span(predicate) }),
    body: body?.type === 'block' ? block(context, body) : brokenBody(context, root, header.end),
  };
}

/** Everything behind the header that recovery could save. */
function brokenBody(context: Context, root: Cst, headerEnd: number): Block {
  const brace = context.text.indexOf('{', headerEnd);
  const start = brace < 0 ? headerEnd : brace;
  const holders = root.children.filter((part) => part.type === 'ERROR' || part.type === 'probe');
  const saved = [root, ...holders].flatMap((holder) => statements(context, { ...holder, children: holder.children.filter((part) => part.start >= start && !holders.includes(part)) }));
  return { kind: 'block', start, end: context.text.length, statements: saved };
}

/** The first node of this type near the root. */
function find(root: Cst, type: string): Cst | undefined {
  for (const part of root.children) {
    if (part.type === type) return part;
    const inner = part.type === 'probe' || part.type === 'ERROR' ? part.children.find((p) => p.type === type) : undefined;
    if (inner) return inner;
  }
  return undefined;
}

/** `uprobe:"/a:b":f+1`: the colons in quotes separate nothing. */
export function attachPoint(context: Context, place: Span): AttachPoint {
  const text = textOf(context, place);
  const labelled = /^([A-Za-z_]\w*)=/.exec(text);
  const from = labelled?.[0].length ?? 0;
  const names: Name[] = [];
  for (const match of text.slice(from).matchAll(/(?:"(?:\\.|[^"\\])*"?|[^":])+|(?<=:)(?=:|$)/g)) {
    const before = /^\s*/.exec(match[0])?.[0].length ?? 0;
    const start = place.start + from + match.index + before;
    names.push(name(context, { start, end: start + match[0].trim().length }));
  }
  const [provider = name(context, place), ...rest] = names;
  const label = labelled?.[1] && name(context, { start: place.start, end: place.start + labelled[1].length });
  return { kind: 'attach-point', ...span(place), text, ...(label && { label }), provider, parts: rest };
}

/** `#include <a.h>`, `#define A(x) x`, … as written. */
export function directive(context: Context, node: Span): Directive {
  const text = textOf(context, node);
  const [, before = '#', word = ''] = /^(#[ \t]*)([a-z_]*)/.exec(text) ?? [];
  const base = { kind: 'directive', ...span(node), name: word, text } as const;
  const from = before.length + word.length;
  const rest = text.slice(from);
  const within = (start: number, length: number): Name => name(context, { start: node.start + from + start, end: node.start + from + start + length });
  if (word === 'include') {
    const path = /[<"]([^>"]*)/.exec(rest);
    return path ? { ...base, subject: within(path.index + 1, (path[1] ?? '').length) } : base;
  }
  const defined = word === 'define' ? /^(\s+)([A-Za-z_]\w*)(?:\(([^)]*)\))?/.exec(rest) : null;
  if (!defined) return base;
  const [head, space = '', subject = '', params] = defined;
  const value = rest.slice(head.length).trim();
  return { ...base, subject: within(space.length, subject.length), ...(params !== undefined && { params: params.split(',').map((p) => p.trim()).filter((p) => p !== '') }), value };
}

function config(context: Context, node: Cst): Config {
  const entries = parts(node)
    .filter((part) => part.type === 'config_assignment')
    .map((part) => ({ name: named(context, part, 'key'), value: at(context, part, 'value') }));
  return { kind: 'config', ...span(node), entries };
}

function mapDecl(context: Context, node: Cst): MapDecl {
  const map = child(node, 'name');
  const args = child(node, 'arguments');
  return {
    kind: 'map-decl',
    ...span(node),
    map: map ? mapAccess(context, map) : { kind: 'map', start: node.end, end: node.end, name: '', nameSpan: { start: node.end, end: node.end } },
    type: named(context, node, 'type'),
    args: args ? parts(args).filter(isExpr).map((part) => expr(context, part)) : [],
  };
}

function macro(context: Context, node: Cst): Macro {
  const params = parts(child(node, 'parameters') ?? node).flatMap((part): Macro['params'][number][] => {
    if (part.type === 'variable') return [variable(context, part, part.end)];
    if (part.type === 'map') return [mapAccess(context, part)];
    return part.type === 'identifier' && part.field !== 'name' ? [{ kind: 'identifier', ...span(part), name: textOf(context, part) }] : [];
  });
  return { kind: 'macro', ...span(node), name: named(context, node, 'name'), params, body: bodyOf(context, node) };
}

function func(context: Context, node: Cst): Func {
  const params = parts(child(node, 'parameters') ?? node)
    .filter((part) => part.type === 'parameter')
    .map((part) => {
      const type = child(part, 'type');
      return { variable: variable(context, child(part, 'name'), part.start), type: typeRef(context, type ?? { ...part, start: part.end, children: [] }, expr) };
    });
  const returns = child(node, 'return_type');
  return { kind: 'func', ...span(node), name: named(context, node, 'name'), params, ...(returns && { returns: typeRef(context, returns, expr) }), body: bodyOf(context, node) };
}

function bodyOf(context: Context, node: Cst): Block {
  const body = child(node, 'body');
  return body ? block(context, body) : { kind: 'block', start: node.end, end: node.end, statements: [] };
}

function named(context: Context, node: Cst, role: string): Name {
  return name(context, child(node, role) ?? { start: node.end, end: node.end });
}

function unquoted(text: string): string {
  return text.replace(/^"/, '').replace(/"$/, '');
}
