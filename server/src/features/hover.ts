import { MarkupKind, type Hover as LspHover } from 'vscode-languageserver/node';
import type { LineIndex } from '../base/line-index.ts';
import { bpftraceContracts } from '../contracts/language/check/bpftrace.ts';
import { cContracts } from '../contracts/language/check/c.ts';
import { hoverContract } from '../contracts/language/queries/hover.ts';
import { hoverContractC } from '../contracts/language/queries/hover-c.ts';
import { hoverC } from '../language/bpfc/queries/hover.ts';
import { hoverAt, type Hover } from '../language/bpftrace/queries/hover/hover.ts';
import { hoverMarkdown, hoverText } from '../language/bpftrace/queries/hover/text.ts';
import type { Feature } from './feature.ts';

/** What is known of the name under the mouse. */
export const hover: Feature = {
  capabilities: { hoverProvider: true },
  register({ connection, programs, client, described }) {
    const shown = (found: Hover | undefined, lines: LineIndex): LspHover | null => {
      if (!found) return null;
      const contents = client().markdown ? { kind: MarkupKind.Markdown, value: hoverMarkdown(found) } : { kind: MarkupKind.PlainText, value: hoverText(found) };
      return { range: lines.range(found.span), contents };
    };
    connection.onHover(({ textDocument, position }, token) =>
      programs.answer(
        textDocument.uri,
        token,
        null,
        (snapshot) => shown(hoverContract(snapshot.analysis(), bpftraceContracts(snapshot.analysis()), snapshot.lines.offset(position), described) ?? hoverAt(snapshot.analysis(), snapshot.lines.offset(position), described), snapshot.lines),
        ({ analysis, lines }) => shown(hoverContractC(analysis, cContracts(analysis), lines.offset(position), described) ?? hoverC(analysis, lines.offset(position), described), lines),
      ),
    );
  },
};
