import { LineIndex } from '../base/line-index.ts';
import { cContracts } from '../contracts/language/check/c.ts';
import { analyzeC, type CAnalysis } from '../language/bpfc/analysis/analyze.ts';
import { checkC } from '../language/bpfc/analysis/check.ts';
import { parseC } from '../language/bpfc/syntax/document.ts';
import type { CParser } from '../language/bpfc/syntax/parser.ts';
import { compareFindings } from './finding.ts';
import { semanticsFindings } from './from-language.ts';
import type { Check, CheckResult } from './pipeline.ts';

/** What a BPF C program asks of the kernel, judged by the target's inventory without compiling anything. */
export function semanticsOfC(parser: () => Promise<CParser>): Check {
  return {
    name: 'semantics',
    languages: ['c'],
    afterErrors: 'run',
    async run({ text }, { inventory }) {
      const document = parseC(await parser(), text);
      return judgeC(analyzeC(document, { inventory: await inventory() }), new LineIndex(text));
    },
  };
}

/** The compiler and the kernel judge all the same: what they say of other places is worth as much. */
export function judgeC(analysis: CAnalysis, lines: LineIndex): CheckResult {
  const ofContracts = semanticsFindings(cContracts(analysis).flatMap((clause) => clause.problems), lines, 'contract');
  return { findings: [...semanticsFindings(checkC(analysis), lines), ...ofContracts].toSorted(compareFindings), advisory: true };
}
