import type { Span } from '../../../base/span.ts';
import { child, type Cst } from '../../../language/bpftrace/syntax/cst.ts';
import type { PlacedCItem } from '../../../language/bpfc/syntax/document.ts';
import { inC } from '../../../language/bpfc/syntax/document.ts';

/** A variable that a function declares in its body; spans are offsets of the document. */
export interface CLocal {
  readonly name: string;
  readonly span: Span;
  /** Its type as written, `*` and `[8]` included; undefined where it is more than that. */
  readonly type: string | undefined;
  /** The block it lives in. */
  readonly scope: Span;
}

const BLOCK = /^(?:compound_statement|for_statement|function_definition)$/;

/** The variables in the body of a function, in order. Linear in the size of its tree. */
export function localsOfC(placed: PlacedCItem): CLocal[] {
  const found: CLocal[] = [];
  const { tree, text } = placed.item;
  const waiting: { node: Cst; scope: Cst }[] = tree ? [{ node: tree, scope: tree }] : [];
  for (let at = waiting.pop(); at; at = waiting.pop()) {
    const { node } = at;
    const scope = BLOCK.test(node.type) ? node : at.scope;
    if (node.type === 'declaration') for (const declarator of node.children.filter(({ field }) => field === 'declarator')) add(found, placed, text, node, declarator, scope);
    for (const inner of node.children) waiting.push({ node: inner, scope });
  }
  return found.toSorted((a, b) => a.span.start - b.span.start);
}

function add(found: CLocal[], placed: PlacedCItem, text: string, declaration: Cst, declarator: Cst, scope: Cst): void {
  const base = child(declaration, 'type');
  let written: string | undefined = base && !child(base, 'body') ? text.slice(base.start, base.end) : undefined;
  let arrays = '';
  let at: Cst | undefined = declarator;
  while (at && at.type !== 'identifier') {
    if (at.type === 'pointer_declarator' && arrays === '') written = written === undefined ? undefined : `${written} *`;
    else if (at.type === 'array_declarator') arrays = `${text.slice((child(at, 'declarator') ?? at).end, at.end)}${arrays}`;
    else if (at.type !== 'init_declarator') written = undefined;
    at = child(at, 'declarator');
  }
  if (at) found.push({ name: text.slice(at.start, at.end), span: inC(placed, at), type: written === undefined ? undefined : `${written}${arrays}`, scope: inC(placed, scope) });
}
