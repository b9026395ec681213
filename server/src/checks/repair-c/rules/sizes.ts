import { all, argumentsOf, bareExpression, calls, type CNode } from '../c-source.ts';
import { before, candidate, replace, type Candidate } from '../edit.ts';
import { waysOut } from '../leave.ts';
import type { NeedOf, RepairRule, RepairSituation } from '../situation.ts';
import { isSigned, separate, tightened, unsignedGuard } from './bounds.ts';
import { numberOf } from './index.ts';
import { freshName } from './null.ts';
import { sizeOfBehind } from './memory.ts';

type S = RepairSituation<NeedOf<'size'>>;

/** Helpers that take a size of zero. */
const TAKES_ZERO = /^bpf_(?:probe_read|perf_event_output|snprintf|trace_|csum_diff|seq_|skb_output|xdp_output|copy_from_user|dynptr_)/;
/** The largest size tried where nothing says how large the memory is. */
const SOME_LIMIT = '256';

/** A size for a helper: checked against the memory it is for, clamped, never negative. */
export const helperSize: RepairRule<NeedOf<'size'>> = (s) => {
  const { source, rejected, need } = s;
  for (const call of calls(source, rejected)) {
    const args = argumentsOf(call);
    const at = need.argument - 1;
    const size = args[at];
    if (!source.of(call).startsWith(need.callee) || !size) continue;
    const memory = args[at - 1];
    const limit = (memory && lengthOf(s, memory)) ?? SOME_LIMIT;
    // A number that never changes is not checked: it is wrong.
    if (isConstant(s, size)) return sizeOfCall(s, call, at - 1);
    return need.problem === 'not-constant' ? constant(s, size) : [...tightened(s, need.value.variable), ...checked(s, size, limit)];
  }
  return [];
};

function isConstant({ source, rejectedFn }: S, size: CNode): boolean {
  const bare = bareExpression(size);
  return all(bare, ({ type }) => type === 'identifier').every((node) => node.parent?.type === 'sizeof_expression' || (source.typeOf(rejectedFn, source.of(node)) === undefined && /^[A-Z][A-Z0-9_]*$/.test(source.of(node)))) && calls(source, bare).length === 0;
}

function sizeOfCall(s: S, call: CNode, memory: number): Candidate[] {
  const { source, rejectedFn } = s;
  const args = argumentsOf(call);
  const [arg, size] = [args[memory], args[memory + 1] ?? args[memory]];
  const before = args[memory + 1];
  const whole = [arg, args[memory + 2]].flatMap((each) => (each && sizeOfBehind(source, rejectedFn, each)) ?? []);
  return before && size ? whole.map((text) => candidate(`Use the size there is: ${text}`, replace(before, text))) : [];
}

/** `sizeof` of the memory, or the number of bytes between an offset into it and its end. */
function lengthOf({ source, rejectedFn }: S, memory: CNode): string | undefined {
  return sizeOfBehind(source, rejectedFn, memory);
}

function checked(s: S, size: CNode, limit: string): Candidate[] {
  const { source, rejected, rejectedFn, need } = s;
  const value = bareExpression(size);
  const words = source.of(value);
  const zero = !TAKES_ZERO.test(need.callee);
  const leave = waysOut(source, rejectedFn, rejected, 'continue');
  const simple = value.type === 'identifier';
  const found: Candidate[] = [];
  if (simple && need.problem === 'zero') {
    found.push(...leave.map((way) => candidate(`Leave when \`${words}\` is zero`, before(source, rejected, [`if (${words} == 0)`, `${source.indent}${way}`]))));
  }
  if (simple) {
    const signed = isSigned(source, rejectedFn, words);
    const outside = zero ? `${words} ${signed ? '<= 0' : '== 0'} || ${words} > ${limit}` : unsignedGuard(source, rejectedFn, value, limit, '>');
    found.push(...leave.map((way) => candidate(`Leave when \`${words}\` is no size of 1 to ${limit}`, before(source, rejected, [`if (${outside})`, `${source.indent}${way}`]))));
  }
  const name = freshName(source, rejectedFn.body, 'size');
  const kept = [`__u64 ${name} = ${source.of(size)};`, `asm volatile("" : "+r"(${name}));`];
  const use = replace(size, name);
  const refuse = [...kept, `if (${zero ? `${name} == 0 || ` : ''}${name} > ${limit})`, `${source.indent}${leave[0] ?? 'return 0;'}`];
  found.push(candidate(`Keep \`${words}\` in a 64-bit variable and check that it is at most ${limit}`, before(source, rejected, refuse), use));
  const clamp = [...kept, `if (${name} > ${limit})`, `${source.indent}${name} = ${limit};`, ...(zero ? [`if (${name} == 0)`, `${source.indent}${leave[0] ?? 'return 0;'}`] : [])];
  found.push(candidate(`Cut \`${words}\` down to ${limit}`, before(source, rejected, clamp), use));
  const n = numberOf(source, limit);
  if (simple && n !== undefined && (n & (n - 1)) === 0) found.push(candidate(`Mask \`${words}\` with ${limit} - 1`, before(source, rejected, [`${words} &= ${limit} - 1;`])));
  return found.filter(({ edits }) => separate(edits));
}

/** A size that must be known before the program runs: the largest the variable may have. */
function constant({ source, rejectedFn }: S, size: CNode): Candidate[] {
  const name = source.of(bareExpression(size));
  const body = source.of(rejectedFn.body);
  const limit = new RegExp(`\\b${name}\\s*(?:>|>=)\\s*(\\w+(?:\\([^()]*\\))?)`).exec(body)?.[1];
  return limit === undefined ? [] : [candidate(`Use ${limit}, the most that \`${name}\` can be`, replace(size, limit))];
}
