import type { Register } from '../../parse/instruction.ts';
import { constantOf, isLimited, property, unsignedRange, type Value } from '../../state/value.ts';
import { inWords } from '../../state/words.ts';
import { assignedVariable, bare, dereferences, identifiers, literal } from '../c/text.ts';
import { derivesFrom } from '../derives.ts';
import type { Memory, Need, RejectionClass, Subject } from '../need.ts';
import type { Draft, Note, Rule } from '../rule.ts';
import { noteAt } from '../rule.ts';
import { argumentName, calleeAt, compares, definingLine, lineAt, makers, placeAt, placeOfLine, pointerName, statementAt, variableDeclaration, variableMadeAt, type Situation } from '../situation.ts';
import { upper } from './null.ts';

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
  const index = indexMadeOf(s, dereferences(statement).map((d) => d.index ?? '').filter((text) => identifiers(text).length > 0), new Set(names));
  const inIndex = new Set(identifiers(index ?? ''));
  const variable = names.find((name) => inIndex.has(name)) ?? identifiers(index ?? '')[0] ?? names.find((name) => used.has(name)) ?? names[0];
  if (index !== undefined) return { words: index, ...(variable === undefined ? {} : { variable }), register };
  return variable === undefined ? { words: 'the offset', register } : { words: variable, variable, register };
}

/** Of the indexes of a line the one that is a number's: `t->rows[cpu].b[bucket]`. */
function indexMadeOf(s: Situation, indexes: readonly string[], names: ReadonlySet<string>): string | undefined {
  const line = lineAt(s, s.at);
  const [first, second] = indexes;
  if (second === undefined || line === undefined || names.size === 0) return first;
  return indexes.find((text) => identifiers(text).some((name) => names.has(name))) ?? indexes.find((text) => identifiers(text).some((name) => derivesFrom(s.source.code, name, line, names))) ?? first;
}

/** The latest comparison on the path that looked at the same number. */
export function comparisonOf(s: Situation, position: number, register: Register): number | undefined {
  const made = new Set(makers(s, position, register));
  if (made.size === 0) return undefined;
  const roots = [...made].filter((p) => isRoot(s, p));
  const looksAt = (at: number, of: Register): boolean => {
    const others = makers(s, at, of, 30);
    return others.some((p) => made.has(p) && (roots.length === 0 || roots.includes(p)) && s.flow.instruction(p).kind !== 'address');
  };
  return s.flow.branches(position, (b, at) => limits(s, at, b.operator) && (s.flow.before(at, b.left)?.type ?? 'scalar') === 'scalar' && (looksAt(at, b.left) || ('register' in b.right && looksAt(at, b.right.register))))[0];
}

/** Whether a comparison can be meant to limit a number: one for equality only where a loop ends by it, which clang makes of `<`. */
function limits(s: Situation, position: number, operator: string): boolean {
  if (/[<>]/.test(operator)) return true;
  const line = lineAt(s, position);
  const kind = line === undefined ? undefined : s.source.code.statementAt(line)?.kind;
  return kind === 'loop' || kind === 'do' || (line !== undefined && compares(s.source.code.statement(line)));
}

/** A step that brings a number into being: not a constant, a copy or a sum. */
function isRoot(s: Situation, position: number): boolean {
  const { kind } = s.flow.instruction(position);
  return kind === 'load' || kind === 'call' || kind === 'packet-load' || kind === 'local-call';
}

interface Access {
  readonly class: RejectionClass;
  readonly memory: Memory;
  readonly register: Register;
  readonly offset?: number;
  readonly size?: number;
  readonly limit?: number;
}

const MEMORY_WORDS: Readonly<Record<Memory, string>> = { packet: 'the packet', 'map-value': 'the map value', stack: 'the stack', memory: 'the memory', context: 'the context' };

/** An access at a constant place outside, or at a variable place that may be outside. */
export function boundsDraft(s: Situation, access: Access): Draft {
  const sized = s.instruction.kind === 'call' ? sizeTooBig(s, access) : undefined;
  if (sized) return sized;
  const added = variableAddition(s, access.register);
  return added ? variableDraft(s, access, added) : constantDraft(s, access);
}

