import { expect, it } from 'vitest';
import { apply, bits, type IrExpr, type IrProgram, type IrStmt } from '../ir/ir.ts';
import { Names } from './names.ts';
import { printSeahorn } from './print.ts';
import { assertedIn } from './scope.ts';
import { Unprintable } from './unprintable.ts';

const TEXT = 'kprobe:tcp_connect {\n  $dport = args.dport;\n  //@ assert $dport == 80\n}\n';
const at = (part: string): { start: number; end: number } => ({ start: TEXT.indexOf(part), end: TEXT.indexOf(part) + part.length });
const dport: IrExpr = { kind: 'variable', name: '$dport', width: 16 };
const assertion: IrStmt = { kind: 'assert', condition: apply('eq', 'bool', dport, bits(80, 16)), property: 'contract', span: at('$dport == 80') };
const program: IrProgram = { maps: [], handlers: [{ name: 'kprobe:tcp_connect', span: at('kprobe'), body: [{ kind: 'set', name: '$dport', value: { kind: 'read', name: 'args.dport', width: 16 }, span: at('$dport = args') }, assertion] }] };

it('what is printed is recognised: inputs and variables by their names, the lines of the source', () => {
  const { text, lines, handlers, events, complete } = printSeahorn(program, { file: 'connect.bt', text: TEXT }, { asserted: assertedIn(program), events: 5 });
  expect(text).toContain('#include "seahorn/seahorn.h"\n');
  expect(text).toContain('extern uint16_t nd_args_dport(void);\n');
  expect(text).toContain('    case 1: { /* kprobe:tcp_connect */\n');
  expect(text).toContain('#line 2 "connect.bt"\n      dport = args_dport;\n#line 3 "connect.bt"\n      if (last) sassert(dport == 80);\n');
  expect([[...lines.keys()], handlers[0]?.reads.map(({ functions }) => functions), events, complete]).toEqual([[3], [['nd_args_dport']], 1, true]);
});

it('what runs first is the first event, and no later one', () => {
  const limit: IrExpr = { kind: 'entry', map: '@limit', key: bits(0, 1) };
  const limited: IrProgram = {
    maps: [{ name: '@limit', key: 1, value: 16 }],
    handlers: [
      { name: 'read', span: at('kprobe'), body: [{ kind: 'assert', condition: apply('ult', 'bool', bits(1, 16), limit), property: 'contract', span: at('$dport == 80') }] },
      { name: 'BEGIN', span: at('kprobe'), first: true, body: [{ kind: 'put', map: '@limit', key: bits(0, 1), value: bits(10, 16), span: at('$dport = args') }] },
    ],
  };
  const { text, events, handlers } = printSeahorn(limited, { file: 'limit.bt', text: TEXT }, { asserted: assertedIn(limited), events: 5 });
  expect(text).toContain('    assume(event < 1 ? chosen == event + 1 : chosen > 1 || chosen == 0);\n    switch (chosen) {\n    case 1: { /* BEGIN */\n');
  expect([events, handlers.map(({ handler }) => handler.name)]).toEqual([6, ['BEGIN', 'read']]);
});

it('an assertion that is not asked for is not there', () => {
  expect(printSeahorn(program, { file: 'connect.bt', text: TEXT }, { asserted: [], events: 5 }).text).not.toContain('connect.bt"\n      if (last)');
});

it('a name of a file or probe ends no comment and no text', () => {
  const odd = { ...program, handlers: program.handlers.map((handler) => ({ ...handler, name: 'uprobe:/tmp/*/x:f' })) };
  const { text } = printSeahorn(odd, { file: 'a"*/b.bt', text: TEXT }, { asserted: assertedIn(odd), events: 5 });
  expect(text.match(/\/\*/g)?.length).toBeGreaterThan(2);
  expect(text).toContain('/* uprobe:/tmp/ * /x:f */');
  expect(text).toContain('#line 3 "a\\"*/b.bt"');
});

it('what has no C is said', () => {
  const wide: IrStmt = { ...assertion, condition: apply('ult', 'bool', { kind: 'read', name: 'a', width: 200 }, bits(1, 200)) };
  const odd: IrProgram = { maps: [], handlers: [{ name: 'one', span: at('kprobe'), body: [wide] }] };
  expect(() => printSeahorn(odd, { file: 'x.bt', text: TEXT }, { asserted: assertedIn(odd), events: 1 })).toThrow(Unprintable);
});

it.each([
  [['$dport', '@dport', 'dport'], ['dport', 'dport_2', 'dport_3']],
  [['((struct sock *)arg0)->__sk_common.skc_dport', '$1', '$if', 'nd_x', '@'], ['struct_sock_arg0_sk_common_skc_dport', 'n_1', 'if_2', 'n_nd_x', 'unnamed']],
])('names are C’s and each thing’s own: %s', (given, expected) => {
  const names = new Names();
  expect(given.map((name, n) => names.of(String(n), name))).toEqual(expected);
});
