import { SemanticTokensBuilder, type CancellationToken, type SemanticTokens, type SemanticTokensDelta } from 'vscode-languageserver/node';
import type { LineIndex } from '../base/line-index.ts';
import type { Span } from '../base/span.ts';
import { bpftraceContracts } from '../contracts/language/check/bpftrace.ts';
import { cContracts } from '../contracts/language/check/c.ts';
import { contractHighlights } from '../contracts/language/queries/highlight.ts';
import { HIGHLIGHTS, highlights, MODIFIERS, type Highlight } from '../language/bpftrace/queries/highlight.ts';
import type { Feature } from './feature.ts';

/** Colours by what names mean: whole documents, what changed in them, and ranges. */
export const semanticTokens: Feature = {
  capabilities: { semanticTokensProvider: { legend: { tokenTypes: [...HIGHLIGHTS], tokenModifiers: [...MODIFIERS] }, full: { delta: true }, range: true } },
  register({ connection, programs, client }) {
    const builders = new Map<string, SemanticTokensBuilder>();
    const builderOf = (uri: string): SemanticTokensBuilder => {
      const builder = builders.get(uri) ?? new SemanticTokensBuilder();
      builders.set(uri, builder);
      return builder;
    };
    const none: SemanticTokens = { data: [] };
    const answer = <T extends SemanticTokens | SemanticTokensDelta>(uri: string, token: CancellationToken, work: (coloured: Coloured) => T) =>
      programs.answer<T | SemanticTokens, SemanticTokens>(
        uri,
        token,
        none,
        ({ analysis, lines, text }) => work({ lines, highlights: inOrder([...highlights(analysis()), ...contractHighlights(bpftraceContracts(analysis()), text)]) }),
        // VS Code shows the tokens of one server only, and C's are clangd's: there a grammar colours contracts.
        ({ analysis, lines }) => (client().kgent ? none : work({ lines, highlights: contractHighlights(cContracts(analysis), analysis.document.text) })),
      );
    connection.languages.semanticTokens.on(({ textDocument: { uri } }, token) =>
      answer(uri, token, (coloured) => {
        // A builder's `previousResult` and `build` keep what the next delta is counted from.
        const builder = new SemanticTokensBuilder();
        builders.set(uri, builder);
        push(builder, coloured);
        return builder.build();
      }),
    );
    connection.languages.semanticTokens.onDelta(({ textDocument: { uri }, previousResultId }, token) =>
      answer<SemanticTokens | SemanticTokensDelta>(uri, token, (coloured) => {
        const builder = builderOf(uri);
        builder.previousResult(previousResultId);
        push(builder, coloured);
        return builder.buildEdits();
      }),
    );
    connection.languages.semanticTokens.onRange(({ textDocument: { uri }, range }, token) =>
      answer(uri, token, (coloured) => {
        const builder = new SemanticTokensBuilder();
        push(builder, coloured, coloured.lines.span(range));
        return { data: builder.build().data };
      }),
    );
    programs.onClose((uri) => builders.delete(uri));
  },
};

interface Coloured {
  readonly lines: LineIndex;
  readonly highlights: readonly Highlight[];
}

const inOrder = (found: readonly Highlight[]): readonly Highlight[] => found.toSorted((a, b) => a.start - b.start);

function push(builder: SemanticTokensBuilder, { lines, highlights: found }: Coloured, within?: Span): void {
  for (const { start, end, role, modifiers } of found) {
    if (within && (end < within.start || start > within.end)) continue;
    const from = lines.position(start);
    // Names do not go over lines; a predicate's or a path's text could.
    if (lines.position(end).line !== from.line) continue;
    const bits = modifiers.reduce((sum, modifier) => sum | (1 << MODIFIERS.indexOf(modifier)), 0);
    builder.push(from.line, from.character, end - start, HIGHLIGHTS.indexOf(role), bits);
  }
}
