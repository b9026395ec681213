import type { TextEdit } from 'vscode-languageserver/node';
import { indentationOfOpener, lonelyBrace, typedSlash } from '../language/bpftrace/queries/close-predicate.ts';
import type { Feature } from './feature.ts';
import type { Snapshot } from './programs.ts';

/** Closes a predicate when its first slash is typed, and puts a closing brace under the line of its block. */
export const onType: Feature = {
  capabilities: { documentOnTypeFormattingProvider: { firstTriggerCharacter: '/', moreTriggerCharacter: ['}'] } },
  register({ connection, programs }) {
    connection.onDocumentOnTypeFormatting(({ textDocument, position, ch }, token) =>
      programs.answer(textDocument.uri, token, null, (snapshot) => {
        const offset = snapshot.lines.offset(position);
        return ch === '/' ? slash(snapshot, offset) : brace(snapshot, offset);
      }),
    );
  },
};

function slash({ text, lines }: Snapshot, offset: number): TextEdit[] {
  const answer = typedSlash(text, offset);
  if (!answer) return [];
  const end = answer === 'close' ? offset : offset + 1;
  return [{ range: lines.range({ start: offset, end }), newText: answer === 'close' ? '/' : '' }];
}

function brace({ text, lines }: Snapshot, offset: number): TextEdit[] {
  const before = lonelyBrace(text, offset);
  const wanted = before && indentationOfOpener(text, offset - 1);
  if (!before || wanted === undefined || wanted === text.slice(before.start, before.end)) return [];
  return [{ range: lines.range(before), newText: wanted }];
}
