import type { Span } from '../../../base/span.ts';
import type { Document, PlacedItem } from '../syntax/document.ts';
import { inDocument, walk } from '../syntax/walk.ts';

export interface Fold extends Span {
  readonly kind: 'code' | 'comment' | 'includes';
}

/** What can be folded away: blocks, C types, comments, and the preprocessor lines at the top. One-line spans are left to the caller. */
export function folds(document: Document): Fold[] {
  return [...document.items.flatMap(foldsOfItem), ...preamble(document), ...comments(document)];
}

function foldsOfItem(placed: PlacedItem): Fold[] {
  const found: Fold[] = [];
  const { item } = placed;
  if (item.kind === 'c-type' || item.kind === 'config' || item.kind === 'directive') found.push({ kind: 'code', start: placed.start, end: placed.end });
  walk(item, (node) => {
    if (node.kind === 'block') found.push({ kind: 'code', ...inDocument(placed, node) });
  });
  return found;
}

/** Directives and imports that follow each other. */
function preamble(document: Document): Fold[] {
  const found: Fold[] = [];
  let first: PlacedItem | undefined;
  let last: PlacedItem | undefined;
  const close = (): void => {
    if (first && last && first !== last) found.push({ kind: 'includes', start: first.start, end: last.end });
    first = undefined;
  };
  for (const placed of document.items) {
    const isLine = placed.item.kind === 'directive' || placed.item.kind === 'import';
    if (!isLine) close();
    else {
      first ??= placed;
      last = placed;
    }
  }
  close();
  return found;
}

/** Block comments, and line comments on lines that follow each other. */
function comments({ text, comments: all }: Document): Fold[] {
  const found: Fold[] = [];
  let run: Span | undefined;
  for (const span of all) {
    const isLine = !text.startsWith('/*', span.start);
    const ownLine = /(?:^|[\r\n])[ \t\uFEFF]*$/.test(text.slice(Math.max(0, span.start - 200), span.start));
    const follows = run && /^(?:\r\n|\n|\r)[ \t]*$/.test(text.slice(run.end, span.start));
    if (isLine && ownLine && run && follows) run = { start: run.start, end: span.end };
    else {
      if (run) found.push({ kind: 'comment', ...run });
      run = isLine && ownLine ? span : undefined;
      if (!isLine) found.push({ kind: 'comment', start: span.start, end: span.end });
    }
  }
  if (run) found.push({ kind: 'comment', ...run });
  return found;
}
