import { expect, it } from 'vitest';
import { BtfBuilder, sampleBtf } from '../../../test/support/btf.ts';
import { KIND } from '../btf/btf.ts';
import type { Inventory } from '../inventory.ts';
import { openInventory } from '../open.ts';
import type { KernelRecord } from '../record.ts';
import { compareNeeds } from './compare.ts';
import { describeNeed, mergeNeeds, type Need } from './need.ts';

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const open = (label: string, parts: Partial<KernelRecord>): Promise<Inventory> =>
  openInventory({ release: label, arch: 'x86_64', distribution: '', moduleBtf: new Map(), ...parts }, { source: 'target', label });
const features = (kprobe: readonly string[]): Uint8Array => text(JSON.stringify({ helpers: { kprobe_available_helpers: kprobe, xdp_available_helpers: ['bpf_redirect'] } }));
const format = (event: string, declaration: string, size: number): string => `${event}/format:\tfield:${declaration};\toffset:8;\tsize:${size};\tsigned:1;\n`;

/** Another kernel: `thing` has lost `high` and has a wider `low`, `do_thing` an argument less, and no `colour`. */
function otherBtf(): Uint8Array {
  const b = new BtfBuilder();
  const long = b.add(KIND.int, 'long', 8, { extra: [(1 << 24) | 64] });
  const char = b.add(KIND.int, 'char', 1, { extra: [8] });
  b.add(KIND.struct, 'thing', 8, { vlen: 1, extra: ['low', long, 0] });
  const proto = b.add(KIND.funcProto, '', long, { vlen: 1, extra: ['path', b.add(KIND.pointer, '', char)] });
  b.add(KIND.func, 'do_thing', proto, { vlen: 1 });
  const marked = b.add(KIND.func, 'kernel_clone', proto, { vlen: 1 });
  b.add(KIND.declTag, 'bpf_kfunc', marked, { extra: [-1] });
  return b.bytes();
}

const a = await open('a', { btf: sampleBtf().bytes(), functions: text('do_thing\n_do_fork\n'), features: features(['bpf_get_stack', 'bpf_loop']), formats: text(format('sched/go', 'int x', 4) + format('sched/go_on', 'int x', 4)) });
const b = await open('b', { btf: otherBtf(), functions: text('kernel_clone\n'), features: features(['bpf_get_stack']), formats: text(format('sched/go', 'long x', 8) + format('sched/go_on', 'int y', 4)) });
const untold = await open('c', { btf: sampleBtf().bytes() });

it.each<[Need, string | undefined]>([
  [{ kind: 'attach-point', provider: 'kprobe', parts: ['do_thing'] }, 'Works on a but not on b because do_thing cannot be traced there (inlined, or marked notrace).'],
  [{ kind: 'attach-point', provider: 'kprobe', parts: ['_do_fork'] }, 'Works on a but not on b because there is no kprobe:_do_fork there (kernel_clone does its work).'],
  [{ kind: 'attach-point', provider: 'kprobe', parts: ['do_th*'] }, 'Works on a but not on b because nothing matches kprobe:do_th* there.'],
  [{ kind: 'attach-point', provider: 'tracepoint', parts: ['sched', 'go'] }, undefined],
  [{ kind: 'tracepoint-field', category: 'sched', event: 'go', field: 'x' }, 'Field x of tracepoint:sched:go differs: 32-bit integer on a, 64-bit integer on b.'],
  [{ kind: 'tracepoint-field', category: 'sched', event: 'go*', field: 'x' }, 'Works on a but not on b because tracepoint:sched:go_on has no field x there.'],
  [{ kind: 'tracepoint-field', category: 'sched', event: 'stop', field: 'x' }, 'Does not work on a and b because there is no tracepoint:sched:stop there.'],
  [{ kind: 'type', tag: 'enum', name: 'colour' }, 'Works on a and c but not on b because there is no enum colour there.'],
  [{ kind: 'type', tag: 'typedef', name: 'thing_id_t' }, 'Works on a and c but not on b because there is no type thing_id_t there.'],
  [{ kind: 'type', tag: 'struct', name: 'thing' }, undefined],
  [{ kind: 'field', of: 'struct', type: 'thing', path: ['high'] }, 'Works on a and c but not on b because struct thing has no field high there.'],
  [{ kind: 'field', of: 'struct', type: 'thing', path: ['low'] }, 'Field low of struct thing differs: 32-bit integer on a and c, 64-bit integer on b.'],
  [{ kind: 'field', of: 'struct', type: 'thing', path: ['low', 'lower'] }, 'Does not work on a, b and c because struct thing has no field low.lower there.'],
  [{ kind: 'field', of: 'union', type: 'thing', path: ['low'] }, 'Does not work on a, b and c because there is no union thing there.'],
  [{ kind: 'enumerator', name: 'RED' }, 'Works on a and c but not on b because there is no RED there.'],
  [{ kind: 'argument', function: 'do_thing', argument: 0 }, undefined],
  [{ kind: 'argument', function: 'do_thing', argument: 1 }, 'Works on a and c but not on b because do_thing has only 1 argument there.'],
  [{ kind: 'argument', function: 'do_thing', argument: 'id' }, 'Works on a and c but not on b because do_thing has no argument id there (it has path).'],
  [{ kind: 'argument', function: 'elsewhere', argument: 1 }, undefined],
  [{ kind: 'helper', name: 'bpf_get_stack', programType: 'kprobe' }, undefined],
  [{ kind: 'helper', name: 'bpf_loop', programType: 'kprobe' }, 'Works on a but not on b because programs of type kprobe may not call bpf_loop there.'],
  [{ kind: 'helper', name: 'bpf_loop', programType: 'lsm' }, undefined],
  [{ kind: 'kfunc', name: 'do_thing' }, 'Does not work on a, b and c because programs may not call do_thing there.'],
  [{ kind: 'kfunc', name: 'kernel_clone' }, 'Works on b but not on a and c because there is no function kernel_clone there.'],
])('%o', (need, note) => {
  expect(compareNeeds([need], [a, b, untold]).map((difference) => difference.note)).toEqual(note === undefined ? [] : [note]);
});
it('names the inventories that lack it, and those that have another one', () => {
  expect(compareNeeds([{ kind: 'field', of: 'struct', type: 'thing', path: ['low'] }], [b, a, untold])).toMatchObject([{ missingOn: [], changedOn: ['a', 'c'] }]);
  expect(compareNeeds([{ kind: 'enumerator', name: 'RED' }], [b, a])).toMatchObject([{ missingOn: ['b'], changedOn: [] }]);
});
it('merges needs by what they say', () => {
  const needs: Need[] = [{ kind: 'kfunc', name: 'x' }, { kind: 'type', tag: 'struct', name: 'x' }];
  expect(mergeNeeds([needs, structuredClone(needs), [{ kind: 'argument', function: 'f', argument: 1 }]]).map(describeNeed)).toEqual(['kfunc x', 'struct x', 'argument 2 of f']);
});
