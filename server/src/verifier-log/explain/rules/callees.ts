import { inWords } from '../../state/words.ts';
import type { RejectionClass, Need } from '../need.ts';
import type { Draft, Rule } from '../rule.ts';
import { plainRule } from '../rule.ts';
import { argumentName, calleeAt, definingLine, lineAt, makers, placeAt, placeOfLine, type Situation } from '../situation.ts';
import { upper } from './null.ts';
import { invalidatedBy, staleDraft } from './pointers.ts';

type Why = Extract<Need, { kind: 'callee-allowed' }>['why'];

function notAllowed(of: RejectionClass, callee: string, why: Why, message: string): Draft {
  return { class: of, message, need: { kind: 'callee-allowed', callee, why } };
}

/** Types the verifier takes, in words. */
function expectedWords(expected: string): string {
  const names = new Set(
    expected.split(/,\s*/).map((type) =>
      ({ fp: 'the stack', map_ptr: 'a map', ctx: "the program's context", map_value: 'a map value', map_key: 'a map key', pkt: 'the packet', pkt_meta: 'the packet', mem: 'memory', buf: 'memory', ringbuf_mem: 'a ring buffer record', alloc_mem: 'a ring buffer record', sock: 'a socket', sock_common: 'a socket', tcp_sock: 'a TCP socket', xdp_sock: 'a socket', scalar: 'a number', func: 'a function of the program', ptr_: 'a kernel object', trusted_ptr_: 'a kernel object', rcu_ptr_: 'a kernel object', percpu_ptr_: 'a per-CPU kernel object' })[type.trim()] ?? type.trim(),
    ),
  );
  return [...names].slice(0, 4).join(', ');
}

/** A value of the wrong kind was handed to a callee. */
function argumentDraft(s: Situation, register: number, got: string, expected: string): Draft {
  const callee = calleeAt(s, s.at);
  const value = argumentName(s, s.at, callee, register);
  const state = s.flow.before(s.at, register);
  const number = got === 'scalar' || got === 'inv';
  const lost = number ? invalidatedBy(s, register) : undefined;
  if (lost) return staleDraft(s, value, lost.call, lost.from);
  // A number that a call gave and that stands for an object: the call is the wrong one.
  const origin = number && /sock|ptr_/.test(expected) && !/\bfp\b|map_value/.test(expected) ? s.flow.origin(s.at, register) : undefined;
  const made = origin?.how === 'call' || origin?.how === 'load' ? definingLine(s, s.at, value.variable, makers(s, s.at, register)) : undefined;
  const wantsPointer = number && !/scalar/.test(expected);
  const address = wantsPointer && /fp|mem|map_value/.test(expected);
  return {
    class: 'helper-argument',
    message: `${callee}() wants ${expected === '' ? 'another kind of value' : expectedWords(expected)} as its argument ${register}, and ${upper(value.words)} is ${state ? inWords(state) : expectedWords(got)}. ${address ? 'Hand over the address of a variable (`&`) that holds it.' : 'Hand over what it wants, in the order of its prototype.'}`,
    need: { kind: 'argument', callee, argument: register, value, got, expected },
    ...(made ? { cause: placeOfLine(s, made.line) } : handedIn(s, value.words)),
    rejectedNote: `argument ${register} is ${state ? inWords(state) : got}`,
  };
}

/** What a function only hands on is wrong where it is given it. */
function handedIn(s: Situation, words: string): Pick<Draft, 'cause'> {
  const line = lineAt(s, s.at);
  const callers = line === undefined || !s.source.code.isParameter(words, line) ? [] : s.source.code.callersOf(line);
  const [caller] = callers;
  return callers.length === 1 && caller !== undefined ? { cause: placeOfLine(s, caller) } : {};
}

/** A function of the program that is verified by itself was given another kind of value than its parameter says. */
function ownFunctionDraft(s: Situation, register: number, draft: Draft): Draft {
  const name = /func#\d+ \('(\w+)'\)/.exec(s.log.complaint.join(' '))?.[1];
  const value = name === undefined ? undefined : argumentName(s, s.at, name, register);
  const made = value === undefined ? undefined : definingLine(s, s.at, value.variable, makers(s, s.at, register));
  return {
    ...draft,
    class: 'subprogram',
    message: `${name ?? 'The function'}() is verified by itself and wants its argument ${register} to be memory of the type it says, and ${value === undefined ? 'what it is given' : upper(value.words)} is ${inWords(s.flow.before(s.at, register))}. Hand over the address of such memory, or make the function \`static __always_inline\`.`,
    ...(made ? { cause: placeOfLine(s, made.line) } : {}),
  };
}

