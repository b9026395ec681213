import { describe, expect, it } from 'vitest';
import { FIRST_MARK, type Mark } from '../../c/marks.ts';
import { eventsOfHarness } from './events.ts';
import { mapModel, modelled } from './maps.ts';
import type { HarnessFile } from './print.ts';
import { argumentsAt, withMarks } from './rewrite.ts';
import { declarationsOf, itemsOf, needed, renamed, wordsIn } from './trim.ts';

const HEADER = `typedef unsigned int __u32;
typedef __u32 u32;
enum { FALSE = 0, A_NUMBER = 7 };
struct far { u32 deep; };
struct inside { int x; };
struct near { struct inside own; struct far *there; };
struct timespec { long tv_sec; };
int plain(struct near *of);
`;
const namesFor = (program: string): string[] => needed(declarationsOf(itemsOf(HEADER)), wordsIn(program)).map(({ declares: [name = ''] }) => name);

describe('what a program needs of headers', () => {
  it('is what it names, and what that is made of', () => {
    expect(namesFor('struct near *n;')).toEqual(['struct inside', 'struct near']);
    expect(namesFor('int f(struct near *n) { return n->there->deep; }')).toEqual(['__u32', 'u32', 'struct far', 'struct inside', 'struct near']);
    expect(namesFor('int x = A_NUMBER;')).toEqual(['FALSE']);
  });

  it('does not get in the way of the C library', () => {
    const items = itemsOf(HEADER).filter(({ declares }) => declares.includes('struct timespec'));
    expect(renamed('struct timespec t;', items)).toBe('struct kernel_timespec t;');
    expect(renamed('struct near t;', items)).toBe('struct near t;');
  });

  it('declarations know where they begin, through line markers, text and bodies', () => {
    const items = itemsOf('# 4 "a.h" 1\nint a;\n# 9 "p.c" 2\nstatic const char *s = "};";\nint f(void)\n{\n  if (s) { return 1; }\n  return 0;\n}\nstruct { int (*type)[1]; } m ;\nint g(int);\n');
    expect(items.map(({ file, line, declares, isFunction }) => [file, line, declares[0], isFunction])).toEqual([['a.h', 4, 'a', false], ['p.c', 9, 's', false], ['p.c', 10, 'f', true], ['p.c', 15, 'm', false], ['p.c', 16, 'g', true]]);
  });
});

describe('marks', () => {
  const span = { start: 0, end: 1 };
  const marks: readonly Mark[] = [{ kind: 'assert', property: 'contract', span, says: '' }, { kind: 'assume', span }, { kind: 'set', name: 'x', bits: 32, span }];
  const call = (n: number, value: string): string => `((void (*)(long))0x${(FIRST_MARK + n).toString(16)}L)((long)(${value}))`;

  it('become functions of their own, and leave what is computed for them', () => {
    expect(withMarks(`${call(0, 'a < b')};`, marks)).toBe('kgent_mark_0((long)(a < b));');
    expect(withMarks(`${call(1, 'a')}; ${call(2, 'x')};`, marks)).toBe('kgent_assume((long)(a)); ((void)(x));');
  });

  it('arguments are told apart by their brackets', () => expect(argumentsAt('f(a, g(b, c), d[e, 1]) + 1', 2)).toEqual(['a', ' g(b, c)', ' d[e, 1]']));
});

describe('models of maps', () => {
  it('have a slot for each entry of a small array, and for each entry that events can store otherwise', () => {
    const uses = { looks: 2, puts: 1 };
    expect(modelled({ name: 'a', kind: 'array', plain: true, entries: 4, uses }, 5)).toMatchObject({ slots: 4, direct: true });
    expect(modelled({ name: 'a', kind: 'array', plain: true, entries: 4096, uses }, 5)).toMatchObject({ slots: 15, direct: false });
    expect(modelled({ name: 'h', kind: 'hash', plain: true, entries: 4, uses }, 5)).toMatchObject({ slots: 5, direct: false });
    expect(mapModel({ name: 'out', kind: 'output', slots: 1, direct: false, plain: true })).toEqual([]);
  });
});

describe('values of SeaHorn as events', () => {
  const input = { type: 'uint32_t', calls: 1, bytes: 4 };
  const file: HarnessFile = {
    text: '', events: 3, rounds: 3, complete: false, lines: new Map(), beyond: 1, guard: 2, settings: [], asked: [{ ...input, nd: 'nd_random', read: 'bpf_get_prandom_u32' }],
    clocks: [{ ...input, nd: 'nd_now', read: 'bpf_ktime_get_ns()', bytes: 8 }],
    handlers: [{ name: 'one', known: new Map(), inputs: [{ ...input, nd: 'nd_pid', read: 'ctx->pid' }, { ...input, nd: 'nd_packet', read: 'packet', calls: 2, bytes: 16 }, { ...input, nd: 'nd_sk', read: 'sk', choices: [0n, 4096n] }] }],
  };

  it('are taken in the order of the calls; events that are none are left out', () => {
    const values = new Map([['nd_event', [1n, 0n, 1n]], ['nd_now', [5n, 6n, 7n]], ['nd_pid', [11n, 12n]], ['nd_packet', [0x1122_3344_0000n, 0n, 0n, 0n]], ['nd_sk', [1n, 0n]], ['nd_random', [9n, 8n]]]);
    const events = eventsOfHarness(file, values, (_, read) => (read.startsWith('packet') ? 16 : undefined));
    const read = (n: number, name: string): bigint | undefined => events[n]?.reads.get(name);
    expect(events.map(({ handler }) => handler)).toEqual(['one', 'one']);
    expect([read(0, 'bpf_ktime_get_ns()'), read(1, 'bpf_ktime_get_ns()'), read(0, 'ctx->pid'), read(1, 'ctx->pid'), read(0, 'sk'), read(1, 'sk')]).toEqual([5n, 7n, 11n, 12n, 4096n, 0n]);
    expect([read(0, 'packet[0]'), read(0, 'packet[2]'), read(0, 'packet byte of 0x1'), read(0, 'packet[1] (x)')]).toEqual([0x3344n, 0x1122n, 0x33n, 0x2233n]);
    expect([read(0, 'bpf_get_prandom_u32'), read(0, 'bpf_get_prandom_u32() #2'), read(0, 'no such thing')]).toEqual([9n, 8n, undefined]);
  });
});
