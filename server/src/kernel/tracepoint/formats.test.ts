import { describe, expect, it } from 'vitest';
import { bundled } from '../../../test/support/inventory.ts';
import { sampleBtf } from '../../../test/support/btf.ts';
import { Btf } from '../btf/btf.ts';
import { BtfKernelTypes } from '../btf/kernel-types.ts';
import { printCType, resolve } from '../ctype.ts';
import { runAtOnce } from '../turns.ts';
import { splitDeclaration, typeOf } from './declaration.ts';
import { decodeField, TracepointFormats } from './formats.ts';

const types = new BtfKernelTypes(new Btf(sampleBtf().bytes()));
const open = (text: string): TracepointFormats => runAtOnce(TracepointFormats.of(text, types));

function line(event: string, declaration: string, size = 4, signed = 1): string {
  return `${event}/format:\tfield:${declaration};\toffset:8;\tsize:${size};\tsigned:${signed};\n`;
}

describe('formats', () => {
  const text = [
    line('sched/sched_switch', 'unsigned short common_type', 2, 0),
    line('sched/sched_switch', 'thing_id_t prev_pid'),
    line('sched/sched_switch_more', 'int common_pid'),
    'binary file matches\n',
    line('ftrace/function', 'unsigned long ip', 8, 0),
    line('syscalls/sys_enter_open', 'const char * filename', 8, 0),
  ].join('');

  it('finds every tracepoint, one with only the common fields too, and no records of ftrace', () => {
    const formats = open(text);
    expect(formats.names()).toEqual(['sched:sched_switch', 'sched:sched_switch_more', 'syscalls:sys_enter_open']);
    expect(formats.get('sched', 'sched_switch')?.fields).toMatchObject([{ name: 'prev_pid', typeText: 'thing_id_t', offset: 8, size: 4, signed: true }]);
    expect(formats.get('sched', 'sched_switch_more')).toEqual({ category: 'sched', event: 'sched_switch_more', fields: [] });
    expect([formats.get('sched', 'sched'), formats.get('ftrace', 'function')]).toEqual([undefined, undefined]);
    expect(formats.get('sched', 'sched_switch')).toBe(formats.get('sched', 'sched_switch'));
  });
  it('a text cut off anywhere gives what is there', () => {
    for (let end = 0; end < text.length; end++) {
      const formats = open(text.slice(0, end));
      for (const name of formats.names()) {
        const [category = '', event = ''] = name.split(':');
        expect(formats.get(category, event)?.fields.every((field) => field.name !== '')).toBe(true);
      }
    }
  });
});

describe('fields', () => {
  const field = (declaration: string, size = 4, signed = 1): string => {
    const decoded = decodeField(line('a/b', declaration, size, signed), types);
    if (!decoded) return '(none)';
    const type = resolve(decoded.type);
    return [decoded.name, decoded.typeText, printCType(decoded.type), type.kind === 'array' && type.dataLoc ? 'elsewhere' : ''].filter((part) => part !== '').join(' | ');
  };
  // Each declaration is one that kernels 6.1 to 6.18 have.
  it.each([
    ['char comm[16]', 16, 'comm | char[16] | char[16]'],
    ['const char * filename', 8, 'filename | const char * | char *'],
    ['const char *const * argv', 8, 'argv | const char *const * | char **'],
    ['__data_loc char[] name', 4, 'name | __data_loc char[] | char[] | elsewhere'],
    ['__rel_loc u64[] values', 4, 'values | __rel_loc u64[] | u64[] | elsewhere'],
    ['unsigned long args[6]', 48, 'args | unsigned long[6] | unsigned long[6]'],
    ['char name[TASK_COMM_LEN]', 16, 'name | char[TASK_COMM_LEN] | char[16]'],
    ['u8 table[2][3]', 6, 'table | u8[2][3] | u8[2][3]'],
    ['struct thing * it', 8, 'it | struct thing * | struct thing *'],
    ['struct module_thing * it', 8, 'it | struct module_thing * | struct module_thing *'],
    ['enum colour colour', 4, 'colour | enum colour | enum colour'],
    ['thing_id_t id', 4, 'id | thing_id_t | thing_id_t'],
    ['unsigned flags', 4, 'flags | unsigned | unsigned int'],
    ['bool idle', 1, 'idle | bool | _Bool'],
    ['void (*fn)(struct thing *)', 8, 'fn | void (*)(struct thing *) | void *'],
    ['const clockid_t which', 4, 'which | const clockid_t | clockid_t'],
  ])('%s', (declaration, size, expected) => expect(field(declaration, size)).toBe(expected));

  it('a type nothing is known of is a number of its size', () => {
    const decoded = decodeField(line('a/b', 'xfs_ino_t ino', 8, 0), types);
    expect(decoded && resolve(decoded.type)).toMatchObject({ kind: 'int', size: 8, signed: false });
  });
  it.each(['', 'field:;', 'field:int;\toffset:8;\tsize:4;', 'print fmt: "x"', 'field:int x;\toffset:y;\tsize:4;'])('%j is no field', (text) => expect(decodeField(text, types)).toBeUndefined());
  it.each(['int', '*', '[3]', ''])('%j is no declaration', (text) => expect(splitDeclaration(text)).toBeUndefined());
  it('the words of an integer may stand in any order', () => {
    const int = (text: string): unknown => typeOf(text, types, { size: 8, signed: true });
    expect(int('long unsigned int')).toEqual(int('unsigned long'));
    expect([int('long long'), int('short int'), int('signed char')]).toMatchObject([{ size: 8, signed: true }, { size: 2 }, { name: 'signed char', size: 1, signed: true }]);
  });
});

it("reads a real kernel's tracepoints with their types", () => {
  const format = bundled.tracepoint('sched', 'sched_switch');
  expect(format?.fields.map((f) => `${f.typeText} ${f.name} @${f.offset}`)).toEqual(['char[16] prev_comm @8', 'pid_t prev_pid @24', 'int prev_prio @28', 'long prev_state @32', 'char[16] next_comm @40', 'pid_t next_pid @56', 'int next_prio @60']);
  const pid = format?.fields[1]?.type;
  expect(pid && resolve(pid)).toMatchObject({ kind: 'int', name: 'int', size: 4, signed: true });
});
