import type { Location, LocationLink } from 'vscode-languageserver/node';
import { namedAt, namedAtC, type Named } from '../contracts/language/queries/references.ts';
import { itemAt } from '../language/bpftrace/syntax/walk.ts';
import type { Feature } from './feature.ts';
import type { Snapshot } from './programs.ts';

/** Where a name is introduced: a declaration, or the first assignment. */
export const definition: Feature = {
  capabilities: { definitionProvider: true },
  register({ connection, programs, client }) {
    connection.onDefinition(({ textDocument: { uri }, position }, token) =>
      programs.answer(
        uri,
        token,
        null,
        (snapshot): LocationLink[] | Location | null => {
          const named = namedAt(snapshot.analysis(), snapshot.lines.offset(position));
          return named ? located(named, snapshot, uri, client().links) : null;
        },
        ({ analysis, lines }) => {
          const named = namedAtC(analysis, lines.offset(position));
          return named && named.target.kind !== 'symbol' ? { uri, range: lines.range(named.target.declaration) } : null;
        },
      ),
    );
  },
};

function located({ target, span }: Named, { lines, document }: Snapshot, uri: string, links: boolean): LocationLink[] | Location {
  const introduced = target.kind === 'symbol' ? target.sym.definition : target.declaration;
  const at = lines.range(introduced);
  if (!links) return { uri, range: at };
  const whole = target.kind === 'symbol' && /^(?:macro|function|struct|enum|typedef|define)$/.test(target.sym.kind) ? itemAt(document, introduced.start) : undefined;
  return [{ targetUri: uri, targetRange: whole ? lines.range(whole) : at, targetSelectionRange: at, originSelectionRange: lines.range(span) }];
}
