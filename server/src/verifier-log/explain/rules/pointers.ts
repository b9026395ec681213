import { writtenRegister, type Register } from '../../parse/instruction.ts';
import { constantOf, type Value } from '../../state/value.ts';
import { inWords } from '../../state/words.ts';
import type { Origin } from '../flow.ts';
import type { Need, RejectionClass, Subject } from '../need.ts';
import type { Draft, Note, Rule } from '../rule.ts';
import { noteAt, plainRule } from '../rule.ts';
import { bare, identifiers } from '../c/text.ts';
import { siteFor } from '../sites.ts';
import type { SourcePlace } from '../source.ts';
import { argumentName, calleeAt, lineAt, makers, placeAt, variableMadeAt, placeOfLine, pointerName, statementAt, type Situation } from '../situation.ts';
import { variableDraft } from './bounds.ts';
import { loopCause, variableAddition } from './indexes.ts';
import { returnPlace } from './returns.ts';
import { upper } from './null.ts';

/** Helpers after which packet pointers are no longer good, besides those that only some kernels have: by the words of their names. */
export const MOVES_PACKET = /^bpf_(?:skb_(?:pull_data|change_head|change_tail|change_proto|adjust_room|vlan_push|vlan_pop|store_bytes|ecn_set_ce)|xdp_(?:adjust_head|adjust_tail|adjust_meta)|l3_csum_replace|l4_csum_replace|clone_redirect|lwt_\w+|msg_(?:pull|push|pop)_data|sk_skb_\w+|tail_call)$/;
const RELEASES = /release|_put|submit|discard|_drop|unref|destroy|unlock|rbtree_add|list_push/;

/** The call after which a pointer was no longer good, and the step at which it still was. */
export function invalidatedBy(s: Situation, register: Register): { call: number; from: number } | undefined {
  for (const from of makers(s, s.at, register)) {
    const written = writtenRegister(s.flow.instruction(from));
    // Seen from its own step: after the call the verifier knows a plain number only.
    const was = written === undefined ? undefined : (s.flow.after(from, written) ?? s.flow.seenAfter(from, written));
    if (was === undefined || was.type === 'scalar') continue;
    // The first such call took it away; what follows finds nothing left.
    const taking = Array.from({ length: s.at - from - 1 }, (_, i) => from + 1 + i).filter((p) => takesAway(s, p, was));
    // What was put into a list or tree may be used until the lock is released.
    const call = taking.find((p) => !/rbtree_add|list_push/.test(calleeAt(s, p))) ?? taking[0];
    if (call !== undefined) return { call, from };
  }
  return undefined;
}

function takesAway(s: Situation, position: number, value: Value): boolean {
  const instruction = s.flow.instruction(position);
  const packet = /^pkt/.test(value.type);
  if (instruction.kind === 'local-call') return packet && movesInside(s, position);
  if (instruction.kind !== 'call') return false;
  return packet ? MOVES_PACKET.test(instruction.callee) : RELEASES.test(instruction.callee);
}

/** A function of the program verified by itself may move the packet; nothing of it stands on the path. */
function movesInside(s: Situation, position: number): boolean {
  return s.flow.frame(position + 1) === s.flow.frame(position);
}

/** A plain number is followed as if it were a pointer: where the number came from tells what is wrong. */
function scalarDereference(s: Situation, register: Register, type: string): Draft {
  const origin = s.flow.origin(s.at, register);
  const lost = invalidatedBy(s, register);
  const value = pointerName(s, s.at, register, origin);
  if (lost !== undefined) return staleDraft(s, value, lost.call, lost.from);
  const source = s.flow.instruction(origin.position);
  const uninitialized = origin.how === 'uninitialized';
  if (uninitialized) return { class: 'uninitialized-register', message: `${upper(value.words)} has no value here. Give it one before it is used.`, need: { kind: 'initialized-register', value } };
  const where = addressOf(s, origin);
  const maker = source.kind === 'call' ? `${source.callee}() gives it as a number` : 'for the verifier it is a plain number';
  const read = where === 'user' ? 'bpf_probe_read_user()' : where === 'kernel' ? 'bpf_probe_read_kernel() or BPF_CORE_READ()' : 'bpf_probe_read_kernel() (or bpf_probe_read_user() for an address of the process)';
  return {
    class: 'direct-dereference',
    message: `${upper(value.words)} is followed like a pointer, but ${maker}: the verifier lets a program read memory only behind pointers it knows. Read it with ${read}.`,
    need: { kind: 'valid-pointer', value, got: type, address: where },
    ...(origin.position >= 0 ? { lost: noteAt(s, origin.position, 'the address comes from here') } : {}),
    rejectedNote: `${value.words} is ${inWords(s.flow.before(s.at, register))}`,
  };
}

