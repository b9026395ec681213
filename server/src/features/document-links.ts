import type { DocumentLink } from 'vscode-languageserver/node';
import { linksOf } from '../language/bpftrace/queries/links.ts';
import type { Feature } from './feature.ts';

/** From attach points to the pages that explain them. */
export const documentLinks: Feature = {
  capabilities: { documentLinkProvider: {} },
  register({ connection, programs }) {
    connection.onDocumentLinks(({ textDocument }, token) =>
      programs.answer(textDocument.uri, token, null, ({ analysis, lines }): DocumentLink[] => linksOf(analysis()).map(({ span, title, url }) => ({ range: lines.range(span), target: url, tooltip: title }))),
    );
  },
};
