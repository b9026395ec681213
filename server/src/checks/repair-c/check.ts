import type { CParser } from '../../language/bpfc/syntax/parser.ts';
import type { Explanation } from '../../verifier-log/explain/explain.ts';
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
  return repaired(load, builder, parser, explainedIn);
}

/** clang refuses a program whose frame is too large before any kernel sees it: repaired as the kernel's own rejection would be. */
export function repairedCompile(compile: Check, builder: ClangBuilder, parser: () => Promise<CParser>): Check {
  return repaired(compile, builder, parser, largeFrames);
}

type ExplainedIn = (result: CheckResult, program: Program) => readonly Explained[];

function repaired(check: Check, builder: ClangBuilder, parser: () => Promise<CParser>, of: ExplainedIn): Check {
  return {
    ...check,
    async run(program, context) {
      const result = await check.run(program, context);
      const have = toolOf('bpftool', context);
      const explained = of(result, program);
      if ('skipped' in have || explained.length === 0) return result;
      const { facts, tool } = have;
      const own = new Set<Finding>(explained.map(({ finding }) => finding));
      const others = result.findings.filter((finding) => !own.has(finding));
      const all = (mended: readonly Finding[]): readonly Finding[] => [...others, ...mended].toSorted(compareFindings);
      const mend: Mend = async (tell) => {
        const repairContext = repairContextOf(await context.inventory());
        const prover = proverOn(program, { builder, parser: await parser(), bpftool: tool.command, facts, repairContext }, context);
        return all(await withRepairs(program.text, explained, prover, (mended) => tell(all(mended))));
      };
      return { ...result, mend };
    },
  };
}

/** clang says it once for each access beyond the frame: the first is enough. */
function largeFrames({ findings }: CheckResult, { text }: Program): readonly Explained[] {
  const finding = findings.find(({ severity, message }) => severity === 'error' && /BPF stack limit|stack (?:size )?limit of 512/i.test(message));
  if (!finding) return [];
  const line = finding.range.start.line + 1;
  const place = { line, text: (text.split('\n')[line - 1] ?? '').trim() };
  const explanation: Explanation = { class: 'stack-limit', message: finding.message, program: undefined, complaint: finding.message, cause: place, rejected: place, rejectedNote: '', need: { kind: 'smaller-stack', limit: 512 }, trail: [], tail: [] };
  return [{ finding, explanation }];
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
