import { expect, it } from 'vitest';
import { nameFor } from './name.ts';

it.each([
  ['dev@web.example.org:2222', [], 'web'],
  ['web', ['local', 'web', 'web-2'], 'web-3'],
  ['root@10.0.0.5', [], '10.0.0.5'],
  ['root@10.0.0.5:22', [], '10.0.0.5'],
  ['root@[2001:db8::1]:22', [], '2001-db8-1'],
  ['root@2001:db8::1', [], '2001-db8-1'],
  ['ssh://dev@build-host:22/', [], 'build-host'],
  ['me@corp@gate', [], 'gate'],
  ['root@local', ['local', 'none'], 'local-2'],
  ['dev@_', [], 'host'],
])('%s with %j taken is called %s', (destination, taken, name) => {
  expect(nameFor(destination, taken)).toBe(name);
});
