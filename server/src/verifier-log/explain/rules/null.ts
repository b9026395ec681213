import { constantOf, mayBeNull } from '../../state/value.ts';
import { inWords } from '../../state/words.ts';
import type { Origin } from '../flow.ts';
import type { Draft, Note, Rule } from '../rule.ts';
import { noteAt } from '../rule.ts';
import { identifiers, literal } from '../c/text.ts';
import type { Statement } from '../c/outline.ts';
import { callLine, siteFor } from '../sites.ts';
import { argumentName, calleeAt, lineAt, placeAt, placeOfLine, pointerName, statementAt, type Situation } from '../situation.ts';

/** Who gave the pointer that may be NULL. */
function makerOf(s: Situation, origin: Origin): string | undefined {
  const instruction = s.flow.instruction(origin.position);
  return origin.how === 'call' && instruction.kind === 'call' ? instruction.callee : undefined;
}

/** A check of another result of the same callee: a user believes this one to be checked by it. */
function earlierCheck(s: Situation, origin: Origin): Note | undefined {
  const branch = s.flow.branches(s.at, (b, at) => 'constant' in b.right && b.right.constant === 0n && mayBeNull(s.flow.before(at, b.left)))[0];
  if (branch === undefined || branch > origin.position) return undefined;
  return noteAt(s, branch, 'this check is of another value');
}

/** Where the using function got the value: a function that only hands it on is not where a check belongs. */
function obtainedNote(s: Situation, position: number, use: number | undefined, maker: string | undefined): Note {
  const own = callLine(s, position, use);
  // A function that asks for NULL itself means to give none.
  const handedBack = position >= 0 && s.flow.frame(position) > s.flow.frame(s.at);
  const line = own !== undefined && !handedBack && checksForNull(s, own) ? own : siteFor(s, position, use);
  const place = line === undefined || line === lineAt(s, position) ? placeAt(s, position) : placeOfLine(s, line);
  return { place, note: maker === undefined ? 'the value comes from here and may be NULL' : `${maker}() gives a pointer or NULL here` };
}

function checksForNull(s: Situation, line: number): boolean {
  const of = s.source.code.functionAt(line);
  const all = s.source.code.statements(of);
  const pointers = all.flatMap((each) => [...each.text.matchAll(/\*\s*(\w+)\s*(?:=|;|,)/g)].map((m) => m[1] ?? ''));
  return all.some((each) => each.kind !== 'simple' && pointers.some((name) => new RegExp(`!\\s*${literal(name)}\\b|\\b${literal(name)}\\s*[=!]=|\\(\\s*${literal(name)}\\s*[)&|]|\\b${literal(name)}\\s*\\?`).test(each.text)));
}

/** The same where the line uses a name that was made of the pointer: `hits = &p->hits; if (!hits) return; add(hits)`. */
function movedUnderName(s: Situation, variable: string | undefined, made: number | undefined, use: number | undefined): Note | undefined {
  if (variable === undefined) return undefined;
  const from = new RegExp(`=.*\\b${literal(variable)}\\b`);
  return identifiers(statementAt(s, s.at)).filter((name) => name !== variable).map((name) => movedBeforeCheck(s, name, made, use)).find((note) => note !== undefined && from.test(note.place.text));
}

/** `q = &p->member; if (!q)`: the address of a member is never NULL, so the check of it proves nothing about p. */
function movedBeforeCheck(s: Situation, variable: string | undefined, made: number | undefined, use: number | undefined): Note | undefined {
  if (variable === undefined || made === undefined || use === undefined) return undefined;
  const derived = s.source.code.assignments(variable, use).filter((line) => line > made && line < use).at(-1);
  if (derived === undefined || !new RegExp(`\\b${literal(variable)}\\s*=[^=].*(?:&\\s*\\w+\\s*->|\\w+\\s*\\+|->\\w+\\s*;)`).test(s.source.code.statement(derived))) return undefined;
  const asks = asksForNull(variable);
  const checked = s.source.code.statements(s.source.code.functionAt(use)).some((each) => (each.kind === 'if' || each.kind === 'loop') && each.line > derived && each.line <= use && asks.test(each.text));
  return checked ? { place: placeOfLine(s, derived), note: `the address is moved before the check, which then looks at ${variable} and not at what may be NULL` } : undefined;
}

