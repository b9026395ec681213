import type { BtType } from '../types.ts';
import { describeType } from '../types.ts';

/** A type as a sentence names it: "an integer", "a string", "a pointer (struct sock *)", "a count() value". */
export function say(type: BtType): string {
  switch (type.kind) {
    case 'integer':
      return type.of?.name ? `a value of enum ${type.of.name}` : 'an integer';
    case 'bool':
      return 'a bool';
    case 'string':
      return 'a string';
    case 'pointer':
      return `a pointer (${describeType(type)})`;
    case 'array':
      return `an array (${describeType(type)})`;
    case 'record':
      return type.args ? 'the probe\'s arguments' : `a ${describeType(type)}`;
    case 'tuple':
      return `a tuple ${describeType(type)}`;
    case 'aggregation':
      return `a ${type.of}() value`;
    case 'buffer':
      return 'a buffer';
    case 'kstack':
    case 'ustack':
      return `a stack (${type.kind})`;
    case 'none':
    case 'void':
      return 'no value';
    case 'unknown':
      return 'something unknown';
    default:
      return `a ${type.kind}`;
  }
}

/** With the width of integers, where it is what differs. */
export function sayExactly(type: BtType): string {
  return type.kind === 'integer' ? describeType(type) : type.kind === 'string' && type.size > 0 ? describeType(type) : say(type);
}

export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** "a, b or c" */
export function either(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}
