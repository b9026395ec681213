import type { Facts } from '../../kernel/facts.ts';
import { parseC } from '../../language/bpfc/syntax/document.ts';
import type { CParser } from '../../language/bpfc/syntax/parser.ts';
import type { ClangBuilder } from '../compile/clang/build.ts';
import { explanationsOfLoad } from '../load/findings.ts';
import { refusedLoads } from '../load/object.ts';
import type { CheckContext } from '../pipeline.ts';
import type { Program } from '../program.ts';
import type { Prover, Verdict } from './prove.ts';
import { repairsFor } from './repairs-for.ts';
import type { RepairContext } from './situation.ts';

export interface TrialTools {
  readonly builder: ClangBuilder;
  readonly parser: CParser;
  readonly bpftool: string;
  readonly facts: Facts;
  readonly repairContext: RepairContext;
}

/** Tries repairs for real: compiles each text and loads it on the context's target, where nothing of it stays. */
export function proverOn(program: Program, { builder, parser, bpftool, facts, repairContext }: TrialTools, context: CheckContext): Prover {
  let document = parseC(parser, program.text);
  const judge = async (text: string): Promise<Verdict> => {
    const built = await builder.build({ ...program, text }, context);
    if (built.kind !== 'built') return { kind: built.kind === 'refused' ? 'broken' : 'unknown' };
    const { refused, skipped } = await refusedLoads(built.object, bpftool, facts, context, true);
    if (refused.length === 0) return { kind: skipped === undefined ? 'loaded' : 'unknown' };
    const explained = (await Promise.all(refused.map((each) => explanationsOfLoad(each, text, context.signal)))).flat();
    return { kind: 'refused', explanations: explained };
  };
  const repairs: Prover['repairs'] = (explanation, text) => {
    document = parseC(parser, text, document);
    return repairsFor(explanation, document, repairContext);
  };
  return { judge, repairs, signal: context.signal };
}
