import { describe, expect, it } from 'vitest';
import { knownFacts } from '../../test/support/facts.ts';
import type { KernelRecord } from './record.ts';
import { forModules, staleParts, withParts } from './record-modules.ts';

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const plain = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
const record: KernelRecord = {
  ...{ release: '6.12.0', arch: 'x86_64', distribution: '', kernelId: 'abc', modules: { xfs: '1', tun: '2' } },
  moduleBtf: new Map([['xfs', text('BTF of xfs')], ['tun', text('BTF of tun')]]),
  functions: text('a\nb [xfs]\nc [tun]\nd\n'),
  ...{ formats: text('formats'), blacklist: text('blacklist') },
};
const asRoot = (modules: Readonly<Record<string, string>>) => ({ ...knownFacts, modules });

describe('what is stale', () => {
  it.each([
    ['nothing', { xfs: '1', tun: '2' }, undefined],
    ['a module was loaded', { xfs: '1', tun: '2', nfs: '3' }, { modules: ['nfs'] }],
    ['a module was built anew', { xfs: '9', tun: '2' }, { modules: ['xfs'] }],
    ['a module was unloaded: the lists', { xfs: '1' }, { modules: [] }],
  ])('%s', (_, modules, stale) => expect(staleParts(record, asRoot(modules))).toEqual(stale));
  it('lists are those of the modules that were loaded when they were read', () => {
    expect(staleParts({ ...record, loaded: { xfs: '1' } }, asRoot({ xfs: '1' }))).toBeUndefined();
  });
  it('everything, when it was read before tracefs was there', () => {
    const { formats, ...without } = record;
    expect(formats).toBeDefined();
    expect(staleParts(without, asRoot({ xfs: '1', tun: '2' }))).toBe('all');
    expect(staleParts(without, { ...asRoot({ xfs: '1', tun: '2' }), root: 'none' })).toBeUndefined();
  });
});

describe('a record for a machine', () => {
  it('is the same where all its modules are loaded', () => expect(forModules(record, { xfs: '1', tun: '2', nfs: '3' })).toBe(record));
  it('leaves out what is not loaded there, or of another build', () => {
    const here = forModules(record, { tun: '2', xfs: '9' });
    expect([[...here.moduleBtf.keys()], plain(here.functions), here.modules]).toEqual([['tun'], 'a\nc [tun]\nd\n', { tun: '2' }]);
  });
  it('takes what was read later, and keeps what it had of modules that are not loaded now', () => {
    const loaded = { xfs: '9', nfs: '3' };
    const fresh: KernelRecord = { ...record, modules: loaded, moduleBtf: new Map([['xfs', text('new')], ['nfs', text('nfs')]]), functions: text('aa [nfs]\nb2 [xfs]\n'), formats: text('new formats') };
    const whole = withParts(record, fresh, loaded);
    expect([...whole.moduleBtf].map(([name, bytes]) => [name, plain(bytes)])).toEqual([['tun', 'BTF of tun'], ['xfs', 'new'], ['nfs', 'nfs']]);
    expect([plain(whole.functions), plain(whole.formats), plain(whole.blacklist)]).toEqual(['a\naa [nfs]\nb2 [xfs]\nc [tun]\nd\n', 'new formats', 'blacklist']);
    expect([whole.modules, whole.loaded, staleParts(whole, asRoot(loaded))]).toEqual([{ xfs: '9', tun: '2', nfs: '3' }, loaded, undefined]);
    expect(plain(forModules(whole, loaded).functions)).toBe('a\naa [nfs]\nb2 [xfs]\nd\n');
  });
});
