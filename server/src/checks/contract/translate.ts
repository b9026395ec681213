import { translateBpftrace } from '../../contracts/bpftrace/translate.ts';
import { analyze } from '../../language/bpftrace/analysis/analyze.ts';
import { allFaults } from '../../language/bpftrace/syntax/all-faults.ts';
import { judgedAgainst } from '../against.ts';
import type { Read } from '../read.ts';
import { factsOf, type Known } from './known.ts';
import type { Translate } from './prover.ts';

export interface TranslatorOptions {
  readonly read: Read;
  readonly described: () => Promise<Known>;
  /** Of programs in C. */
  readonly c: Translate;
}

/** Makes of programs what is verified. */
export function translator({ read, described, c }: TranslatorOptions): Translate {
  return async (program, context) => {
    if (program.language === 'c') return c(program, context);
    const { target, facts, factsBefore, inventory, unsafe } = context;
    const { document } = await read(program);
    const fault = allFaults(document)[0];
    if (fault) return { kind: 'not', skipped: false, reason: `The program cannot be read: ${fault.message}` };
    const analysis = analyze(document, judgedAgainst(target.name, facts ?? factsBefore, await inventory(), unsafe));
    const known = await described();
    return { kind: 'translated', translated: translateBpftrace(analysis, { facts: factsOf(known), specOf: (point) => known.conditions(point) }) };
  };
}
