import type { Location } from 'vscode-languageserver/node';
import type { Feature } from './feature.ts';

/** Every place of a name in its program. */
export const references: Feature = {
  capabilities: { referencesProvider: true },
  register({ connection, programs }) {
    connection.onReferences(({ textDocument: { uri }, position, context }, token) =>
      programs.answer(uri, token, null, ({ analysis, lines }): Location[] | null => {
        const { symbols } = analysis();
        const sym = symbols.at(lines.offset(position));
        if (!sym) return null;
        const wanted = sym.references.filter(({ span }) => context.includeDeclaration || span.start !== sym.definition.start);
        return wanted.map(({ span }) => ({ uri, range: lines.range(span) }));
      }),
    );
  },
};
