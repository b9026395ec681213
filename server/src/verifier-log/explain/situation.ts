import type { Instruction, Register } from '../parse/instruction.ts';
import type { ProgramLog } from '../parse/log.ts';
import { assignedVariable, bare, callArguments, dereferences, identifiers, literal, type Dereference } from './c/text.ts';
import { derivesFrom } from './derives.ts';
import { Flow, type Origin } from './flow.ts';
import type { Subject } from './need.ts';
import type { LineInfo, SourcePlace, SourceView } from './source.ts';

/** All a rule may look at. */
export interface Situation {
  readonly log: ProgramLog;
  readonly flow: Flow;
  readonly source: SourceView;
  readonly lineInfo: LineInfo | undefined;
  /** Position of the rejected instruction; -1 when the log tells no step. */
  readonly at: number;
  readonly instruction: Instruction;
}

export function situationOf(log: ProgramLog, source: SourceView, lineInfo: LineInfo | undefined): Situation {
  const flow = new Flow(log.trace);
  return { log, flow, source, lineInfo, at: flow.last, instruction: flow.instruction(flow.last) };
}

/** The line of a step in the user's main file; code of headers counts for the line that used it. */
export function lineAt(s: Situation, position: number): number | undefined {
  let near = 0;
  if (s.flow.trace.sources.length === 0 && !s.lineInfo) return lineOfCall(s, position);
  for (let p = Math.min(position, s.flow.last); p >= 0; p--) {
    const known = s.lineInfo?.lineOf(s.log.program, s.flow.number(p));
    if (known) {
      if (s.source.isMain(known.file)) return s.source.code.startOf(known.line);
      continue;
    }
    const note = s.flow.source(p);
    if (!note) continue;
    const line = s.source.lineOf(note, near);
    if (line !== undefined) return s.source.code.startOf(line);
    near ||= note.fileLine ?? 0;
  }
  return undefined;
}

/** Without any line information: the line of a call, where the source calls what is called in one place only. */
function lineOfCall(s: Situation, position: number): number | undefined {
  const instruction = position < 0 ? undefined : s.flow.instruction(position);
  if (instruction?.kind !== 'call' || !s.source.whole) return undefined;
  const word = new RegExp(`\\b${literal(instruction.callee.replace(/_impl$/, ''))}\\w*\\s*\\(`);
  const calls = s.source.code.functions.flatMap((f) => s.source.code.statements(f)).filter((each) => word.test(each.text));
  return calls.length === 1 ? calls[0]?.line : undefined;
}

/**
 * The line of a condition. Clang gives some branches the function's closing brace: then it is the line above with a
 * condition that names what is compared.
 */
export function conditionLine(s: Situation, position: number): number | undefined {
  const line = lineAt(s, position);
  if (line === undefined) return undefined;
  if (!/^\s*(?:\}.*|return\b[^?&|<>=]*)?$/.test(s.source.text(line))) return comparingLine(s, position, line);
  const names = new Set(s.flow.reads(position).flatMap((register) => makers(s, position, register, 20).flatMap((p) => [variableMadeAt(s, p) ?? '', ...identifiers(s.flow.source(p)?.text ?? '').slice(0, 8)])));
  for (let at = line - 1; at > s.source.code.functionStart(line); at--) {
    const text = s.source.text(at);
    if (/\b(?:if|while|for)\b|\?/.test(text) && identifiers(text).some((name) => names.has(name))) return at;
  }
  return line;
}

/** A comparison by size stands in a statement with `<` or `>`; clang gives one that it merged with a neighbour the neighbour's line. */
function comparingLine(s: Situation, position: number, line: number): number {
  const branch = s.flow.instruction(position);
  const own = s.source.code.statementAt(line);
  if (branch.kind !== 'branch' || !/[<>]/.test(branch.operator) || !own || own.kind === 'switch' || own.kind === 'case') return line;
  const names = new Set(s.flow.reads(position).flatMap((register) => makers(s, position, register, 20).map((p) => variableMadeAt(s, p))).filter((name) => name !== undefined));
  if (compares(own.text) && (names.size === 0 || own.kind !== 'loop' || identifiers(own.text).some((name) => names.has(name)))) return line;
  const others = s.source.code.statements(s.source.code.functionAt(line)).filter((each) => compares(each.text) && identifiers(each.text).some((name) => names.has(name)));
  const last = lineAt(s, s.at) ?? Number.MAX_SAFE_INTEGER;
  return others.filter((each) => each.line >= line && each.line <= last)[0]?.line ?? others.findLast((each) => each.line < line)?.line ?? line;
}

