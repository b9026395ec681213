import type { Span } from '../../../../base/span.ts';
import type { Analysis } from '../../analysis/analysis.ts';
import type { Block, Expr, Node, Stmt } from '../../syntax/ast.ts';
import type { PlacedItem } from '../../syntax/document.ts';
import { bare, inDocument, locate } from '../../syntax/walk.ts';
import { lineIndentation, oneLevel } from './text.ts';
import type { Refactoring } from './refactoring.ts';

/** Wraps the statement that reads through a pointer in a test of that pointer, with what later uses the variables it introduces. */
export function nullCheck(analysis: Analysis, selection: Span): Refactoring | undefined {
  const located = locate(analysis.document, selection.start);
  if (!located) return undefined;
  const { placed, path } = located;
  const pointer = dereferenced(analysis, path);
  const at = path.findLastIndex((node, i) => node.kind !== 'block' && path[i - 1]?.kind === 'block');
  const block = path[at - 1];
  const statement = path[at];
  if (!pointer || block?.kind !== 'block' || !statement) return undefined;
  const first = block.statements.indexOf(statement as Stmt);
  if (first < 0) return undefined;
  const last = lastDependent(analysis, placed, block, first);
  return wrap(analysis, placed, pointer, statement, block.statements[last] ?? statement);
}

/** The pointer that the innermost field or `*` at the cursor goes through; what can be tested without calling anything again. */
function dereferenced(analysis: Analysis, path: readonly Node[]): Expr | undefined {
  const innermost = path.findLast((node) => node.kind === 'field' || (node.kind === 'unary' && node.op === '*'));
  const pointer = innermost?.kind === 'field' ? pointerBelow(analysis, innermost) : innermost?.kind === 'unary' ? bare(innermost.operand) : undefined;
  return pointer && /^(?:variable|map|field)$/.test(pointer.kind) ? pointer : undefined;
}

/** `$sk->a.b.c` reads through `$sk`. */
function pointerBelow(analysis: Analysis, field: Expr): Expr | undefined {
  let at = bare(field);
  while (at.kind === 'field' || at.kind === 'index') {
    at = bare(at.object);
    if (analysis.typeOf(at)?.kind === 'pointer') return at;
  }
  return undefined;
}

/** Index of the last statement that uses a variable which the wrapped ones introduce: it must stay in their block. */
function lastDependent({ symbols }: Analysis, placed: PlacedItem, block: Block, first: number): number {
  let last = first;
  const spanOf = (statement: Stmt | undefined): Span => inDocument(placed, statement ?? block);
  for (let grown = true; grown; ) {
    const wrapped = { start: spanOf(block.statements[first]).start, end: spanOf(block.statements[last]).end };
    const introduced = symbols.all.filter((s) => s.kind === 'variable' && wrapped.start <= s.definition.start && s.definition.end <= wrapped.end);
    const uses = introduced.flatMap((s) => s.references.map((r) => r.span.start));
    const next = block.statements.findLastIndex((s) => uses.some((use) => spanOf(s).start <= use && use < spanOf(s).end));
    grown = next > last;
    last = Math.max(last, next);
  }
  return last;
}

function wrap({ document }: Analysis, placed: PlacedItem, pointer: Expr, first: Node, last: Node): Refactoring {
  const { text } = document;
  const start = placed.start + first.start;
  const end = statementEnd(text, placed.start + last.end);
  const { start: from, end: to } = inDocument(placed, pointer);
  const condition = text.slice(from, to);
  const indentation = lineIndentation(text, start);
  const eol = /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
  const level = oneLevel(text);
  const lineStarts = [...text.slice(start, end).matchAll(/(?:\r\n|\n|\r)(?=[ \t]*[^\s])/g)].map((m) => start + m.index + m[0].length);
  return {
    kind: 'rewrite',
    title: `Wrap in a check that ${condition} is not null`,
    edits: [
      { span: { start, end: start }, newText: `if (${condition} != 0) {${eol}${indentation}${level}` },
      ...lineStarts.map((at) => ({ span: { start: at, end: at }, newText: level })),
      { span: { start: end, end }, newText: `${eol}${indentation}}` },
    ],
  };
}

/** Behind the semicolon that belongs to a statement. */
function statementEnd(text: string, end: number): number {
  const semicolon = /^\s*;/.exec(text.slice(end, end + 100));
  return text[end - 1] === ';' || !semicolon ? end : end + semicolon[0].length;
}
