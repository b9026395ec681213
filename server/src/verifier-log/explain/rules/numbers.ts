import type { Register } from '../../parse/instruction.ts';
import { constantOf, isLimited, property, type Value } from '../../state/value.ts';
import { inWords } from '../../state/words.ts';
import type { Draft, Note } from '../rule.ts';
import { noteAt } from '../rule.ts';
import { assignedVariable, identifiers } from '../c/text.ts';
import { compares, lineAt, makers, placeOfLine, statementAt, variableMadeAt, type Situation } from '../situation.ts';

/** Whether a comparison only tells negative from other numbers: `n < 0`. */
export function asksSignOnly(s: Situation, position: number | undefined): boolean {
  const branch = position === undefined ? undefined : s.flow.instruction(position);
  if (branch?.kind !== 'branch') return false;
  const [left, right] = [constantOf(s.flow.before(position ?? 0, branch.left)), 'constant' in branch.right ? branch.right.constant : constantOf(s.flow.before(position ?? 0, branch.right.register))];
  return /s[<>]/.test(branch.operator) && (left === 0n || left === -1n || right === 0n || right === -1n);
}

/** The latest comparison on the path that looked at the same number. */
export function comparisonOf(s: Situation, position: number, register: Register): number | undefined {
  const made = new Set(makers(s, position, register));
  if (made.size === 0) return undefined;
  const roots = [...made].filter((p) => isRoot(s, p));
  const names = new Set([...made].map((p) => variableMadeAt(s, p)));
  const looksAt = (at: number, of: Register): boolean => {
    const others = makers(s, at, of, 30);
    return others.some((p) => made.has(p) && (roots.length === 0 || roots.includes(p)) && s.flow.instruction(p).kind !== 'address');
  };
  return s.flow.branches(position, (b, at) => limits(s, at, b.operator) && !choosesAnother(s, at, names) && (s.flow.before(at, b.left)?.type ?? 'scalar') === 'scalar' && (looksAt(at, b.left) || ('register' in b.right && looksAt(at, b.right.register))))[0];
}

/** Whether a comparison can be meant to limit a number: one for equality only where a loop ends by it, which clang makes of `<`. */
function limits(s: Situation, position: number, operator: string): boolean {
  if (/[<>]/.test(operator)) return true;
  const line = lineAt(s, position);
  const kind = line === undefined ? undefined : s.source.code.statementAt(line)?.kind;
  return kind === 'loop' || kind === 'do' || (line !== undefined && compares(s.source.code.statement(line)));
}

/** `size = count < 64 ? count : 64`: that limits `size`, and says nothing of `count` behind it. */
function choosesAnother(s: Situation, position: number, names: ReadonlySet<string | undefined>): boolean {
  const line = lineAt(s, position);
  const each = line === undefined ? undefined : s.source.code.statementAt(line);
  const given = each?.kind === 'simple' && each.text.includes('?') ? assignedVariable(each.text) : undefined;
  return given !== undefined && !names.has(given) && !identifiers(statementAt(s, s.at)).includes(given);
}

/** A step that brings a number into being: not a constant, a copy or a sum. */
function isRoot(s: Situation, position: number): boolean {
  const { kind } = s.flow.instruction(position);
  return kind === 'load' || kind === 'call' || kind === 'packet-load' || kind === 'local-call';
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

export function mayBeNegative(value: Value | undefined): boolean {
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

export function rangeWords(value: Value | undefined): string {
  const words = inWords(value);
  return value?.type === 'scalar' ? words.replace(/^a number of which nothing is known$/, 'nothing about it').replace(/^a number /, 'only that it is ').replace(/^the number /, 'that it is ') : words;
}
