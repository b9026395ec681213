import { expect, it } from 'vitest';
import { sampleBtf } from '../../../test/support/btf.ts';
import { damage } from '../../../test/support/damage.ts';
import { Btf } from '../btf/btf.ts';
import { BtfKernelTypes } from '../btf/kernel-types.ts';
import { printCType, resolve } from '../ctype.ts';
import { runAtOnce } from '../turns.ts';
import { TracepointFormats } from './formats.ts';

const types = new BtfKernelTypes(new Btf(sampleBtf().bytes()));
const DECLARATIONS = ['unsigned short common_type', 'char comm[16]', 'const char *const * argv', '__data_loc char[] name', '__rel_loc u64[] values', 'u8 table[2][3]', 'struct thing * it', 'enum colour colour', 'thing_id_t id', 'void (*fn)(struct thing *)', 'unsigned long args[6]', 'char name[TASK_COMM_LEN]'];
const text = ['sched/sched_switch', 'sched/sched_wakeup', 'syscalls/sys_enter_open', 'ftrace/function', 'net/netif_rx']
  .flatMap((event) => DECLARATIONS.map((declaration, index) => `${event}/format:\tfield:${declaration};\toffset:${8 * index};\tsize:8;\tsigned:${index % 2};\n`))
  .join('');

function readAll(formats: TracepointFormats): number {
  let read = 0;
  for (const name of formats.names()) {
    const [category = '', event = ''] = name.split(':');
    const format = formats.get(category, event);
    expect(format).toMatchObject({ category, event });
    for (const field of format?.fields ?? []) read += printCType(field.type).length + resolve(field.type).kind.length + field.name.length;
  }
  return read;
}

it('damaged formats give the fields that can be read', () => {
  const whole = new TextEncoder().encode(text);
  let least = Infinity;
  let longestMs = 0;
  for (let seed = 0; seed < 10_000; seed++) {
    const began = performance.now();
    const damaged = Buffer.from(damage(whole, seed)).toString('latin1');
    least = Math.min(least, readAll(runAtOnce(TracepointFormats.of(damaged, types))));
    longestMs = Math.max(longestMs, performance.now() - began);
  }
  expect(least).toBeLessThan(readAll(runAtOnce(TracepointFormats.of(text, types))));
  expect(longestMs).toBeLessThan(1000);
});
it.each([
  ['much of something else before the last format', `${'Binary file matches\n'.repeat(100_000)}${text}`],
  ['a line without end', `sched/sched_switch/format:\tfield:${'field:'.repeat(200_000)}`],
  ['a declaration of brackets', `sched/sched_switch/format:\tfield:int x${'['.repeat(100_000)};\toffset:8;\tsize:4;\tsigned:1;\n`],
  ['a type of spaces', `sched/sched_switch/format:\tfield:int${' '.repeat(1900)}*;\toffset:8;\tsize:4;\tsigned:1;\n`],
  ['a string of strings', `sched/sched_switch/format:\tfield:${'__data_loc '.repeat(150)}char[] x;\toffset:8;\tsize:4;\tsigned:1;\n`],
])('%s: takes no time', (_, damaged) => {
  const began = performance.now();
  expect(readAll(runAtOnce(TracepointFormats.of(damaged, types)))).toBeGreaterThanOrEqual(0);
  expect(performance.now() - began).toBeLessThan(1000);
});
