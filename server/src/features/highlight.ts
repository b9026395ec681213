import { DocumentHighlightKind, type DocumentHighlight } from 'vscode-languageserver/node';
import type { Feature } from './feature.ts';

/** The places of the name at the cursor, written ones apart from read ones. */
export const highlight: Feature = {
  capabilities: { documentHighlightProvider: true },
  register({ connection, programs }) {
    connection.onDocumentHighlight(({ textDocument, position }, token) =>
      programs.answer(textDocument.uri, token, null, ({ analysis, lines }): DocumentHighlight[] | null => {
        const sym = analysis().symbols.at(lines.offset(position));
        if (!sym) return null;
        return sym.references.map(({ span, access }) => ({ range: lines.range(span), kind: access === 'read' ? DocumentHighlightKind.Read : DocumentHighlightKind.Write }));
      }),
    );
  },
};
