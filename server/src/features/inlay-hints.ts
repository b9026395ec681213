import { InlayHintKind, type InlayHint } from 'vscode-languageserver/node';
import { hints } from '../language/bpftrace/queries/hints.ts';
import type { Feature } from './feature.ts';

/** Inferred types behind names, and how many probes a wildcard matches. */
export const inlayHints: Feature = {
  capabilities: { inlayHintProvider: true },
  register({ connection, programs, settings }) {
    connection.languages.inlayHint.on(({ textDocument, range }, token) =>
      programs.answer(textDocument.uri, token, null, ({ analysis, lines }): InlayHint[] => {
        const { start, end } = lines.span(range);
        const wanted = { type: settings()['inlayHints.types'], matches: settings()['inlayHints.matches'] };
        return hints(analysis())
          .filter(({ offset, kind }) => wanted[kind] && start <= offset && offset <= end)
          .map(({ offset, kind, text }) => ({ position: lines.position(offset), label: text, ...(kind === 'type' ? { kind: InlayHintKind.Type } : { paddingLeft: true }) }));
      }),
    );
  },
};
