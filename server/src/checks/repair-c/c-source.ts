import { LineIndex } from '../../base/line-index.ts';
import type { Span } from '../../base/span.ts';
import type { CFunctionItem } from '../../language/bpfc/syntax/item.ts';
import { functionsOf, mapsOf, type CDocument } from '../../language/bpfc/syntax/document.ts';
import type { Cst } from '../../language/bpftrace/syntax/cst.ts';

/** A node of a function's tree in offsets of the document, that knows what it stands in. */
export interface CNode extends Span {
  readonly type: string;
  readonly field: string | undefined;
  readonly parent: CNode | undefined;
  readonly children: readonly CNode[];
}

/** A function that has a body. */
export interface CFunction {
  readonly item: CFunctionItem;
  /** Its whole definition, the section before it included. */
  readonly span: Span;
  readonly body: CNode;
}

/** A local variable where it is declared. */
export interface CLocal {
  readonly name: string;
  /** The whole declaration and the part of it that is this variable's (`*p = x`). */
  readonly declaration: CNode;
  readonly declarator: CNode;
  /** The specifiers: `struct ethhdr`, `const char`. */
  readonly specifiers: string;
  readonly pointers: number;
  /** Texts between the brackets of an array. */
  readonly dimensions: readonly string[];
  readonly value: CNode | undefined;
}

const STATEMENT = /(?:_statement|^declaration)$/;
const LOOP = /^(?:for|while|do)_statement$/;

/** A program's text with what repairs ask of its trees. */
export class CSource {
  readonly text: string;
  readonly lines: LineIndex;
  readonly document: CDocument;
  readonly functions: readonly CFunction[];

  constructor(document: CDocument) {
    this.document = document;
    this.text = document.text;
    this.lines = new LineIndex(document.text);
    this.functions = functionsOf(document).flatMap(({ placed, fn }) => {
      const root = placed.item.tree;
      if (!fn.body || !root) return [];
      const body = find(nodeOf(root, placed.start, undefined), (node) => node.type === 'compound_statement' && node.start === placed.start + (fn.body?.start ?? -1));
      return body ? [{ item: fn, span: { start: placed.start, end: placed.end }, body }] : [];
    });
  }

  of({ start, end }: Span): string {
    return this.text.slice(start, end);
  }

  /** The function that a one-based line stands in. */
  functionAt(line: number | undefined): CFunction | undefined {
    if (line === undefined) return undefined;
    const { start, end } = this.#line(line);
    return this.functions.find(({ span }) => span.start <= end && start < span.end);
  }

  /** The innermost statement a line begins or belongs to; of several on the line the outermost that begins there. */
  statementAt(line: number | undefined): CNode | undefined {
    const fn = this.functionAt(line);
    if (!fn || line === undefined) return undefined;
    const at = this.#line(line);
    const inside = all(fn.body, (node) => STATEMENT.test(node.type) && node.type !== 'compound_statement' && node.start <= at.end && node.end > at.start);
    const begins = inside.find((node) => node.start >= at.start);
    // `} else if (x)`: what begins on the line stands in the branch before.
    return begins ?? inside.toSorted((a, b) => a.end - a.start - (b.end - b.start))[0];
  }

  /** The column a line's text begins with. */
  indentAt(offset: number): string {
    return /^[ \t]*/.exec(this.lines.line(this.lines.position(offset).line))?.[0] ?? '';
  }

  /** One step of the file's indentation. */
  get indent(): string {
    const spaces = /\n( +)\S/.exec(this.text)?.[1];
    return /\n\t/.test(this.text) || spaces === undefined ? '\t' : spaces.length > 8 ? '    ' : spaces;
  }

