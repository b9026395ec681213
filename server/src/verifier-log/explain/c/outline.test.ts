import { describe, expect, it } from 'vitest';
import { Code } from './code.ts';
import { outlineOf, type Statement } from './outline.ts';

const kinds = (statements: readonly Statement[]): unknown[] => statements.map((s) => (s.body.length > 0 ? [s.kind, kinds(s.body), ...(s.otherwise.length > 0 ? [kinds(s.otherwise)] : [])] : s.kind));
const code = (source: string): Code => new Code(new Map(source.split('\n').map((text, i) => [i + 1, text])), source);

describe('functions of a file', () => {
  const source = `#define LOOP(x) { if (x) }
struct pair { int a; int b; } pairs SEC(".maps");
static const int table[] = { 1, 2 };
static __always_inline int
parse(void *p, // the pointer {
      int n)
{
	return n;
}

SEC("lsm/file_open")
int BPF_PROG(on_open, struct file *file, int ret)
{
	return parse(file,
		     ret);
}
`;
  it('heads, names and parameters', () => {
    expect(outlineOf(source).map((f) => [f.name, f.line, f.first, f.end, f.parameters.map((p) => p.name)])).toEqual([
      ['parse', 5, 4, 9, ['p', 'n']],
      ['on_open', 12, 11, 16, ['file', 'ret']],
    ]);
  });
  it('callers and statements over several lines', () => {
    const read = code(source);
    expect(read.callersOf(8)).toEqual([14]);
    expect([read.startOf(15), read.isHead(6), read.isHead(8), read.functionHead(15)]).toEqual([14, true, false, 12]);
  });
});

describe('statements', () => {
  it.each([
    ['if (a) return 1; else if (b) { c(); } else d();', [['if', ['return'], [['if', ['simple'], ['simple']]]]]],
    ['for (int i = 0; i < 3; i++) { if (!p) continue; bpf_for(j, 0, 4) x++; }', [['loop', [['if', ['continue']], ['loop', ['simple']]]]]],
    ['switch (v) { case 1: a(); break; default: goto out; }\nout: return 0;', [['switch', ['case', 'simple', 'break', 'case', 'goto']], 'label', 'return']],
    ['do { n--; } while (n); while (x) ; struct s v = { .a = 1 };', [['do', ['simple']], 'loop', 'simple']],
    ['x = ({ int y = 1; y; }); { block(); }', ['simple', ['block', ['simple']]]],
  ])('%s', (body, expected) => expect(kinds(outlineOf(`int f(void)\n{\n${body}\n}\n`)[0]?.body ?? [])).toEqual(expected));
  it.each(['int f(void) { if (', 'int f(void) { } }', '{{{{(((', `int f(void)${'{'.repeat(5000)}`, 'do do do while'])('damaged: %.20s', (source) => expect(() => outlineOf(source)).not.toThrow());
  it('a line leads to those behind it in its list of statements, and to what these hold', () => {
    const read = code('int f(int p)\n{\n\tif (p) {\n\t\ta();\n\t\tb();\n\t} else {\n\t\tc();\n\t}\n\td();\n}\n');
    expect([[4, 5], [4, 7], [4, 9], [3, 7], [3, 9], [9, 4]].map(([a, b]) => read.leadsTo(a ?? 0, b ?? 0))).toEqual([true, false, false, true, true, false]);
  });
  it('of `if (p) return;` the condition comes first', () => {
    const read = code('int f(int p)\n{\n\tif (p > 2) return p;\n\treturn 0;\n}\n');
    expect([read.statementAt(3)?.kind, read.statement(3), read.lastReturn(1)]).toEqual(['if', 'if (p > 2) return p;', 4]);
  });
});
