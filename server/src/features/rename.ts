import { checkedName, renameable, renameSpans } from '../language/bpftrace/queries/rename.ts';
import type { Feature } from './feature.ts';
import { forUser } from './request.ts';

/** Renames what a program itself introduces; says why when a name cannot be renamed, or not so. */
export const rename: Feature = {
  capabilities: { renameProvider: { prepareProvider: true } },
  register({ connection, programs }) {
    connection.onPrepareRename(({ textDocument, position }, token) =>
      forUser(() =>
        programs.answer(textDocument.uri, token, null, ({ analysis, lines }) => {
          const { sym, span } = renameable(analysis(), lines.offset(position));
          return { range: lines.range(span), placeholder: sym.name };
        }),
      ),
    );
    connection.onRenameRequest(({ textDocument: { uri }, position, newName }, token) =>
      forUser(() =>
        programs.answer(uri, token, null, ({ analysis, lines }) => {
          const { sym } = renameable(analysis(), lines.offset(position));
          const newText = checkedName(analysis(), sym, newName);
          return { changes: { [uri]: renameSpans(analysis(), sym).map((span) => ({ range: lines.range(span), newText })) } };
        }),
      ),
    );
  },
};