/** Whether a text has a comparison by size. */
export function compares(text: string): boolean {
  return /[<>]/.test(bare(text).replaceAll(/->|<<=?|>>=?/g, ''));
}

export function placeAt(s: Situation, position: number): SourcePlace {
  const line = s.flow.instruction(position).kind === 'branch' ? conditionLine(s, position) : lineAt(s, position);
  const note = position >= 0 ? s.flow.source(position) : undefined;
  const text = (line === undefined ? '' : s.source.text(line).trim()) || (note?.text.trim() ?? '');
  const file = note?.file ?? s.source.mainFile;
  return { ...(line === undefined ? {} : { line }), ...(file === undefined ? {} : { file }), text, ...(position < 0 ? {} : { instruction: s.flow.number(position), logLine: s.flow.logLine(position) }) };
}

export function placeOfLine(s: Situation, line: number): SourcePlace {
  const file = s.source.mainFile;
  return { line, ...(file === undefined ? {} : { file }), text: s.source.text(line).trim() };
}

/** The text of the statement at a step. */
export function statementAt(s: Situation, position: number): string {
  const line = lineAt(s, position);
  const text = line === undefined ? '' : s.source.code.statement(line);
  return text || (s.flow.source(position)?.text ?? '');
}

/** Steps that made a register's value what it is: its definitions, both sides of sums, through the stack; the latest first. */
export function makers(s: Situation, position: number, register: Register, most = 60): number[] {
  const found = new Set<number>();
  const queue: [number, Register][] = [[position, register]];
  for (let next = queue.shift(); next && found.size < most; next = queue.shift()) {
    const [at, of] = next;
    if (of === 10) continue;
    const p = s.flow.definition(at, of);
    if (p < 0 || found.has(p)) continue;
    found.add(p);
    const instruction = s.flow.instruction(p);
    if (instruction.kind === 'move' && 'register' in instruction.from) queue.push([p, instruction.from.register]);
    else if (instruction.kind === 'arithmetic') {
      queue.push([p, instruction.to]);
      if (instruction.by && 'register' in instruction.by) queue.push([p, instruction.by.register]);
    } else if (instruction.kind === 'local-call' && s.flow.frame(p) < s.flow.frame(at)) queue.push([p, of]);
    else if (instruction.kind === 'exit') queue.push([p, 0]);
    else if (instruction.kind === 'load') {
      const slot = s.flow.stackPlace(p, instruction.from.base, instruction.from.offset);
      const store = slot === undefined ? -1 : s.flow.slotDefinition(p, s.flow.frame(p), slot);
      const stored = store < 0 ? undefined : s.flow.instruction(store);
      if (stored?.kind === 'store' && 'register' in stored.value) {
        found.add(store);
        queue.push([store, stored.value.register]);
      }
    }
  }
  return [...found].sort((a, b) => b - a);
}

/**
 * The line where a variable got the value it had at `position`: the latest of the value's makers that stands on a line
 * assigning it, else the last assignment above, else the makers' own latest line that is not the using one.
 */
export function definingLine(s: Situation, position: number, variable: string | undefined, madeAt: readonly number[]): { line: number; position: number } | undefined {
  const use = lineAt(s, position);
  const given = variable === undefined ? undefined : givenBy(s, position, variable);
  if (given) return definingLine(s, given.position, given.variable, madeAt.filter((p) => p < given.position));
  const lines = madeAt.map((p) => ({ line: lineAt(s, p), position: p })).filter((m): m is { line: number; position: number } => m.line !== undefined && !s.source.code.isHead(m.line));
  if (variable !== undefined && use !== undefined) {
    const assigned = s.source.code.assignments(variable, use);
    const made = lines.find((m) => assigned.includes(m.line));
    const later = made === undefined ? undefined : assigned.findLast((line) => line > made.line && line < use && alwaysBefore(s, line, use));
    if (made && later !== undefined) return { line: later, position: made.position };
    if (made && made.line !== use) return made;
    const above = assigned.filter((line) => line < use).at(-1);
    if (above !== undefined) return { line: above, position: lines.find((m) => m.line === above)?.position ?? -1 };
    if (made) return made;
    const declared = s.source.code.declaration(variable, use);
    if (declared !== undefined && declared !== use && !s.source.code.isHead(declared)) return { line: declared, position: -1 };
  }
  return lines.find((m) => m.line !== use) ?? lines[0];
}

