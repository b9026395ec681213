import { expect, it } from 'vitest';
import { callsNamed } from './calls.ts';
import { wordsOf } from './words.ts';

const CALLS = ['mprotect', 'open', 'sendfile64', 'newuname', 'exit'];
const rarely = { idf: (feature: string) => (['w:open', 'w:exit', 'w:storm', 'w:java'].includes(feature) ? 3 : 7) };
const named = (question: string) => callsNamed(wordsOf(question), rarely, (id) => CALLS.some((call) => id === `tracepoint:syscalls:sys_enter_${call}`)).map(([id]) => id);

it('a rare word that is the name of a call leads to it, the way in first', () => {
  const [[, enter] = ['', 0], [, exit] = ['', 0]] = callsNamed(wordsOf('java: mprotect storms'), rarely, (id) => id === 'tracepoint:syscalls:sys_enter_mprotect');
  expect(named('java: mprotect storms')).toEqual(['tracepoint:syscalls:sys_enter_mprotect', 'tracepoint:syscalls:sys_exit_mprotect']);
  expect(enter).toBeGreaterThan(exit);
});

it('words of the language that are names of calls as well lead nowhere', () => {
  expect(named('which files does it open before the exit')).toEqual([]);
});

it('a call may have a longer name in the kernel', () => {
  expect(named('sendfile and uname')).toEqual(['sendfile64', 'newuname'].flatMap((call) => [`tracepoint:syscalls:sys_enter_${call}`, `tracepoint:syscalls:sys_exit_${call}`]));
});

it('a name said twice is one call', () => {
  expect(named('mprotect after mprotect')).toHaveLength(2);
});
