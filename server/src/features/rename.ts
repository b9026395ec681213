import type { Range, WorkspaceEdit } from 'vscode-languageserver/node';
import type { LineIndex } from '../base/line-index.ts';
import type { Span } from '../base/span.ts';
import { renameAt, renameAtC, renamed, renamedC, type Named } from '../contracts/language/queries/references.ts';
import type { Feature } from './feature.ts';
import { forUser } from './request.ts';

/** Renames what a program itself or a contract introduces; says why when a name cannot be renamed, or not so. */
export const rename: Feature = {
  capabilities: { renameProvider: { prepareProvider: true } },
  register({ connection, programs }) {
    connection.onPrepareRename(({ textDocument, position }, token) =>
      forUser(() =>
        programs.answer(
          textDocument.uri,
          token,
          null,
          ({ analysis, lines }): { range: Range; placeholder: string } | null => placeholder(renameAt(analysis(), lines.offset(position)), lines),
          ({ analysis, lines }) => placeholder(renameAtC(analysis, lines.offset(position)), lines),
        ),
      ),
    );
    connection.onRenameRequest(({ textDocument: { uri }, position, newName }, token) => {
      const edit = ({ newText, spans }: { readonly newText: string; readonly spans: readonly Span[] }, lines: LineIndex): WorkspaceEdit => ({ changes: { [uri]: spans.map((span) => ({ range: lines.range(span), newText })) } });
      return forUser(() =>
        programs.answer(
          uri,
          token,
          null,
          ({ analysis, lines }): WorkspaceEdit | null => edit(renamed(analysis(), renameAt(analysis(), lines.offset(position)), newName), lines),
          ({ analysis, lines }) => {
            const named = renameAtC(analysis, lines.offset(position));
            return named ? edit(renamedC(analysis, named, newName), lines) : null;
          },
        ),
      );
    });
  },
};

function placeholder(named: Named | undefined, lines: LineIndex): { range: Range; placeholder: string } | null {
  return named ? { range: lines.range(named.span), placeholder: named.name } : null;
}
