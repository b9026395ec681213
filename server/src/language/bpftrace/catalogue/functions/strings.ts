import type { BtFunction } from '../../catalogue.ts';
import { literal, optional, param } from './params.ts';

const text = param('text', 'string', 'array', 'pointer');

export const stringFunctions: readonly BtFunction[] = [
  {
    name: 'str', use: 'value', example: '@ = str(curtask);',
    overloads: [
      { params: [param('pointer', 'pointer', 'integer', 'array'), optional(param('length', 'integer'))], returns: 'string' },
      { params: [param('text', 'string'), optional(param('length', 'integer'))], since: [0, 24], returns: 'string' },
    ],
    summary: 'Reads the text a pointer leads to, up to its closing NUL, `length` or `max_strlen`.',
    caveat: 'Reads kernel memory in kernel probes and user memory in syscall tracepoints and uprobes; say otherwise with `uptr()` and `kptr()`. A page that is not in memory reads as empty.',
  },
  {
    name: 'buf', use: 'value', example: '@ = buf(curtask, 8);',
    overloads: [{ params: [param('data', 'pointer', 'integer', 'array'), optional(param('length', 'integer'))], returns: 'buffer' }],
    summary: 'Reads bytes from an address, to be printed with `%r`, `%rx` or `%rh`. For an array the length is known.',
  },
  { name: 'strncmp', use: 'value', overloads: [{ params: [text, param('other', 'string', 'array', 'pointer'), literal('length', 'integer')], returns: 'uint64' }], example: '@ = strncmp("a", comm, 1);', summary: '0 when the first `length` bytes of two texts are equal. To compare whole texts write `==`.', caveat: 'Does not tell which comes first.' },
  { name: 'strcontains', use: 'value', overloads: [{ params: [text, param('part', 'string', 'array', 'pointer')], until: [0, 24], returns: 'uint64' }, { params: [text, param('part', 'string', 'array', 'pointer')], since: [0, 24], returns: 'bool' }], example: '@ = strcontains("abc", "b");', summary: 'Whether a text contains another.', caveat: 'Long texts can be too much for the kernel\'s verifier: read shorter ones with `str(p, 64)`.' },
  { name: 'strlen', since: [0, 25], macro: true, use: 'value', overloads: [{ params: [text], returns: 'uint64' }], example: '@ = strlen("abc");', summary: 'Length of a text in bytes, without its closing NUL.' },
  { name: 'strcap', since: [0, 25], macro: true, use: 'value', overloads: [{ params: [text], returns: 'uint64' }], example: '@ = strcap("abc");', summary: 'How many bytes there is room for in a text or array; for a pointer the length of what it leads to.' },
  { name: 'strstr', since: [0, 25], macro: true, use: 'value', overloads: [{ params: [text, param('part', 'string', 'array', 'pointer')], returns: 'int32' }], example: '@ = strstr("abc", "b");', summary: 'Position of one text in another, -1 when it is not there.', instead: 'strcontains' },
  { name: 'str_concat', since: [0, 27], macro: true, use: 'value', overloads: [{ params: [param('first', 'string'), param('second', 'string')], returns: 'string' }], example: '@ = str_concat("a", "b");', summary: 'Two texts joined into one.' },
  { name: 'strerror', use: 'value', overloads: [{ params: [param('error', 'integer')], until: [0, 25], returns: 'strerror' }, { params: [param('error', 'integer')], since: [0, 25], returns: 'string[64]' }], example: '@ = strerror(2);', summary: 'Text of an error number, given as a positive number: `strerror(-retval)`.' },
  { name: 'signal_name', since: [0, 26], macro: true, use: 'value', overloads: [{ params: [param('signal', 'integer')], returns: 'string[64]' }], example: '@ = signal_name(9);', summary: 'Name of a signal: `SIGKILL` for 9.' },
  { name: 'syscall_name', since: [0, 25], macro: true, use: 'value', overloads: [{ params: [param('number', 'integer')], returns: 'string[64]' }], example: '@ = syscall_name(1);', summary: 'Name of a system call: `write` for 1 on x86_64.' },
  { name: 'memcmp', since: [0, 25], macro: true, use: 'value', overloads: [{ params: [param('left', 'any'), param('right', 'any'), param('count', 'integer')], returns: 'int32' }], example: '@ = memcmp("a", "b", 1);', summary: 'Compares the first bytes of two values: 0 when equal, otherwise the difference at the first that differs.' },
  { name: 'path', use: 'value', probes: ['fentry', 'fexit', 'iter'], overloads: [{ params: [param('path', 'record', 'pointer')], until: [0, 22], returns: 'string' }, { params: [param('path', 'record', 'pointer'), optional(literal('size', 'integer'))], since: [0, 22], returns: 'string' }], example: '@ = path(args.file->f_path);', summary: 'Full name of a file from its `struct path`.', caveat: 'The kernel allows it in a few functions only (those working on open files).' },
  { name: 'getopt', since: [0, 24], instead: '$1', use: 'value', overloads: [
    { params: [literal('name', 'string')], returns: 'bool' },
    { params: [literal('name', 'string'), literal('default', 'bool')], returns: 'bool' },
    { params: [literal('name', 'string'), literal('default', 'integer')], returns: 'uint64' },
    { params: [literal('name', 'string'), literal('default', 'string')], returns: 'string' },
    { params: [literal('name', 'string'), literal('default', 'bool'), literal('description', 'string')], since: [0, 25], returns: 'bool' },
    { params: [literal('name', 'string'), literal('default', 'integer'), literal('description', 'string')], since: [0, 25], returns: 'uint64' },
    { params: [literal('name', 'string'), literal('default', 'string'), literal('description', 'string')], since: [0, 25], returns: 'string' },
  ], example: '@ = getopt("n", 1);', summary: 'Value of a named argument of the script (`-- --name=value`), or its default, whose type it has.' },
];
