import { expect, it } from 'vitest';
import { isChosen } from './choose.mjs';
import { packInitramfs } from './initramfs.mjs';
import { inLoadOrder } from './modules.mjs';
import { declareField } from './tables.mjs';

/** @returns {import('./modules.mjs').Module} */
const module = (/** @type {string} */ path, /** @type {string[]} */ depends = [], /** @type {string[]} */ events = []) => ({ name: path.replace(/.*\/|\.ko$/g, ''), path, depends, events, categories: [], functions: [], btf: undefined });

it('modules are loaded behind what they need, and once', () => {
  const all = [module('kernel/fs/xfs/xfs.ko', ['libcrc32c']), module('kernel/lib/libcrc32c.ko'), module('kernel/fs/btrfs/btrfs.ko', ['xor', 'libcrc32c', 'gone']), module('kernel/crypto/xor.ko')];
  const modules = new Map(all.map((one) => [one.name, one]));
  expect(inLoadOrder(modules, ['xfs', 'btrfs', 'xfs']).map(({ name }) => name)).toEqual(['libcrc32c', 'xfs', 'xor', 'btrfs']);
});

it.each([
  ['kernel/fs/xfs/xfs.ko', true],
  ['kernel/fs/nls/nls_utf8.ko', false],
  ['kernel/net/netfilter/nf_tables.ko', true],
  ['kernel/drivers/scsi/sd_mod.ko', true],
  ['kernel/drivers/scsi/scsi_debug.ko', false],
  ['kernel/lib/test_bpf.ko', false],
  ['kernel/drivers/hwmon/k10temp.ko', false],
])('%s is chosen: %s', (path, chosen) => {
  expect(isChosen(module(path))).toBe(chosen);
});

it('a module with tracepoints is chosen wherever it lies', () => {
  expect(isChosen(module('kernel/drivers/net/wireless/ath/wil6210/wil6210.ko', [], ['wil6210_rx']))).toBe(true);
});

it('an archive has its folders first, and each part begins at a multiple of four', () => {
  const archive = packInitramfs([{ path: 'bin/sh', bytes: Buffer.from('hello'), mode: 0o755 }, { path: 'proc' }]);
  const names = [];
  for (let at = 0; at < archive.length; ) {
    expect(archive.toString('latin1', at, at + 6)).toBe('070701');
    const field = (/** @type {number} */ index) => parseInt(archive.toString('latin1', at + 6 + index * 8, at + 14 + index * 8), 16);
    const dataAt = Math.ceil((at + 110 + field(11)) / 4) * 4;
    names.push([archive.toString('latin1', at + 110, at + 109 + field(11)), field(1).toString(8), archive.toString('latin1', dataAt, dataAt + field(6))]);
    at = Math.ceil((dataAt + field(6)) / 4) * 4;
  }
  expect(names).toEqual([['bin', '40755', ''], ['bin/sh', '100755', 'hello'], ['proc', '40755', ''], ['TRAILER!!!', '0', '']]);
});

it.each([
  ['unsigned long[6]', 'args', 'unsigned long args[6]'],
  ['const char *', 'name', 'const char *name'],
  ['void*', 'ring', 'void *ring'],
  ['const char *const *', 'argv', 'const char *const *argv'],
  ['char * *', 'names', 'char **names'],
  ['__data_loc char[]', 'comm', '__data_loc char[] comm'],
  ['void (*)(void *)', 'fn', 'void (*fn)(void *)'],
])('%s %s is declared as %s', (typeText, name, declared) => {
  expect(declareField({ typeText, name, size: 8 })).toBe(declared);
});
