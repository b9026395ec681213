import { UserError } from '../base/error.ts';

export const MAX_SENTENCE_CHARACTERS = 4_000;

/**
 * The sentence as the agent uses it: control characters, bidirectional overrides and broken surrogates
 * taken out, ends trimmed. Throws UserError `empty-sentence` or `long-sentence`.
 */
export function cleanSentence(raw: string): string {
  const trimmed = raw.trim();
  if (trimmed.length > MAX_SENTENCE_CHARACTERS) {
    throw new UserError(
      'long-sentence',
      `The description has ${trimmed.length.toLocaleString('en')} characters; at most ${MAX_SENTENCE_CHARACTERS.toLocaleString('en')} are read. Say in a sentence or two what the program should show.`,
    );
  }
  const clean = trimmed
    .replace(/\r\n?/g, '\n')
    .replace(/[\p{Cs}\u202a-\u202e\u2066-\u2069]|(?![\n\t])\p{Cc}/gu, '')
    .trim();
  if (!/[\p{L}\p{N}]/u.test(clean)) {
    throw new UserError('empty-sentence', 'The description is empty. Say what the program should show, for example: count system calls by process');
  }
  return clean;
}