  locals(fn: CFunction): readonly CLocal[] {
    return all(fn.body, ({ type }) => type === 'declaration').flatMap((declaration) => this.#declared(declaration));
  }

  /** The variable of that name that is seen at an offset. */
  local(fn: CFunction, name: string | undefined, at?: number): CLocal | undefined {
    const named = this.locals(fn).filter((local) => local.name === name && (at === undefined || local.declaration.start <= at));
    return named.at(-1) ?? this.locals(fn).find((local) => local.name === name);
  }

  /** Type of a variable or parameter: its specifiers and how many `*` follow. */
  typeOf(fn: CFunction, name: string): { readonly specifiers: string; readonly pointers: number; readonly array: boolean } | undefined {
    const local = this.local(fn, name);
    if (local) return { specifiers: local.specifiers, pointers: local.pointers, array: local.dimensions.length > 0 };
    const param = fn.item.params.find((each) => each.name === name);
    return param && { specifiers: param.type.replaceAll('*', '').trim(), pointers: [...param.type].filter((c) => c === '*').length, array: false };
  }

  /** Names of the maps with what their definitions say. */
  get maps(): readonly { readonly name: string; readonly entries: ReadonlyMap<string, string> }[] {
    return mapsOf(this.document).map(({ map }) => ({ name: map.name, entries: new Map(map.entries.map(({ key, value }) => [key, value])) }));
  }

  /** The name of the program's context. */
  contextOf(fn: CFunction): string | undefined {
    if (fn.item.macro !== undefined) return 'ctx';
    const param = fn.item.params.find(({ type }) => /\b(?:xdp_md|__sk_buff|bpf_sock_addr|bpf_sock_ops|bpf_sock|sk_msg_md|sk_reuseport_md|bpf_sk_lookup|bpf_sysctl|bpf_sockopt|pt_regs|trace_event_raw_\w+)\b/.test(type));
    return param?.name ?? (fn.item.section ? fn.item.params[0]?.name : undefined);
  }

  #declared(declaration: CNode): CLocal[] {
    const type = declaration.children.find(({ field }) => field === 'type');
    if (!type) return [];
    const parts = declaration.children.filter(({ field }) => field === 'declarator');
    const specifiers = this.text.slice(declaration.start, parts[0]?.start ?? type.end).trim();
    return parts.flatMap((part) => {
      const name = find(part, ({ type: t }) => t === 'identifier');
      if (!name) return [];
      const outer = chain(name, part);
      return [{
        name: this.of(name), declaration, declarator: part, specifiers,
        pointers: outer.filter(({ type: t }) => t === 'pointer_declarator').length,
        dimensions: outer.filter(({ type: t }) => t === 'array_declarator').map((node) => this.of(node).replace(/^[^[]*\[/, '').replace(/\]$/, '')),
        value: part.type === 'init_declarator' ? childIn(part, 'value') : undefined,
      }];
    });
  }

  #line(line: number): Span {
    const start = this.lines.offset({ line: line - 1, character: 0 });
    return { start, end: this.lines.offset({ line: line - 1, character: Infinity }) };
  }
}

function nodeOf(cst: Cst, by: number, parent: CNode | undefined): CNode {
  const children: CNode[] = [];
  const node: CNode = { type: cst.type, field: cst.field, start: cst.start + by, end: cst.end + by, parent, children };
  for (const each of cst.children) children.push(nodeOf(each, by, node));
  return node;
}

/** Every node below that fits, in the order of the text, outer ones first. */
export function all(node: CNode, fits: (node: CNode) => boolean): CNode[] {
  return [...(fits(node) ? [node] : []), ...node.children.flatMap((child) => all(child, fits))];
}

export function find(node: CNode, fits: (node: CNode) => boolean): CNode | undefined {
  if (fits(node)) return node;
  for (const child of node.children) {
    const found = find(child, fits);
    if (found) return found;
  }
  return undefined;
}

export function childIn(node: CNode, field: string): CNode | undefined {
  return node.children.find((child) => child.field === field);
}

/** From a node's parent up to `top`. */
function chain(node: CNode, top: CNode): CNode[] {
  const up: CNode[] = [];
  for (let at: CNode | undefined = node.parent; at && at.start >= top.start; at = at.parent) up.push(at);
  return up;
}

/** The nearest node around (or the node itself) that fits. */
export function around(node: CNode | undefined, fits: (node: CNode) => boolean): CNode | undefined {
  for (let at = node; at; at = at.parent) if (fits(at)) return at;
  return undefined;
}

export function isStatement({ type }: CNode): boolean {
  return STATEMENT.test(type);
}

/** The loop whose body a node stands in. */
export function loopAround(node: CNode): CNode | undefined {
  return around(node.parent, ({ type }) => LOOP.test(type));
}

export function calls(source: CSource, node: CNode, name?: string): CNode[] {
  return all(node, (each) => each.type === 'call_expression' && (name === undefined || calleeOf(source, each) === name));
}

export function calleeOf(source: CSource, call: CNode): string {
  const callee = childIn(call, 'function');
  return callee ? source.of(callee) : '';
}

export function argumentsOf(call: CNode): readonly CNode[] {
  return childIn(call, 'arguments')?.children.filter(({ type }) => !/^(?:[(),]|comment)$/.test(type)) ?? [];
}

export function withoutParentheses(node: CNode): CNode {
  const inner = node.type === 'parenthesized_expression' ? node.children.find(({ type }) => !/^(?:[()]|comment)$/.test(type)) : undefined;
  return inner ? withoutParentheses(inner) : node;
}

/** Below casts and brackets. */
export function bareExpression(node: CNode): CNode {
  const inner = withoutParentheses(node);
  const value = inner.type === 'cast_expression' ? childIn(inner, 'value') : undefined;
  return value ? bareExpression(value) : inner;
}

/** The variable that a chain of members, elements and dereferences begins with. */
export function rootOf(node: CNode): CNode | undefined {
  const at = bareExpression(node);
  if (at.type === 'identifier') return at;
  const next = childIn(at, 'argument') ?? (at.type === 'binary_expression' ? childIn(at, 'left') : undefined);
  return next ? rootOf(next) : undefined;
}

/** Whether the statement always leaves the block it stands in. */
export function leaves(statement: CNode | undefined): boolean {
  if (!statement) return false;
  if (statement.type === 'compound_statement') return leaves(statement.children.filter((child) => isStatement(child)).at(-1));
  return /^(?:return|goto|break|continue)_statement$/.test(statement.type);
}
