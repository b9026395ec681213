import { constantOf } from '../../state/value.ts';
import { inWords } from '../../state/words.ts';
import { bare } from '../c/text.ts';
import { rightSide } from '../derives.ts';
import type { Draft } from '../rule.ts';
import { definingLine, lineAt, makers, placeOfLine, type Situation } from '../situation.ts';
import { leavingPlace } from './resources.ts';

/** The statement that gave r0 its value on this path. */
export function returnDraft(s: Situation, m: RegExpExecArray): Draft {
  const range = /should have been in \[(-?\d+), (-?\d+)\]/.exec(m.input) ?? /should have been in \((0x[0-9a-f]+); (0x[0-9a-f]+)\)/.exec(m.input);
  const bits = range?.[1]?.startsWith('0x') === true;
  const min = range ? Number(range[1]) : undefined;
  const max = range ? (bits ? Number(range[1]) + Number(range[2]) : Number(range[2])) : undefined;
  const origin = s.at < 0 ? undefined : s.flow.origin(s.at, 0);
  const made = s.at < 0 ? [] : makers(s, s.at, 0);
  const state = s.at < 0 ? undefined : s.flow.before(s.at, 0);
  const got = /has (?:value |smin=|.*?)([^)]*?\)?) should/.exec(m.input)?.[1]?.trim() ?? inWords(state);
  const end = lineAt(s, s.at);
  const place = returnPlace(s, origin?.position, end, made);
  const allowed = min === undefined || max === undefined ? 'what programs of this type may return' : min === max ? `${min}` : `${min} to ${max}`;
  return {
    class: 'return-range',
    message: `The program returns ${inWords(state)} on this path, but only ${allowed} may be returned from it. Return one of these values.`,
    need: { kind: 'return-range', got, ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) },
    ...(place === undefined ? {} : { cause: placeOfLine(s, place) }),
    rejectedNote: `the return value is ${inWords(state)}`,
  };
}

/** The statement that returns the value: named by the value itself, by the path's last line, or by how the path left. */
export function returnPlace(s: Situation, origin: number | undefined, end: number | undefined, made: readonly number[]): number | undefined {
  const place = returnStatement(s, origin, end, made);
  return place === undefined ? undefined : (literalGiven(s, place) ?? place);
}

/** `ret = -22; … return ret;`: the line that gives the variable the number. */
function literalGiven(s: Situation, place: number): number | undefined {
  const variable = /^return\s+(?:\([^()]*\)\s*)?([A-Za-z_]\w*)\s*;/.exec(s.source.code.statementsOn(place).find((each) => each.kind === 'return')?.text ?? '')?.[1];
  const value = constantOf(s.flow.before(s.at, 0));
  if (variable === undefined) return undefined;
  if (value === undefined) return overwrittenVerdict(s, place, variable);
  const same = (number: bigint | undefined): boolean => number !== undefined && (BigInt.asIntN(32, number) === BigInt.asIntN(32, value));
  const given = s.source.code.assignments(variable, place).filter((line) => same(s.source.numberOf(new RegExp(`\\b${variable}\\s*=\\s*\\(?\\s*(-?\\w+)`).exec(s.source.code.statement(line))?.[1] ?? '')));
  return given.length === 1 ? given[0] : given.findLast((line) => line < place);
}

/** The one `return` that can have given the value: by the number when it is known, else the one that returns no literal. */
function onlyReturn(s: Situation, line: number): number | undefined {
  const value = constantOf(s.flow.before(s.at, 0));
  const all = s.source.code.returns(line).map((each) => ({ line: each.line, number: s.source.numberOf(/^return\s+\(?(-?\w+)\)?\s*;/.exec(each.text)?.[1] ?? '') }));
  const same = value === undefined ? [] : all.filter((each) => each.number !== undefined && BigInt.asIntN(32, each.number) === BigInt.asIntN(32, value));
  const candidates = same.length > 0 ? same : all.filter((each) => each.number === undefined);
  return candidates.length === 1 ? candidates[0]?.line : undefined;
}

/** A verdict that begins as a number and is given something else on the way: the line that does so on this path. */
function overwrittenVerdict(s: Situation, place: number, variable: string): number | undefined {
  const given = s.source.code.assignments(variable, place).filter((line) => line < place);
  const isNumber = (line: number): boolean => s.source.numberOf(/^\s*\(?(-?\w+)\)?\s*$/.exec(rightSide(s.source.code.statement(line), variable))?.[1] ?? '') !== undefined;
  const others = given.filter((line) => !isNumber(line));
  if (others.length === given.length) return undefined;
  const visited = new Set(Array.from(s.flow.path.keys(), (p) => lineAt(s, p)));
  return others.length === 1 ? others[0] : others.findLast((line) => visited.has(line));
}

function returnStatement(s: Situation, origin: number | undefined, end: number | undefined, made: readonly number[]): number | undefined {
  const constant = constantReturn(s, origin);
  if (constant) return constant.line;
  const only = end === undefined ? undefined : onlyReturn(s, end);
  if (only !== undefined) return only;
  if (end !== undefined && /\breturn\b/.test(bare(s.source.text(end)))) return end;
  const maker = made.map((p) => lineAt(s, p)).find((line) => line !== undefined && /\breturn\b/.test(bare(s.source.text(line))));
  if (maker !== undefined) return maker;
  const leave = leavingPlace(s, 0);
  if (leave?.line !== undefined && /\breturn\b/.test(bare(leave.text))) return leave.line;
  return end === undefined || !s.source.whole ? definingLine(s, s.at, undefined, made)?.line : s.source.code.lastReturn(end);
}

/** `r0 = 5` of a `return 5;`: the line of the statement, found by the condition it stands under where clang moved it. */
function constantReturn(s: Situation, position: number | undefined): { line: number; position: number } | undefined {
  if (position === undefined || position < 0) return undefined;
  const line = lineAt(s, position);
  if (line !== undefined && /\breturn\b/.test(bare(s.source.text(line)))) return { line, position };
  const value = constantOf(s.flow.before(s.at, 0));
  const returns = line === undefined || value === undefined ? [] : returnsOf(s, line, value);
  if (returns.length === 1 && returns[0] !== undefined) return { line: returns[0], position };
  const leave = leavingPlace(s, 0);
  return leave?.line !== undefined && /\breturn\b/.test(bare(leave.text)) && s.flow.instruction(position).kind === 'move' ? { line: leave.line, position } : undefined;
}

/** Lines of the function that return the number itself. */
function returnsOf(s: Situation, line: number, value: bigint): number[] {
  return s.source.code.returns(line).filter((r) => s.source.numberOf(/^return\s+\(?(-?\w+)\)?\s*;/.exec(r.text)?.[1] ?? '') === value).map((r) => r.line);
}
