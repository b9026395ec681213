import { property } from '../../state/value.ts';
import { assignedVariable, bare, givesAddress } from '../c/text.ts';
import type { Need, RejectionClass } from '../need.ts';
import type { Draft, Note, Rule } from '../rule.ts';
import { noteAt, plainRule } from '../rule.ts';
import { calleeAt, conditionLine, definingLine, lineAt, makers, placeAt, placeOfLine, argumentName, variableDeclaration, type Situation } from '../situation.ts';
import type { SourcePlace } from '../source.ts';
import { keptAt, leavingLine, siteFor, withOwnFunctions } from '../sites.ts';
import { upper } from './null.ts';

/** What gives back what a function took, where it is not only a matter of the name. */
const RELEASE_OF: readonly (readonly [RegExp, string])[] = [
  [/^bpf_ringbuf_reserve$/, 'bpf_ringbuf_submit() or bpf_ringbuf_discard()'],
  [/^bpf_ringbuf_reserve_dynptr$/, 'bpf_ringbuf_submit_dynptr() or bpf_ringbuf_discard_dynptr()'],
  [/^bpf_(?:sk_lookup_\w+|skc_lookup_tcp|map_lookup_elem)$/, 'bpf_sk_release()'],
  [/^bpf_task_(?:acquire|from_pid|from_vpid|get_cgroup1)$/, 'bpf_task_release()'],
  [/^bpf_cgroup_(?:acquire|from_id|ancestor)$/, 'bpf_cgroup_release()'],
  [/^bpf_cpumask_(?:create|acquire)$/, 'bpf_cpumask_release()'],
  [/^bpf_(?:xdp|skb)_ct_(?:lookup|alloc)$|^bpf_ct_insert_entry$/, 'bpf_ct_release()'],
  [/^bpf_obj_new|^bpf_refcount_acquire|^bpf_list_pop|^bpf_rbtree_remove/, 'bpf_obj_drop()'],
  [/^bpf_percpu_obj_new/, 'bpf_percpu_obj_drop()'],
  [/^bpf_kptr_xchg$/, 'the release function of its type'],
  [/^bpf_get_task_exe_file$/, 'bpf_put_file()'],
  [/^bpf_(?:crypto_ctx)_(?:create|acquire)$/, 'bpf_crypto_ctx_release()'],
  [/^bpf_iter_(\w+)_new$/, 'its bpf_iter_…_destroy()'],
  [/^bpf_local_irq_save$/, 'bpf_local_irq_restore()'],
];

export function releaseOf(callee: string): string {
  return RELEASE_OF.find(([pattern]) => pattern.test(callee))?.[1] ?? 'its release function';
}

