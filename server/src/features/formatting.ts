import type { FormattingOptions, TextEdit } from 'vscode-languageserver/node';
import type { Span } from '../base/span.ts';
import { format } from '../language/bpftrace/format/format.ts';
import type { Feature } from './feature.ts';
import type { Snapshot } from './programs.ts';

/** Lays out a program, or the items a range touches. */
export const formatting: Feature = {
  capabilities: { documentFormattingProvider: true, documentRangeFormattingProvider: true },
  register({ connection, programs }) {
    connection.onDocumentFormatting(({ textDocument, options }, token) => programs.answer(textDocument.uri, token, null, (snapshot) => edits(snapshot, options)));
    connection.onDocumentRangeFormatting(({ textDocument, options, range }, token) =>
      programs.answer(textDocument.uri, token, null, (snapshot) => edits(snapshot, options, snapshot.lines.span(range))),
    );
  },
};

function edits({ document, lines }: Snapshot, { tabSize, insertSpaces }: FormattingOptions, within?: Span): TextEdit[] {
  return format(document, { tabSize, insertSpaces }, within).map(({ span, newText }) => ({ range: lines.range(span), newText }));
}
