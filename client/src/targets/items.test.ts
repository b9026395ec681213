import { describe, expect, it } from 'vitest';
import type { Capability, TargetRow } from '../../../server/src/protocol.ts';
import { itemsOf, type Item } from './items.ts';

const local: TargetRow = { name: 'local', kind: 'local', detail: 'this machine', saved: false, current: true, state: 'connected', summary: '6.18.44, bpftrace v0.17.0', release: '6.18.44', about: [], missing: [] };
const web: TargetRow = { name: 'web', kind: 'ssh', detail: 'dev@web port 2222', saved: true, current: false, state: 'new', summary: '', about: [], missing: [] };
const none: TargetRow = { name: 'none', kind: 'none', detail: 'no machine', saved: false, current: false, state: 'connected', summary: 'no machine; …', release: '6.12.117+deb13', about: [], missing: [] };
const noBpftrace: Capability = { name: 'bpftrace', available: false, title: 'bpftrace is not installed', reason: 'nothing runs', blocks: true, remedy: { text: 'Install it.', command: 'sudo apt install bpftrace' } };
const noKprobes: Capability = { name: 'kprobes', available: false, title: 'No kprobes', reason: 'CONFIG_KPROBES is off', remedy: { text: 'Use tracepoints.' } };

function only(row: TargetRow): Item {
  const [item] = itemsOf([row]);
  if (!item) throw new Error('no item');
  return item;
}

const shape = (item: Item): unknown => [item.icon, item.label, ...(item.description === undefined ? [] : [item.description]), ...item.children.map(shape)];

describe('the targets', () => {
  it('show how they are: icon, kernel, which one is used', () => {
    expect(itemsOf([local, web, none]).map(({ icon, label, description }) => [icon, label, description])).toEqual([
      ['current', 'local', '6.18.44 · current'],
      ['new', 'web', 'dev@web port 2222'],
      ['none', 'none', 'no machine, kernel 6.12.117'],
    ]);
  });

  it.each<[Partial<TargetRow>, string, string]>([
    [{ state: 'connected', release: '6.12' }, 'connected', '6.12'],
    [{ state: 'connected', release: '6.12', missing: [noKprobes] }, 'connected', '6.12 · 1 missing'],
    [{ state: 'connected', release: '6.12', missing: [noBpftrace, noKprobes] }, 'limited', '6.12 · bpftrace is not installed'],
    [{ state: 'connecting' }, 'connecting', 'connecting…'],
    [{ state: 'connected', release: '6.12', progress: { phase: 'reading the kernel', percent: 40 } }, 'connected', 'reading the kernel, 40 %'],
    [{ state: 'unusable', summary: 'refused' }, 'unusable', 'cannot be used'],
    [{ state: 'offline', summary: 'gone', release: '6.12' }, 'offline', 'offline, was 6.12'],
  ])('%j looks like %s: %s', (change, icon, description) => {
    expect(only({ ...web, ...change })).toMatchObject({ icon, description });
  });

  it('are offered to be added to while there is none but this machine', () => {
    expect(itemsOf([local, none]).at(-1)).toMatchObject({ icon: 'add', action: 'add' });
    expect(itemsOf([local, web, none]).at(-1)).toMatchObject({ label: 'none' });
    // Before the server has told anything, nothing is known to be missing.
    expect(itemsOf([])).toEqual([]);
  });

  it('have words that menus know them by', () => {
    expect([local, web, none].map((row) => only(row).context)).toEqual(['target local connected current', 'target ssh new saved other', 'target none connected other']);
  });

  it('are told to a screen reader with what their icons say', () => {
    expect(only({ ...local, missing: [noKprobes] }).spoken).toBe('local, current target, connected, 6.18.44 · 1 missing');
    expect(only({ ...web, state: 'unusable', summary: 'refused' }).spoken).toContain('unusable');
  });

  it('that were not asked, or in vain, offer to connect', () => {
    expect(only(web).children.map(shape)).toEqual([['connect', 'Connect']]);
    expect(only({ ...web, state: 'unusable', summary: 'web did not let dev in.' }).children.map(shape)).toEqual([['why', 'web did not let dev in.'], ['retry', 'Try Again']]);
  });

  it('out of reach keep what was known of them', () => {
    const about = [{ name: 'kernel' as const, label: 'Kernel', value: '6.12' }];
    expect(only({ ...web, state: 'offline', summary: 'web does not answer.', about }).children.map(shape)).toEqual([['why', 'web does not answer.'], ['retry', 'Try Again'], ['kernel', 'Kernel', '6.12']]);
  });
});

describe('what a target lacks', () => {
  it('says why and what helps; the command is copied, and bpftrace can be', () => {
    const [missing] = only({ ...web, state: 'connected', missing: [noBpftrace] }).children;
    expect(missing && shape(missing)).toEqual(['missing', 'bpftrace is not installed', 'nothing runs', ['remedy', 'Install it.'], ['command', 'sudo apt install bpftrace', 'copy'], ['copy', 'Copy a bpftrace binary to it…']]);
    expect(missing).toMatchObject({ context: 'missing remedy', copies: 'sudo apt install bpftrace', target: 'web', spoken: 'Missing: bpftrace is not installed: nothing runs. Install it. sudo apt install bpftrace' });
    expect(missing?.children[1]).toMatchObject({ action: 'copy', copies: 'sudo apt install bpftrace' });
  });

  it('without a command has nothing to copy', () => {
    const [missing] = only({ ...web, state: 'connected', missing: [noKprobes] }).children;
    expect(missing?.context).toBe('missing');
    expect(missing?.children.map(shape)).toEqual([['remedy', 'Use tracepoints.']]);
  });
});

it('no two items of a tree have one id', () => {
  const about = [{ name: 'tools' as const, label: 'Tools', value: '2', parts: [{ name: 'item' as const, label: 'clang', value: '14' }, { name: 'item' as const, label: 'perl', value: '5' }] }];
  const ids = (item: Item): string[] => [item.id, ...item.children.flatMap(ids)];
  const all = itemsOf([{ ...local, about, missing: [noBpftrace] }, { ...web, state: 'offline', about, missing: [noBpftrace] }, none]).flatMap(ids);
  expect(new Set(all).size).toBe(all.length);
});
