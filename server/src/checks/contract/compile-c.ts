import { translateObject } from '../../contracts/bytecode/translate.ts';
import { instrument } from '../../contracts/c/instrument.ts';
import { NO_FACTS } from '../../contracts/properties/facts.ts';
import { analyzeC } from '../../language/bpfc/analysis/analyze.ts';
import { parseC } from '../../language/bpfc/syntax/document.ts';
import type { CParser } from '../../language/bpfc/syntax/parser.ts';
import { SOURCE_FILE } from '../compile/clang/arguments.ts';
import type { ClangBuilder } from '../compile/clang/build.ts';
import { factsOf, type Known } from './known.ts';
import type { Translate } from './prover.ts';

export interface CTranslatorOptions {
  /** Not the one whose objects are loaded: it remembers the last one only. */
  readonly builder: ClangBuilder;
  readonly parser: () => Promise<CParser>;
  /** Nothing is known of the kernel's values without it. */
  readonly described?: () => Promise<Known>;
}

/** What stands behind the program's own lines cannot be loaded. */
function ownLines(text: string, own: string): string {
  return text.split('\n').slice(0, own.split('\n').length).join('\n');
}

/** How often it is compiled again without what the compiler refused. */
const TRIES = 4;
/** Where it says so; of what comes out of a macro, where that is defined too. */
const ERROR = new RegExp(`${SOURCE_FILE.replaceAll('.', '\\.')}:(\\d+):\\d+:[^\\n]*?\\b(?:error:|note: expanded from macro)`, 'g');

/** Makes of BPF C what is verified: it is compiled with its conditions, and the instructions are read. */
export function cTranslator({ builder, parser, described }: CTranslatorOptions): Translate {
  return async (program, context) => {
    const reader = await parser();
    const analysis = analyzeC(parseC(reader, program.text), { inventory: await context.inventory() });
    const facts = described ? factsOf(await described()) : NO_FACTS;
    const leftOut = new Map<number, 'optional' | 'all'>();
    for (let tries = 0; tries < TRIES; tries++) {
      const { text, source } = instrument(analysis, { read: (macro) => reader.parse(macro), facts, leftOut });
      const built = await builder.build({ ...program, text }, context);
      if (built.kind === 'skipped') return { kind: 'not', skipped: true, reason: built.reason };
      if (built.kind === 'built') return { kind: 'translated', translated: translateObject(built.object, { ...source, file: SOURCE_FILE }), marked: { text: ownLines(text, program.text), marks: source.marks, object: built.object }, instrumented: { text, source } };
      const refused = [...built.stderr.matchAll(ERROR)].map(([, line]) => Number(line)).filter((line) => leftOut.get(line) !== 'all');
      if (refused.length === 0) break;
      for (const line of refused) leftOut.set(line, leftOut.has(line) ? 'all' : 'optional');
    }
    return { kind: 'not', skipped: false, reason: 'The program does not compile.' };
  };
}