/** Of an argument of a function that the program calls, and which gives it no other value: the call on the path, and the variable handed over. */
function givenBy(s: Situation, position: number, parameter: string): { readonly position: number; readonly variable: string | undefined } | undefined {
  const { code } = s.source;
  const use = lineAt(s, position);
  const frame = s.flow.frame(position);
  if (use === undefined || frame === 0 || !code.isParameter(parameter, use) || code.assignments(parameter, use).some((line) => !code.isHead(line))) return undefined;
  let call = position;
  while (call >= 0 && s.flow.frame(call) >= frame) call -= 1;
  const line = call < 0 || s.flow.instruction(call).kind !== 'local-call' ? undefined : lineAt(s, call);
  const own = code.functionAt(use);
  if (line === undefined || own === undefined) return undefined;
  const index = (callArguments(code.statement(own.line), own.name) ?? []).findIndex((argument) => new RegExp(`\\b${literal(parameter)}$`).test(argument.text));
  const text = index < 0 ? undefined : callArguments(code.statement(line), own.name)?.[index]?.text;
  const variable = /^(?:\([^()]*\)\s*)?([A-Za-z_]\w*)$/.exec(text ?? '')?.[1];
  return text === undefined ? undefined : { position: call, variable };
}

/** Whether a line is on every way to another: all that is around it is around the other too. */
function alwaysBefore(s: Situation, line: number, use: number): boolean {
  const around = new Set(s.source.code.around(use));
  const own = s.source.code.statementAt(line);
  return own?.kind === 'simple' && s.source.code.around(line).every((each) => around.has(each) && each.kind !== 'if' && each.kind !== 'switch');
}

/**
 * Where the variable behind a name is declared. An argument of a function of the program stands for what its caller hands
 * over: `lookup(&key)`.
 */
export function variableDeclaration(s: Situation, variable: string, use: number, depth = 0): number | undefined {
  const declared = s.source.code.declaration(variable, use);
  if (declared === undefined || !s.source.code.isHead(declared) || depth > 4) return declared;
  const name = /\b(\w+)\s*\(/.exec(s.source.text(declared).replace(/^SEC\([^)]*\)\s*/, ''))?.[1];
  const index = name === undefined ? -1 : (callArguments(s.source.code.statement(declared), name) ?? []).findIndex((argument) => new RegExp(`\\b${variable}$`).test(argument.text));
  const callers = s.source.code.callersOf(declared);
  const [caller] = callers;
  if (name === undefined || index < 0 || caller === undefined || callers.length > 1) return declared;
  const given = /^(?:\([^()]*\)\s*)?&?\s*([A-Za-z_]\w*)/.exec(callArguments(s.source.code.statement(caller), name)?.[index]?.text ?? '')?.[1];
  return given === undefined ? declared : (variableDeclaration(s, given, caller, depth + 1) ?? declared);
}

/** The variable a step's line gives a value to. */
export function variableMadeAt(s: Situation, position: number): string | undefined {
  const note = s.flow.source(position);
  const line = note && s.source.whole ? s.source.lineOf(note) : undefined;
  if (line === undefined || s.source.code.statementsOn(line).length === 0) return note ? assignedVariable(note.text) : undefined;
  return s.source.code.statementsOn(line).map((each) => assignedVariable(each.text)).find((name) => name !== undefined);
}

/** Names a pointer that is followed at a step: by the line's own text when it shows one place, else by where it was made. */
export function pointerName(s: Situation, position: number, register: Register, origin: Origin): Subject {
  const statement = statementAt(s, position);
  const copied = copiedName(s.flow.instruction(position), statement);
  if (copied !== undefined) return { words: copied, variable: copied, register };
  const places = sideOf(s.flow.instruction(position), statement);
  const made = [origin.position, ...origin.passed].map((p) => (p >= 0 ? variableMadeAt(s, p) : undefined)).filter((name) => name !== undefined);
  const known = new Set(made);
  const place = places.find((p) => known.has(p.variable) && p.base === p.variable) ?? places.find((p) => known.has(p.variable)) ?? onlyPlace(places);
  const derived = place ? [] : madeFrom(s, position, places, known);
  const named = place ?? (new Set(derived.map((p) => p.base)).size === 1 ? derived[0] : undefined);
  if (named) return { words: named.base, variable: named.variable, register };
  const variable = made.at(-1);
  if (variable !== undefined && identifiers(statement).includes(variable)) return { words: variable, variable, register };
  const written = writtenName(s.flow.instruction(position), statement);
  if (written !== undefined && variable === undefined) return { words: written, variable: written, register };
  const turn = inTurn(s, position, register, places);
  if (turn) return { words: turn.base, variable: turn.variable, register };
  const first = places[0];
  if (first && made.length === 0) return { words: first.base, variable: first.variable, register };
  return variable === undefined ? { words: madeWords(s, origin), register } : { words: variable, variable, register };
}

