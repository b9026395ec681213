import { all, bareExpression, childIn, find, isStatement, loopAround, type CFunction, type CNode, type CSource } from '../c-source.ts';
import { before, candidate, replace, statementOf, type Candidate } from '../edit.ts';
import { waysOut } from '../leave.ts';
import type { NeedOf, RepairRule, RepairSituation } from '../situation.ts';
import { freshName } from './null.ts';
import { numberOf } from './index.ts';

/** Whether a variable's type can be negative. Unknown counts as that: the check for it does no harm. */
export function isSigned(source: CSource, fn: CFunction, name: string): boolean {
  const type = source.typeOf(fn, name);
  return !type || !/\b(?:unsigned|__?u\d+|u\d+|uint\d*_t|size_t|bool|__be\d+)\b/.test(type.specifiers);
}

/** A comparison of an unsigned kind: `i >= N`, with `i < 0 ||` where it can be negative. */
export function unsignedGuard(source: CSource, fn: CFunction, value: CNode, length: string, sign: '>=' | '<' | '>' | '<='): string {
  const words = value.type === 'binary_expression' || value.type === 'conditional_expression' ? `(${source.of(value)})` : source.of(value);
  const signed = value.type === 'identifier' && isSigned(source, fn, source.of(value));
  if (!signed) return `${words} ${sign} ${length}`;
  return sign.startsWith('>') ? `${words} < 0 || ${words} ${sign} ${length}` : `${words} >= 0 && ${words} ${sign} ${length}`;
}

/**
 * The value in a variable of its own, which clang cannot calculate anew behind the check: it is checked as the very number
 * that is used.
 */
export function boundGuards(s: RepairSituation, index: CNode, length: string): Candidate[] {
  const { source, rejected, rejectedFn } = s;
  const statement = statementOf(index) ?? rejected;
  const name = freshName(source, rejectedFn.body, 'index');
  const out = waysOut(source, rejectedFn, statement, 'continue')[0] ?? 'return 0;';
  const code = [`__u64 ${name} = ${source.of(index)};`, `asm volatile("" : "+r"(${name}));`, `if (${name} >= ${length})`, `${source.indent}${out}`];
  if (/\+\+|--|=[^=]/.test(source.of(index))) return [];
  return [candidate(`Keep \`${source.of(index)}\` in a 64-bit variable and check that it is below ${length}`, before(source, statement, code), replace(index, name))].filter(({ edits }) => separate(edits));
}

export function separate(edits: Candidate['edits']): boolean {
  return edits.every((a, i) => edits.every((b, j) => i === j || a.end <= b.start || b.end <= a.start));
}

/** A comparison of the value that proves one too few: `<=` for `<`, a cast to a smaller type, one side only. */
export function tightened(s: RepairSituation, variable: string | undefined): Candidate[] {
  const { source, fn, rejectedFn } = s;
  if (variable === undefined) return [];
  const word = new RegExp(`\\b${variable}\\b`);
  const tests = [...new Set([fn, rejectedFn])].flatMap(({ body }) => all(body, (node) => {
    const sign = node.type === 'binary_expression' && childIn(node, 'operator');
    const left = childIn(node, 'left');
    return sign !== false && sign !== undefined && /^[<>]=?$/.test(source.of(sign)) && left !== undefined && word.test(source.of(left)) && node.start < s.rejected.end;
  }));
  return tests.toReversed().flatMap((test) => {
    const sign = childIn(test, 'operator');
    const left = childIn(test, 'left');
    if (!sign || !left) return [];
    const exact = { '<=': '<', '>': '>=' }[source.of(sign)];
    const found: Candidate[] = [];
    if (left.type === 'cast_expression' && source.of(bareExpression(left)) === variable) found.push(candidate(`Compare \`${variable}\` whole, without the cast`, replace(left, variable)));
    if (exact !== undefined) found.push(candidate(`Leave out the last value too: \`${exact}\``, replace(sign, exact)));
    return found;
  });
}

/** The loop around goes one too far: `<=` for `<`. */
export function oneLess({ source, rejected }: Pick<RepairSituation, 'source' | 'rejected'>): Candidate[] {
  const loop = loopAround(rejected);
  const condition = loop && childIn(loop, 'condition');
  const tests = condition ? all(condition, (node) => node.type === 'binary_expression' && source.of(childIn(node, 'operator') ?? node) === '<=') : [];
  return tests.flatMap((test) => {
    const sign = childIn(test, 'operator');
    return sign ? [candidate('Turn once less: `<`', replace(sign, '<'))] : [];
  });
}

/** A number without limits: checked, clamped, masked. */
export const boundedScalar: RepairRule<NeedOf<'bounded'>> = (s) => {
  const { source, rejected, rejectedFn, need } = s;
  const name = need.value.variable ?? need.value.words;
  const node = find(rejected, (each) => source.of(each) === name && !isStatement(each));
  if (!node) return [];
  const limit = need.limit === undefined ? '4096' : String(need.limit);
  return [...tightened(s, need.value.variable), ...limits(s, node, limit), ...boundGuards(s, node, limit), ...maskedDefinition(source, rejected, rejectedFn, name, limit)];
};

/** Limits of a variable before it is used: leaving, or cut down to the largest. */
export function limits(s: RepairSituation, node: CNode, limit: string): Candidate[] {
  const { source, rejected, rejectedFn } = s;
  const words = source.of(node);
  if (node.type !== 'identifier') return [];
  const outside = unsignedGuard(source, rejectedFn, node, limit, '>');
  return waysOut(source, rejectedFn, rejected, 'continue').map((way) => candidate(`Leave when \`${words}\` is above ${limit}`, before(source, rejected, [`if (${outside})`, `${source.indent}${way}`])));
}

function maskedDefinition(source: CSource, rejected: CNode, fn: CFunction, name: string, limit: string): Candidate[] {
  const n = numberOf(source, limit);
  if (n === undefined || n <= 0 || !source.typeOf(fn, name)) return [];
  const mask = 2 ** Math.floor(Math.log2(n)) - 1;
  return [candidate(`Mask \`${name}\` with ${mask}`, before(source, rejected, [`${name} &= ${mask};`]))];
}