/** What a call that gives the thing back looks like in the source. */
function releasePattern(s: Situation, release: string): RegExp {
  const names = [...release.matchAll(/bpf_\w+/g)].map((m) => m[0]);
  const named = names.length > 0 && !release.includes('…');
  return withOwnFunctions(s, named ? new RegExp(`\\b(?:${names.join('|')})(?:_impl)?\\s*\\(`) : /_(?:release|put|drop|destroy|submit|discard)\w*\s*\(/);
}

function leakDraft(s: Situation, acquiredAt: number): Draft {
  const taken = positionOf(s, acquiredAt);
  const instruction = s.flow.instruction(taken);
  const callee = instruction.kind === 'call' ? instruction.callee : 'the function';
  const kept = taken < 0 ? undefined : keptAt(s, taken);
  const variable = kept === undefined ? undefined : assignedVariable(s.source.code.statement(kept));
  const words = variable ?? `the result of ${callee}()`;
  const acquired: Note | undefined = kept === undefined ? undefined : { place: kept === lineAt(s, taken) ? placeAt(s, taken) : placeOfLine(s, kept), note: `${callee}() gives something that has to be given back` };
  const leave = kept === undefined ? undefined : leakingPlace(s, taken, kept, variable, callee);
  return {
    class: 'reference-leak',
    message: `${upper(words)} is not given back on this path. Call ${releaseOf(callee)} before the program leaves here.`,
    need: { kind: 'released', value: { words, ...(variable === undefined ? {} : { variable }) }, madeBy: callee, releaseWith: releaseOf(callee), ...(acquired?.place.line === undefined ? {} : { madeAtLine: acquired.place.line }) },
    ...(leave ? { cause: leave } : acquired ? { cause: acquired.place } : {}),
    ...(acquired ? { established: acquired } : {}),
    rejectedNote: 'the program ends here with it still held',
  };
}

/** The statement that leaves with the thing held; undefined when it is given back on no way. */
function leakingPlace(s: Situation, taken: number, kept: number, variable: string | undefined, callee: string): SourcePlace | undefined {
  const release = releasePattern(s, releaseOf(callee));
  if (calleeAt(s, s.at) === 'bpf_tail_call') return placeAt(s, s.at);
  // bpf_for() and its like end their iterators themselves, but for a `return` out of them.
  const endsItself = /^bpf_iter_/.test(callee) && s.source.code.functionHolds(kept, /\bbpf_(?:for|for_each|repeat)\b/);
  if (!s.source.whole || endsItself) return leavingPlace(s, taken);
  if (!s.source.code.functionHolds(kept, release)) return undefined;
  const line = leavingLine(s, taken, kept, variable, release);
  return line === undefined ? leavingPlace(s, taken) : placeOfLine(s, line);
}

/** The latest visit of an instruction on the path. */
function positionOf(s: Situation, instruction: number): number {
  for (let p = s.at; p >= 0; p--) if (s.flow.number(p) === instruction) return p;
  return -1;
}

/**
 * Where the path leaves without the thing owed: the `return` or `goto` under the last condition that was decided after it
 * was taken, when the path ends by that; else the last line of the path.
 */
export function leavingPlace(s: Situation, since: number): SourcePlace | undefined {
  const end = lineAt(s, s.at);
  const direct = end !== undefined && /^\s*(?:return|goto)\b/.test(bare(s.source.text(end)));
  const lines: number[] = [];
  for (let p = s.at; p > Math.max(0, since); p--) {
    const line = lineAt(s, p);
    if (line !== undefined && lines.at(-1) !== line) lines.push(line);
  }
  // Clang's code for the function's end is one for all returns: the condition before it tells which one was meant.
  const branches = s.flow.branches(s.at, () => true, since + 1);
  for (const p of branches) {
    const line = conditionLine(s, p);
    if (line === undefined) continue;
    const leave = leaveUnder(s, line);
    if (leave === undefined) continue;
    // Steps on other lines behind the condition show that the path went on past its body.
    const after = lines.slice(0, lines.indexOf(line)).filter((l) => l > leave && l !== end && !/^\s*[}]|^\s*return\b/.test(s.source.text(l)));
    if (after.length === 0) return placeOfLine(s, leave);
    break;
  }
  if (direct) return placeOfLine(s, end);
  const last = lines[0];
  if (last === undefined) return undefined;
  return placeOfLine(s, returnBelow(s, last) ?? last);
}

/** The statement that leaves as the whole of a condition's body, or as its end. */
function leaveUnder(s: Situation, line: number): number | undefined {
  const condition = s.source.code.statementAt(line);
  const last = condition?.kind === 'if' || condition?.kind === 'loop' ? condition.body.at(-1) : undefined;
  return last !== undefined && /^(?:return|goto|break|continue)$/.test(last.kind) ? last.line : undefined;
}

/** The function's last `return`, when it stands below a line. */
function returnBelow(s: Situation, line: number): number | undefined {
  const last = s.source.whole ? s.source.code.returns(line).at(-1) : undefined;
  return last !== undefined && last.line >= line && s.source.code.functionEnd(line) - last.line < 4 ? last.line : undefined;
}

function balanced(of: RejectionClass, open: string, close: string, message: string): Omit<Draft, 'need'> & { need: Need } {
  return { class: of, message, need: { kind: 'balanced', open, close } };
}

/** Where the path leaves a region open; where it was opened, when nothing closes it. */
function regionLeft(s: Situation, opened: number, line: number, close: string): SourcePlace | undefined {
  const closes = withOwnFunctions(s, new RegExp(`\\b\\w*${/irq|rcu|preempt/.exec(close)?.[0] ?? 'spin'}\\w*(?:unlock|restore|enable)\\w*\\s*\\(`));
  if (!s.source.whole) return leavingPlace(s, opened);
  if (!s.source.code.functionHolds(line, closes)) return placeAt(s, opened);
  const left = leavingLine(s, opened, line, undefined, closes);
  return left === undefined ? leavingPlace(s, opened) : placeOfLine(s, left);
}

