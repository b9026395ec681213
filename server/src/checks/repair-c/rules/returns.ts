import { all, bareExpression, type CFunction, type CNode, type CSource } from '../c-source.ts';
import { candidate, instead, replace, type Candidate } from '../edit.ts';
import type { NeedOf, RepairRule } from '../situation.ts';
import { separate } from './bounds.ts';
import { freshName } from './null.ts';

/** A value that may not be returned: brought into the range. */
export const returnRange: RepairRule<NeedOf<'return-range'>> = (s) => {
  const { source, fn, rejectedFn, cause, rejected, need } = s;
  const min = need.min ?? 0;
  const max = need.max ?? min;
  const program = source.functions.find(({ item }) => item.name === s.explanation.program) ?? rejectedFn;
  const marked = [cause, rejected].flatMap((statement) => all(statement, ({ type }) => type === 'return_statement'));
  const owners = [...new Set([program, fn, rejectedFn])];
  const every = owners.flatMap(({ body }) => all(body, ({ type }) => type === 'return_statement'));
  const found: Candidate[] = [];
  const change = (statement: CNode): readonly Candidate[] => ranged(source, program, statement, min, max);
  for (const statement of [...new Set([...marked, ...every])]) found.push(...change(statement));
  const together = every.flatMap((statement) => change(statement)[0]?.edits ?? []);
  if (every.length > 1 && together.length > 1) found.push(candidate(`Return ${rangeWords(min, max)} on every path`, ...together));
  return found.filter(({ edits }) => separate(edits));
};

function rangeWords(min: number, max: number): string {
  return min === max ? String(min) : `${min} to ${max} only`;
}

function ranged(source: CSource, fn: CFunction, statement: CNode, min: number, max: number): Candidate[] {
  const value = statement.children.find(({ type }) => !/^(?:return|;|comment)$/.test(type));
  if (!value) return [];
  const text = source.of(value);
  const bare = bareExpression(value);
  const literal = /^-?\s*(?:0x)?[\da-f]+[uUlL]*$/i.test(source.of(bare)) ? Number(source.of(bare).replace(/[uUlL\s]/g, '')) : undefined;
  if (literal !== undefined) {
    if (literal >= min && literal <= max) return [];
    // An error number means no; a positive one where errors are expected too.
    const right = literal < min ? (min >= 0 ? min : 0) : min < 0 && -literal >= min ? -literal : max;
    return [candidate(`Return ${right}`, replace(value, String(right)))];
  }
  if (min === max) {
    if (bare.type === 'identifier') return [candidate(`Return ${min}`, replace(value, String(min)))];
    return [candidate(`Calculate \`${text}\`, and return ${min}`, instead(source, statement, [/^\(/.test(text) || bare.type === 'binary_expression' ? `(void)(${text});` : `${text};`, `return ${min};`]))];
  }
  const name = freshName(source, fn.body, 'result');
  const held = bare.type === 'identifier' ? source.of(bare) : name;
  const declare = held === name ? [`long ${name} = ${text};`] : [];
  const found: Candidate[] = [];
  if (min === 0 && max === 1) found.push(candidate(`Return 1 where \`${text}\` is not 0`, replace(value, `!!(${text})`)));
  if (min === 0 && max > 1) found.push(candidate(`Return 0 or 1: whether \`${text}\` is not 0`, replace(value, `(${text}) != 0`)));
  if (min < 0 && max === 0) found.push(candidate(`Return 0 where \`${text}\` is above 0`, instead(source, statement, [...declare, `return ${held} > 0 || ${held} < ${min} ? 0 : ${held};`])));
  found.push(candidate(`Return ${rangeWords(min, max)}`, instead(source, statement, [...declare, `if (${held} < ${min})`, `${source.indent}return ${min};`, `return ${held} > ${max} ? ${max} : ${held};`])));
  return found;
}