/** `q = &p->members[i]; if (!p)`: the address is calculated before the check. */
function checkedLater(s: Situation, variable: string | undefined, use: number | undefined): Note | undefined {
  if (variable === undefined || use === undefined || s.instruction.kind !== 'arithmetic') return undefined;
  const asks = asksForNull(variable);
  const next = s.source.code.statements(s.source.code.functionAt(use)).find((each) => each.kind === 'if' && each.line > use && asks.test(each.text));
  return next && s.source.code.leadsTo(use, next.line) ? { place: placeAt(s, s.at), note: `the address is calculated before ${variable} is checked` } : undefined;
}

/** A condition around the use that asks whether the address of a variable is NULL, which it never is. */
function alwaysTrue(s: Situation, made: number | undefined, use: number | undefined): Note | undefined {
  if (made === undefined || use === undefined || !s.source.code.sameFunction(made, use)) return undefined;
  const condition = s.source.code.around(use).find((each) => each.kind === 'if' && each.line > made && /^if\s*\(\s*&\s*\w+\s*\)$/.test(each.text));
  return condition && { place: placeOfLine(s, condition.line), note: 'this is an address and never NULL: the check is of the wrong thing' };
}

/** The condition on the path whose `goto` goes past the check that there is. */
function jumpPastCheck(s: Situation, variable: string | undefined, made: number | undefined, use: number | undefined): Note | undefined {
  if (variable === undefined || made === undefined || use === undefined || !s.source.code.sameFunction(made, use)) return undefined;
  const all = s.source.code.statements(s.source.code.functionAt(use));
  const asks = asksForNull(variable);
  const check = all.find((each) => each.kind === 'if' && each.line > made && each.line < use && asks.test(each.text) && !s.source.code.around(use).includes(each));
  const jump = check && s.flow.branches(s.at, () => true).map((p) => s.source.code.statementAt(lineAt(s, p) ?? 0)).find((each) => each?.kind === 'if' && each.line > made && each.line < check.line && each.body.at(-1)?.kind === 'goto');
  return jump && { place: placeOfLine(s, jump.line), note: `this goes past the check of ${variable}` };
}

/**
 * The source checks the pointer and gives NULL back, and the verifier saw no check: clang leaves it out where the caller
 * follows what it is given without looking.
 */
function checkLeftOut(s: Situation, position: number, variable: string | undefined, use: number | undefined): Note | undefined {
  if (variable === undefined || use === undefined || position < 0) return undefined;
  const { code } = s.source;
  const asks = asksForNull(variable);
  const lastSet = code.assignments(variable, use).filter((line) => line < use).at(-1) ?? 0;
  const checked = code.statements(code.functionAt(use)).some((each) => each.kind === 'if' && each.line > lastSet && asks.test(each.text) && code.leadsTo(each.line, use) && each.body.some((inner) => /^return\s*(?:\([^()]*\)\s*)?(?:NULL|0)\s*;/.test(inner.text)));
  const program = checked && s.log.program !== undefined ? code.named(s.log.program) : undefined;
  const site = program === undefined ? undefined : siteFor(s, s.at, program.end);
  return site !== undefined && !code.sameFunction(site, use) ? { place: placeOfLine(s, site), note: `what the function gives is followed here without a check, so clang left out its check of ${variable}` } : undefined;
}