/** A region that is not left on this path. */
function missingEnd(s: Situation, of: RejectionClass, open: RegExp, close: string): Draft {
  const opened = [...Array(Math.max(0, s.at)).keys()].reverse().find((p) => {
    const instruction = s.flow.instruction(p);
    return instruction.kind === 'call' && open.test(instruction.callee);
  });
  const openLine = opened === undefined ? undefined : siteFor(s, opened, s.source.whole ? undefined : lineAt(s, s.at));
  const leave = opened === undefined || openLine === undefined ? leavingPlace(s, 0) : regionLeft(s, opened, openLine, close);
  const openName = opened === undefined ? '' : calleeAt(s, opened);
  return {
    ...balanced(of, openName, close, `The program leaves here without ${close}(). Call it on every path after ${openName === '' ? 'the region begins' : `${openName}()`}.`),
    ...(leave ? { cause: leave } : {}),
    ...(opened === undefined ? {} : { established: noteAt(s, opened, 'the region begins here') }),
  };
}

/** A value that was made elsewhere is not what this call wants. */
function objectDraft(s: Situation, of: RejectionClass, register: number, message: (words: string, callee: string) => string): Draft {
  const callee = calleeAt(s, s.at);
  const value = argumentName(s, s.at, callee, register);
  const made = definingLine(s, s.at, value.variable, makers(s, s.at, register));
  return { class: of, message: message(value.words, callee), need: { kind: 'argument', callee, argument: register, value }, ...(made ? { trail: [{ place: placeOfLine(s, made.line), note: 'it comes from here' }] } : {}) };
}

