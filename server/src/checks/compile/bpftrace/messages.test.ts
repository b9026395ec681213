import { describe, expect, it } from 'vitest';
import { codeOf } from './codes.ts';
import { parseMessages } from './messages.ts';

/** `severity place line:column-end text` for each message. */
const parse = (stderr: string): string[] => parseMessages(stderr, 'program.bt').map((m) => `${m.severity} ${m.place} ${m.line ?? ''}${m.endLine ? `..${m.endLine}` : ''}:${m.column ?? ''}-${m.endColumn ?? ''} ${m.text}${m.hints.map((h) => ` | ${h}`).join('')}`);

describe('bpftrace output', () => {
  it.each([
    ['0.17 behind noise without a line feed', `Error while reading traceable functions from /sys/kernel/tracing/available_filter_functions: Operation not permittedERROR: Unknown error -1: couldn't set RLIMIT_MEMLOCK for bpftrace. If your program is not loading, you can try "ulimit -l 8192" to fix the problem\nprogram.bt:3:10-12: ERROR: syntax error, unexpected ;\n  $x = 1 +;\n         ~~\n`, ['error program 3:10-12 syntax error, unexpected ;']],
    ['several lines, no columns', 'program.bt:4-5: ERROR: Argument mismatch for @x: trying\n', ['error program 4..5:- Argument mismatch for @x: trying']],
    ['a directory before the name', '/tmp/kgent.a/program.bt:1:1-5: WARNING: w\n', ['warning program 1:1-5 w']],
    ['C of the program, told six times by 0.27', `${'definitions.h:3:8: error: expected \';\' at end of declaration list\n'.repeat(6)}Clang parse error\n`, ["error definitions 3:8- expected ';' at end of declaration list"]],
    ['an error inside the standard library, mapped to the last place of the user', 'stdlib/base.bt:1177:3-19: ERROR: The retval builtin\n  __builtin_retval\n  ~~~~~~~~~~~~~~~~\nprogram.bt:3:9-15: ERROR: expanded from\n  print(retval);\n        ~~~~~~\nprogram.bt:4:9-13: ERROR: The arg0 builtin\n', ['error program 3:9-15 The retval builtin', 'error program 4:9-13 The arg0 builtin']],
    ['a hint belongs to what stands before', 'program.bt:3:3-44: WARNING: While loops are deprecated\n  while (1) { }\n  ~~~~~\nHINT: For loops support ranges\n', ['warning program 3:3-44 While loops are deprecated | For loops support ranges']],
    ['an abort without a place', 'FATAL: Invalid probe type made it to attachpoint parser\n', ['error other :- Invalid probe type made it to attachpoint parser']],
    ['code generation', 'error: <unknown>:0:0: in function BEGIN i64 (i8*): Looks like the BPF stack limit of 512 bytes is exceeded.\n', ['error other :- <unknown>:0:0: in function BEGIN i64 (i8*): Looks like the BPF stack limit of 512 bytes is exceeded.']],
    ['a library error that is never expanded still counts', 'stdlib/base.bt:1:1-2: ERROR: lost\n', ['error other 1:1-2 lost']],
    ['nothing', '', []],
    ['garbage', '\u0000\u001b[31m:::: ERROR\nHINT: for nobody\nprogram.bt:x:y-z: ERROR: no\n', []],
  ])('%s', (_, stderr, expected) => expect(parse(stderr)).toEqual(expected));
});

describe('codes', () => {
  it.each([
    ["Unknown function: 'prinft'", 'unknown-function'],
    ['tracepoint not found: syscalls:sys_enter_opennat', 'attach-point-not-found'],
    ['No matches for kprobe vfs_read.', 'attach-point-not-found'],
    ["printf: %d specifier expects a value of type integer (string supplied)", 'printf-arguments'],
    ["unsupported format specifier for type 'string[4]': d", 'printf-arguments'],
    ['something new', 'bpftrace-error'],
  ])('%s', (message, code) => expect(codeOf(message, 'error')).toBe(code));
});