/** A helper's size may be more than the memory has: the size is what to correct, when it varies or goes past what it should fill. */
function sizeTooBig(s: Situation, access: Access): Draft | undefined {
  const { register, limit, size } = access;
  const callee = calleeAt(s, s.at);
  const given = s.flow.before(s.at, register + 1);
  if (size === undefined || given?.type !== 'scalar' || register >= 5) return undefined;
  const varies = !given.properties.has('value');
  if (!varies && variableAddition(s, register)) return undefined;
  if (varies ? Number(unsignedRange(given).max ?? -1n) !== size : constantOf(given) !== BigInt(size) || !fits(access, size)) return undefined;
  const value = argumentName(s, s.at, callee, register + 1);
  const buffer = argumentName(s, s.at, callee, register);
  // A variable that has one value on this path was limited, and to too much.
  const limited = varies ? undefined : limitOf(s, value.variable);
  const made = varies ? definingLine(s, s.at, value.variable, makers(s, s.at, register + 1)) : undefined;
  return {
    class: 'helper-size',
    message: `${callee}() may use ${size} bytes of ${quotedWords(buffer)}, more than there are${limit === undefined ? '' : ` (${limit} in all)`}: ${varies ? `${upper(value.words)} is ${inWords(given)}. Check its upper limit before the call` : 'give it at most the size of what it fills'}.`,
    need: { kind: 'size', callee, argument: register + 1, value, problem: 'too-big', ...(limit === undefined ? {} : { limit }) },
    ...(varies ? causeOfNumber(s, comparisonOf(s, s.at, register + 1), made, { position: s.at, register: register + 1 }) : limited === undefined ? {} : { cause: placeOfLine(s, limited) }),
    rejectedNote: `${buffer.words} is ${inWords(s.flow.before(s.at, register))}`,
  };
}

/** Whether the memory itself is there at the place, and only its end is too near for the size. */
function fits({ memory, limit, offset }: Access, size: number): boolean {
  if (memory === 'stack') return offset !== undefined && offset < 0 && offset + size > 0;
  return limit !== undefined && offset !== undefined && offset < limit;
}

/** The last condition above, on the path, that compares a variable. */
function limitOf(s: Situation, variable: string | undefined): number | undefined {
  const use = lineAt(s, s.at);
  if (variable === undefined || use === undefined || s.source.code.assignments(variable, use).length === 0) return undefined;
  const compares = new RegExp(`\\b${variable}\\b\\s*(?:>=?|<=?)|(?:>=?|<=?)\\s*${variable}\\b`);
  const lines = s.flow.branches(s.at, () => true).map((p) => lineAt(s, p));
  return lines.find((line) => line !== undefined && line < use && compares.test(bare(s.source.text(line))));
}

/** The function of the program that the verifier names in its words about a call of it. */
function ownCallee(s: Situation): string | undefined {
  return s.instruction.kind === 'local-call' ? /func#\d+ \('(\w+)'\)/.exec(s.log.complaint.join(' '))?.[1] : undefined;
}

/** `f((struct range *)&low)`: the call itself makes the variable something larger. */
function castInCall(s: Situation, value: Subject): boolean {
  return s.instruction.kind === 'local-call' && /^\([^()]*\*\s*\)\s*&/.test(value.words);
}

function subjectOf(s: Situation, register: Register): Subject {
  const own = ownCallee(s);
  if (own !== undefined) return argumentName(s, s.at, own, register);
  const callee = calleeAt(s, s.at);
  if (callee !== '' && s.instruction.kind === 'call') return argumentName(s, s.at, callee, register);
  return pointerName(s, s.at, register, s.flow.origin(s.at, register));
}

