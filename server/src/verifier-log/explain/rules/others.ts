import type { RejectionClass } from '../need.ts';
import type { Draft } from '../rule.ts';
import type { Situation } from '../situation.ts';

/** What to do about a class of rejection, where no rule knows more of it. */
const ADVICE: Partial<Record<RejectionClass, string>> = {
  'pointer-arithmetic': 'Only add numbers whose limits are checked to a pointer, the same way on every path.',
  'unbounded-scalar': 'Check both limits of the number, as an unsigned one, before it is used.',
  'pointer-leak': 'Store and load pointers whole, and give no address away.',
  'helper-argument': 'Hand over what the description of the function asks for.',
  'helper-size': 'Give a size with an upper limit that fits the memory.',
  'subprogram': 'Make the function `static __always_inline`, or keep to the rules for functions that are verified by themselves.',
  'lock': 'Take one lock at a time, in a map value described by BTF, and release what was taken, once.',
  'rcu': 'Put the use between bpf_rcu_read_lock() and bpf_rcu_read_unlock().',
  'kptr': 'Keep to the type of the field, and own the object before it is handed on.',
  'map-setup': 'Look at the definition of the map.',
  'attach-target': 'Name a function or hook that programs may be attached to like this.',
  'sleepable': 'Use a section that matches: with `.s` for programs that may sleep, without it for others.',
  'gpl-only': 'Say `char LICENSE[] SEC("license") = "GPL";` if that is your program\'s licence.',
  'too-complex': 'Make the program smaller, or move parts into global functions.',
  'iterator': 'Begin the iterator before, in a variable of its own on the stack, and destroy it last.',
  'read-only': 'Use a map without this restriction.',
  'context-access': 'Read each field of the context by its name and with its own size.',
  'stale-pointer': 'Load the pointers into the packet again behind the call.',
  'return-range': 'Set a value that this kind of program may return.',
};

/** The verifier's rarer words. What Linux 5.10 to 7.2 can say was gone through for this. */
const WORDS: readonly (readonly [RegExp, RejectionClass])[] = [
  [/mixed signed bounds/, 'unbounded-scalar'],
  [/tried to \w+ (?:beyond pointer bounds|from different)|unsupported alu operation|speculative verification/, 'pointer-arithmetic'],
  [/variable offset stack pointer cannot be passed/, 'stack-bounds'],
  [/invalid size of register (?:fill|spill)|spilled ptr in range/, 'pointer-leak'],
  [/read from map forbidden/, 'read-only'],
  [/invalid access to context|invalid variable offset to flow keys|variable \w+ access/, 'context-access'],
  [/(?:_|s)(?:un)?lock\b.*(?:without|out of order|different|cannot be accessed|no valid|direct)|deadlock|has no valid \w+_lock/i, 'lock'],
  [/RCU CS/, 'rcu'],
  [/valid iter pointer/, 'iterator'],
  [/css_task_iter is only allowed/, 'kfunc-not-allowed'],
  [/tail call|tail_call|exception c|bpf_throw|callback function (?:cannot|not static)|use static function|has \d+ > \d+ args/i, 'subprogram'],
  [/obj_new|obj_drop|type ID argument|uptr|operation on \w+ expects|not found at offset/, 'kptr'],
  [/memory, len pair|buf_size|memory size \d+ is too large|the sum of R\d+ u(?:min|max)_value/, 'helper-size'],
  [/unexpected __bpf_trap/, 'uninitialized-register'],
  [/stack arg\d* is not initialized|invalid read from stack arg/, 'uninitialized-register'],
  [/may change packet data/, 'stale-pointer'],
  [/Leaking reference/, 'reference-leak'],
  [/At bpf_set_retval|should have been in/, 'return-range'],
  [/cannot be sleepable|can only be sleepable|non-faultable|Sleepable program/i, 'sleepable'],
  [/must have a GPL compatible/, 'gpl-only'],
  [/attach(?:ing|ed)? |attach to|modify return codes|address of function \w+ cannot be found|Extension program/i, 'attach-target'],
  [/exceeded complexity|too many different|number of maps per program/, 'too-complex'],
  [/kernel symbol|direct value|cgroup storage|arena|insn_array|map value pointer/, 'map-setup'],
  [/expects pointer to ctx|isn't map pointer|doesn't point to|expected pointer|map_uid|expected (?:\S+ )?or socket|cannot be accessed directly|Unrecognized arg|Unknown type ID|at an offset=|constant offset|non-zero flags|not allowed for map/, 'helper-argument'],
];

/** The verifier's own words, with what is to be done about this kind of rejection. */
export function otherDraft(s: Situation): Draft | undefined {
  for (const words of s.log.complaint) {
    const of = WORDS.find(([pattern]) => pattern.test(words))?.[1];
    if (of !== undefined) return { class: of, message: `The kernel's verifier rejects this: ${words.replace(/[.;,]$/, '')}. ${ADVICE[of] ?? ''}`.trim(), need: { kind: 'other' } };
  }
  return undefined;
}