/** A pointer to a kernel object that is not, or no longer, what a kfunc may be given: its making is where it went wrong. */
function kernelObjectDraft(s: Situation, register: number, text: string): Draft {
  const lost = s.flow.before(s.at, register)?.type === 'scalar' ? invalidatedBy(s, register) : undefined;
  if (lost) return staleDraft(s, argumentName(s, s.at, calleeAt(s, s.at), register), lost.call, lost.from);
  const draft = argumentDraft(s, register, '', /expected (.*)/.exec(text)?.[1] ?? '');
  if (!/pointer type STRUCT|neither owning|allocated object/.test(text) || draft.need.kind !== 'argument') return draft;
  const made = definingLine(s, s.at, draft.need.value.variable, makers(s, s.at, register));
  const message = `${draft.need.callee}() wants a pointer the kernel vouches for, and ${upper(draft.need.value.words)} is not one: it was read out of another object or by a helper. Use a pointer that was given as an argument, or acquire one with a kfunc.`;
  return made ? { ...draft, message, cause: placeOfLine(s, made.line) } : { ...draft, message };
}

export const calleeRules: readonly Rule[] = [
  // cannot call GPL-restricted function from non-GPL compatible program   |   cannot call kernel function from non-GPL compatible program
  plainRule(/cannot call (?:GPL-restricted|kernel) function from non-GPL compatible program|Cannot access kernel 'struct \w+' from non-GPL|from non-GPL compatible program/, (_m, s) => {
    const callee = calleeAt(s, s.at);
    return { ...notAllowed('gpl-only', callee, 'licence', `${callee === '' ? 'What is used here' : `${callee}()`} is for programs under a GPL licence only. Say \`char LICENSE[] SEC("license") = "GPL";\` if that is your program's licence.`), ...licencePlace(s) };
  }),
  // program of this type cannot use helper bpf_probe_read_kernel#113   |   unknown func bpf_xdp_adjust_head#44
  plainRule(/program of this type cannot use helper (\w+)#\d+|unknown func (\w+)#(\d+)|invalid func (?!unknown#(?:195896080|20\d{8}))([\w.]+)#-?\d+|func (\w+)#\d+ (?:not supported for program type|supported only for)|helper call is not allowed in probe/, (m, s) => {
    const callee = m[1] ?? m[2] ?? m[4] ?? m[5] ?? calleeAt(s, s.at);
    if (callee === 'unknown') return notAllowed('helper-not-allowed', callee, 'kernel', `This kernel does not have the helper number ${m[3] ?? ''} that is called here. Use one it has, or a newer kernel.`);
    return notAllowed('helper-not-allowed', callee, 'program-type', `${callee}() cannot be called in a program of this type. Use a helper this type may call, or another kind of section.`);
  }),
  // calling kernel function bpf_task_acquire is not allowed   |   calling invalid kernel function
  plainRule(/calling kernel function (\w+) is not allowed|kernel function (\w+) (?:is not allowed|unhandled)|metadata kfunc|kernel btf_id \d+ is not a (?:kernel )?function|calling kernel functions? (?:is|are) not (?:supported|allowed)|JIT does not support calling kernel function|kfunc (\w+)(?:#\d+)? is not allowed|cannot find address for kernel function (\w+)/, (m, s) => {
    const callee = m[1] ?? m[2] ?? m[3] ?? m[4] ?? calleeAt(s, s.at);
    if (s.at < 0) return { ...notAllowed('kfunc-not-allowed', callee, 'program-type', `${/metadata/.test(m[0]) ? 'A function for the metadata of a packet' : 'A kernel function'} is called that a program of this type, or one bound to no device, cannot call. Use another function, or another kind of section.`), ...kfuncCall(s, callee, /metadata/.test(m[0]) ? /^bpf_xdp_metadata_/ : undefined) };
    return notAllowed('kfunc-not-allowed', callee, 'program-type', `${callee === '' ? 'This kernel function' : `${callee}()`} cannot be called in a program of this type. Use another function, or another kind of section.`);
  }),
  // helper call might sleep in a non-sleepable prog   |   sleepable helper bpf_copy_from_user#148 in rcu_read_lock region
  plainRule(/helper call might sleep in a non-sleepable prog|sleepable helper (\w+)#\d+ in (.+)|program must be sleepable to call sleepable kfunc (\w+)|kernel func (\w+) is sleepable within (.+)|sleepable global function (\w+)\(\) called in (.+)|global functions? that may sleep are not allowed|Sleepable programs can only use|(\w+) is sleepable within|can't be called from a non-sleepable|sleepable maps? |may sleep/i, (m, s) => {
    const callee = m[1] ?? m[3] ?? m[4] ?? m[6] ?? m[8] ?? calleeAt(s, s.at);
    const where = m[2] ?? m[5] ?? m[7];
    if (/^Sleepable programs can only use/i.test(m[0])) return notAllowed('sleepable', callee, 'sleepable', 'A program that may sleep cannot use a map of this type. Use an array, hash or ring buffer map, or a section that does not sleep.');
    const region = where !== undefined && /region/.test(where) ? where : undefined;
    return notAllowed(region === undefined ? 'sleepable' : /rcu/i.test(region) ? 'rcu' : /irq|preempt/i.test(region) ? 'irq' : /lock/i.test(region) ? 'lock' : 'sleepable', callee, region ? 'lock' : 'sleepable', region ? `${callee}() may sleep and is called in a region where sleeping is not allowed (${region}). Move the call out of the region.` : `${callee}() may sleep and this program must not. Use a sleepable section, such as \`fentry.s\` or \`lsm.s\`, or a function that does not sleep.`);
  }),
  // R1 type=fp expected=ctx
  {
    pattern: /R(\d+) type=(\S+) expected=(.*)/,
    explain: (s, m) => {
      const draft = argumentDraft(s, Number(m[1]), m[2] ?? '', m[3] ?? '');
      return s.instruction.kind === 'local-call' && draft.class === 'helper-argument' ? ownFunctionDraft(s, Number(m[1]), draft) : draft;
    },
  },
  // R3 does not point to a readonly map'   |   R1 is of type sock but task_struct is expected
  { pattern: /R(\d+) (?:does not point to a readonly map|is not a constant address|is not a scalar|has to be a |must be (?!referenced|a rcu)|expected|is of type (\S+) but (\S+) is expected|is not(?! a known value))/, explain: (s, m) => argumentDraft(s, Number(m[1]), m[2] ?? '', m[3] ?? '') },
  // arg#0 pointer type STRUCT task_struct must point to scalar, or struct with scalar   |   arg#0 expected pointer to …   |   kernel function x args#1 expected pointer to …
  { pattern: /(?:args?#|\bR)(\d+) (?!is not a known value|reference type|must be (?:referenced|a rcu)|.*(?:dynptr|iter|irq|rcu|lock|bpf_list|bpf_rb|kptr))(?:expected |pointer type|is |doesn't|must|is neither)(.*)/, explain: (s, m) => kernelObjectDraft(s, Number(m[1]) + (m[0].startsWith('R') ? 0 : 1), m[0]) },
  { pattern: /(?:cannot pass map_type (\d+) into func (\w+)|invalid map_ptr to access|tail_call abusing map_ptr|kernel subsystem misconfigured (?:verifier|func)|cannot update sockmap|helper access to the packet is not allowed|string is not zero-terminated|Invalid format string|invalid format string|direct value access on string failed|map '\w+' has to be BTF|expected (?:socket|map|prog array))/, explain: (s) => wrongUse(s) },
];

/** Where the log tells no step: the program's first call of a function that is declared to be the kernel's. */
function kfuncCall(s: Situation, callee: string, names: RegExp | undefined): Pick<Draft, 'cause'> {
  const of = s.log.program === undefined ? undefined : s.source.code.named(s.log.program);
  const isMeant = (name: string): boolean => (callee === '' ? (names?.test(name) ?? /\b__ksym\b/.test(s.source.find(name)?.text ?? '')) : name === callee);
  const calls = [...(of ? s.source.code.statements(of) : []), ...s.source.code.functions.flatMap((f) => s.source.code.statements(f))];
  const call = calls.find((each) => [...each.text.matchAll(/\b(\w+)\s*\(/g)].some((name) => isMeant(name[1] ?? '')));
  return call ? { cause: placeOfLine(s, call.line) } : {};
}

function wrongUse(s: Situation): Draft {
  const callee = calleeAt(s, s.at);
  const wrong = /helper access to the packet/.test(s.log.complaint.join(' ')) ? [1, 2, 3, 4, 5].find((register) => /^pkt/.test(s.flow.before(s.at, register)?.type ?? '')) : undefined;
  const value = wrong === undefined ? { words: 'the argument' } : argumentName(s, s.at, callee, wrong);
  return {
    class: 'helper-argument',
    message: `${callee === '' ? 'The function called here' : `${callee}()`} cannot work with what it is given here. Hand over what its description asks for.`,
    need: { kind: 'argument', callee, argument: wrong ?? 1, value },
    ...handedIn(s, value.words),
  };
}

/** The licence's own line, when the source has one; else that of a text meant for it that is in no section, or another. */
function licencePlace(s: Situation): Pick<Draft, 'cause' | 'rejected'> {
  for (const pattern of [/SEC\(\s*"license"\s*\)/, /\bchar\s+\w*licen[sc]e\w*\s*\[[^\]]*\]/i]) {
    for (let line = 1; line < 5000 && s.source.whole; line++) {
      if (pattern.test(s.source.text(line))) return { cause: placeOfLine(s, line), rejected: placeAt(s, s.at) };
    }
  }
  return {};
}
