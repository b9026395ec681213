import type { Span } from '../../../../base/span.ts';
import { atLeast } from '../../../../base/version.ts';
import type { Analysis } from '../../analysis/analysis.ts';
import type { Field, Node } from '../../syntax/ast.ts';
import { inDocument, locate, walk } from '../../syntax/walk.ts';
import type { Refactoring } from './refactoring.ts';

/** `args->x` to `args.x` (from 0.19 on) and back, here and in the whole program. */
export function argsOperators(analysis: Analysis, selection: Span): Refactoring[] {
  const located = locate(analysis.document, selection.start);
  const here = located?.path.findLast((node) => isArgsField(node));
  if (!located || !here) return [];
  const to = here.op === '->' ? '.' : '->';
  if (to === '.' && !atLeast(analysis.options.version, 0, 19)) return [];
  const all = analysis.document.items.flatMap((placed) => {
    const spans: Span[] = [];
    walk(placed.item, (node) => {
      if (isArgsField(node) && node.op === here.op) spans.push(inDocument(placed, node.opSpan));
    });
    return spans;
  });
  const make = (spans: readonly Span[], title: string): Refactoring => ({ kind: 'rewrite', title, edits: spans.map((span) => ({ span, newText: to })) });
  const one = make([inDocument(located.placed, here.opSpan)], `Write args${to}${here.name.text}`);
  return all.length > 1 ? [one, make(all, `Write args${to} everywhere`)] : [one];
}

function isArgsField(node: Node): node is Field {
  return node.kind === 'field' && node.object.kind === 'identifier' && node.object.name === 'args';
}
