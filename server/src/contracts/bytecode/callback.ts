import { isFalse, type Term } from '../terms/term.ts';
import type { Terms } from '../terms/terms.ts';
import type { State } from './access.ts';
import { number, type Value } from './value.ts';

/** Where a program may be, and with what. */
export interface At {
  readonly when: Term;
  readonly state: State;
}

export interface Callback {
  readonly terms: Terms;
  /** Rounds that are looked at. */
  readonly rounds: number;
  /** One call of the function; undefined when it does not come back. */
  readonly call: (args: readonly Value[], at: At) => At | undefined;
  readonly join: (ways: readonly At[]) => At | undefined;
  /** There are more rounds. */
  readonly unfinished: (ways: readonly At[]) => void;
}

/**
 * `bpf_loop(count, function, context, 0)`: calls the function with 0, 1, … and the context until it gives something else than 0, at most `count` times; gives
 * how often that was.
 */
export function bpfLoop({ terms, rounds, call, join, unfinished }: Callback, [count, , context]: readonly Value[], before: At): At | undefined {
  if (!count || !context) return undefined;
  const limit = terms.zext(terms.extract(count.term, 0, 32), 64);
  const round = (n: number): Value => number(terms.bits(BigInt(n), 64));
  const left: At[] = [];
  // The caller's registers are as they were.
  const kept = before.state.registers.slice(6);
  const leave = (when: Term, state: State, n: number): void => {
    if (!isFalse(when)) left.push({ when, state: { ...state, registers: [round(n), ...Array.from({ length: 5 }, () => undefined), ...kept] } });
  };
  let at: At | undefined = before;
  for (let n = 0; at && !isFalse(at.when); n++) {
    const more = terms.order('ult', round(n).term, limit);
    leave(terms.all([at.when, terms.negate(more)]), at.state, n);
    const goes: At = { when: terms.all([at.when, more]), state: at.state };
    if (isFalse(goes.when)) break;
    if (n >= rounds) {
      unfinished([goes]);
      break;
    }
    const back: At | undefined = call([round(n), context], goes);
    const result = back?.state.registers[0];
    if (!back || !result) break;
    const ends = terms.negate(terms.eq(result.term, terms.bits(0n, 64)));
    leave(terms.all([back.when, ends]), back.state, n + 1);
    at = { when: terms.all([back.when, terms.negate(ends)]), state: back.state };
  }
  return join(left);
}
