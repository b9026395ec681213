import type { RunExample } from './all.ts';
import { readable } from './output.ts';
import type { Ran } from './run.ts';
import { stepsOf } from './steps.ts';

/** What is wrong with a run: complaints of the tools, packets treated wrongly, output that lacks what it must have. Empty when all is well. */
export function wrongWith(example: RunExample, ran: Ran): string[] {
  const c = example.language === 'c';
  const output = c ? readable(example.text, ran.output) : ran.output;
  const wrong = [
    ...(ran.complaints === '' ? [] : [ran.complaints]),
    ...(c ? stepsOf(example.id).wrong(ran.output) : []),
    ...example.shows.filter((shown) => !new RegExp(shown, 'm').test(output)).map((shown) => `does not show ${shown}`),
    ...example.hides.filter((hidden) => new RegExp(hidden, 'm').test(output)).map((hidden) => `shows ${hidden}`),
  ];
  // What it printed instead helps whoever reads this.
  return wrong.length === 0 ? [] : [...wrong, `workload: ${ran.workload.slice(0, 500)}`, output.slice(0, 3_000)];
}
