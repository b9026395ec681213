import { describe, expect, it } from 'vitest';
import { marked } from '../../../../test/support/marked.ts';
import { openCall } from './open-call.ts';
import { tokenize } from './tokens.ts';

const around = (source: string): unknown => {
  const { text, cursor } = marked(source);
  const call = openCall(text, tokenize(text), cursor);
  return call && [call.kind, call.name, call.argument];
};

describe('the call around a cursor', () => {
  it.each([
    ['printf(‸', ['call', 'printf', 0]],
    ['printf("%d, %d", pid,‸', ['call', 'printf', 1 + 1]],
    ['printf("%d", str(arg0, ‸), 1)', ['call', 'str', 1]],
    ['printf("%d", str(arg0, 1), ‸)', ['call', 'printf', 2]],
    ['printf("a", (1, 2), ‸)', ['call', 'printf', 2]],
    ['printf("a", (1, ‸2))', ['call', 'printf', 1]],
    ['@x[pid, ‸] = 1', ['map', '@x', 1]],
    ['print(@x[‸])', ['map', '@x', 0]],
    ['print(‸@x[1])', ['call', 'print', 0]],
    ['lhist(1, 2/* , */, ‸)', ['call', 'lhist', 2]],
    ['BEGIN { printf("a", ‸\n }\nEND { print(1); }', ['call', 'printf', 1]],
  ])('%s', (source, expected) => expect(around(source)).toEqual(expected));

  it.each(['if (‸', 'print(1); ‸', 'BEGIN { ‸ }', 'for ($x : ‸', '(1, ‸', 'while (1) { ‸', '‸print(1)', 'print(1)‸'])('none: %s', (source) => expect(around(source)).toBeUndefined());
});
