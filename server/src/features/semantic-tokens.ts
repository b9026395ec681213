import { SemanticTokensBuilder, type SemanticTokens, type SemanticTokensDelta } from 'vscode-languageserver/node';
import type { Span } from '../base/span.ts';
import { HIGHLIGHTS, highlights, MODIFIERS } from '../language/bpftrace/queries/highlight.ts';
import type { Feature } from './feature.ts';
import type { Snapshot } from './programs.ts';

/** Colours by what names mean: whole documents, what changed in them, and ranges. */
export const semanticTokens: Feature = {
  capabilities: { semanticTokensProvider: { legend: { tokenTypes: [...HIGHLIGHTS], tokenModifiers: [...MODIFIERS] }, full: { delta: true }, range: true } },
  register({ connection, programs }) {
    const builders = new Map<string, SemanticTokensBuilder>();
    const builderOf = (uri: string): SemanticTokensBuilder => {
      const builder = builders.get(uri) ?? new SemanticTokensBuilder();
      builders.set(uri, builder);
      return builder;
    };
    const none: SemanticTokens = { data: [] };
    connection.languages.semanticTokens.on(({ textDocument: { uri } }, token) =>
      programs.answer(uri, token, none, (snapshot) => {
        // A builder's `previousResult` and `build` keep what the next delta is counted from.
        const builder = new SemanticTokensBuilder();
        builders.set(uri, builder);
        push(builder, snapshot);
        return builder.build();
      }),
    );
    connection.languages.semanticTokens.onDelta(({ textDocument: { uri }, previousResultId }, token) =>
      programs.answer(uri, token, none, (snapshot): SemanticTokens | SemanticTokensDelta => {
        const builder = builderOf(uri);
        builder.previousResult(previousResultId);
        push(builder, snapshot);
        return builder.buildEdits();
      }),
    );
    connection.languages.semanticTokens.onRange(({ textDocument: { uri }, range }, token) =>
      programs.answer(uri, token, none, (snapshot) => {
        const builder = new SemanticTokensBuilder();
        push(builder, snapshot, snapshot.lines.span(range));
        return { data: builder.build().data };
      }),
    );
    programs.onClose((uri) => builders.delete(uri));
  },
};

function push(builder: SemanticTokensBuilder, snapshot: Snapshot, within?: Span): void {
  for (const { start, end, role, modifiers } of highlights(snapshot.analysis())) {
    if (within && (end < within.start || start > within.end)) continue;
    const from = snapshot.lines.position(start);
    // Names do not go over lines; a predicate's or a path's text could.
    if (snapshot.lines.position(end).line !== from.line) continue;
    const bits = modifiers.reduce((sum, modifier) => sum | (1 << MODIFIERS.indexOf(modifier)), 0);
    builder.push(from.line, from.character, end - start, HIGHLIGHTS.indexOf(role), bits);
  }
}
