import type { CDocument } from '../../language/bpfc/syntax/document.ts';
import type { Explanation } from '../../verifier-log/explain/explain.ts';
import type { Repair } from '../finding.ts';
import { CSource } from './c-source.ts';
import { asRepair, type Candidate } from './edit.ts';
import type { NeedOf, RepairContext, RepairSituation } from './situation.ts';
import { rightArgument } from './rules/argument.ts';
import { balanced } from './rules/balance.ts';
import { boundedScalar, separate } from './rules/bounds.ts';
import { callable, licence } from './rules/callee.ts';
import { indexBounds } from './rules/index.ts';
import { initializedRegister, initializedStack, stackCandidates } from './rules/initial.ts';
import { boundedLoop } from './rules/loop.ts';
import { nullCheck } from './rules/null.ts';
import { mapSetup } from './rules/maps.ts';
import { byClass, contextField } from './rules/other.ts';
import { packetBounds } from './rules/packet.ts';
import { probeReads } from './rules/reads.ts';
import { released } from './rules/release.ts';
import { returnRange } from './rules/returns.ts';
import { helperSize } from './rules/sizes.ts';
import { smallerStack } from './rules/stack-limit.ts';
import { freshPointer } from './rules/stale.ts';
import { writable } from './rules/writable.ts';

/** More than this is no choice that anybody makes. */
const MAX_REPAIRS = 16;

/**
 * Local edits that may prove to the verifier what it missed, the most natural one first; none is sure, since nobody has
 * tried it. They add what is missing and keep every access, branch and call.
 */
export function repairsFor(explanation: Explanation, document: CDocument, context: RepairContext = {}): readonly Repair[] {
  const source = new CSource(document);
  return candidatesFor(explanation, source, context).map((each) => asRepair(source, each));
}

function candidatesFor(explanation: Explanation, source: CSource, context: RepairContext): readonly Candidate[] {
  const s = situationFor(explanation, source, context);
  if (!s) return explanation.class === 'gpl-only' ? licence(source) : explanation.class === 'map-setup' ? mapSetup({ source, explanation, context }) : [];
  const seen = new Set<string>();
  return ruleFor(s).filter(({ edits }) => {
    const key = JSON.stringify(edits);
    return edits.length > 0 && separate(edits) && !seen.has(key) && seen.add(key);
  }).slice(0, MAX_REPAIRS);
}

function situationFor(explanation: Explanation, source: CSource, context: RepairContext): RepairSituation | undefined {
  const { cause, rejected, need } = explanation;
  const named = source.functions.find(({ item }) => item.name === explanation.program);
  const rejectedFn = source.functionAt(rejected.line) ?? source.functionAt(cause.line) ?? named ?? source.functions[0];
  if (!rejectedFn) return undefined;
  const fn = source.functionAt(cause.line) ?? rejectedFn;
  const rejectedAt = source.statementAt(rejected.line) ?? source.statementAt(cause.line) ?? rejectedFn.body;
  return { explanation, need, source, context, fn, cause: source.statementAt(cause.line) ?? rejectedAt, rejected: rejectedAt, rejectedFn };
}

function ruleFor(s: RepairSituation): readonly Candidate[] {
  const { need } = s;
  switch (need.kind) {
    case 'non-null':
      return nullCheck({ ...s, need });
    case 'in-bounds':
      return inBounds({ ...s, need });
    case 'bounded':
      return need.callee === undefined ? boundedScalar({ ...s, need }) : helperSize({ ...s, need: { kind: 'size', callee: need.callee, argument: need.argument ?? 2, value: need.value, problem: 'unbounded' } });
    case 'initialized-register':
      return initializedRegister({ ...s, need });
    case 'initialized-stack':
      return initializedStack({ ...s, need });
    case 'argument':
      return rightArgument({ ...s, need });
    case 'size':
      return helperSize({ ...s, need });
    case 'callee-allowed':
      return [...(need.why === 'lock' || need.why === 'kernel' ? byClass(s) : []), ...callable({ ...s, need })];
    case 'released':
      return released({ ...s, need });
    case 'return-range':
      return returnRange({ ...s, need });
    case 'valid-pointer':
      return probeReads({ ...s, need });
    case 'fresh-pointer':
      return freshPointer({ ...s, need });
    case 'writable':
      return writable({ ...s, need });
    case 'bounded-loop':
      return boundedLoop({ ...s, need });
    case 'smaller-stack':
      return smallerStack({ ...s, need });
    case 'field':
      return s.explanation.class === 'core-relocation' ? byClass(s) : contextField({ ...s, need });
    case 'balanced':
      return balanced({ ...s, need });
    case 'other':
      return byClass(s);
  }
}

function inBounds(s: RepairSituation<NeedOf<'in-bounds'>>): readonly Candidate[] {
  if (s.need.memory === 'packet') return packetBounds(s);
  return [...indexBounds(s), ...(s.need.memory === 'stack' ? stackCandidates(s, s.need.value.variable) : [])];
}