/** `if (verbose && !p) return;`: with the other half untrue, a NULL goes on. */
function weakCheck(s: Situation, variable: string | undefined, made: number | undefined, use: number | undefined): Note | undefined {
  if (variable === undefined || made === undefined || use === undefined || !s.source.code.sameFunction(made, use)) return undefined;
  const asks = asksForNull(variable);
  const check = leavingBetween(s, made, use).find((each) => asks.test(each.text) && each.text.includes('&&') && !each.text.includes('||'));
  return check && { place: placeOfLine(s, check.line), note: `this leaves only when the rest of the condition holds too, and ${variable} goes on as NULL otherwise` };
}

/** Right behind the getting of one pointer, a check of another one that was checked before: the wrong name. */
function checkOfAnother(s: Situation, variable: string | undefined, made: number | undefined, use: number | undefined): Note | undefined {
  if (variable === undefined || made === undefined || use === undefined || !s.source.code.sameFunction(made, use)) return undefined;
  const { code } = s.source;
  const all = code.statements(code.functionAt(use));
  const next = all.find((each) => each.line > made);
  const other = next?.kind === 'if' ? /^if\s*\(\s*!\s*(\w+)\s*\)/.exec(next.text)?.[1] : undefined;
  if (!next || other === undefined || other === variable || !leavingBetween(s, made, use).includes(next)) return undefined;
  const asks = asksForNull(other);
  const before = all.find((each) => each.kind === 'if' && each.line < made && asks.test(each.text) && code.leadsTo(each.line, next.line));
  const again = before && code.assignments(other, use).some((line) => line > before.line && line < next.line);
  return before && !again ? { place: placeOfLine(s, next.line), note: `this checks ${other} once more, and not ${variable}` } : undefined;
}

/** Conditions between two lines of a function that leave by the way they are true. */
function leavingBetween(s: Situation, from: number, to: number): readonly Statement[] {
  const { code } = s.source;
  return code.statements(code.functionAt(to)).filter((each) => each.kind === 'if' && each.line > from && each.line < to && code.leadsTo(each.line, to) && /^(?:return|goto|break|continue)\b/.test(each.body.at(-1)?.text ?? ''));
}

function asksForNull(variable: string): RegExp {
  const word = literal(variable);
  return new RegExp(`!\\s*${word}\\b|\\b${word}\\s*[=!]=\\s*(?:NULL|0)\\b|\\(\\s*${word}\\s*\\)`);
}

function nullDraft(s: Situation, register: number, passedTo?: string): Draft {
  const origin = s.flow.origin(s.at, register);
  const value = passedTo === undefined ? pointerName(s, s.at, register, origin) : argumentName(s, s.at, passedTo, register);
  const maker = makerOf(s, origin);
  const state = s.flow.before(s.at, register);
  const from = maker === undefined ? '' : `: ${maker}() gives NULL when there is nothing`;
  const use = passedTo === undefined ? 'used' : `handed to ${passedTo}()`;
  const check = earlierCheck(s, origin);
  const usedAt = lineAt(s, s.at);
  const head = origin.how === 'argument' && origin.position < 0 && usedAt !== undefined ? s.source.code.functionHead(usedAt) : undefined;
  const made = head !== undefined ? { place: placeOfLine(s, head), note: 'a function verified by itself may be given NULL' } : origin.position >= 0 ? obtainedNote(s, origin.position, usedAt, maker) : undefined;
  const moved = movedBeforeCheck(s, value.variable, made?.place.line, usedAt) ?? movedUnderName(s, value.variable, made?.place.line, usedAt) ?? alwaysTrue(s, made?.place.line, usedAt) ?? jumpPastCheck(s, value.variable, made?.place.line, usedAt) ?? checkedLater(s, value.variable, usedAt) ?? checkLeftOut(s, origin.position, value.variable, usedAt) ?? weakCheck(s, value.variable, made?.place.line, usedAt) ?? checkOfAnother(s, value.variable, made?.place.line, usedAt);
  return {
    class: 'null-check',
    message: `${upper(value.words)} may be NULL ${moved ? `and is ${use} all the same: ${moved.note}` : `here and is ${use} without a check${from}`}. Return or skip when it is NULL, before it is used.`,
    need: { kind: 'non-null', value, ...(maker === undefined ? {} : { madeBy: maker }) },
    ...(made ? { cause: moved?.place ?? made.place, trail: [made] } : {}),
    ...(check ? { established: check } : {}),
    ...(moved ? { lost: moved } : {}),
    rejectedNote: state ? `${value.words} is ${inWords(state)} here` : `${value.words} may be NULL here`,
  };
}

