import { property } from '../../state/value.ts';
import { inWords } from '../../state/words.ts';
import { callArguments, dereferences, identifiers, literal } from '../c/text.ts';
import type { Draft, Rule } from '../rule.ts';
import { noteAt } from '../rule.ts';
import { argumentName, calleeAt, lineAt, placeAt, placeOfLine, statementAt, variableDeclaration, type Situation } from '../situation.ts';
import { upper } from './null.ts';
import { boundsDraft } from './bounds.ts';

/** Bytes of the stack that were never written are read: by a load, or by a helper through a pointer. */
function stackDraft(s: Situation, register: number | undefined, offset: number, size: number, first: number | undefined): Draft {
  const callee = s.instruction.kind === 'call' ? calleeAt(s, s.at) : '';
  const value = callee !== '' && register !== undefined ? argumentName(s, s.at, callee, register) : variableOf(s);
  const use = lineAt(s, s.at);
  const variable = value.variable;
  const declared = variable === undefined || use === undefined ? undefined : variableDeclaration(s, variable, use);
  const missing = first === undefined ? '' : `; byte ${first} of ${size} is the first one without a value`;
  const padding = first !== undefined && first > 0 ? ' Padding between the members counts too: clear the whole variable with `= {}` or __builtin_memset() and set the members then.' : ' Give it a value before, for example with `= {}`.';
  return {
    class: 'uninitialized-stack',
    message: `${upper(value.words)} is ${callee === '' ? 'read' : `read by ${callee}()`} before all its bytes have a value${missing}.${padding}`,
    need: { kind: 'initialized-stack', value, offset, size, ...(first === undefined ? {} : { first }) },
    ...(declared === undefined ? {} : { cause: placeOfLine(s, declared), trail: [{ place: placeOfLine(s, declared), note: `${variable ?? 'it'} begins without a value` }] }),
    rejectedNote: `${size} bytes at ${offset} from the frame's top are read`,
  };
}

function variableOf(s: Situation): { words: string; variable?: string } {
  const statement = statementAt(s, s.at);
  const place = dereferences(statement).find((d) => d.index !== undefined) ?? dereferences(statement)[0];
  if (place) return { words: place.base, variable: place.variable };
  const use = lineAt(s, s.at);
  const declared = identifiers(statement).find((name) => use !== undefined && s.source.code.declaration(name, use) !== undefined && (s.source.code.declaration(name, use) ?? use) < use);
  return declared === undefined ? { words: 'memory on the stack' } : { words: declared, variable: declared };
}

/** Bytes above the frame's top do not exist; below it they may only lack a value. */
function stackRead(s: Situation, register: number | undefined, offset: number, first: number | undefined, size: number): Draft {
  const leaked = first === undefined ? undefined : pointerInSlot(s, offset + first);
  if (leaked) return leaked;
  if ((offset + size > 0 || offset < -512) && register !== undefined) return boundsDraft(s, { class: 'stack-bounds', memory: 'stack', register, offset, size });
  return stackDraft(s, register, offset, size, first);
}

/** An address that lies in memory which leaves the program counts as no value, and is no missing one. */
function pointerInSlot(s: Situation, offset: number): Draft | undefined {
  const stored = s.flow.slotDefinition(s.at, s.flow.frame(s.at), offset);
  const instruction = s.flow.instruction(stored);
  if (stored < 0 || instruction.kind !== 'store' || !('register' in instruction.value)) return undefined;
  const value = s.flow.before(stored, instruction.value.register);
  if (value === undefined || value.type === 'scalar') return undefined;
  const callee = s.instruction.kind === 'call' ? calleeAt(s, s.at) : '';
  const note = noteAt(s, stored, `an address (${inWords(value)}) is stored here`);
  return {
    class: 'pointer-leak',
    message: `An address is stored here in memory that ${callee === '' ? 'is read' : `${callee}() reads`} as plain bytes: ${inWords(value)}. Store the value itself, never an address.`,
    need: { kind: 'other' },
    cause: note.place,
    lost: note,
  };
}

