import type { Location, LocationLink } from 'vscode-languageserver/node';
import { itemAt } from '../language/bpftrace/syntax/walk.ts';
import type { Feature } from './feature.ts';

/** Where a name is introduced: a declaration, or the first assignment. */
export const definition: Feature = {
  capabilities: { definitionProvider: true },
  register({ connection, programs, client }) {
    connection.onDefinition(({ textDocument: { uri }, position }, token) =>
      programs.answer(uri, token, null, (snapshot): LocationLink[] | Location | null => {
        const offset = snapshot.lines.offset(position);
        const sym = snapshot.analysis().symbols.at(offset);
        const origin = sym?.references.find(({ span }) => span.start <= offset && offset <= span.end);
        if (!sym || !origin) return null;
        const at = snapshot.lines.range(sym.definition);
        if (!client().links) return { uri, range: at };
        const whole = /^(?:macro|function|struct|enum|typedef|define)$/.test(sym.kind) ? itemAt(snapshot.document, sym.definition.start) : undefined;
        return [
          {
            targetUri: uri,
            targetRange: whole ? snapshot.lines.range(whole) : at,
            targetSelectionRange: at,
            originSelectionRange: snapshot.lines.range(origin.span),
          },
        ];
      }),
    );
  },
};
