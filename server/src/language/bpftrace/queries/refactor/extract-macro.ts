import type { Span } from '../../../../base/span.ts';
import { atLeast } from '../../../../base/version.ts';
import type { Analysis } from '../../analysis/analysis.ts';
import { func } from '../../catalogue.ts';
import type { Expr, Node } from '../../syntax/ast.ts';
import { inDocument, locate, walk } from '../../syntax/walk.ts';
import { oneLevel } from './text.ts';
import type { Refactoring } from './refactoring.ts';

/** Kinds of nodes a macro may stand for: values that are more than a name. */
const VALUES: readonly Node['kind'][] = ['call', 'binary', 'unary', 'ternary', 'field', 'index', 'cast', 'tuple', 'paren', 'map'];

/** Moves the selected expression into a macro. Macros need 0.25: in 0.24 they must be enabled first, before there are none. */
export function extractMacro(analysis: Analysis, selection: Span): Refactoring | undefined {
  const { document, options, symbols } = analysis;
  if (!atLeast(options.version, 0, 25) || selection.end <= selection.start) return undefined;
  const trimmed = trim(document.text, selection);
  const located = locate(document, trimmed.start);
  const node = located?.path.find((n) => located.placed.start + n.start === trimmed.start && located.placed.start + n.end === trimmed.end && VALUES.includes(n.kind));
  if (!located || !node || located.placed.item.kind !== 'probe' || isWritten(located.path, node) || isNoValue(node)) return undefined;
  const name = freeName(new Set(symbols.all.map((s) => s.name)));
  const params = parametersOf(node).join(', ');
  const eol = /\r\n|\n|\r/.exec(document.text)?.[0] ?? '\n';
  const { start, end } = inDocument(located.placed, node);
  return {
    kind: 'extract',
    title: `Extract to a macro`,
    edits: [
      { span: { start: located.placed.start, end: located.placed.start }, newText: `macro ${name}(${params})${eol}{${eol}${oneLevel(document.text)}${document.text.slice(start, end)}${eol}}${eol}${eol}` },
      { span: { start, end }, newText: `${name}(${params})` },
    ],
  };
}

function trim(text: string, { start, end }: Span): Span {
  const selected = text.slice(start, end);
  return { start: start + selected.length - selected.trimStart().length, end: start + selected.trimEnd().length };
}

/** A place that is assigned to is no value. */
function isWritten(path: readonly Node[], node: Node): boolean {
  return path.some((parent) => ((parent.kind === 'assign' || parent.kind === 'let') && parent.target === node) || (parent.kind === 'update' && parent.operand === node));
}

/** Map functions may only be assigned to a map directly, and a block brings its own variables. */
function isNoValue(node: Node): boolean {
  let found = node.kind === 'call' && (func(node.callee.text)?.use ?? 'value') !== 'value';
  walk(node, (n) => (found ||= n.kind === 'block-expr' || n.kind === 'if-expr' || n.kind === 'missing'));
  return found;
}

/** Macros see no variables and maps of their caller: each is handed in. */
function parametersOf(node: Node): string[] {
  const names = new Set<string>();
  walk(node, (n) => {
    if (n.kind === 'variable' || n.kind === 'map') names.add((n satisfies Expr).name);
  });
  return [...names];
}

function freeName(taken: ReadonlySet<string>): string {
  for (let i = 1; ; i++) {
    const name = i === 1 ? 'extracted' : `extracted${i}`;
    if (!taken.has(name)) return name;
  }
}
