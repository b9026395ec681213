import type { Register } from '../../parse/instruction.ts';
import { constantOf, isLimited, property, unsignedRange, type Value } from '../../state/value.ts';
import { inWords } from '../../state/words.ts';
import { assignedVariable, literal } from '../c/text.ts';
import type { Memory, Need, RejectionClass, Subject } from '../need.ts';
import type { Draft, Note, Rule } from '../rule.ts';
import { noteAt } from '../rule.ts';
import { argumentName, calleeAt, definingLine, lineAt, makers, placeAt, placeOfLine, pointerName, variableDeclaration, type Situation } from '../situation.ts';
import { addedInIndex, indexCause, limitOf, maskedInIndex, maskPlace, variableAddition, nameNumber } from './indexes.ts';
import { upper } from './null.ts';
import { asksSignOnly, causeOfNumber, comparisonOf, mayBeNegative, rangeWords } from './numbers.ts';

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
  const compared = comparisonOf(s, added.position, added.register);
  // A number that has an upper limit is not too large because of a comparison with zero.
  const check = isLimited(number) && !mayBeNegative(number) && asksSignOnly(s, compared) ? undefined : compared;
  const made = definingLine(s, s.at, readInPlace(index) ? undefined : index.variable, makers(s, added.position, added.register));
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
    ...(maskedInIndex(index) ? maskPlace(s, index) : (access.offset !== undefined && access.offset < 0 && isLimited(number) && !mayBeNegative(number)) || (check === undefined && (addedInIndex(s, index, number) || check !== compared)) ? {} : causeOfNumber(s, check, made, added)),
    rejectedNote: stateNote(value, s.flow.before(s.at, access.register)),
  };
}

/** `t[r->head]`: what is read in the index itself has no line of its own where it was made. */
function readInPlace(index: Subject): boolean {
  return /^\w+\s*(?:->|\.|\[)/.test(index.words);
}

function quotedWords(value: Subject): string {
  const words = upper(value.words);
  return words.startsWith('`') ? words : value.words;
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
