import { describe, expect, it } from 'vitest';
import { Code } from './code.ts';
import { unreleasedExits } from './exits.ts';

/** Lines by which `f` leaves with `p` held; the body begins on line 3. */
function exits(body: string, variable: string | undefined = 'p'): readonly number[] {
  const source = `int f(int a)\n{\n${body}\n}\n`;
  const lines = new Map(source.split('\n').map((text, i) => [i + 1, text]));
  const line = [...lines].find(([, text]) => text.includes('take('))?.[0] ?? 0;
  return unreleasedExits(new Code(lines, source), { line, release: /\bgive\s*\(/, ...(variable === undefined ? {} : { variable }) });
}

describe('ways out with something held', () => {
  it.each([
    ['given back on every way', 'p = take();\nif (!p)\nreturn 0;\ngive(p);\nreturn 1;', []],
    ['an early return', 'p = take();\nif (!p)\nreturn 0;\nif (a)\nreturn 2;\ngive(p);\nreturn 1;', [7]],
    ['the condition asks for more than NULL', 'p = take();\nif (!p || a)\nreturn 0;\ngive(p);\nreturn 1;', [5]],
    ['only where there is something', 'p = take();\nif (p != NULL) {\nuse(p);\ngive(p);\n}\nreturn 1;', []],
    ['a jump past the release', 'p = take();\nif (a)\ngoto out;\ngive(p);\nout:\nreturn 1;', [5]],
    ['a jump to the release', 'p = take();\nif (a)\ngoto out;\na++;\nout:\ngive(p);\nreturn 1;', []],
    ['one branch of a switch', 'p = take();\nswitch (a) {\ncase 1:\ngive(p);\nbreak;\ndefault:\na = 3;\n}\nreturn a;', [9]],
    ['overwritten by another', 'p = take();\nif (a)\np = other();\ngive(p);\nreturn 1;', [5]],
    ['left in a loop', 'for (;;) {\np = take();\nif (!p)\nbreak;\nif (a)\ncontinue;\ngive(p);\n}\nreturn 1;', [8]],
    ['taken again by the next turn of a loop', 'for (;;) {\np = take();\nif (!p)\nreturn 0;\nif (a)\nbreak;\n}\ngive(p);\nreturn 1;', [4]],
    ['given back in each turn', 'for (int i = 0; i < 3; i++) {\np = take();\nif (!p)\nreturn 0;\ngive(p);\n}\nreturn 1;', []],
    ['what it points to is written', 'p = take();\nif (!p)\nreturn 0;\np[0] = a;\nif (a)\nreturn 2;\ngive(p);\nreturn 1;', [8]],
    ['handed on', 'p = take();\nif (!p)\nreturn 0;\nreturn p;', []],
    ['one side of an if', 'p = take();\nif (a) {\ngive(p);\n} else {\na = 2;\n}\nreturn 1;', [7]],
  ])('%s', (_, body, expected) => expect(exits(body)).toEqual(expected));
  it('a region has no variable', () => expect(exits('take();\nif (a)\nreturn 1;\ngive();\nreturn 0;', undefined)).toEqual([5]));
});
