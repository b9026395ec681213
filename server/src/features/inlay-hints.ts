import { InlayHintKind, type InlayHint, type Range } from 'vscode-languageserver/node';
import type { LineIndex } from '../base/line-index.ts';
import { hints } from '../language/bpftrace/queries/hints.ts';
import type { Proofs } from '../protocol.ts';
import type { Feature } from './feature.ts';

/** Inferred types behind names, how many probes a wildcard matches, and what proofs take for granted. */
export const inlayHints: Feature = {
  capabilities: { inlayHintProvider: true },
  register({ connection, programs, settings, proofs }) {
    const assumed = (uri: string, lines: LineIndex, range: Range): InlayHint[] => (settings()['inlayHints.contracts'] ? assumptionHints(proofs(uri), lines, range) : []);
    connection.languages.inlayHint.on(({ textDocument: { uri }, range }, token) =>
      programs.answer(
        uri,
        token,
        null,
        ({ analysis, lines }): InlayHint[] => {
          const { start, end } = lines.span(range);
          const wanted = { type: settings()['inlayHints.types'], matches: settings()['inlayHints.matches'] };
          const own = hints(analysis())
            .filter(({ offset, kind }) => wanted[kind] && start <= offset && offset <= end)
            .map(({ offset, kind, text }): InlayHint => ({ position: lines.position(offset), label: text, ...(kind === 'type' ? { kind: InlayHintKind.Type } : { paddingLeft: true }) }));
          return [...own, ...assumed(uri, lines, range)];
        },
        ({ lines }) => assumed(uri, lines, range),
      ),
    );
  },
};

/** At the ends of their lines: they are whole conditions. */
function assumptionHints(proofs: Proofs | undefined, lines: LineIndex, { start, end }: Range): InlayHint[] {
  if (!proofs || proofs.proofs.length === 0) return [];
  // That the kernel's own memory can be read goes without saying.
  const within = proofs.assumptions.filter(({ range, text }) => !/^(?:readable|writable)\([^&|]*\)$/.test(text) && range.start.line >= start.line && range.start.line <= end.line);
  const byLine = new Map<number, string[]>();
  for (const { range, text } of within) byLine.set(range.start.line, [...(byLine.get(range.start.line) ?? []), text]);
  return [...byLine].map(([line, texts]) => ({
    position: lines.position(lines.offset({ line, character: Infinity })),
    label: `assumed: ${texts.join(' && ')}`,
    tooltip: 'What the knowledge base says of this attach point; proofs take it for granted.',
    paddingLeft: true,
  }));
}
