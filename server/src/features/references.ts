import type { Location } from 'vscode-languageserver/node';
import type { LineIndex } from '../base/line-index.ts';
import { namedAt, namedAtC, type Named } from '../contracts/language/queries/references.ts';
import type { Feature } from './feature.ts';

/** Every place of a name in its program and contracts. */
export const references: Feature = {
  capabilities: { referencesProvider: true },
  register({ connection, programs }) {
    connection.onReferences(({ textDocument: { uri }, position, context }, token) => {
      const located = (named: Named | undefined, lines: LineIndex): Location[] | null => {
        const declared = declarationOf(named);
        const wanted = named?.places.filter(({ span }) => context.includeDeclaration || span.start !== declared);
        return wanted?.map(({ span }) => ({ uri, range: lines.range(span) })) ?? null;
      };
      return programs.answer(
        uri,
        token,
        null,
        ({ analysis, lines }) => located(namedAt(analysis(), lines.offset(position)), lines),
        ({ analysis, lines }) => located(namedAtC(analysis, lines.offset(position)), lines),
      );
    });
  },
};

function declarationOf(named: Named | undefined): number | undefined {
  return named?.target.kind === 'symbol' ? named.target.sym.definition.start : named?.target.declaration.start;
}
