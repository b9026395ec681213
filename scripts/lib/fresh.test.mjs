import { mkdtempSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isStale, leaveStamp, notInstalled } from './fresh.mjs';

const folder = () => mkdtempSync(join(tmpdir(), 'kgent-fresh-'));

it('work is stale when a source changed after it began', () => {
  const dir = folder();
  mkdirSync(join(dir, 'src/deep'), { recursive: true });
  const source = join(dir, 'src/deep/a.ts');
  writeFileSync(source, '');
  const stamp = join(dir, 'out/.built');
  expect(isStale(stamp, [join(dir, 'src')])).toBe(true);
  leaveStamp(stamp, Date.now() + 1000);
  expect(isStale(stamp, [join(dir, 'src'), join(dir, 'absent')])).toBe(false);
  const later = Date.now() / 1000 + 10;
  utimesSync(source, later, later);
  expect(isStale(stamp, [join(dir, 'src')])).toBe(true);
});

it('installed packages are compared by version, and optional ones may be missing', () => {
  const dir = folder();
  const write = (/** @type {string} */ name, /** @type {object} */ packages) => {
    writeFileSync(join(dir, name), JSON.stringify({ packages }));
    return join(dir, name);
  };
  const lock = write('lock', { '': {}, 'node_modules/a': { version: '2.0.0' }, 'node_modules/b': { version: '1.0.0' }, 'node_modules/native': { version: '1.0.0', optional: true } });
  expect(notInstalled(lock, write('old', { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '1.0.0' } }))).toEqual(['node_modules/a']);
  expect(notInstalled(lock, join(dir, 'nothing'))).toEqual(['node_modules/a', 'node_modules/b']);
});
