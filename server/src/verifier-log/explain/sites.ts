import { unreleasedExits } from './c/exits.ts';
import { assignedVariable, literal } from './c/text.ts';
import { lineAt, type Situation } from './situation.ts';

/**
 * The line of a call as the source has it. Clang gives calls it merged, and some others, no line of their own: then it is
 * the last line that calls the same and is on every way to the use.
 */
export function callLine(s: Situation, position: number, use: number | undefined): number | undefined {
  const own = lineAt(s, position);
  const instruction = s.flow.instruction(position);
  if (own === undefined || use === undefined || !s.source.whole || instruction.kind !== 'call') return own;
  const { code } = s.source;
  const word = new RegExp(`\\b${literal(instruction.callee)}\\s*\\(`);
  if (!code.sameFunction(own, use) || word.test(code.statement(own)) || !isUnplaced(s, position)) return own;
  return code.statements(code.functionAt(use)).findLast((each) => each.line < use && word.test(each.text) && code.leadsTo(each.line, use))?.line ?? own;
}

/** How many lines of a log are looked through for the last source line it cites. */
const MAX_BACK = 60;

/** Whether the compiler gave a step line 0: the log cites an empty text before it. */
function isUnplaced(s: Situation, position: number): boolean {
  const { text, from } = s.flow.trace;
  const at = s.flow.logLine(position);
  for (let line = at - 1; line >= Math.max(from, at - MAX_BACK); line--) {
    const words = text.at(line);
    if (/^\s*;/.test(words)) return /^\s*;\s*(?:@\s*\S+:0)?\s*$/.test(words);
  }
  return false;
}

/** Functions call functions call functions; a program has eight frames. */
const MAX_CALLS = 8;

/** Of the lines that call the function a step's line stands in, the one this step was reached by. */
function callSite(s: Situation, position: number, line: number): number | undefined {
  const callers = s.source.code.callersOf(line);
  if (callers.length <= 1) return callers[0];
  const behind = callBehind(s, position, callers);
  if (behind !== undefined) return behind;
  let again = false;
  for (let p = position; p >= 0; p--) {
    const at = lineAt(s, p);
    // Another copy of the inlined function stands between: this one belongs to the call behind.
    again ||= p < position && at === line && s.flow.number(p) !== s.flow.number(position) && sameCall(s, p, position);
    if (at !== undefined && callers.includes(at)) return again ? (callers.find((each) => each > at) ?? at) : at;
  }
  // Clang may leave nothing of a call's line before the called function's own.
  for (let p = position + 1; p <= s.flow.last; p++) {
    const at = lineAt(s, p);
    if (at !== undefined && callers.includes(at)) return at;
  }
  return callers[0];
}

/** The calling function's line behind a step, where it is a call and the one before the step is none: the call's result is looked at there. */
function callBehind(s: Situation, position: number, callers: readonly number[]): number | undefined {
  const calls = (line: number | undefined): boolean => line !== undefined && callers.some((each) => s.source.code.sameFunction(each, line));
  const nearest = (by: 1 | -1): number | undefined => {
    for (let p = position + by; p >= 0 && p <= s.flow.last; p += by) if (calls(lineAt(s, p))) return lineAt(s, p);
    return undefined;
  };
  const [before, after] = [nearest(-1), nearest(1)];
  return before !== undefined && after !== undefined && before < after && !callers.includes(before) && callers.includes(after) ? after : undefined;
}

function sameCall(s: Situation, a: number, b: number): boolean {
  const [one, other] = [s.flow.instruction(a), s.flow.instruction(b)];
  return one.kind === 'call' && other.kind === 'call' && one.callee === other.callee;
}

/** The line of a step as the function of another line sees it: its own, or that of the call which led to it. */
export function siteFor(s: Situation, position: number, use: number | undefined): number | undefined {
  const own = callLine(s, position, use);
  if (use === undefined) return own;
  let line = own;
  for (let calls = 0; line !== undefined && calls < MAX_CALLS; calls++) {
    if (s.source.code.sameFunction(line, use)) return line;
    line = callSite(s, position, line);
  }
  return own;
}

/** Where what a step made is first kept: a function that only hands it on counts for the line that calls it. */
export function keptAt(s: Situation, position: number): number | undefined {
  let line = lineAt(s, position);
  const instruction = s.flow.instruction(position);
  let called = instruction.kind === 'call' ? instruction.callee : '';
  for (let calls = 0; line !== undefined && calls < MAX_CALLS; calls++) {
    const all = s.source.code.statementsOn(line);
    const calling = all.find((each) => called !== '' && new RegExp(`\\b${literal(called)}\\b`).test(each.text)) ?? all.at(-1);
    const variable = assignedVariable(calling?.text ?? '');
    const handedOn = calling?.kind === 'return' || (variable !== undefined && s.source.code.returns(line).some((r) => new RegExp(`^return\\s+(?:\\([^()]*\\)\\s*)?${literal(variable)}\\s*;`).test(r.text)));
    const caller = handedOn ? callSite(s, position, line) : undefined;
    if (caller === undefined) return line;
    called = s.source.code.functionAt(line)?.name ?? '';
    line = caller;
  }
  return line;
}

/** The pattern with the program's own functions that do what it matches. */
export function withOwnFunctions(s: Situation, pattern: RegExp): RegExp {
  const { code } = s.source;
  let names: string[] = [];
  for (let round = 0; round < 3; round++) {
    const now = names.length === 0 ? pattern : new RegExp(`${pattern.source}|\\b(?:${names.map(literal).join('|')})\\s*\\(`);
    const found = code.functions.filter((f) => f.name !== '' && f.name !== s.log.program && code.statements(f).some((each) => now.test(each.text))).map((f) => f.name);
    if (found.length === names.length) break;
    names = found;
  }
  return names.length === 0 ? pattern : new RegExp(`${pattern.source}|\\b(?:${names.map(literal).join('|')})\\s*\\(`);
}

/** The line by which this path leaves with something held that other paths give back; undefined when none gives it back. */
export function leavingLine(s: Situation, taken: number, line: number, variable: string | undefined, release: RegExp): number | undefined {
  const exits = unreleasedExits(s.source.code, { line, release, ...(variable === undefined ? {} : { variable }) });
  if (exits.length <= 1) return exits[0];
  const visited: number[] = [];
  for (let p = s.at; p >= Math.max(0, taken); p--) {
    const at = lineAt(s, p);
    if (at !== undefined && visited.at(-1) !== at) visited.push(at);
  }
  return exits.map((exit) => ({ exit, seen: lastSeen(s, visited, exit) })).sort((a, b) => a.seen - b.seen)[0]?.exit;
}

/** How far back the path was at a line, or else at the condition it stands under. */
function lastSeen(s: Situation, visited: readonly number[], exit: number): number {
  const own = visited.indexOf(exit);
  if (own >= 0) return own;
  const condition = s.source.code.around(exit)[0];
  const at = condition === undefined ? -1 : visited.findIndex((line) => condition.line <= line && line <= condition.headEnd);
  return at < 0 ? visited.length : at + 0.5;
}
