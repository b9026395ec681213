import type { SelectionRange } from 'vscode-languageserver/node';
import { selectionSpans } from '../language/bpftrace/queries/selection.ts';
import type { Feature } from './feature.ts';

/** What a growing selection takes next. */
export const selection: Feature = {
  capabilities: { selectionRangeProvider: true },
  register({ connection, programs }) {
    connection.onSelectionRanges(({ textDocument, positions }, token) =>
      programs.answer(textDocument.uri, token, null, ({ document, lines }) =>
        positions.map((position) => {
          const spans = selectionSpans(document, lines.offset(position));
          return spans.reduceRight<SelectionRange | undefined>((parent, span) => ({ range: lines.range(span), ...(parent ? { parent } : {}) }), undefined) ?? { range: { start: position, end: position } };
        }),
      ),
    );
  },
};
