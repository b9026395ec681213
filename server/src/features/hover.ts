import { MarkupKind, type Hover as LspHover } from 'vscode-languageserver/node';
import { hoverAt } from '../language/bpftrace/queries/hover/hover.ts';
import { hoverMarkdown, hoverText } from '../language/bpftrace/queries/hover/text.ts';
import type { Feature } from './feature.ts';

/** What is known of the name under the mouse. */
export const hover: Feature = {
  capabilities: { hoverProvider: true },
  register({ connection, programs, client, described }) {
    connection.onHover(({ textDocument, position }, token) =>
      programs.answer(textDocument.uri, token, null, (snapshot): LspHover | null => {
        const found = hoverAt(snapshot.analysis(), snapshot.lines.offset(position), described);
        if (!found) return null;
        const contents = client().markdown ? { kind: MarkupKind.Markdown, value: hoverMarkdown(found) } : { kind: MarkupKind.PlainText, value: hoverText(found) };
        return { range: snapshot.lines.range(found.span), contents };
      }),
    );
  },
};
