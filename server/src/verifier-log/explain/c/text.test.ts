import { describe, expect, it } from 'vitest';
import { assignedVariable, assigns, callArguments, declares, dereferences } from './text.ts';

describe('what a line of C gives a value to', () => {
  it.each(['v = f();', 'u64 *v = f();', 'v += 2;', 'v++;', '--v;', 'for (v = 0; v < 3; v++)', 'u32 a = 1, v = 2;', 'if ((v = f()))'])('%s assigns v', (line) => expect(assigns(line, 'v')).toBe(true));
  it.each(['*v = 1;', 'v->n = 2;', 'if (v == 2)', 'a.v = 1;', 'vv = 1;', 'x = v;', '// v = 1', 'printk("v = 1");'])('%s does not', (line) => expect(assigns(line, 'v')).toBe(false));
  it('names it', () => expect(['struct iphdr *ip = (void *)(eth + 1);', 'n = 4;', 'if (a == b)', '*p = 3;'].map(assignedVariable)).toEqual(['ip', 'n', undefined, 'p']));
});

describe('declarations', () => {
  it.each(['__u32 v;', 'struct event v = {};', 'char v[16];', 'u32 i, v;', 'int f(void *ctx, u32 v)', 'struct { u16 a; } v;', 'u8 *a = b, *v = c;'])('%s declares v', (line) => expect(declares(line, 'v')).toBe(true));
  it.each(['sum += i * v;', 'return v;', 'v = 1;', 'f(v);', 'if (a > v)', 'f(&m, sizeof v, 0);'])('%s does not', (line) => expect(declares(line, 'v')).toBe(false));
});

it('places that follow a pointer', () => {
  expect(dereferences('t->seen[port] = *p + a.b->c;').map((d) => [d.base, d.index])).toEqual([
    ['t', undefined],
    ['t->seen', 'port'],
    ['a.b', undefined],
    ['p', undefined],
  ]);
});

it("a call's arguments, brackets counted", () => {
  expect(callArguments('x = f(a, g(b, c), &d[1],\n\tsizeof(e));', 'f')?.map((a) => a.text)).toEqual(['a', 'g(b, c)', '&d[1]', 'sizeof(e)']);
  expect(callArguments('x = g(1);', 'f')).toBeUndefined();
});
