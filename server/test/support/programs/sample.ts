import { randomly } from '../mutate.ts';
import { withFault } from './faults.ts';
import { randomProgram } from './program.ts';

/** A program of the differential test, found again by its name. */
export interface Sample {
  readonly name: string;
  readonly text: string;
}

/**
 * Programs with numbers `from` to `to`: each once right by construction and once with a fault, in turn an expression of
 * another type and a change of the text.
 */
export function samples(from: number, to: number, newest: boolean): readonly Sample[] {
  return Array.from({ length: to - from }, (_, i) => from + i).flatMap((number) => {
    const seed = number * 7919 + 13;
    const { text, sites } = randomProgram(seed, newest);
    const random = randomly(number * 104_729 + 1);
    const faulty = number % 2 === 1 ? withFault(text, random) : randomProgram(seed, newest, random(Math.max(1, sites))).text;
    return [{ name: `${number}`, text }, { name: `${number} with a fault`, text: faulty }];
  });
}
