import { describe, expect, it } from 'vitest';
import { complainAbout, defaultSentence, fileNameFor } from './sentence.ts';

describe('the default sentence', () => {
  const cases: [selection: string, line: string, sentence: string][] = [
    ['', '// count system calls by process', 'count system calls by process'],
    ['', '   /// count  ', 'count'],
    ['', '/* trace opens */', 'trace opens'],
    ['', ' * trace opens', 'trace opens'],
    ['', '/** trace opens', 'trace opens'],
    ['', ' */', ''],
    ['', '# who forks?', 'who forks?'],
    ['', '#!/usr/bin/env bpftrace', ''],
    ['', '#include <linux/sched.h>', ''],
    ['', '# define X 1', ''],
    ['', '//@ assert $x == 1', ''],
    ['', '*ptr = 3;', ''],
    ['', 'kprobe:tcp_connect { @++; } // count connects', ''],
    ['', '', ''],
    ['count forks', '// something else', 'count forks'],
    ['// count forks\r\n// by parent', '', 'count forks by parent'],
    ['/*\n * count forks\n * by parent\n */', '', 'count forks by parent'],
    ['  \n ', '// line', 'line'],
    ['x'.repeat(2000), '// line', ''],
  ];
  it.each(cases)('selection %j, line %j → %j', (selection, line, sentence) => {
    expect(defaultSentence(selection, line)).toBe(sentence);
  });
});

it('complains about an empty sentence only', () => {
  expect(complainAbout(' \t')).toMatch(/sentence/);
  expect(complainAbout('count forks')).toBeUndefined();
});

it.each([
  ['Count system calls by process!', 'count-system-calls-by-process'],
  ['Count opens. Then stop and print them.', 'count-opens'],
  ['../../etc/passwd', 'etc-passwd'],
  ['Read. Me.', 'read'],
  ['how big are the reads of each process, as a histogram', 'how-big-are-the-reads-of-each-process'],
  ['数える', 'generated'],
  ['a'.repeat(60), 'generated'],
  ['show every process that opens a file below /etc and its parent', 'show-every-process-that-opens-a-file'],
])('file name for %j', (sentence, name) => expect(fileNameFor(sentence)).toBe(name));
