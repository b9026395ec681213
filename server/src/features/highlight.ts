import { DocumentHighlightKind, type DocumentHighlight } from 'vscode-languageserver/node';
import type { LineIndex } from '../base/line-index.ts';
import { namedAt, namedAtC, type Named } from '../contracts/language/queries/references.ts';
import type { Feature } from './feature.ts';

/** The places of the name at the cursor, written ones apart from read ones. */
export const highlight: Feature = {
  capabilities: { documentHighlightProvider: true },
  register({ connection, programs }) {
    connection.onDocumentHighlight(({ textDocument, position }, token) =>
      programs.answer(
        textDocument.uri,
        token,
        null,
        ({ analysis, lines }) => shown(namedAt(analysis(), lines.offset(position)), lines),
        ({ analysis, lines }) => shown(namedAtC(analysis, lines.offset(position)), lines),
      ),
    );
  },
};

function shown(named: Named | undefined, lines: LineIndex): DocumentHighlight[] | null {
  return named?.places.map(({ span, access }) => ({ range: lines.range(span), kind: access === 'read' ? DocumentHighlightKind.Read : DocumentHighlightKind.Write })) ?? null;
}