/** A register without a value: an argument a function does not have, a variable no path gave a value, or what a call took away. */
function registerDraft(s: Situation, register: number): Draft {
  const definition = s.flow.definition(s.at, register);
  const taken = definition >= 0 ? s.flow.instruction(definition) : undefined;
  const isReturn = s.instruction.kind === 'exit' && register === 0;
  const use = lineAt(s, s.at);
  const parameter = definition < 0 || s.flow.frame(definition) < s.flow.frame(s.at);
  const callee = s.instruction.kind === 'call' && register > 0 ? s.instruction.callee : undefined;
  const given = callee === undefined ? undefined : argumentName(s, s.at, callee, register).variable;
  const variable = given !== undefined && use !== undefined && s.source.code.declaration(given, use) !== undefined ? given : variableWithoutValue(s);
  const own = use === undefined ? undefined : s.source.code.functionHead(use);
  // A callback or function with more arguments than it is given.
  const inFunction = own !== undefined && s.log.program !== undefined && !new RegExp(`\\b${literal(s.log.program)}\\b`).test(s.source.text(own));
  const head = (parameter || inFunction) && variable === undefined && use !== undefined && register > 0 && register <= 5 && !/\basm\b/.test(statementAt(s, s.at)) ? own : undefined;
  const declared = head ?? (variable === undefined || use === undefined ? undefined : s.source.code.declaration(variable, use));
  if (isReturn) {
    // What a function of the program gave back is handed on: the mistake is in that function.
    const inside = taken?.kind === 'exit' && s.flow.frame(definition) > s.flow.frame(s.at) ? lineAt(s, definition) : use;
    const head = inside === use ? own : inside === undefined ? undefined : s.source.code.functionHead(inside);
    const returned = inside === undefined ? undefined : returnedVariable(s, inside);
    const at = returned?.line ?? (head === undefined || s.source.code.lastReturn(head) !== undefined ? undefined : head);
    return {
      class: 'uninitialized-register',
      message: 'The program ends on this path without a return value. Return a value on every path.',
      need: { kind: 'initialized-register', value: returned ? { words: returned.name, variable: returned.name, register } : { words: 'the return value', register } },
      ...(at === undefined ? {} : { cause: placeOfLine(s, at) }),
    };
  }
  const assembly = assemblyLine(s);
  const prototype = callee === undefined ? undefined : ownPrototype(s, register);
  if (prototype !== undefined) return prototype;
  const value = { words: variable ?? 'the value used here', ...(variable === undefined ? {} : { variable }), register };
  const lost = taken && (taken.kind === 'call' || taken.kind === 'local-call') ? noteAt(s, definition, 'the call takes the registers of its arguments away') : undefined;
  return {
    class: 'uninitialized-register',
    message: `${upper(value.words)} has no value on this path. Give it one where it is declared, or on every path to this line.`,
    need: { kind: 'initialized-register', value },
    ...(assembly !== undefined ? { cause: placeOfLine(s, assembly) } : declared !== undefined && !(lost && /\basm\b/.test(statementAt(s, s.at))) ? { cause: placeOfLine(s, declared) } : {}),
    ...(lost ? { lost } : {}),
    rejectedNote: 'what is read here was never written',
  };
}