/** Whose memory a number is an address of, by what made it. */
function addressOf(s: Situation, origin: Origin): 'kernel' | 'user' | 'number' {
  const instruction = s.flow.instruction(origin.position);
  if (instruction.kind === 'call') return /current_task|get_socket|kernel/.test(instruction.callee) ? 'kernel' : 'number';
  const text = origin.position < 0 ? '' : (s.flow.source(origin.position)?.text ?? '');
  return /__user|args\[|user/.test(text) ? 'user' : /struct\s+\w+\s*\*|_KPROBE|PT_REGS/.test(text) ? 'kernel' : 'number';
}

export function staleDraft(s: Situation, value: Subject, lost: number, from: number): Draft {
  const call = s.flow.instruction(lost);
  const callee = call.kind === 'call' ? call.callee : 'the function called before';
  const released = call.kind === 'call' && RELEASES.test(callee);
  const site = siteFor(s, lost, lineAt(s, s.at));
  const place = site === undefined || site === lineAt(s, lost) ? placeAt(s, lost) : placeOfLine(s, site);
  const use = lineAt(s, s.at);
  const made = value.variable === undefined || use === undefined || site === undefined ? undefined : s.source.code.assignments(value.variable, use).filter((line) => line < site).at(-1);
  const taken: Note = { place, note: released ? `${callee}() gives the memory back` : `${callee}() may move the packet: all pointers into it are lost` };
  return {
    class: 'stale-pointer',
    message: released ? `${upper(value.words)} is used after ${callee}() gave it back. Use it before, and release it last.` : `${upper(value.words)} was taken before ${callee}(${call.kind === 'call' ? ')' : ')'}, which may move the packet; the old pointer is no longer good. Load data and data_end again behind the call and check them again.`.replace('the function called before()', 'a function'),
    need: { kind: 'fresh-pointer', value, lostBy: callee },
    cause: taken.place,
    lost: taken,
    established: made === undefined ? noteAt(s, from, 'the pointer was taken here') : { place: placeOfLine(s, made), note: 'the pointer was taken here' },
    rejectedNote: `${value.words} is no longer a pointer`,
  };
}

/** Fields of kernel objects behind a pointer that may not be followed, and pointers that were trusted once. */
function kernelObject(s: Situation, register: Register, type: string, text: string): Draft {
  const origin = s.flow.origin(s.at, register);
  const value = pointerName(s, s.at, register, origin);
  if (/^(?:user_|percpu_|rdonly_untrusted|untrusted_|ptr_|trusted_|rcu_)/.test(type) || type === '') {
    return {
      class: 'direct-dereference',
      message: `${upper(value.words)} cannot be followed here: it is ${inWords(s.flow.before(s.at, register))}. Read behind it with bpf_probe_read_kernel() or BPF_CORE_READ().`,
      need: { kind: 'valid-pointer', value, got: type, address: 'kernel' },
      rejectedNote: text,
    };
  }
  return {
    class: 'direct-dereference',
    message: `${upper(value.words)} is ${inWords(s.flow.before(s.at, register))}, which a program cannot read or write directly. Use the helper for it.`,
    need: { kind: 'valid-pointer', value, got: type },
  };
}

function contextDraft(m: RegExpExecArray, s: Situation): Omit<Draft, 'need'> & { need: Need } {
  const write = s.instruction.kind === 'store' || s.instruction.kind === 'atomic';
  const statement = statementAt(s, s.at);
  const field = [...statement.matchAll(/(?:->|\.)\s*(\w+)/g)].map((f) => f[1]).at(write ? 0 : -1);
  const words = field === undefined ? 'This field' : `The field \`${field}\` of the context`;
  return {
    class: 'context-access',
    message: `${words} cannot be ${write ? 'written' : 'read'} ${m[2] === undefined ? 'like this' : `as ${m[2]} bytes at offset ${m[1] ?? '0'}`} by a program of this type. Use a field this type of program may ${write ? 'write' : 'read'}, with its own size.`,
    need: { kind: 'field', ...(m[1] === undefined ? {} : { offset: Number(m[1]) }), ...(m[2] === undefined ? {} : { size: Number(m[2]) }), ...(field === undefined ? {} : { field }) },
    ...(field !== undefined && /^data(?:_end)?$/.test(field) && !write ? firstPacketField(s) : {}),
  };
}

/** Clang may read the packet's end before its begin, as the source does not: a program that may not read the one may not read the other. */
function firstPacketField(s: Situation): Pick<Draft, 'cause'> {
  const line = lineAt(s, s.at);
  const first = line === undefined ? undefined : s.source.code.statements(s.source.code.functionAt(line)).find((each) => /->\s*data(?:_end)?\b/.test(each.text));
  return first && line !== undefined && first.line < line ? { cause: placeOfLine(s, first.line) } : {};
}

function leak(s: Situation, where: string): Draft {
  const register = s.instruction.kind === 'store' && 'register' in s.instruction.value ? s.instruction.value.register : 0;
  const origin = s.flow.origin(s.at, register);
  const returned = s.instruction.kind === 'exit' ? returnPlace(s, origin.position, lineAt(s, s.at), makers(s, s.at, 0)) : undefined;
  const value = s.instruction.kind === 'exit' ? { words: 'the return value', register } : { words: 'a pointer', register };
  return {
    class: 'pointer-leak',
    message: `${upper(value.words)} ${value.words === 'a pointer' ? 'is stored' : 'is a pointer and is given'} where user space could read it (${where}). Store a number instead, never an address of the kernel.`,
    need: { kind: 'other' },
    ...(returned === undefined ? {} : { cause: placeOfLine(s, returned) }),
    ...(origin.position >= 0 ? { lost: noteAt(s, origin.position, 'the pointer comes from here') } : {}),
  };
}

/** The statement that compares both pointers: clang may give the comparison the line of a check beside it. */
function comparedPlace(s: Situation): SourcePlace {
  const line = lineAt(s, s.at);
  const names = s.flow.reads(s.at).map((register) => new Set(makers(s, s.at, register).map((p) => variableMadeAt(s, p)).filter((name) => name !== undefined)));
  const says = (text: string): boolean => /[=!]=|[<>]/.test(bare(text).replaceAll(/->|<<|>>/g, '')) && names.every((set) => identifiers(text).some((name) => set.has(name)));
  if (line === undefined || names.length < 2 || names.some((set) => set.size === 0) || says(s.source.code.statement(line))) return placeAt(s, s.at);
  const found = s.source.code.statements(s.source.code.functionAt(line)).filter((each) => says(each.text)).sort((a, b) => Math.abs(a.line - line) - Math.abs(b.line - line))[0];
  return found ? placeOfLine(s, found.line) : placeAt(s, s.at);
}

/** The statement that adds to a pointer or indexes with it: clang may calculate an address before the line that uses it. */
function addingPlace(s: Situation, register: number | undefined): SourcePlace | undefined {
  const line = lineAt(s, s.at);
  if (line === undefined || register === undefined) return undefined;
  const names = new Set([register, ...s.flow.reads(s.at)].flatMap((each) => makers(s, s.at, each)).map((p) => variableMadeAt(s, p)).filter((name) => name !== undefined));
  const adds = (text: string): boolean => /[-+*&|]=?(?![->])|\[|<<|>>/.test(bare(text).replaceAll('->', '').replaceAll(/&&|\|\||&\s*(?=\w+\s*[,)])/g, '')) && identifiers(text).some((name) => names.has(name));
  if (adds(s.source.code.statement(line))) return undefined;
  const found = s.source.code.statements(s.source.code.functionAt(line)).find((each) => each.line > line && adds(each.text));
  return found ? placeOfLine(s, found.line) : undefined;
}

function arithmetic(s: Situation, m: RegExpExecArray): Draft {
  const line = lineAt(s, s.at);
  const register = m[1] === undefined ? undefined : Number(m[1]);
  const state = register === undefined ? undefined : s.flow.before(s.at, register);
  return {
    class: 'pointer-arithmetic',
    message: `The verifier does not follow this calculation with a pointer${state ? ` (${inWords(state)})` : ''}. Only add or subtract numbers whose limits are checked, and convert nothing that holds a pointer to a smaller type.`,
    need: { kind: 'other' },
    cause: addingPlace(s, register) ?? (line === undefined ? placeAt(s, s.at) : placeOfLine(s, line)),
  };
}

export const pointerRules: readonly Rule[] = [
  // R1 invalid mem access 'scalar'   (kernels before 5.18: 'inv')
  { pattern: /R(\d+) invalid mem access '(scalar|inv|invP\d*|unknown)'/, explain: (s, m) => scalarDereference(s, Number(m[1]), m[2] ?? '') },
  // R1 invalid mem access 'pkt_end'
  { pattern: /R(\d+) invalid mem access '([^']*)'/, explain: (s, m) => kernelObject(s, Number(m[1]), m[2] ?? '', '') },
  // R1 is ptr_task_struct invalid variable offset   |   R1 is ptr_x access user memory: off=0   |   access beyond struct task_struct at off 9000 size 8
  { pattern: /R(\d+) is (\S+) (?:access (?:user|percpu) memory|invalid (?:negative|variable)).*/, explain: (s, m) => kernelObject(s, Number(m[1]), m[2] ?? '', m[0]) },
  plainRule(/access beyond (?:the end of )?(?:struct|member) (\w+)|access beyond struct|cannot access ptr member \w+ with moff \d+ in struct (\w+)/, (m, s) => ({
    class: 'memory-bounds',
    ...loopCause(s),
    message: `This reads behind the end of what is there${m[1] ?? m[2] ? ` (struct ${m[1] ?? m[2] ?? ''})` : ''}. Use the fields this kernel's structure has, with CO-RE.`,
    need: { kind: 'field', ...(m[1] === undefined ? {} : { type: m[1] }) },
  })),
  // invalid bpf_context access off=80 size=4   |   invalid access to flow keys off=…   |   func 'f' doesn't have 3-th argument
  plainRule(/invalid (?:bpf_context access|access to flow keys) off=(-?\d+) size=(\d+)/, contextDraft),
  plainRule(/func '([^']*)' (?:doesn't have (\d+)-th argument|arg(\d+) (?:has btf_id|type)|offset (\d+) is not|size)/, (m, s) => ({
    ...contextDraft(m, s),
    message: `${m[1] ?? 'The function'}() has no such argument, or not one that a program can use like this. Compare the program's arguments with the function's prototype.`,
    need: { kind: 'field', type: m[1] ?? '' },
  })),
  // dereference of modified ctx ptr R6 off=16 disallowed   |   variable ctx access var_off=(0x0; 0xff) disallowed   |   negative offset ctx ptr R1 off=-4 disallowed
  plainRule(/(?:dereference of modified|negative offset) (\w+) ptr R(\d+) off=-?\d+ disallowed|variable (\w+) access var_off=\S+ \S+ disallowed/, (m, s) => {
    const kind = m[1] ?? m[3] ?? 'ctx';
    const register = m[2] === undefined ? (s.instruction.kind === 'load' ? s.instruction.from.base : 1) : Number(m[2]);
    const added = variableAddition(s, register);
    const callee = calleeAt(s, s.at);
    if (callee !== '' && kind === 'ctx') {
      const value = argumentName(s, s.at, callee, register);
      return { class: 'helper-argument', message: `${callee}() wants the program's context itself, and ${upper(value.words)} points into it. Hand over the context as the program was given it.`, need: { kind: 'argument', callee, argument: register, value } };
    }
    return {
      class: kind === 'ctx' ? 'context-access' : 'direct-dereference',
      message: `${kind === 'ctx' ? 'A field of the context' : 'A field of this object'} must be at a fixed offset, and its address was ${added ? 'calculated with a number that varies' : 'moved'} here. Read each field by its name${added ? ', and choose among the values with `switch` or `if`' : ''}.`,
      need: { kind: 'field' },
    };
  }),
  // R6 leaks addr into map   |   R0 leaks addr as return value   |   leaking pointer from stack off -8
  { pattern: /(?:R\d+ leaks addr (?:into|as) (.+)|leaking pointer from (stack)|attempt to corrupt spilled pointer on (stack))/, explain: (s, m) => leak(s, m[1] ?? m[2] ?? m[3] ?? '') },
  { pattern: /(?:R(\d+) )?pointer comparison prohibited/, explain: (s) => ({ class: 'pointer-comparison', cause: comparedPlace(s), message: 'Pointers of different kinds are compared here, or a pointer with a number other than NULL. Compare packet pointers with data_end, and others with NULL only.', need: { kind: 'other' } }) },
  // R0 cannot write into rdonly_mem   |   write into map forbidden, value_size=… |   cannot write into packet   |   only read is supported   |   R1 cannot write into …   |   BPF_ATOMIC stores into R1 ctx is not allowed
  {
    pattern: /(?:R(\d+) )?cannot write into (.+)|write into map forbidden|(?:only read (?:from (.+) )?is supported)|the prog does not allow writes to packet data|BPF_ATOMIC stores into R(\d+) (\S+) is not allowed|write to change key R\d+ not allowed|(?:R\d+ )?(\w+)\(\) may write into memory pointed by R(\d+) type=(\S+)|R(\d+) type=\S*rdonly\S* expected=|no write support to (\w+) at off -?\d+/,
    explain: (s, m) => {
      const { instruction } = s;
      const register = m[1] ?? m[4] ?? m[7] ?? m[9];
      const base = register !== undefined ? Number(register) : instruction.kind === 'store' || instruction.kind === 'atomic' ? instruction.place.base : 1;
      const callee = calleeAt(s, s.at);
      const value = callee === '' ? pointerName(s, s.at, base, s.flow.origin(s.at, base)) : argumentName(s, s.at, callee, base);
      const memory = inWords(s.flow.before(s.at, base));
      if (m[10] !== undefined) return objectReadOnly(s, value, m[10], memory);
      return {
        class: s.flow.before(s.at, base)?.type === 'ctx' ? 'context-access' : 'read-only',
        message: `${upper(value.words)} is written here, and this memory may only be read (${memory}). Write to a copy, or use the helper that changes it.`,
        need: { kind: 'writable', value, memory },
        ...readOnlyCause(s, base),
        rejectedNote: `${value.words} is ${memory}`,
      };
    },
  },
  // R1 32-bit pointer arithmetic prohibited   |   math between fp pointer and 4294901760 is not allowed   |   R0 pointer += pointer prohibited   |   R1 tried to subtract pointer from scalar   |   R2 partial copy of pointer
  {
    pattern: /R(\d+) pointer arithmetic on pkt_end prohibited/,
    explain: (s, m) => (s.instruction.kind === 'arithmetic' && !/^[-+]$/.test(s.instruction.operator) ? arithmetic(s, m) : {
      class: 'packet-bounds',
      message: "The packet's end can only be compared with: no pointer for reading is made from it. Begin at data, and compare what is read with data_end.",
      need: { kind: 'other' },
      cause: placeAt(s, s.at),
    }),
  },
  {
    pattern: /R(\d+) (?:32-bit pointer arithmetic|pointer arithmetic|bitwise operator|pointer \S+ pointer|tried to subtract pointer|subtraction from stack|partial copy of pointer|sign-extension part of pointer)/,
    explain: arithmetic,
  },
  {
    pattern: /math between (\S+) pointer and (register with unbounded min value|-?\d+) is not allowed|\S+ pointer offset -?\d+ is not allowed|value -?\d+ makes (\S+) pointer be out of bounds|pointer arithmetic of map value goes out of range/,
    explain: (s, m) => mathDraft(s, m),
  },
  // misaligned packet access off 0+0+14+2 size 4   |   misaligned stack access off 0+-7+0 size 8   |   misaligned value access …
  plainRule(/misaligned (\w+ )?access off/, (m, s) => {
    const value = variableOfAccess(s);
    const member = [...statementAt(s, s.at).matchAll(/(?:->|\.)\s*(\w+)/g)].map((f) => f[1] ?? '').map((name) => s.source.packedAt(name)).find((line) => line !== undefined);
    return { class: 'alignment', ...(member === undefined ? {} : { cause: placeOfLine(s, member) }), message: `${value} is accessed at an address that is no multiple of its size (${(m[1] ?? 'memory ').trim()}). Copy it with __builtin_memcpy(), or place it at a multiple of its size.` };
  }),
];

