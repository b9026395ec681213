import type { Span } from '../../../base/span.ts';
import type { CAnalysis } from '../../../language/bpfc/analysis/analyze.ts';
import type { Section } from '../../../language/bpfc/catalogue/sections.ts';
import { readSection } from '../../../language/bpfc/catalogue/sections.ts';
import { functionsOf, type PlacedCItem } from '../../../language/bpfc/syntax/document.ts';
import { child, type Cst } from '../../../language/bpftrace/syntax/cst.ts';
import { localsOfC, type CLocal } from '../../language/check/c-locals.ts';

/** Code that is looked at as a whole: a function's body, or what a macro of the program's own stands for. */
export interface Piece {
  readonly kind: 'function' | 'macro';
  readonly name: string;
  readonly placed: PlacedCItem;
  readonly body: Cst;
  readonly params: readonly { readonly name: string; /** As it is written; empty for a macro's. */ readonly type: string }[];
  readonly locals: readonly CLocal[];
  /** The type of what a function gives back, as it is written. */
  readonly returns: string;
  /** What a program is attached to. */
  readonly section: Section | undefined;
}

/** Reads one text as C. */
export type ReadC = (text: string) => Cst | undefined;

const HEAD = 'void macro(void) {';
/** `#define NAME(a, b) body`, the body going on behind `\` at ends of lines. */
const DEFINE = /^#\s*define\s+(\w+)\(([^)]*)\)/;

export function piecesOf({ document }: CAnalysis, read: ReadC): readonly Piece[] {
  const functions = functionsOf(document).flatMap(({ placed, fn }): Piece[] => {
    const body = placed.item.tree && bodyIn(placed.item.tree, fn.body);
    const section = fn.section && readSection(fn.section.name);
    return body ? [{ kind: 'function', name: fn.name, placed, body, params: fn.params, locals: localsOfC(placed), returns: fn.returns.replace(/\b(?:static|inline|extern|__(?:always_inline|noinline|weak|hidden))\b/g, ' ').trim(), section }] : [];
  });
  return [...functions, ...document.items.flatMap((placed) => macroOf(placed, read) ?? [])];
}

function bodyIn(tree: Cst, body: Span | undefined): Cst | undefined {
  return body && tree.children.flatMap((node) => [node, ...node.children]).find(({ type, start, end }) => type === 'compound_statement' && start <= body.start && body.end <= end);
}

/** A macro with parameters whose body is code; those that build names or strings are not looked at. */
function macroOf({ start, item }: PlacedCItem, read: ReadC): Piece | undefined {
  const [head, name, params] = DEFINE.exec(item.text) ?? [];
  if (head === undefined || name === undefined || params === undefined) return undefined;
  const code = item.text.slice(head.length).replaceAll(/\\\r?\n/g, (line) => ' '.repeat(line.length)).replace(/\/\/.*$/, '').trimEnd();
  if (code.trim() === '' || code.includes('#')) return undefined;
  const text = `${HEAD}${code};}`;
  const tree = read(text);
  const body = tree && bodyIn(tree, { start: HEAD.length, end: text.length });
  if (!tree || !body || broken(body)) return undefined;
  const from = start + head.length - HEAD.length;
  const placed: PlacedCItem = { start: from, end: from + text.length, item: { text, tree, declaration: item.declaration, calls: [], words: new Set() } };
  const names = params.split(',').map((param) => param.trim()).filter((param) => /^\w+$/.test(param));
  return { kind: 'macro', name, placed, body, params: names.map((one) => ({ name: one, type: '' })), locals: localsOfC(placed), returns: '', section: undefined };
}

function broken(node: Cst): boolean {
  return node.type === 'ERROR' || node.missing || node.children.some(broken);
}

export const textOf = ({ placed }: Piece, node: Span | undefined): string => (node ? placed.item.text.slice(node.start, node.end) : '');

const EXPRESSION = /_expression$|^identifier$|_literal$|^initializer_list$|^true$|^false$|^null$|^concatenated_string$/;
export const isExpression = ({ type }: Cst): boolean => EXPRESSION.test(type);

/** What a call is given. */
export function argumentsOf(call: Cst): readonly Cst[] {
  return (child(call, 'arguments')?.children ?? []).filter(({ type }) => !/^(?:[(),]|comment)$/.test(type));
}

/** Without parentheses around it. */
export function bareC(node: Cst): Cst {
  const inner = node.type === 'parenthesized_expression' ? node.children.find(isExpression) : undefined;
  return inner ? bareC(inner) : node;
}

/** Without casts and parentheses. */
export function uncast(node: Cst): Cst {
  const at = bareC(node);
  const inner = at.type === 'cast_expression' ? child(at, 'value') : undefined;
  return inner ? uncast(inner) : at;
}

/** The operator of a binary expression or an assignment, as it is written. */
export function operatorOf(node: Cst): string {
  return child(node, 'operator')?.type ?? '';
}