/** After `if (p) return`, p is the number 0: the check is the wrong way round. */
function invertedDraft(s: Situation, register: number): Draft | undefined {
  const origin = s.flow.origin(s.at, register);
  // After a release the verifier knows a plain number; NULL is the number 0.
  if (origin.how !== 'call' || constantOf(s.flow.before(s.at, register)) !== 0n) return undefined;
  if (!mayBeNull(s.flow.after(origin.position, 0))) return nullDraft(s, register);
  const branch = s.flow.branches(s.at, (b, at) => 'constant' in b.right && b.right.constant === 0n && s.flow.origin(at, b.left).position === origin.position, origin.position)[0];
  const value = pointerName(s, s.at, register, origin);
  const maker = makerOf(s, origin);
  const check = branch === undefined ? undefined : noteAt(s, branch, `on this path ${value.words} is NULL`);
  return {
    class: 'null-check',
    message: `${upper(value.words)} is always NULL here: it is used on the path on which the check found it to be NULL. Use it on the other path.`,
    need: { kind: 'non-null', value, inverted: true, ...(maker === undefined ? {} : { madeBy: maker }) },
    ...(check ? { cause: check.place, lost: check } : {}),
    rejectedNote: `${value.words} is NULL here`,
  };
}

export function upper(text: string): string {
  return /^(?:the|this|argument)\b/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : `\`${text}\``;
}

export const nullRules: readonly Rule[] = [
  // R0 invalid mem access 'map_value_or_null'
  { pattern: /R(\d+) invalid mem access '\w*_or_null\w*'/, explain: (s, m) => nullDraft(s, Number(m[1])) },
  // R0 pointer arithmetic on map_value_or_null prohibited, null-check it first
  { pattern: /R(\d+) pointer arithmetic on \w*_or_null\w* prohibited/, explain: (s, m) => nullDraft(s, Number(m[1])) },
  // R1 type=map_value_or_null expected=map_ptr   |   R1 type=sock_or_null expected=sock
  {
    pattern: /R(\d+) type=(\w*_or_null\w*) expected=/,
    explain: (s, m) => nullDraft(s, Number(m[1]), calleeAt(s, s.at) || undefined),
  },
  // Possibly NULL pointer passed to trusted arg0   (zero-based)   |   … passed to helper arg2   (one-based)
  { pattern: /Possibly NULL pointer passed to trusted arg#?(\d+)/, explain: (s, m) => nullDraft(s, Number(m[1]) + 1, calleeAt(s, s.at) || undefined) },
  { pattern: /Possibly NULL pointer passed to (?:helper )?arg(\d+)/, explain: (s, m) => nullDraft(s, Number(m[1]), calleeAt(s, s.at) || undefined) },
  {
    pattern: /R(\d+) invalid mem access '(?:scalar|inv|invP0?)'/,
    explain: (s, m) => invertedDraft(s, Number(m[1])),
  },
  // R1 pointer |= pointer prohibited: clang made one test of two NULL checks
  {
    pattern: /R(\d+) pointer \|= pointer prohibited/,
    explain: (s) => {
      const line = lineAt(s, s.at);
      return {
        class: 'pointer-arithmetic',
        message: 'Clang made one test of two pointers here (`a | b`), which the verifier refuses; check each pointer in an `if` of its own, with `return` or `continue` between.',
        need: { kind: 'other' },
        cause: line === undefined ? placeAt(s, s.at) : placeOfLine(s, line),
      };
    },
  },
];