export const resourceRules: readonly Rule[] = [
  // Unreleased reference id=2 alloc_insn=17
  { pattern: /Unreleased reference id=\d+ alloc_insn=(\d+)/, explain: (s, m) => leakDraft(s, Number(m[1])) },
  { pattern: /would lead to reference leak|reference leak/, explain: (s) => missingEnd(s, 'reference-leak', /acquire|reserve|lookup|new|create/, 'the release function') },
  // bpf_rcu_read_unlock is missing   |   BPF_EXIT instruction in main prog cannot be used inside bpf_rcu_read_lock-ed region
  { pattern: /bpf_rcu_read_unlock is missing|inside bpf_rcu_read_lock-ed region/, explain: (s) => missingEnd(s, 'rcu', /rcu_read_lock$/, 'bpf_rcu_read_unlock') },
  { pattern: /bpf_spin_unlock is missing|inside bpf_(?:res_)?spin_lock-ed region/, explain: (s) => missingEnd(s, 'lock', /spin_lock/, 'bpf_spin_unlock') },
  { pattern: /inside bpf_local_irq_save-ed region/, explain: (s) => missingEnd(s, 'irq', /irq_save/, 'bpf_local_irq_restore') },
  { pattern: /inside bpf_preempt_disable-ed region|(\d+) bpf_preempt_enables? (?:is|are) missing/, explain: (s) => missingEnd(s, 'irq', /preempt_disable/, 'bpf_preempt_enable') },
  // nested rcu read lock   |   unmatched rcu read unlock   |   R1 must be a rcu pointer   |   kfunc … RCU critical section protection
  { pattern: /R(\d+) must be a rcu pointer/, explain: (s, m) => ({ ...objectDraft(s, 'rcu', Number(m[1]), (words, callee) => `${callee}() wants ${words} to be protected by RCU. Take it between bpf_rcu_read_lock() and bpf_rcu_read_unlock(), and call ${callee}() there.`), ...sectionLeft(s, Number(m[1])) }) },
  plainRule(/rcu(?:_| )read|RCU critical section|rcu_read_lock/i, (m) => balanced('rcu', 'bpf_rcu_read_lock', 'bpf_rcu_read_unlock', /unmatched/.test(m.input) ? 'bpf_rcu_read_unlock() is called without bpf_rcu_read_lock() before it. Call them in pairs.' : /nested/.test(m.input) ? 'bpf_rcu_read_lock() is called while the region is open already. Leave it first.' : 'This call needs bpf_rcu_read_lock() before it. Put it between bpf_rcu_read_lock() and bpf_rcu_read_unlock().')),
  plainRule(/irq|preempt/i, (m) => balanced('irq', 'bpf_local_irq_save', 'bpf_local_irq_restore', /preempt/i.test(m.input) ? 'Switching preemption off and on is not in pairs here, or what is called here is not allowed meanwhile. Enable it again before.' : 'Interrupts are not restored in the order they were saved, or with another variable. Restore each with the variable it was saved in, the last saved first.')),
  // function calls are not allowed while holding a lock   |   Locking two bpf_spin_locks are not allowed   |   bpf_spin_unlock without taking a lock   |   bpf_spin_lock at off=… must be held for bpf_list_head
  plainRule(/while holding a lock|spin_?_?(?:\{?lock|unlock)|two locks|held lock|res_spin|bpf_spin_lock/i, (m, s) => {
    const callee = calleeAt(s, s.at);
    if (/while holding a lock/i.test(m.input)) return { ...balanced('lock', 'bpf_spin_lock', 'bpf_spin_unlock', `${callee === '' ? 'A function' : `${callee}()`} is called while the lock is held, which is not allowed. Call it before the lock is taken or after it is released.`) };
    if (/must be held/.test(m.input)) return balanced('lock', 'bpf_spin_lock', 'bpf_spin_unlock', `${callee}() needs the lock that protects what it changes. Take the lock of the same object before the call.`);
    if (/without taking a lock|different lock/.test(m.input)) return balanced('lock', 'bpf_spin_lock', 'bpf_spin_unlock', 'A lock is released here that was not taken on this path. Release the lock that was taken, once.');
    if (/cannot use/.test(m.input)) return balanced('lock', 'bpf_spin_lock', 'bpf_spin_unlock', 'Programs of this type cannot use bpf_spin_lock. Use atomic additions or a per-CPU map.');
    return balanced('lock', 'bpf_spin_lock', 'bpf_spin_unlock', 'The lock is used in a way that is not allowed: one lock at a time, in a map value described by BTF, at a fixed place, taken and released in pairs.');
  }),
  // Expected an initialized dynptr as arg #1   |   Dynptr has to be an uninitialized dynptr   |   cannot overwrite referenced dynptr   |   arg#0 expected pointer to stack or const struct bpf_dynptr
  { pattern: /dynptr/i, explain: (s, m) => dynptrDraft(s, m) },
  // expected an initialized iter_num as arg #1   |   expected uninitialized iter_num as arg #1
  { pattern: /expected (an )?(un)?initialized iter_(\w+) as (?:arg #?|R)(\d+)|iter_\w+|iterator/, explain: (s, m) => iteratorDraft(s, m) },
  // off=8 doesn't point to kptr   |   store to referenced kptr disallowed   |   invalid kptr access, R1 type=ptr_ expected=ptr_task_struct   |   kptr access size must be BPF_DW
  plainRule(/kptr/i, (m, s) => ({ class: 'kptr', message: kptrMessage(m.input), need: { kind: 'other' }, ...storedObject(s, m.input) })),
  // R1 must be referenced when passed to release function   |   arg 1 is an unacquired reference   |   reference has not been acquired before   |   R1 must be referenced or trusted
  { pattern: /(?:R|arg#?)(\d+) must be referenced or trusted/, explain: (s, m) => trustedDraft(s, Number(m[1])) },
  { pattern: /(?:R(\d+) must be referenced when passed|reference has not been acquired before|arg (\d+) is an unacquired reference|R(\d+) is an unacquired reference|expects refcounted|must be referenced|release (?:helper|kfunc) \w+ expects referenced \w+ passed to R(\d+)|release (?:helper|kfunc))/, explain: (s, m) => releaseDraft(s, Number(m[1] ?? m[2] ?? m[3] ?? m[4] ?? 1)) },
  { pattern: /R(\d+) must have zero offset when passed/, explain: (s, m) => objectDraft(s, 'helper-argument', Number(m[1]), (words, callee) => `${callee}() wants the beginning of the object, and ${words} points into it. Hand over the pointer as it was given.`) },
  plainRule(/bpf_timer|timer pointer|bpf_wq|bpf_list_head|bpf_rb_root|bpf_rb_node|bpf_list_node|bpf_refcount|rbtree|non-owning|owning ref|allocated object/, (m, s) => ({ class: /timer|bpf_wq/.test(m[0]) ? 'helper-argument' : 'kptr', message: `${calleeAt(s, s.at) || 'The function'}() wants an object of a map value or of bpf_obj_new(), at its fixed place and in the right state. Hand over that object itself.` })),
];

/** The call that left the RCU section in which a pointer was taken. */
function sectionLeft(s: Situation, register: number): Pick<Draft, 'cause' | 'lost'> {
  const { position } = s.flow.origin(s.at, register);
  const left = s.flow.latest(s.at, position, (p) => /rcu_read_unlock$/.test(calleeAt(s, p)));
  if (left === undefined) return {};
  const line = siteFor(s, left, lineAt(s, s.at));
  const place = line === undefined ? placeAt(s, left) : placeOfLine(s, line);
  return { cause: place, lost: { place, note: 'here the pointer loses the protection it had' } };
}

function dynptrDraft(s: Situation, m: RegExpExecArray): Draft {
  const callee = calleeAt(s, s.at);
  const number = Number(/(?:arg #?|\bR)(\d+)/.exec(m.input)?.[1] ?? 1);
  const zeroBased = /arg#\d/.test(m.input);
  // Some kernels count from 0, some from 1: the argument meant is the address of a dynptr.
  const candidates = [number, number + 1].map((n) => argumentName(s, s.at, callee, n));
  const onStack = [number + 1, number].find((n) => s.flow.before(s.at, n)?.type === 'fp');
  const meant = candidates.find((named) => named.variable !== undefined && isOfType(s, named.variable, /dynptr/)) ?? (onStack === undefined ? undefined : argumentName(s, s.at, callee, onStack));
  const value = meant ?? argumentName(s, s.at, callee, zeroBased ? number + 1 : number);
  const words = upper(value.words);
  const message = /uninitialized/i.test(m.input)
    ? `${words} already is a dynptr, and ${callee}() would overwrite it. Use a new variable, or give it back first.`
    : /initialized/i.test(m.input)
      ? `${words} is no dynptr that was set up on this path. Set it up before ${callee}(), and do not use it after it was submitted or discarded.`
      : /overwrite|write to dynptr|potential write/i.test(m.input)
        ? 'The memory of a dynptr is written directly here. Change it only through its helpers, and give it back before the variable is used again.'
        : 'The dynptr is not used as its helpers ask for: keep it in a variable of its own on the stack, and hand over its address.';
  // An address taken in the call itself is wrong there; one in a variable where it was put into it.
  const given = argumentName(s, s.at, callee, 1);
  const memory = /Unsupported reg type fp/.test(m.input) && !given.words.includes('&') ? given.variable : undefined;
  const cause = memory !== undefined ? declarationOf(s, memory) : /initialized/.test(m.input) && !/uninit/i.test(m.input) ? (overwritten(s, value.register) ?? neverMade(s, value.variable)) : undefined;
  return { class: 'dynptr', message, need: { kind: 'argument', callee, argument: number, value }, ...(cause ? { cause } : {}), ...(s.instruction.kind === 'exit' ? { cause: leavingPlace(s, 0) ?? placeAt(s, s.at) } : {}) };
}

function iteratorDraft(s: Situation, m: RegExpExecArray): Draft {
  const callee = calleeAt(s, s.at);
  const number = Number(m[4] ?? 0);
  const value = argumentName(s, s.at, callee, number + 1 > 5 ? 1 : Math.max(1, number));
  const message = m[2] === 'un' ? `The iterator ${value.words} is begun again while it is in use. Destroy it first.` : `The iterator ${value.words} is used without having been begun on this path, or after its end. Call its bpf_iter_…_new() before, and destroy it last.`;
  const cause = m[2] === undefined ? neverMade(s, value.variable) : undefined;
  return { class: 'iterator', message, need: { kind: 'argument', callee, argument: Math.max(1, number), value }, ...(cause ? { cause } : {}) };
}

function declarationOf(s: Situation, variable: string): SourcePlace | undefined {
  const declared = variableDeclaration(s, variable, lineAt(s, s.at) ?? 0);
  return declared === undefined ? undefined : placeOfLine(s, declared);
}

function isOfType(s: Situation, variable: string, type: RegExp): boolean {
  const declared = s.source.code.declaration(variable, lineAt(s, s.at) ?? 0);
  return declared !== undefined && type.test(s.source.text(declared));
}

/** Bytes of a dynptr on the stack. */
const DYNPTR_SIZE = 16;

/** The step that wrote over a dynptr between the call that set it up and its use. */
function overwritten(s: Situation, register: number | undefined): SourcePlace | undefined {
  const value = register === undefined ? undefined : s.flow.before(s.at, register);
  const at = value?.type === 'fp' ? property(value, 'off') : undefined;
  if (at === undefined) return undefined;
  const frame = s.flow.frame(s.at);
  for (let p = s.at - 1; p >= 0; p--) {
    const instruction = s.flow.instruction(p);
    if (s.flow.frame(p) !== frame) continue;
    if (instruction.kind === 'call' && /dynptr/.test(instruction.callee)) return undefined;
    const to = instruction.kind === 'store' ? s.flow.stackPlace(p, instruction.place.base, instruction.place.offset) : undefined;
    if (to === undefined || to >= at + DYNPTR_SIZE || to < at) continue;
    const setUp = s.flow.latest(p, -1, (q) => /dynptr/.test(calleeAt(s, q)));
    return setUp === undefined ? undefined : placeAt(s, p);
  }
  return undefined;
}

/** The declaration of a variable that no call before made an object of; a released object had one. */
function neverMade(s: Situation, variable: string | undefined): SourcePlace | undefined {
  const use = lineAt(s, s.at);
  if (variable === undefined || use === undefined) return undefined;
  const on = (p: number): boolean => s.flow.instruction(p).kind === 'call' && givesAddress(s.source.text(lineAt(s, p) ?? 0), variable);
  for (let p = s.at - 1; p >= 0; p--) if (on(p) && lineAt(s, p) !== use) return placeAt(s, p);
  return declarationOf(s, variable);
}

/** An object of another type than the field's is wrong where it was made. */
function storedObject(s: Situation, words: string): Pick<Draft, 'cause'> {
  if (!/invalid kptr access|no valid kptr/.test(words) || s.instruction.kind !== 'call') return {};
  const value = argumentName(s, s.at, calleeAt(s, s.at), 2);
  const made = definingLine(s, s.at, value.variable, makers(s, s.at, 2));
  return made ? { cause: placeOfLine(s, made.line) } : {};
}

function kptrMessage(text: string): string {
  if (/store to referenced/.test(text)) return 'A kernel pointer that owns a reference cannot be stored with `=`. Use bpf_kptr_xchg().';
  if (/invalid kptr access|expected=/.test(text)) return 'The pointer stored here is not of the type of the kptr field. Store one of that type.';
  if (/doesn't point to|isn't referenced/.test(text)) return 'The address handed over is not that of a kptr field. Hand over the address of the field itself.';
  return 'A kernel pointer in a map can only be loaded and stored whole, at its own place, or exchanged with bpf_kptr_xchg().';
}

function trustedDraft(s: Situation, register: number): Draft {
  const draft = objectDraft(s, 'helper-argument', register, (words, callee) => `${callee}() wants a pointer the kernel vouches for, and ${upper(words)} is not one: it was read out of another object or by a helper. Use a pointer that was given as an argument, or acquire one with a kfunc.`);
  const made = draft.trail?.[0];
  const placed = made ? { ...draft, cause: made.place } : draft;
  return isFromMap(s, register) ? { ...placed, class: 'kptr', message: `${upper(draft.need.kind === 'argument' ? draft.need.value.words : 'this')} still belongs to the map it was read from: a program owns it only after bpf_kptr_xchg() took it out. Take it out, or acquire a reference of your own first.` } : placed;
}

/** Whether an object was read out of a field of a map's value, which owns it. */
function isFromMap(s: Situation, register: number): boolean {
  const origin = s.flow.origin(s.at, register);
  const instruction = s.flow.instruction(origin.position);
  return origin.how === 'load' && instruction.kind === 'load' && /^map_value/.test(s.flow.before(origin.position, instruction.from.base)?.type ?? '');
}

function releaseDraft(s: Situation, register: number): Draft {
  const callee = calleeAt(s, s.at);
  if (isFromMap(s, register)) return trustedDraft(s, register);
  if (/dynptr/.test(callee)) {
    const value = argumentName(s, s.at, callee, register);
    const before = neverMade(s, value.variable);
    return { class: 'dynptr', message: `${upper(value.words)} was given back already, or never set up on this path. Submit or discard a dynptr once.`, need: { kind: 'argument', callee, argument: register, value }, ...(before ? { cause: before } : {}) };
  }
  return objectDraft(s, 'helper-argument', register, (words, callee) => `${callee}() gives back what was acquired, and ${words} was not acquired on this path, or was given back already. Call it once for each acquired object.`);
}
