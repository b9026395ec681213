import type { LookupAddress } from 'node:dns';
import { expect, it } from 'vitest';
import { sharedLookup } from './dial.ts';

const ADDRESSES: LookupAddress[] = [{ address: '192.0.2.1', family: 4 }, { address: '2001:db8::1', family: 6 }];

/** Looks a name up as Node's sockets do: for all addresses, or for the first. */
function ask(lookup: ReturnType<typeof sharedLookup>, host: string, all: boolean): Promise<unknown[]> {
  return new Promise((resolve) => lookup(host, { all }, (error, address, family) => resolve([error?.message, address, family])));
}

it('a name that does not answer is looked up once, however often it is tried; others go on', async () => {
  const asked: string[] = [];
  let fail: (error: Error) => void = () => undefined;
  const lookup = sharedLookup((host) => {
    asked.push(host);
    return host === 'dead' ? new Promise((_, reject) => (fail = reject)) : Promise.resolve(ADDRESSES);
  });
  const dead = [1, 2, 3, 4, 5].map(() => ask(lookup, 'dead', true));
  expect(await ask(lookup, 'web', true)).toEqual([undefined, ADDRESSES, undefined]);
  expect(await ask(lookup, 'web', false)).toEqual([undefined, '192.0.2.1', 4]);
  expect(asked).toEqual(['dead', 'web', 'web']);
  fail(new Error('queryA ETIMEOUT dead'));
  expect((await Promise.all(dead)).map(([message]) => message)).toEqual(Array.from({ length: 5 }, () => 'queryA ETIMEOUT dead'));
  fail = () => undefined;
  void ask(lookup, 'dead', true);
  expect(asked.at(-1)).toBe('dead');
  expect(asked.length).toBe(4);
});