/** Of a condition that follows several pointers, each once made known to the verifier: they are followed in the order of the text. */
function inTurn(s: Situation, position: number, register: Register, places: readonly Dereference[]): Dereference | undefined {
  const own = s.flow.source(position);
  const names = [...new Map(places.map((place) => [place.variable, place])).values()];
  const registers: Register[] = [register];
  for (let p = position - 1; p >= 0 && s.flow.source(p) === own; p--) {
    const instruction = s.flow.instruction(p);
    const base = instruction.kind === 'load' ? instruction.from.base : undefined;
    if (base !== undefined && base !== 10 && !registers.includes(base)) registers.push(base);
  }
  return names.length > 1 && names.length === registers.length ? names[registers.length - 1] : undefined;
}

/** Of `__builtin_memcpy(to, from, n)` a load follows what is read, a store what is written. */
function copiedName(instruction: Instruction, statement: string): string | undefined {
  const copy = /\b(?:__builtin_)?mem(?:cpy|move)\b/.exec(statement)?.[0];
  const given = copy === undefined ? undefined : callArguments(statement, copy);
  const meant = instruction.kind === 'load' ? given?.[1] : instruction.kind === 'store' ? given?.[0] : undefined;
  return /^(?:\([^()]*\)\s*)?([A-Za-z_]\w*)$/.exec(meant?.text ?? '')?.[1];
}

/** The place of a line that follows one pointer only, however deep: `ip->addr.bytes[3]`. */
function onlyPlace(places: readonly Dereference[]): Dereference | undefined {
  const [first] = places;
  return first && new Set(places.map((p) => (p.base.startsWith(`${first.base}.`) || p.base.includes('->') ? p.variable : p.base))).size === 1 ? first : undefined;
}

/** Of the pointers a line follows those that the source makes of a known one. */
function madeFrom(s: Situation, position: number, places: readonly Dereference[], known: ReadonlySet<string>): Dereference[] {
  const line = lineAt(s, position);
  return line === undefined || known.size === 0 ? [] : places.filter((place) => derivesFrom(s.source.code, place.variable, line, known));
}

/** A load follows a pointer of an assignment's right side, a store one of its left, where there are several. */
function sideOf(instruction: Instruction, statement: string): Dereference[] {
  const places = dereferences(statement);
  const equal = /[^=!<>]=(?!=)/.exec(bare(statement))?.index;
  if (equal === undefined) return places;
  const side = places.filter((place) => (instruction.kind === 'load') === place.start > equal);
  return side.length > 0 || instruction.kind === 'store' ? side : places;
}

/** What a store's line writes: `*(volatile u32 *)&limit = …`. */
function writtenName(instruction: Instruction, statement: string): string | undefined {
  const equal = instruction.kind === 'store' ? /[^=!<>]=(?!=)/.exec(bare(statement))?.index : undefined;
  return equal === undefined ? undefined : identifiers(statement.slice(0, equal + 1)).at(-1);
}

/** Says how a value was made, where it has no name. */
export function madeWords(s: Situation, origin: Origin): string {
  const instruction = s.flow.instruction(origin.position);
  if (origin.how === 'call' && instruction.kind === 'call') return `the result of ${instruction.callee}()`;
  if (origin.how === 'call') return "the function's result";
  if (origin.how === 'argument') return 'the argument';
  const text = origin.position < 0 ? '' : (s.flow.source(origin.position)?.text ?? '');
  return text === '' ? 'this value' : `the value of \`${text.replace(/;$/, '').slice(0, 60)}\``;
}

/** Names the argument a call was given, by the call's text. */
export function argumentName(s: Situation, position: number, callee: string, register: Register): Subject {
  const statement = statementAt(s, position);
  const given = callArguments(statement, callee)?.[register - 1];
  if (given && given.text.length <= 80) {
    const variable = /^(?:\([^()]*\)\s*)?&?\s*([A-Za-z_]\w*)/.exec(given.text)?.[1];
    return { words: given.text, ...(variable === undefined || variable === 'sizeof' ? {} : { variable }), register };
  }
  const origin = s.flow.origin(position, register);
  const variable = origin.position >= 0 ? variableMadeAt(s, origin.position) : undefined;
  return variable === undefined ? { words: `argument ${register}`, register } : { words: variable, variable, register };
}

/** The callee of the rejected step. */
export function calleeAt(s: Situation, position: number): string {
  const instruction = s.flow.instruction(position);
  return instruction.kind === 'call' ? instruction.callee : '';
}
