import { expect, it } from 'vitest';
import { loadable } from './marked.ts';
import { planOf, readResults } from './plan.ts';

const bytes = (...list: readonly number[]): Uint8Array => Uint8Array.from(list);

it('objects and inputs that jobs share are sent once', () => {
  const run = { program: 'f', input: { data: bytes(1, 2), context: bytes(3) } };
  const { text, files } = planOf([{ object: bytes(9), presets: [{ map: 'seen', key: bytes(1, 0), value: bytes(0xab) }], runs: [run, run] }, { object: bytes(9), presets: [], runs: [{ program: 'g', input: { context: bytes(3) } }] }]);
  expect(text).toBe('load 0.o\nmap seen key hex 01 00 value hex ab\nrun f data_in 1.bin ctx_in 2.bin\nrun f data_in 1.bin ctx_in 2.bin\ndump\nload 0.o\nrun g ctx_in 2.bin\ndump\n');
  expect(files.map(({ name, content }) => [name, ...content])).toEqual([['0.o', 9], ['1.bin', 1, 2], ['2.bin', 3]]);
});

it('results and maps are read of what bpftool prints', () => {
  const said = [
    'MARK load 0 ', '', 'MARK run 0 ', '{"retval":2,"duration":962}',
    '', 'MARK dump 0 seen', '[{"key":["0x01","0x00"],"value":["0x0a","0xff"],"formatted":{"key":1,"value":65290}}]',
    '', 'MARK dump 0 each', '[{"key":["0x00"],"values":[{"cpu":0,"value":["0x01"]},{"cpu":1,"value":["0x00"]}]}]',
    '', 'MARK dump 0 long', '[{"key":["0x00"',
    '', 'MARK load 255 ', 'libbpf: prog \'f\': failed to load: -13',
  ];
  const [first, second, third] = readResults(`\n${said.join('\n')}\n`, 'MARK', 3);
  expect(first).toEqual({ returned: [2n], maps: new Map([['seen', [{ key: bytes(1, 0), values: [bytes(10, 255)] }]], ['each', [{ key: bytes(0), values: [bytes(1), bytes(0)] }]]]) });
  expect(readResults('\nMARK pin 1 \n\nMARK load 0 \n', 'MARK', 1)).toEqual([{ returned: [], maps: new Map(), scattered: true }]);
  expect([second?.failed, third?.failed]).toEqual(["libbpf: prog 'f': failed to load: -13", 'it was not loaded']);
});

it('marks that must hold write down when they do not; others do nothing', () => {
  const span = { start: 0, end: 0 };
  const text = '((void (*)(long))0x40000000L)((long)(a)); ((void (*)(long))0x40000001L)((long)(!!(b))); ({ ((long (*)(void *, void *))0x3f000001L)(&m, &kgent_k); })';
  const loaded = loadable({ text, marks: [{ kind: 'assume', span }, { kind: 'assert', property: 'contract', span, says: 'b' }] });
  expect(loaded.split('\n').at(-1)).toBe('kgent_skip((long)(a)); kgent_note(1, (long)(!!(b))); ({ ((long (*)(void *, void *))kgent_present)(&m, &kgent_k); })');
  expect(loaded).toContain('kgent_failed[2]');
});
