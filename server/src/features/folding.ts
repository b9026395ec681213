import { FoldingRangeKind, type FoldingRange } from 'vscode-languageserver/node';
import { folds, type Fold } from '../language/bpftrace/queries/folds.ts';
import type { Feature } from './feature.ts';
import type { Snapshot } from './programs.ts';

const KIND: Readonly<Record<Fold['kind'], FoldingRangeKind | undefined>> = { code: undefined, comment: FoldingRangeKind.Comment, includes: FoldingRangeKind.Imports };

/** Blocks, comments and preambles. */
export const folding: Feature = {
  capabilities: { foldingRangeProvider: true },
  register({ connection, programs, client }) {
    connection.onFoldingRanges(({ textDocument }, token) =>
      programs.answer(textDocument.uri, token, null, (snapshot) => folds(snapshot.document).flatMap((fold) => toRange(fold, snapshot, client().lineFolding))),
    );
  },
};

function toRange(fold: Fold, { lines }: Snapshot, wholeLines: boolean): FoldingRange[] {
  const { start, end } = lines.range(fold);
  // The line with the closing brace stays to be seen.
  const endLine = wholeLines && fold.kind === 'code' ? end.line - 1 : end.line;
  if (endLine <= start.line) return [];
  const kind = KIND[fold.kind];
  return [{ startLine: start.line, startCharacter: start.character, endLine, ...(wholeLines ? {} : { endCharacter: end.character }), ...(kind ? { kind } : {}) }];
}
