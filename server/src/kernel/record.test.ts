import { expect, it } from 'vitest';
import { sampleBtf } from '../../test/support/btf.ts';
import { openInventory } from './open.ts';
import { decodeRecord, encodeRecord, type KernelRecord } from './record.ts';

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const record: KernelRecord = {
  release: '6.12.0',
  arch: 'aarch64',
  distribution: 'Debian "13"\n',
  btf: sampleBtf().bytes(),
  moduleBtf: new Map([['xfs', text('BTF of xfs')]]),
  functions: text('vfs_read\n'),
  formats: text('sched/sched_switch/format:\tfield:int x;\toffset:8;\tsize:4;\tsigned:1;\n'),
};

it('a record is the same after it was stored', () => {
  expect(decodeRecord(encodeRecord(record))).toEqual(record);
  const bare = { release: '', arch: '', distribution: '', moduleBtf: new Map() };
  expect(decodeRecord(encodeRecord(bare))).toEqual(bare);
});
it('an inventory is opened from it', async () => {
  const inventory = await openInventory({ ...decodeRecord(encodeRecord(record)), moduleBtf: new Map() }, { source: 'target', label: 'vm (6.12.0)' });
  expect(inventory).toMatchObject({ release: '6.12.0', arch: 'aarch64', source: 'target', label: 'vm (6.12.0)' });
  expect([inventory.types.struct('thing')?.size, inventory.tracepoint('sched', 'sched_switch')?.fields.length, inventory.probes.has('kprobe', 'vfs_read')]).toEqual([32, 1, true]);
});
it('damaged BTF is told, also that of a module', async () => {
  await expect(openInventory({ ...record, btf: text('no BTF') }, { source: 'target', label: '' })).rejects.toThrow('(BTF) cannot be read');
  await expect(openInventory(record, { source: 'target', label: '' })).rejects.toThrow('(BTF) cannot be read');
});
it('a file cut off anywhere is told', () => {
  const file = encodeRecord(record);
  for (let end = 0; end < file.length; end++) expect(() => decodeRecord(file.subarray(0, end))).toThrow("The file of a kernel's inventory cannot be read");
});
it.each(['', 'kgent-kernel 2\n{}\n', 'kgent-kernel 1\nnull\n', 'kgent-kernel 1\n{"release":"","arch":"","distribution":"","parts":[["btf",-1]]}\n', 'kgent-kernel 1\n{"release":1}\n'])('%j is no record', (file) => {
  expect(() => decodeRecord(text(file))).toThrow("The file of a kernel's inventory cannot be read");
});
