import type { Code } from '../c/code.ts';
import { bare, callArguments, identifiers } from '../c/text.ts';
import type { Statement } from '../c/outline.ts';
import { compares, type Situation } from '../situation.ts';
import { siteFor } from '../sites.ts';

/** How often names are handed on: assigned, given to functions, kept in members. */
const ROUNDS = 4;
/** Functions that call functions that compare. */
const MAX_CALLS = 3;
const GIVES = /\b(\w+)\s*(?:\[[^\]]*\]\s*)?=(?!=)\s*([^;,]*)/g;

/** Names of variables, members and parameters that may hold the packet's end. */
function endNames(code: Code): ReadonlySet<string> {
  const names = new Set(['data_end', 'optval_end']);
  const all = code.functions.flatMap((f) => code.statements(f));
  const holds = (text: string): boolean => !compares(text) && identifiers(text).some((name) => names.has(name));
  for (let round = 0; round < ROUNDS; round++) {
    const before = names.size;
    for (const { text } of all) {
      for (const m of text.matchAll(GIVES)) if (m[1] !== undefined && holds(m[2] ?? '')) names.add(m[1]);
      for (const of of code.functions) {
        if (of.name === '' || !text.includes(of.name)) continue;
        callArguments(text, of.name)?.forEach((argument, i) => {
          const name = of.parameters[i]?.name;
          if (name !== undefined && name !== '' && holds(argument.text)) names.add(name);
        });
      }
    }
    if (names.size === before) break;
  }
  return names;
}

/** The last statement of the functions a text calls, and of those they call, that compares with the packet's end. */
function comparisonCalled(code: Code, text: string, ends: ReadonlySet<string>, depth = 0): Statement | undefined {
  for (const name of depth > MAX_CALLS ? [] : identifiers(text).toReversed()) {
    const all = code.statements(code.named(name));
    const found = all.findLast((each) => compares(each.text) && identifiers(each.text).some((end) => ends.has(end)));
    const inner = found ?? all.toReversed().map((each) => comparisonCalled(code, each.text, ends, depth + 1)).find((each) => each !== undefined);
    if (inner) return inner;
  }
  return undefined;
}

/** A condition above a line that asks for a length and not for the packet's end: the length of the packet, or of what lies between its ends. */
export function lengthCheck(s: Situation, use: number): number | undefined {
  const { code } = s.source;
  const ends = endNames(code);
  const isLength = (name: string): boolean => code.assignments(name, use).some((line) => /->\s*len\b|-/.test(code.statement(line).replaceAll('->', '>')) && identifiers(code.statement(line)).some((each) => ends.has(each) || each === 'len'));
  const asks = (text: string): boolean => compares(text) && (/->\s*len\b/.test(text) || identifiers(text).some(isLength));
  return code.statements(code.functionAt(use)).findLast((each) => each.kind === 'if' && each.line < use && asks(each.text) && code.leadsTo(each.line, use))?.line;
}

/**
 * Clang gives a comparison merged with its neighbour the neighbour's line: then it is the nearest one above the access that
 * looks at the pointer, or the one in the function that gave the pointer.
 */
export function comparingLine(s: Situation, line: number | undefined, use: number | undefined, variable: string | undefined): number | undefined {
  const { code } = s.source;
  if (line === undefined || use === undefined || variable === undefined || /[<>](?![<>])/.test(bare(s.source.text(line)).replaceAll('->', '')) || s.source.comparingMacro(line) !== undefined) return line;
  const site = code.sameFunction(line, use) ? use : siteFor(s, s.at, line);
  if (site !== undefined && site !== use && code.sameFunction(site, line)) {
    const given = new Set(identifiers(code.statement(site)));
    return code.statements(code.functionAt(line)).findLast((each) => each.line < site && compares(each.text) && code.leadsTo(each.line, site) && identifiers(each.text).some((name) => given.has(name)))?.line ?? line;
  }
  const made = code.assignments(variable, use).filter((at) => at <= use).at(-1);
  const names = new Set([variable, ...(made === undefined ? [] : identifiers(s.source.text(made)))]);
  for (let at = use - 1; at > code.functionStart(use); at--) {
    const text = bare(s.source.text(at)).replaceAll('->', '');
    if ((/[<>]/.test(text) || s.source.comparingMacro(at) !== undefined) && identifiers(text).some((name) => names.has(name))) return at;
  }
  return comparisonCalled(code, `${made === undefined ? '' : code.statement(made)} ${code.statement(line)}`, endNames(code))?.line ?? line;
}
