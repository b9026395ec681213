import { describe, expect, it } from 'vitest';
import { UserError } from '../../base/error.ts';
import { formatDestination, parseDestination } from './destination.ts';

const good: readonly [string, ReturnType<typeof parseDestination>][] = [
  ['web', { host: 'web' }],
  ['  web  ', { host: 'web' }],
  ['web.example.com', { host: 'web.example.com' }],
  ['dev@web', { host: 'web', user: 'dev' }],
  ['dev@web:2222', { host: 'web', user: 'dev', port: 2222 }],
  ['web:65535', { host: 'web', port: 65_535 }],
  ['me@corp@web', { host: 'web', user: 'me@corp' }],
  ['CORP+me@web', { host: 'web', user: 'CORP+me' }],
  ['192.0.2.7:22', { host: '192.0.2.7', port: 22 }],
  ['::1', { host: '::1' }],
  ['[::1]', { host: '::1' }],
  ['[2001:db8::7]:2222', { host: '2001:db8::7', port: 2222 }],
  ['root@[fe80::1%eth0]:22', { host: 'fe80::1%eth0', user: 'root', port: 22 }],
  ['ssh://web', { host: 'web' }],
  ['ssh://dev@web:2222', { host: 'web', user: 'dev', port: 2222 }],
  ['ssh://dev@web:2222/', { host: 'web', user: 'dev', port: 2222 }],
  ['SSH://d%40corp@[::1]:22', { host: '::1', user: 'd@corp', port: 22 }],
  ['größe.example', { host: 'größe.example' }],
];

const bad: readonly [string, string][] = [
  ['', 'the host is missing'],
  ['   ', 'the host is missing'],
  ['dev@', 'the host is missing'],
  ['ssh://', 'the host is missing'],
  ['@web', "'' is no user name"],
  ['-oProxyCommand=touch', 'no host name'],
  ['-l@web', 'no user name'],
  ['web; rm -rf', 'no host name'],
  ['$(id)@web', 'no user name'],
  ['web:0', "'0' is no port number"],
  ['web:65536', 'no port number'],
  ['web:ssh', 'no port number'],
  ['web:', "'' is no port number"],
  ['[::1', 'no host name'],
  ['[::1]x', 'no host name'],
  ['a/b', 'no host name'],
  ['we\u0000b', 'no host name'],
  ['ssh://%zz@web', 'percent-encoded'],
  ['x'.repeat(300), 'no host name'],
];

describe('parseDestination', () => {
  it.each(good)('%s', (text, expected) => expect(parseDestination(text)).toEqual(expected));
  it.each(bad)('%j is refused: %s', (text, why) => {
    expect(() => parseDestination(text)).toThrow(UserError);
    expect(() => parseDestination(text)).toThrow(why);
  });
  it('keeps a long bad destination out of the message', () => {
    expect(() => parseDestination(`x y${'z'.repeat(1_000_000)}`)).toThrow(/^.{0,1000}/);
  });
});

describe('formatDestination', () => {
  it.each([
    ['root', 'web', 22, 'root@web'],
    ['root', 'web', 2222, 'root@web:2222'],
    ['root', '::1', 22, 'root@::1'],
    ['root', '::1', 2222, 'root@[::1]:2222'],
  ] as const)('%s %s %i', (user, host, port, expected) => {
    expect(formatDestination(user, host, port)).toBe(expected);
    expect(parseDestination(expected)).toMatchObject({ user, host });
  });
});
