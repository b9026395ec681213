import type { Span } from '../../base/span.ts';
import type { Shown } from '../ir/ir.ts';

/**
 * What is compiled into a program for its proof: calls of functions that no kernel has, each with a number of its own so that
 * the compiler does not put two into one. What they are given is told in `Mark`.
 */
export type Mark =
  /** A condition that must hold; `property` as in verdicts. */
  | { readonly kind: 'assert'; readonly property: string; readonly span: Span; readonly says: string }
  | { readonly kind: 'assume'; readonly span: Span }
  /** The value a variable was given. */
  | { readonly kind: 'set'; readonly name: string; readonly bits: number; readonly span: Span; readonly shown?: Shown }
  /** An address of a map's value: the entry must have been written since the program was loaded. */
  | { readonly kind: 'written'; readonly property: string; readonly span: Span; readonly says: string };

/** The number of the first mark's function; the next ones follow. */
export const FIRST_MARK = 0x4000_0000;
/** Functions of conditions: the address of an entry's value, whether or not there is one; whether there is one. */
export const ENTRY_VALUE = 0x3f00_0000;
export const ENTRY_PRESENT = 0x3f00_0001;
/** The section of an invariant's function: its number follows. It is given the addresses of a key and of a value. */
export const INVARIANT_SECTION = 'kgent.invariant/';

/** Numbers what is marked, in order. */
export class Marks {
  readonly list: Mark[] = [];

  /** A statement of C that marks a value. */
  call(mark: Mark, value: string): string {
    this.list.push(mark);
    return `((void (*)(long))0x${(FIRST_MARK + this.list.length - 1).toString(16)}L)((long)(${value}))`;
  }
}
