import type { BtFunction } from '../../catalogue.ts';
import { format, literal, map, optional, param } from './params.ts';

const args = optional(param('value', 'any'));

/** Printing, files, and ending the program. */
export const outputFunctions: readonly BtFunction[] = [
  {
    name: 'printf', use: 'statement', overloads: [{ params: [format, args], variadic: true, returns: 'void' }], example: 'printf("%d %s\\n", pid, comm);',
    summary: 'Prints values in the form a format string gives, as in C. Besides C\'s, `%r`, `%rx` and `%rh` print what `buf()` read, and `%s` prints names of symbols, addresses and enums.',
    caveat: 'Printed by bpftrace itself, a moment later: what is looked up then (names of users or processes) may have changed.',
  },
  {
    name: 'print', use: 'statement', example: 'print(1);',
    overloads: [
      { params: [map, optional(literal('top', 'integer')), optional(literal('divisor', 'integer'))], returns: 'void' },
      { params: [param('value', 'any')], returns: 'void' },
    ],
    summary: 'Prints a map, or any value in the form of its type. For maps, `top` prints only the largest entries and `divisor` divides each value.',
    caveat: 'A map is read when it is printed, a moment later; a value is copied at once.',
  },
  {
    name: 'errorf', since: [0, 24], instead: 'printf', use: 'statement', overloads: [{ params: [format, args], variadic: true, returns: 'void' }], example: 'errorf("lost %d", 1);',
    summary: 'Prints as `printf` does, as an error with its place in the program.',
  },
  {
    name: 'warnf', since: [0, 25], instead: 'printf', use: 'statement', overloads: [{ params: [format, args], variadic: true, returns: 'void' }], example: 'warnf("lost %d", 1);',
    summary: 'Prints as `printf` does, as a warning with its place in the program; silent with `--no-warnings`.',
  },
  {
    name: 'debugf', use: 'statement', overloads: [{ params: [format, args], variadic: true, returns: 'void' }], example: 'debugf("x");',
    summary: 'Writes to the kernel\'s trace buffer (`/sys/kernel/tracing/trace_pipe`): for debugging only.',
    caveat: 'At most three values, and slow.',
  },
  {
    name: 'cat', use: 'statement', overloads: [{ params: [format, args], variadic: true, returns: 'void' }], example: 'cat("/proc/%d/maps", pid);',
    summary: 'Prints the contents of a file; the name is made as `printf` does.',
    caveat: 'Read a moment later: a process may have ended. Cut at `max_cat_bytes`.',
  },
  {
    name: 'join', use: 'statement', overloads: [{ params: [param('array', 'pointer', 'integer'), optional(literal('separator', 'string'))], returns: 'void' }], example: 'join(curtask);',
    summary: 'Prints the strings of an array of `char *`, such as the arguments of `execve`, with a separator between them (a space).',
    caveat: 'At most 16 strings of 1024 bytes; prints only and gives no value.',
  },
  {
    name: 'time', use: 'statement', overloads: [{ params: [optional(literal('format', 'string'))], returns: 'void' }], example: 'time("%H:%M:%S\\n");',
    summary: 'Prints the time of day, in the form of `strftime(3)`; without a format as hours, minutes and seconds.',
    caveat: 'The time at which it is printed. Use `strftime` for the time of the event.',
  },
  {
    name: 'strftime', use: 'value', overloads: [{ params: [format, param('nanoseconds', 'integer')], returns: 'timestamp' }], example: '@ = strftime("%H:%M:%S", nsecs);',
    summary: 'Turns a time from `nsecs` into text of a date and time of day; `%f` gives microseconds. For printing only.',
  },
  {
    name: 'exit', use: 'statement', overloads: [{ params: [], returns: 'void' }, { params: [optional(param('code', 'integer'))], since: [0, 21], returns: 'void' }], example: 'exit();',
    summary: 'Ends the program: END runs and maps are printed.',
    caveat: 'Events already under way may still be printed. Inside loops not allowed since 0.25.',
  },
  {
    name: 'system', use: 'statement', unsafe: true, overloads: [{ params: [format, args], variadic: true, returns: 'void' }], example: 'system("ls");',
    summary: 'Runs a shell command as root and prints its output; the command is made as `printf` does.',
    caveat: 'bpftrace waits for it and may lose events meanwhile.',
  },
  {
    name: 'assert', since: [0, 24], macro: true, instead: 'if', use: 'statement', overloads: [{ params: [param('condition', 'bool', 'integer', 'pointer'), literal('message', 'string')], returns: 'void' }], example: 'assert(1 == 1, "no");',
    summary: 'Ends the program with an error when the condition is false.',
  },
];
