import { expect, it } from 'vitest';
import { compareVersions } from '../../../base/version.ts';
import { bundled } from '../../../../test/support/inventory.ts';
import { KFUNCS, kfuncNamed } from './kfuncs.ts';

it('names each kfunc once, in sentences', () => {
  expect(new Set(KFUNCS.map(({ name }) => name)).size).toBe(KFUNCS.length);
  expect(KFUNCS.length).toBeGreaterThan(200);
  for (const { name, summary, result } of KFUNCS) for (const text of [summary, result]) expect([name, text === '' || /^(?:[A-Z0-9`]|true|false).*\.$/.test(text)]).toEqual([name, true]);
});

it('says of each since when it is there as the bundled kernel has it', () => {
  const there = new Set(bundled.kfuncs());
  // Debian builds its 6.12 without sched_ext.
  const wrong = KFUNCS.filter(({ name, since }) => since && !name.startsWith('scx_') && (compareVersions(since, [6, 12]) <= 0) !== there.has(name));
  expect(wrong.map(({ name }) => name)).toEqual([]);
});

it('knows all that the bundled kernel has, but for those of its tests and of single congestion controls', () => {
  const unknown = bundled.kfuncs().filter((name) => !kfuncNamed(name));
  expect(unknown.filter((name) => !/^(?:bbr|cubictcp)_|test|memb_release|^crash_kexec$/.test(name))).toEqual([]);
});
