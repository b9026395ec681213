import type { CParser } from '../../language/bpfc/syntax/parser.ts';
import type { ClangBuilder } from '../compile/clang/build.ts';
import { compareFindings, type Finding } from '../finding.ts';
import { explainedFinding } from '../load/explained.ts';
import type { Check, CheckResult, Mend } from '../pipeline.ts';
import type { Program } from '../program.ts';
import { toolOf } from '../skip.ts';
import { repairContextOf } from './kernel-context.ts';
import { withRepairs, type Explained } from './offer.ts';
import { proverOn } from './trial.ts';

/** The load check of BPF C with repairs for what it finds, tried on the same target. */
export function repairedLoad(load: Check, builder: ClangBuilder, parser: () => Promise<CParser>): Check {
  return {
    ...load,
    async run(program, context) {
      const result = await load.run(program, context);
      const have = toolOf('bpftool', context);
      const explained = explainedIn(result, program);
      if ('skipped' in have || explained.length === 0) return result;
      const { facts, tool } = have;
      const own = new Set<Finding>(explained.map(({ finding }) => finding));
      const others = result.findings.filter((finding) => !own.has(finding));
      const all = (repaired: readonly Finding[]): readonly Finding[] => [...others, ...repaired].toSorted(compareFindings);
      const mend: Mend = async (tell) => {
        const repairContext = repairContextOf(await context.inventory());
        const prover = proverOn(program, { builder, parser: await parser(), bpftool: tool.command, facts, repairContext }, context);
        return all(await withRepairs(program.text, explained, prover, (repaired) => tell(all(repaired))));
      };
      return { ...result, mend };
    },
  };
}

/** Findings with the explanations they were made of. */
function explainedIn({ findings, logs = [] }: CheckResult, { text }: Program): readonly Explained[] {
  const explanations = logs.flatMap((log) => log.explanations);
  return findings.flatMap((finding) => {
    const explanation = explanations.find((each) => sameFinding(explainedFinding(each, text), finding));
    return explanation ? [{ finding, explanation }] : [];
  });
}

function sameFinding(a: Finding, b: Finding): boolean {
  return a.code === b.code && a.message === b.message && JSON.stringify(a.range) === JSON.stringify(b.range);
}
