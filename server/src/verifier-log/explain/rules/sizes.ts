import { isLimited, property } from '../../state/value.ts';
import type { Need, RejectionClass } from '../need.ts';
import type { Draft, Rule } from '../rule.ts';
import { argumentName, calleeAt, definingLine, makers, placeAt, type Situation } from '../situation.ts';
import { causeOfNumber, comparisonOf, lostLimit, rangeWords } from './numbers.ts';
import { upper } from './null.ts';

type Problem = Extract<Need, { kind: 'size' }>['problem'];

const ADVICE: Readonly<Record<Problem, string>> = {
  zero: 'Skip the call when it is zero',
  negative: 'Make it unsigned and check its upper limit before the call',
  unbounded: 'Check its upper limit before the call',
  'too-big': 'Give at most the size of the buffer',
  'not-constant': 'Give a constant, such as sizeof',
};

const WRONG: Readonly<Record<Problem, string>> = {
  zero: 'may be zero, which this call does not take',
  negative: 'may be negative or very large',
  unbounded: 'may be very large',
  'too-big': 'is larger than the buffer',
  'not-constant': 'must be a constant',
};

/** A size argument that may be what it must not be. */
function sizeDraft(s: Situation, register: number, problem: Problem, of: RejectionClass): Draft {
  const callee = calleeAt(s, s.at);
  const value = argumentName(s, s.at, callee, register);
  const state = s.flow.before(s.at, register);
  const check = comparisonOf(s, s.at, register);
  const made = definingLine(s, s.at, value.variable, makers(s, s.at, register));
  const smin = property(state, 'smin');
  const lost = lostLimit(s, { position: s.at, register });
  const tight = problem === 'zero' ? 'zero' : smin !== undefined && smin >= 0 && problem === 'negative' ? 'unbounded' : problem;
  return {
    // A size with limits that do not fit is another matter than one without.
    class: of === 'unbounded-scalar' && isLimited(state) && !(smin !== undefined && smin < 0 && (lost?.position ?? -1) > (check ?? -1)) ? 'helper-size' : problem === 'not-constant' && !/known constant'$/.test(s.log.complaint[0] ?? '') && !/slice|reserve|_data$/.test(callee) ? 'helper-argument' : of,
    message: `${upper(value.words)}, a size for ${callee}(), ${WRONG[tight]}: the verifier knows ${rangeWords(state)}. ${ADVICE[tight]}${check === undefined || tight === 'zero' ? '' : '; the check before it does not prove enough'}.`,
    need: { kind: 'size', callee, argument: register, value, problem: tight },
    ...(problem === 'not-constant' ? {} : causeOfNumber(s, (tight === 'negative' && !lost && check !== undefined ? zeroOnly(s, register) : undefined) ?? check, made, { position: s.at, register })),
    rejectedNote: `${value.words} is given to ${callee}()`,
  };
}

/** Of a number with an upper limit that may be negative: where it was looked at for zero only, that check is the one of its lower limit. */
function zeroOnly(s: Situation, register: number): number | undefined {
  if (property(s.flow.before(s.at, register), 'smax') === undefined) return undefined;
  const made = new Set(makers(s, s.at, register));
  return s.flow.branches(s.at, (b, at) => /^[=!]=$/.test(b.operator) && 'constant' in b.right && b.right.constant === 0n && makers(s, at, b.left, 30).some((p) => made.has(p)) && s.flow.before(at, b.left)?.type === 'scalar')[0];
}

export const sizeRules: readonly Rule[] = [
  // R2 min value is negative, either use unsigned or 'var &= const'
  { pattern: /R(\d+) min value is negative, either use unsigned or 'var &= const'/, explain: (s, m) => sizeDraft(s, Number(m[1]), 'negative', 'unbounded-scalar') },
  // R2 unbounded memory access, use 'var &= const' or 'if (var < const)'
  { pattern: /R(\d+) unbounded (?:memory access|size), use 'var &= const'/, explain: (s, m) => (calleeAt(s, s.at) === 'bpf_ringbuf_reserve' ? sizeDraft(s, Number(m[1]), 'not-constant', 'helper-size') : sizeDraft(s, Number(m[1]), 'unbounded', 'unbounded-scalar')) },
  // R4 invalid zero-sized read: u64=[0,255]   |   R2 invalid zero-sized read
  { pattern: /R(\d+) invalid zero-sized read/, explain: (s, m) => sizeDraft(s, Number(m[1]), 'zero', 'helper-size') },
  { pattern: /invalid zero-sized read/, explain: (s) => sizeDraft(s, 2, 'zero', 'helper-size') },
  // R2 must be a known constant   |   R3 is not a const
  { pattern: /R(\d+) (?:must be a known constant|is not a known constant|is not a const)\b/, explain: (s, m) => sizeDraft(s, Number(m[1]), 'not-constant', 'helper-size') },
  // arg#2 arg#3 memory, len pair leads to invalid memory access
  {
    pattern: /(?:arg#(\d+) arg#(\d+)|R\d+(?: and)? R(\d+)) memory, len pair leads to invalid memory access/,
    explain: (s, m) => {
      const callee = calleeAt(s, s.at);
      const register = m[3] === undefined ? Number(m[2]) + 1 : Number(m[3]);
      const value = argumentName(s, s.at, callee, register);
      return {
        class: 'helper-size',
        message: `${upper(value.words)}, a size for ${callee}(), does not fit the buffer given with it. Give at most the size of the buffer.`,
        need: { kind: 'size', callee, argument: register, value, problem: 'too-big' },
        cause: placeAt(s, s.at),
      };
    },
  },
];
