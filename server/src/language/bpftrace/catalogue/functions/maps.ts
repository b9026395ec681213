import type { BtFunction } from '../../catalogue.ts';
import { key, map, param } from './params.ts';

const element = param('element', 'element');
const stack = param('stack', 'stack');

export const mapFunctions: readonly BtFunction[] = [
  {
    name: 'delete', use: 'value', example: '@d[1] = 1; delete(@d[1]);',
    overloads: [
      { params: [element], until: [0, 21], returns: 'void' },
      { params: [element], variadic: true, since: [0, 21], until: [0, 22], returns: 'void' },
      { params: [element], since: [0, 22], until: [0, 24], returns: 'void' },
      { params: [map, key], since: [0, 22], until: [0, 24], returns: 'void' },
      { params: [element], since: [0, 24], returns: 'bool' },
      { params: [map, key], since: [0, 24], returns: 'bool' },
    ],
    summary: 'Removes an element from a map, or the value of a map without keys. Since 0.22 also as `delete(@map, key)`, since 0.24 saying whether it was there.',
  },
  { name: 'clear', use: 'statement', overloads: [{ params: [map], returns: 'void' }], example: '@c[1] = 1; clear(@c);', summary: 'Removes all elements of a map, for instance after printing them in an `interval` probe.', caveat: 'Done a moment later.' },
  { name: 'zero', use: 'statement', overloads: [{ params: [map], returns: 'void' }], example: '@z[1] = 1; zero(@z);', summary: 'Sets all values of a map to 0 and keeps its keys.', caveat: 'Done a moment later.' },
  {
    name: 'len', use: 'value', since: [0, 20], example: '@l[1] = 1; print(len(@l));',
    overloads: [{ params: [map], returns: 'int64' }, { params: [stack], since: [0, 23], returns: 'int64' }],
    summary: 'How many elements a map has, or how many frames a stack.',
    caveat: 'Counts by walking over the map: slow for large ones.',
  },
  { name: 'has_key', use: 'value', since: [0, 22], overloads: [{ params: [map, key], until: [0, 24], returns: 'int64' }, { params: [map, key], since: [0, 24], returns: 'bool' }], example: '@h[1] = 1; if (has_key(@h, 1)) { }', summary: 'Whether a map has that key: the safe question before reading a start time. Several keys are given as a tuple: `has_key(@m, (a, b))`.', instead: '@map[key] != 0' },
  { name: 'find', use: 'value', since: [0, 25], macro: true, overloads: [{ params: [map, key, param('result', 'variable')], returns: 'bool' }], example: '@f[1] = 1; let $v; if (find(@f, 1, $v)) { }', summary: 'Whether a map has that key; if so, its value is put into the variable. One lookup where `has_key` and a read take two.', instead: 'has_key' },
];