function constantDraft(s: Situation, access: Access): Draft {
  const { register, memory, offset, size, limit } = access;
  const origin = s.flow.origin(s.at, register);
  const value = subjectOf(s, register);
  const made = memory === 'stack' ? declarationPlace(s, value) : origin.position >= 0 && origin.how !== 'argument' ? noteAt(s, origin.position, `the memory comes from here${limit === undefined ? '' : ` and has ${limit} bytes`}`) : undefined;
  const range = offset === undefined || size === undefined || limit === undefined ? '' : `: bytes ${offset} to ${offset + size - 1} of ${limit} are used`;
  const need: Need = { kind: 'in-bounds', memory, value, ...(offset === undefined ? {} : { offset }), ...(size === undefined ? {} : { size }), ...(limit === undefined ? {} : { limit }) };
  return {
    class: access.class,
    message: `This goes past the end of ${MEMORY_WORDS[memory]} behind ${quotedWords(value)}${range}. Make that memory as large as what is used, or use less.`,
    need,
    ...(made ? { cause: made.place, established: made } : {}),
    ...(castInCall(s, value) ? { cause: placeAt(s, s.at) } : indexCause(s)),
    rejectedNote: stateNote(value, s.flow.before(s.at, register)),
  };
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
function indexCause(s: Situation): Pick<Draft, 'cause'> {
  const loop = loopCause(s);
  const use = lineAt(s, s.at);
  if (loop.cause !== undefined || use === undefined) return loop;
  const limited = indexNames(s, use).map((name) => limitOf(s, name)).find((line) => line !== undefined);
  return limited === undefined ? {} : { cause: placeOfLine(s, limited) };
}

/** `t[i + 1]`, where i itself has limits and nothing checks it: what is added goes too far, and that stands in the access. */
function addedInIndex(s: Situation, index: Subject, number: Value | undefined): boolean {
  const name = index.variable;
  return name !== undefined && isLimited(number) && !mayBeNegative(number) && dereferences(statementAt(s, s.at)).some((d) => new RegExp(`\\b${literal(name)}\\s*[-+]\\s*\\d+$`).test(d.index ?? ''));
}

/** `t[hash & 31]`: the limit stands in the access, and what was compared before does not count. */
function maskedInIndex(index: Subject): boolean {
  return /[^&]&\s*(?:\w+|\([^()]*\))$/.test(index.words);
}

/** A mask with a name of its own has its number where that is defined. */
function maskPlace(s: Situation, index: Subject): Pick<Draft, 'cause'> {
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

function declarationPlace(s: Situation, value: Subject): Note | undefined {
  const use = lineAt(s, s.at);
  if (value.variable === undefined || use === undefined) return undefined;
  const line = variableDeclaration(s, value.variable, use) ?? s.source.code.assignments(value.variable, use).find((l) => l < use);
  return line === undefined ? undefined : { place: placeOfLine(s, line), note: `${value.variable} is on the stack` };
}

export function variableDraft(s: Situation, access: Access, added: { position: number; register: Register }): Draft {
  const index = nameNumber(s, added.position, added.register);
  const value = subjectOf(s, access.register);
  const number = s.flow.before(added.position, added.register);
  const check = comparisonOf(s, added.position, added.register);
  const made = definingLine(s, s.at, index.variable, makers(s, added.position, added.register));
  const limit = access.limit === undefined ? '' : ` of ${access.limit} bytes`;
  const need: Need = {
    kind: 'in-bounds',
    memory: access.memory,
    value,
    index,
    checked: check !== undefined,
    ...(access.size === undefined ? {} : { size: access.size }),
    ...(access.limit === undefined ? {} : { limit: access.limit }),
  };
  return {
    class: access.class,
    message: `${upper(index.words)} may be too large or negative for ${MEMORY_WORDS[access.memory]}${limit}: the verifier knows ${rangeWords(number)}. ${check === undefined ? 'Check its upper limit before it is used' : 'The check before it is not tight enough, or looks at another copy of it; check the very value that is used, as an unsigned number'}.`,
    need,
    ...(maskedInIndex(index) ? maskPlace(s, index) : check === undefined && (addedInIndex(s, index, number) || (access.offset !== undefined && access.offset < 0 && isLimited(number) && !mayBeNegative(number))) ? {} : causeOfNumber(s, check, made, added)),
    rejectedNote: stateNote(value, s.flow.before(s.at, access.register)),
  };
}

/** The step at which a number with both limits became one that may be negative: a subtraction below zero. */
export function lostLimit(s: Situation, of: { readonly position: number; readonly register: Register } | undefined): { readonly position: number; readonly note: Note } | undefined {
  if (of === undefined || !mayBeNegative(s.flow.before(of.position, of.register))) return undefined;
  const good = (value: Value | undefined): boolean => isLimited(value) && !mayBeNegative(value);
  for (const p of makers(s, of.position, of.register)) {
    const instruction = s.flow.instruction(p);
    if (instruction.kind !== 'arithmetic' || (instruction.operator !== '-' && instruction.operator !== '+')) continue;
    const by = instruction.by === undefined || !('register' in instruction.by) || good(s.flow.before(p, instruction.by.register));
    if (by && good(s.flow.before(p, instruction.to)) && mayBeNegative(s.flow.after(p, instruction.to))) return { position: p, note: noteAt(s, p, 'here the number may become less than zero') };
  }
  return undefined;
}

function mayBeNegative(value: Value | undefined): boolean {
  const constant = constantOf(value);
  if (constant !== undefined) return constant < 0n;
  const smin = property(value, 'smin');
  return value?.type === 'scalar' && (smin === undefined ? (property(value, 'umax') ?? 2 ** 63) >= 2 ** 63 : smin < 0);
}

/** A comparison that proves too little is to be corrected; without one, the number's own line is where it should follow. */
export function causeOfNumber(s: Situation, check: number | undefined, made: { line: number; position: number } | undefined, of?: { readonly position: number; readonly register: Register }): Pick<Draft, 'cause' | 'established' | 'lost'> {
  const madeNote: Note | undefined = made === undefined ? undefined : { place: placeOfLine(s, made.line), note: 'the number comes from here' };
  const use = lineAt(s, s.at);
  const checkedAt = check === undefined ? undefined : lineAt(s, check);
  // A comparison inside of the function the number was calculated in looks at another number.
  const elsewhere = made !== undefined && use !== undefined && checkedAt !== undefined && s.source.code.sameFunction(made.line, use) && !s.source.code.sameFunction(checkedAt, use) && s.source.code.callersOf(checkedAt).includes(made.line);
  const lost = lostLimit(s, of);
  if (lost && (check === undefined || lost.position > check)) return { cause: lost.note.place, lost: lost.note };
  // Clang goes on calculating behind a comparison what the source has before it.
  const isBefore = made === undefined || made.position < 0 || check === undefined || made.position <= check || (checkedAt !== undefined && made.line < checkedAt && s.source.code.sameFunction(made.line, checkedAt) && s.source.code.loopAround(made.line, checkedAt) === undefined);
  if (check !== undefined && !elsewhere && isBefore) {
    const checked = noteAt(s, check, 'this comparison does not prove enough');
    return { cause: checked.place, established: checked, ...(madeNote ? { lost: madeNote } : {}) };
  }
  return madeNote ? { cause: madeNote.place, lost: madeNote } : {};
}

function quotedWords(value: Subject): string {
  const words = upper(value.words);
  return words.startsWith('`') ? words : value.words;
}

export function rangeWords(value: Value | undefined): string {
  const words = inWords(value);
  return value?.type === 'scalar' ? words.replace(/^a number of which nothing is known$/, 'nothing about it').replace(/^a number /, 'only that it is ').replace(/^the number /, 'that it is ') : words;
}

function stateNote(value: Subject, state: Value | undefined): string {
  return state ? `${value.words} is ${inWords(state)}` : `${value.words} is used here`;
}

/** Class and memory of the pointer a size-less message is about. */
function accessByType(s: Situation, register: Register, unbounded: boolean): Access {
  const type = s.flow.before(s.at, register)?.type ?? '';
  const limit = property(s.flow.before(s.at, register), 'vs') ?? property(s.flow.before(s.at, register), 'sz');
  const known = { register, ...(limit === undefined ? {} : { limit }) };
  if (unbounded && !isLimited(s.flow.before(s.at, register))) return { ...known, class: 'unbounded-scalar', memory: /^pkt/.test(type) ? 'packet' : type === 'fp' ? 'stack' : /map_/.test(type) ? 'map-value' : 'memory' };
  if (/^pkt/.test(type)) return { ...known, class: 'packet-bounds', memory: 'packet' };
  if (type === 'fp') return { ...known, class: 'stack-bounds', memory: 'stack' };
  if (/map_value|map_key/.test(type)) return { ...known, class: 'map-value-bounds', memory: 'map-value' };
  return { ...known, class: 'memory-bounds', memory: 'memory' };
}

/** Whether a stack address's variable part has limits at all. */
function stackClass(s: Situation, register: Register, mask: string): RejectionClass {
  if (s.at >= 0 && isLimited(s.flow.before(s.at, register))) return 'stack-bounds';
  return /0x(?:f{8,16}|[0-9a-f]{9,16})\)?$/i.test(mask) ? 'unbounded-scalar' : 'stack-bounds';
}

/** The address of the end of a map's value is made to be compared with, which only privileged programs may. */
function endPointerDraft(s: Situation): Draft | undefined {
  const line = lineAt(s, s.at);
  const end = line === undefined || s.instruction.kind !== 'arithmetic' ? undefined : assignedVariable(s.source.code.statement(line));
  if (line === undefined || end === undefined) return undefined;
  const compared = new RegExp(`\\b\\w+\\s*(?:[<>!]=?|==)\\s*${literal(end)}\\b|\\b${literal(end)}\\s*(?:[<>!]=?|==)\\s*\\w+`);
  const found = s.source.code.statements(s.source.code.functionAt(line)).find((each) => each.line > line && (each.kind === 'loop' || each.kind === 'if' || each.kind === 'do') && compared.test(each.text.replaceAll('->', '  ')));
  return found && {
    class: 'pointer-comparison',
    message: `\`${end}\` points behind the end of the map's value to be compared with, which needs a privilege this program is loaded without (CAP_PERFMON). Count with an index instead, up to the number of elements.`,
    need: { kind: 'other' },
    cause: placeOfLine(s, found.line),
    rejectedNote: 'the address of the end is made here',
  };
}

export const boundsRules: readonly Rule[] = [
  // R2 pointer arithmetic of map value goes out of range, prohibited for !root
  { pattern: /pointer arithmetic of map value goes out of range, prohibited for !root/, explain: endPointerDraft },
  // invalid access to map value, value_size=104 off=120 size=4
  {
    pattern: /invalid access to map (?:value|key), (?:value|key)_size=(\d+) off=(-?\d+) size=(\d+)/,
    explain: (s, m) => boundsDraft(s, { class: 'map-value-bounds', memory: 'map-value', limit: Number(m[1]), offset: Number(m[2]), size: Number(m[3]), register: registerOf(s) }),
  },
  // invalid access to memory, mem_size=16 off=16 size=4
  {
    pattern: /invalid access to memory, mem_size=(\d+) off=(-?\d+) size=(\d+)/,
    explain: (s, m) => {
      return boundsDraft(s, { class: 'memory-bounds', memory: 'memory', limit: Number(m[1]), offset: Number(m[2]), size: Number(m[3]), register: registerOf(s) });
    },
  },
  // R2 unbounded memory access, make sure to bounds check any such access
  { pattern: /R(\d+) unbounded memory access, make sure/, explain: (s, m) => boundsDraft(s, accessByType(s, Number(m[1]), true)) },
  // R0 min value is negative, either use unsigned index or do a if (index >=0) check.
  { pattern: /R(\d+) min value is negative, either use unsigned index/, explain: (s, m) => boundsDraft(s, accessByType(s, Number(m[1]), true)) },
  // R0 max value is outside of the allowed memory range   |   R5 max value is outside of the allowed memory range
  { pattern: /R(\d+) (?:min|max) value is outside of the (?:allowed memory|array) range/, explain: (s, m) => boundsDraft(s, accessByType(s, Number(m[1]), false)) },
  // invalid variable-offset read from stack R5 var_off=(0x0; 0xff) off=-32 size=1
  {
    pattern: /invalid variable-offset (?:indirect )?(?:read from|write to|access to) stack R(\d+) var_off=(\(\S+ \S+\)|\S+) (?:off=)?(-?\d+)?(?: ?size=(\d+))?/,
    explain: (s, m) => boundsDraft(s, { class: stackClass(s, Number(m[1]), m[2] ?? ''), memory: 'stack', register: Number(m[1]), ...(m[4] === undefined ? {} : { size: Number(m[4]) }) }),
  },
  { pattern: /invalid unbounded variable-offset\S* .*stack R(\d+)/, explain: (s, m) => boundsDraft(s, { class: 'unbounded-scalar', memory: 'stack', register: Number(m[1]) }) },
  // invalid write to stack R1 off=-600 size=8   |   invalid stack off=-600 size=8   |   invalid stack type R1 off=-4 access_size=16   |   invalid read from stack R2 off=-4 size=16
  {
    pattern: /invalid (?:write to stack|read from stack|(?:indirect )?(?:access to|read from|write to) stack|stack) (?:type )?(?:R(\d+) )?off=?(-?\d+) (?:access_)?size=(\d+)/,
    explain: (s, m) => {
      // Clang's own places lie below the frame's end only when the frame is too large.
      const register = m[1] === undefined ? registerOf(s) : Number(m[1]);
      return boundsDraft(s, { class: register === 10 && Number(m[2]) < -512 ? 'stack-limit' : 'stack-bounds', memory: 'stack', offset: Number(m[2]), size: Number(m[3]), register });
    },
  },
  // R1 invalid rdonly buffer access: off=0, size=8   |   R1 invalid variable buffer offset: off=0, var_off=…
  { pattern: /R(\d+) invalid (?:\w+ )?(?:variable )?buffer (?:access|offset): off=(-?\d+)(?:, size=(\d+))?/, explain: (s, m) => boundsDraft(s, { class: 'memory-bounds', memory: 'memory', register: Number(m[1]), offset: Number(m[2]), ...(m[3] ? { size: Number(m[3]) } : {}) }) },
];

/** The register a message without one speaks of: named in the following line, or the access's base. */
function registerOf(s: Situation): Register {
  for (const line of s.log.complaint) {
    const m = /R(\d+) (?:min|max|unbounded|offset|is outside)/.exec(line);
    if (m) return Number(m[1]);
  }
  const { instruction } = s;
  if (instruction.kind === 'load') return instruction.from.base;
  if (instruction.kind === 'store' || instruction.kind === 'atomic') return instruction.place.base;
  return 1;
}
