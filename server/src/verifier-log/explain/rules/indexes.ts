import type { Register } from '../../parse/instruction.ts';
import { isLimited, type Value } from '../../state/value.ts';
import { bare, dereferences, identifiers, literal } from '../c/text.ts';
import { derivesFrom } from '../derives.ts';
import type { Subject } from '../need.ts';
import type { Draft } from '../rule.ts';
import { lineAt, makers, placeOfLine, statementAt, variableMadeAt, type Situation } from '../situation.ts';
import { mayBeNegative } from './numbers.ts';

/** The latest step that added something variable to the pointer, and the register that held it. */
export function variableAddition(s: Situation, register: Register): { position: number; register: Register } | undefined {
  const origin = s.flow.origin(s.at, register);
  for (const p of [...origin.passed].reverse()) {
    const instruction = s.flow.instruction(p);
    if (instruction.kind !== 'arithmetic' || !instruction.by || !('register' in instruction.by)) continue;
    const added = s.flow.before(p, instruction.by.register);
    const other = added?.type === 'scalar' ? instruction.by.register : instruction.to;
    if (s.flow.before(p, other)?.properties.has('value') !== true) return { position: p, register: other };
  }
  return undefined;
}

/** The variable part of an address, named. */
export function indexOf(s: Situation, register: Register): Subject | undefined {
  const added = variableAddition(s, register);
  return added && nameNumber(s, added.position, added.register);
}

/** Names a number: the variable its makers' lines assign and the using line mentions, else the index of the using line. */
export function nameNumber(s: Situation, position: number, register: Register): Subject {
  const statement = statementAt(s, s.at);
  const used = new Set(identifiers(statement));
  const made = makers(s, position, register);
  const names = made.map((p) => variableMadeAt(s, p)).filter((name) => name !== undefined);
  const index = indexMadeOf(s, indexTexts(statement), new Set(names)) ?? givenIndex(s, position, made);
  const inIndex = new Set(identifiers(index ?? ''));
  const variable = names.find((name) => inIndex.has(name)) ?? identifiers(index ?? '')[0] ?? names.find((name) => used.has(name)) ?? names[0];
  if (index !== undefined) return { words: index, ...(variable === undefined ? {} : { variable }), register };
  return variable === undefined ? { words: 'the offset', register } : { words: variable, variable, register };
}

function indexTexts(statement: string): string[] {
  return dereferences(statement).map((d) => d.index ?? '').filter((text) => identifiers(text).length > 0);
}

/** `slot = &table[i];` with the argument i of a function that is called: what the caller hands over is what lacks a limit. */
function givenIndex(s: Situation, position: number, made: readonly number[]): string | undefined {
  const own = made.filter((p) => s.flow.frame(p) === s.flow.frame(position));
  if (own.length === made.length) return undefined;
  for (const p of [position, ...own]) {
    const line = lineAt(s, p);
    const text = line === undefined ? undefined : indexTexts(s.source.code.statement(line)).find((each) => /^\w+$/.test(each) && s.source.code.isParameter(each, line));
    if (text !== undefined) return text;
  }
  return undefined;
}

/** Of the indexes of a line the one that is a number's: `t->rows[cpu].b[bucket]`. */
function indexMadeOf(s: Situation, indexes: readonly string[], names: ReadonlySet<string>): string | undefined {
  const line = lineAt(s, s.at);
  const [first, second] = indexes;
  if (second === undefined || line === undefined || names.size === 0) return first;
  return indexes.find((text) => identifiers(text).some((name) => names.has(name))) ?? indexes.find((text) => identifiers(text).some((name) => derivesFrom(s.source.code, name, line, names))) ?? first;
}

/** The last condition above, on the path, that compares a variable. */
export function limitOf(s: Situation, variable: string | undefined): number | undefined {
  const use = lineAt(s, s.at);
  if (variable === undefined || use === undefined || s.source.code.assignments(variable, use).length === 0) return undefined;
  const compares = new RegExp(`\\b${variable}\\b\\s*(?:>=?|<=?)|(?:>=?|<=?)\\s*${variable}\\b`);
  const lines = s.flow.branches(s.at, () => true).map((p) => lineAt(s, p));
  return lines.find((line) => line !== undefined && line < use && compares.test(bare(s.source.text(line))));
}

/** Names in the index of the access, or of the line that made the pointer: `slot = &table[i]; *slot = …`. */
function indexNames(s: Situation, use: number): string[] {
  const places = dereferences(statementAt(s, s.at));
  const own = places.flatMap((d) => identifiers(d.index ?? ''));
  if (own.length > 0) return own;
  const made = places.map((d) => s.source.code.assignments(d.variable, use).findLast((line) => line < use)).filter((line) => line !== undefined);
  return made.flatMap((line) => dereferences(s.source.code.statement(line)).flatMap((d) => identifiers(d.index ?? '')));
}

/** An index with one value on this path was counted by a loop, or limited by a condition, and to too much. */
export function indexCause(s: Situation): Pick<Draft, 'cause'> {
  const loop = loopCause(s);
  const use = lineAt(s, s.at);
  if (loop.cause !== undefined || use === undefined) return loop;
  const names = indexNames(s, use);
  const limited = names.map((name) => limitOf(s, name)).find((line) => line !== undefined);
  const given = limited ?? names.map((name) => s.source.code.assignments(name, use).findLast((line) => line < use)).find((line) => line !== undefined);
  return given === undefined ? {} : { cause: placeOfLine(s, given) };
}

/** `t[i + 1]`, where i itself has limits and nothing checks it: what is added goes too far, and that stands in the access. */
export function addedInIndex(s: Situation, index: Subject, number: Value | undefined): boolean {
  const name = index.variable;
  return name !== undefined && isLimited(number) && !mayBeNegative(number) && dereferences(statementAt(s, s.at)).some((d) => new RegExp(`\\b${literal(name)}\\s*[-+]\\s*\\d+$`).test(d.index ?? ''));
}

/** `t[hash & 31]`: the limit stands in the access, and what was compared before does not count. */
export function maskedInIndex(index: Subject): boolean {
  return /[^&]&\s*(?:\w+|\([^()]*\))$/.test(index.words);
}

/** A mask with a name of its own has its number where that is defined. */
export function maskPlace(s: Situation, index: Subject): Pick<Draft, 'cause'> {
  const name = /&\s*([A-Za-z_]\w*)$/.exec(index.words)?.[1];
  const defined = name === undefined ? undefined : s.source.find(name);
  return defined && new RegExp(`^#\\s*define\\s+${name ?? ''}\\s+(?:0[xX][0-9a-fA-F]+|\\d+)[uUlL]*\\b`).test(defined.text) ? { cause: defined } : {};
}

/** An index that a loop counts is a constant in each turn: the loop's limit is what lets it go too far. */
export function loopCause(s: Situation): Pick<Draft, 'cause'> {
  const use = lineAt(s, s.at);
  if (use === undefined) return {};
  const counters = indexNames(s, use);
  const head = counters.flatMap((name) => s.source.code.assignments(name, use)).find((line) => line <= use && /\b(?:for|while)\b/.test(s.source.text(line)));
  return head === undefined ? {} : { cause: placeOfLine(s, head) };
}
