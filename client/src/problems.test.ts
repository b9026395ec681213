import { expect, it } from 'vitest';
import { UserError } from '../../server/src/base/error.ts';
import { actionsFor, problemOf } from './problems.ts';

it('takes the code out of the server\'s answer', () => {
  const answer = Object.assign(new Error('The key is not accepted.'), { code: -32803, data: { code: 'bad-api-key' } });
  expect(problemOf(answer)).toEqual({ message: 'The key is not accepted.', actions: ['setApiKey', 'settings'] });
});

it.each([
  ['untrusted', ['trust']],
  ['server-start', ['restart', 'log']],
  ['no-api-key', ['setApiKey', 'settings']],
  ['unknown-model', ['settings', 'log']],
  ['model-unreachable', ['settings', 'log']],
  ['empty-reply', ['settings', 'log']],
  ['unreachable', ['connect', 'log']],
  ['target', ['connect', 'log']],
  ['empty-sentence', []],
  ['something-else', ['log']],
  [undefined, ['log']],
] as const)('%s leads to %j', (code, actions) => expect(actionsFor(code)).toEqual(actions));

it('names the end of the server in words', () => {
  const gone = Object.assign(new Error('Pending response rejected since connection got disposed'), { code: -32097 });
  expect(problemOf(gone).message).toMatch(/^The Kgent language server ended/);
});

it('shows the causes of an error, and survives what is no error', () => {
  expect(problemOf(new UserError('server-start', 'It does not start', { cause: new Error('no file') })).message).toBe('It does not start: no file');
  expect(problemOf('text')).toEqual({ message: 'text', actions: ['log'] });
  expect(problemOf(Object.assign(new Error('x'), { data: 'text' })).actions).toEqual(['log']);
});