/** Inline assembly of several lines has one line for the compiler: the one that says what was rejected. */
function assemblyLine(s: Situation): number | undefined {
  const line = lineAt(s, s.at);
  const each = line === undefined ? undefined : s.source.code.statementAt(line);
  if (!each || !/\basm\b|\b__asm__\b/.test(each.text) || each.end <= each.line) return undefined;
  const plain = (text: string): string => text.replaceAll(/[\s();"]|\\[nt]/g, '');
  const wanted = plain((/^\s*\d+: \([\da-f]{2}\) ([^;]*)/.exec(s.flow.trace.text.at(s.flow.logLine(s.at)))?.[1] ?? '').trim());
  const own = Array.from({ length: each.end - each.line + 1 }, (_, i) => each.line + i).filter((at) => wanted !== '' && plain(s.source.text(at)) === wanted);
  return own[0];
}

/** The variable a function returns, when it was declared without a value. */
function returnedVariable(s: Situation, line: number): { readonly name: string; readonly line: number } | undefined {
  for (const each of [...s.source.code.returns(line)].reverse()) {
    const name = /^return\s+(?:\([^()]*\)\s*)?([A-Za-z_]\w*)\s*;/.exec(each.text)?.[1];
    const declared = name === undefined ? undefined : s.source.code.declaration(name, each.line);
    if (name !== undefined && declared !== undefined && !s.source.code.isParameter(name, each.line) && !s.source.code.assignments(name, each.line).includes(declared)) return { name, line: declared };
  }
  return undefined;
}

/** A helper or kfunc declared by hand with too few parameters: its caller sets too few registers. */
function ownPrototype(s: Situation, register: number): Draft | undefined {
  const { callee } = s.instruction.kind === 'call' ? s.instruction : { callee: '' };
  const short = callee.replace(/^bpf_/, '');
  const statement = statementAt(s, s.at);
  const called = identifiers(statement).find((name) => name === callee || (s.source.find(name) !== undefined && new RegExp(`BPF_FUNC_${literal(short)}\\b`).test(s.source.find(name)?.text ?? '')));
  const given = called === undefined ? undefined : callArguments(statement, called);
  const place = called === undefined ? undefined : s.source.find(called);
  if (called === undefined || given === undefined || given.length >= register || place?.line === undefined || s.source.code.functionAt(place.line) !== undefined) return undefined;
  return {
    class: 'uninitialized-register',
    message: `${called} is declared with too few parameters: ${callee}() takes at least ${register}, and nothing is handed over for the last one. Use the declaration of bpf_helpers.h, or give it all its parameters.`,
    need: { kind: 'initialized-register', value: { words: `argument ${register} of ${callee}()`, register } },
    cause: place,
  };
}

/** The variable of the line that no line on the way gives a value. */
function variableWithoutValue(s: Situation): string | undefined {
  const use = lineAt(s, s.at);
  if (use === undefined) return undefined;
  const names = identifiers(statementAt(s, s.at)).filter((name) => {
    const declared = s.source.code.declaration(name, use);
    return declared !== undefined && declared !== use && !s.source.code.isParameter(name, use);
  });
  return names.find((name) => !s.source.code.assignments(name, use).some((line) => line < use)) ?? names.find((name) => s.source.code.declaration(name, use) !== undefined && !s.source.code.assignments(name, use).includes(s.source.code.declaration(name, use) ?? 0)) ?? undefined;
}

export const uninitializedRules: readonly Rule[] = [
  // invalid read from stack R2 off -8+4 size 8   |   invalid indirect read from stack R2 off -8+4 size 8   |   invalid read from stack off -16+0 size 8
  {
    pattern: /invalid (?:indirect )?read from stack (?:R(\d+) )?off (-?\d+)\+(-?\d+) size (\d+)/,
    explain: (s, m) => stackRead(s, m[1] === undefined ? undefined : Number(m[1]), Number(m[2]), Number(m[3]), Number(m[4])),
  },
  // invalid indirect read from stack var_off (0x0; 0xff)+3 size 16   |   invalid read from stack R1 var_off (…)+0 size 1
  {
    pattern: /invalid (?:indirect )?read from stack (?:R(\d+) )?var_off \([^)]*\)\+(\d+) size (\d+)/,
    explain: (s, m) => stackDraft(s, m[1] === undefined ? undefined : Number(m[1]), 0, Number(m[3]), Number(m[2])),
  },
  // invalid read from stack R2 off=-4 size=4   |   invalid indirect access to stack …   |   invalid stack type R1 off=-8 access_size=8
  {
    pattern: /invalid (?:indirect )?read from stack (?:R(\d+) )?off=(-?\d+) size=(\d+)/,
    explain: (s, m) => stackRead(s, m[1] === undefined ? undefined : Number(m[1]), Number(m[2]), undefined, Number(m[3])),
  },
  // R0 !read_ok
  { pattern: /R(\d+) !read_ok/, explain: (s, m) => registerDraft(s, Number(m[1])) },
  { pattern: /R(\d+) pointer arithmetic with \S+ operator prohibited/, explain: (s, m) => contextAsNumber(s, Number(m[1])) },
];

/** Clang leaves out the giving of a value where C leaves it undefined: a register of another meaning is used then. */
function contextAsNumber(s: Situation, register: number): Draft | undefined {
  const origin = s.flow.origin(s.at, register);
  const variable = variableWithoutValue(s);
  if (variable === undefined || origin.position >= 0) return undefined;
  const place = placeAt(s, s.at);
  return property(s.flow.before(s.at, register), 'off') === undefined || place.line !== undefined ? registerDraft(s, register) : undefined;
}
