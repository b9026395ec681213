import type { LineIndex } from '../base/line-index.ts';
import { bpftraceContracts } from '../contracts/language/check/bpftrace.ts';
import type { Facts } from '../kernel/facts.ts';
import { analyze } from '../language/bpftrace/analysis/analyze.ts';
import type { Analysis } from '../language/bpftrace/analysis/analysis.ts';
import { lint } from '../language/bpftrace/lints/lint.ts';
import { needsKprobes } from '../language/bpftrace/providers.ts';
import { judgedAgainst } from './against.ts';
import { compareFindings, finding, type Finding } from './finding.ts';
import { semanticsFindings, syntaxFindings } from './from-language.ts';
import type { Check } from './pipeline.ts';
import { proved } from './prove.ts';
import type { Read } from './read.ts';

/** What a program means, judged by the target's bpftrace version and kernel without running anything. */
export function semanticsCheck(read: Read): Check {
  return {
    name: 'semantics',
    languages: ['bpftrace'],
    afterErrors: 'run',
    async run(program, { target, facts: now, factsBefore, inventory, unsafe }) {
      const facts = now ?? factsBefore;
      const against = judgedAgainst(target.name, facts, await inventory(), unsafe);
      let before: Analysis | undefined;
      const judgeText = async (text: string): Promise<readonly Finding[]> => {
        const { document, lines } = await read({ ...program, text });
        before = analyze(document, against, before);
        return [...syntaxFindings(document, lines), ...judge(before, lines, facts)];
      };
      const findings = (await judgeText(program.text)).filter(({ check }) => check !== 'syntax');
      return { findings, mend: () => proved(program.text, findings, judgeText) };
    },
  };
}

/** Mistakes that bpftrace would tell of, and those it would not. */
export function judge(analysis: Analysis, lines: LineIndex, facts: Facts | undefined): readonly Finding[] {
  const problems = semanticsFindings([...analysis.problems, ...lint(analysis)], lines);
  const ofContracts = semanticsFindings(bpftraceContracts(analysis).flatMap((clause) => clause.problems), lines, 'contract');
  return [...problems, ...ofContracts, ...(facts?.kprobes === false ? noKprobes(analysis, lines, facts) : [])].toSorted(compareFindings);
}

/** A kernel built without kprobes lists functions all the same. */
function noKprobes({ probes, options }: Analysis, lines: LineIndex, { release }: Facts): Finding[] {
  const points = probes.flatMap((probe) => probe.attachPoints).filter(({ node }) => needsKprobes(node.provider.text));
  return points.map(({ node, span }) =>
    finding('semantics', 'no-kprobes', 'error', `The kernel of ${options.targetName} (${release}) has no kprobes, so ${node.text} cannot attach. Use a tracepoint, or choose a target that has them.`, lines.range(span)),
  );
}