/** Of some kernel objects a program of the right type may write a few fields. */
function objectReadOnly(s: Situation, value: Subject, type: string, memory: string): Draft {
  const field = /(?:->|\.)\s*(\w+)\s*(?:\[[^\]]*\]\s*)?(?:[-+*/|&^]|<<|>>)?=(?!=)/.exec(statementAt(s, s.at))?.[1];
  return {
    class: 'read-only',
    message: `${field === undefined ? 'This field' : `The field \`${field}\``} of struct ${type} cannot be written by a program of this type: the kernel allows only some of its fields. Leave it out, or use the helper or kfunc that changes it.`,
    need: { kind: 'writable', value, memory },
    rejectedNote: `${value.words} is ${memory}`,
  };
}

function variableOfAccess(s: Situation): string {
  const { instruction } = s;
  const base = instruction.kind === 'load' ? instruction.from.base : instruction.kind === 'store' || instruction.kind === 'atomic' ? instruction.place.base : undefined;
  if (base === undefined) return 'What is read here';
  const { words } = pointerName(s, s.at, base, s.flow.origin(s.at, base));
  return upper(words);
}

/** A map's flag forbids writing; memory handed to an inlined function that writes is wrong where it is handed over. */
function readOnlyCause(s: Situation, register: Register): Pick<Draft, 'cause'> {
  const origin = s.flow.origin(s.at, register);
  // Older kernels do not tell the map's name: the call that gave the value does.
  const map = s.flow.before(s.at, register)?.properties.get('map') ?? (calleeAt(s, origin.position) === 'bpf_map_lookup_elem' ? argumentName(s, origin.position, 'bpf_map_lookup_elem', 1).variable : undefined);
  const flag = map === undefined ? undefined : s.source.mapDefinition(map, /RDONLY/);
  if (flag !== undefined) return { cause: placeOfLine(s, flag) };
  const line = lineAt(s, s.at);
  if (origin.how === 'call' && /rdonly_(?:untrusted_)?mem/.test(s.flow.before(s.at, register)?.type ?? '')) {
    const made = siteFor(s, origin.position, line);
    if (made !== undefined) return { cause: placeOfLine(s, made) };
  }
  const callers = line === undefined ? [] : s.source.code.callersOf(line);
  return callers.length === 1 && callers[0] !== undefined ? { cause: placeOfLine(s, callers[0]) } : {};
}

/** A variable number without a lower limit was added to a pointer. */
function mathDraft(s: Situation, m: RegExpExecArray): Draft {
  const { instruction } = s;
  if (instruction.kind !== 'arithmetic' || !instruction.by || !('register' in instruction.by)) return arithmetic(s, m);
  const of: RejectionClass = 'unbounded-scalar';
  const kind = m[1] ?? m[3];
  const memory = kind === 'pkt' ? 'packet' : kind === 'fp' ? 'stack' : 'map-value';
  const constant = [instruction.by.register, instruction.to].some((r) => constantOf(s.flow.before(s.at, r)) !== undefined);
  if (constant) return arithmetic(s, m);
  const number = s.flow.before(s.at, instruction.by.register)?.type === 'scalar' ? instruction.by.register : instruction.to;
  const pointer = number === instruction.to ? instruction.by.register : instruction.to;
  return variableDraft(s, { class: of, memory, register: pointer }, { position: s.at, register: number });
}

