import type { Register } from '../../parse/instruction.ts';
import { property, type Value } from '../../state/value.ts';
import { callArguments, dereferences, identifiers } from '../c/text.ts';
import { rightSide } from '../derives.ts';
import { inWords } from '../../state/words.ts';
import type { Need } from '../need.ts';
import type { Draft, Note, Rule } from '../rule.ts';
import { noteAt } from '../rule.ts';
import { argumentName, calleeAt, compares, definingLine, lineAt, makers, placeOfLine, pointerName, statementAt, type Situation } from '../situation.ts';
import { siteFor } from '../sites.ts';
import type { SourcePlace } from '../source.ts';
import { indexOf } from './indexes.ts';
import { comparingLine, lengthCheck } from './packet-end.ts';
import { upper } from './null.ts';

const isPacket = (value: Value | undefined): boolean => value !== undefined && /^pkt(?:_meta)?$/.test(value.type);
const isEnd = (value: Value | undefined): boolean => value !== undefined && (value.type === 'pkt_end' || value.type === 'pkt');

/** The latest comparison with the packet's end on the path, and what pointer was compared. */
function endComparison(s: Situation, like: Value | undefined): { position: number; same: boolean; pointer: Register } | undefined {
  const id = like?.properties.get('id') ?? '0';
  for (let p = s.at - 1; p >= 0; p--) {
    const branch = s.flow.instruction(p);
    if (branch.kind !== 'branch' || !('register' in branch.right)) continue;
    // Older kernels print states behind branches only.
    const left = s.flow.before(p, branch.left) ?? s.flow.after(p, branch.left);
    const right = s.flow.before(p, branch.right.register) ?? s.flow.after(p, branch.right.register);
    const pointer = isPacket(left) && isEnd(right) ? branch.left : isPacket(right) && isEnd(left) ? branch.right.register : undefined;
    if (pointer === undefined) continue;
    const value = pointer === branch.left ? left : right;
    return { position: p, same: (value?.properties.get('id') ?? '0') === id, pointer };
  }
  return undefined;
}

interface PacketAccess {
  readonly register: Register;
  readonly offset: number;
  readonly size: number;
  readonly range: number;
}

function packetDraft(s: Situation, access: PacketAccess): Draft {
  const { register, offset, size, range } = access;
  const origin = s.flow.origin(s.at, register);
  const callee = s.instruction.kind === 'call' ? calleeAt(s, s.at) : undefined;
  const value = callee === undefined ? pointerName(s, s.at, register, origin) : argumentName(s, s.at, callee, register);
  const state = s.flow.before(s.at, register);
  const check = endComparison(s, state);
  const made = definingLine(s, s.at, value.variable, makers(s, s.at, register));
  const index = indexOf(s, register);
  const indexMade = index?.variable === undefined || index.register === undefined ? undefined : definingLine(s, s.at, index.variable, makers(s, s.at, index.register));
  // What was added last decides: a comparison before it is of another address.
  const latest = indexMade !== undefined && made !== undefined && indexMade.line > made.line && indexMade.line < (lineAt(s, s.at) ?? 0) ? indexMade : made;
  const cause = (indexMade !== undefined && check?.same === true && tooFar(state) ? placeOfLine(s, indexMade.line) : undefined) ?? causeOf(s, check, latest, value.variable, register);
  const need: Need = { kind: 'in-bounds', memory: 'packet', value, offset, size, limit: range, checked: check?.same === true, ...(index ? { index } : {}) };
  return {
    // Without a limit of the number that was added no comparison with the end proves anything.
    class: check?.same === true && index !== undefined && tooFar(state) ? 'unbounded-scalar' : 'packet-bounds',
    message: `${bytes(offset, size)} of ${isSocketOption(s, origin.position) ? 'the option' : 'the packet'} ${size === 1 ? 'is' : 'are'} read through ${quoted(value.words)}, ${proved(range, check !== undefined)}. ${advice(value.words, index?.words)}`,
    need,
    ...(cause ? { cause } : {}),
    ...(check ? { established: establishedNote(s, check, state) } : {}),
    rejectedNote: state ? `${value.words} is ${inWords(state)}` : `this needs bytes ${offset} to ${offset + size - 1}`,
  };
}

/** What the kernel's MAX_PACKET_OFF says: behind a place that may be further off no comparison with the end proves anything. */
const MAX_PACKET_OFFSET = 0xffff;

function tooFar(state: Value | undefined): boolean {
  return (property(state, 'r') ?? 0) === 0 && (property(state, 'umax') ?? 0) + (property(state, 'off') ?? 0) > MAX_PACKET_OFFSET;
}

function quoted(words: string): string {
  return upper(words).startsWith('`') ? upper(words) : words;
}

function bytes(offset: number, size: number): string {
  return size === 1 ? `Byte ${offset}` : `Bytes ${offset} to ${offset + size - 1}`;
}

function proved(range: number, checked: boolean): string {
  if (range > 0) return `but only its first ${range} bytes are known to be there`;
  return checked ? 'but the comparison with data_end proves nothing about this pointer' : 'and nothing was compared with data_end';
}

function advice(words: string, index: string | undefined): string {
  if (index !== undefined) return `Compare the end of what is read with data_end after the variable part (\`${index}\`) was added.`;
  return /^\w/.test(words) && !words.includes(' ') ? `Before it, leave the program when \`(void *)(${words} + 1) > data_end\`, or as many bytes as are read.` : 'Compare its end with data_end before it.';
}

function establishedNote(s: Situation, check: { position: number; same: boolean; pointer: Register }, state: Value | undefined): Note {
  const compared = property(s.flow.before(check.position, check.pointer), 'off') ?? 0;
  const range = property(state, 'r') ?? 0;
  if (!check.same) return noteAt(s, check.position, 'this compares another pointer');
  return noteAt(s, check.position, range > 0 ? `this proves ${range} bytes` : `this compares ${compared} bytes and proves none on the path taken`);
}

/**
 * A comparison of the pointer made after it got its value is the line to correct. Without one, the pointer's own line is
 * where a comparison should follow; a pointer moved on in a loop needs it in the loop.
 */
function causeOf(s: Situation, check: { position: number; same: boolean; pointer: Register } | undefined, made: { line: number; position: number } | undefined, variable: string | undefined, register: Register): SourcePlace | undefined {
  const use = lineAt(s, s.at);
  const ignored = use === undefined ? undefined : ignoredCheck(s, use);
  if (ignored !== undefined) return placeOfLine(s, ignored);
  if (use !== undefined && check?.same === true && copiesFromChecked(s, lineAt(s, check.position))) return placeOfLine(s, use);
  const checked = check?.same === true ? comparingLine(s, lineAt(s, check.position), use, variable) : undefined;
  if (check?.same === true && checked === undefined) return noteAt(s, check.position, '').place;
  if (made !== undefined && use !== undefined && made.line > use) {
    const loop = s.source.code.loopAround(use, made.line);
    // A comparison of this turn's pointer is there and proves too little.
    const weak = loop !== undefined && checked !== undefined && checked > loop && checked < use;
    if (loop !== undefined && !weak) return placeOfLine(s, loop);
  }
  // A pointer that the loop moves on is checked in the loop, or not at all.
  const moved = variable === undefined || use === undefined || check === undefined ? undefined : s.source.code.assignments(variable, use).find((line) => line > use);
  const loop = moved === undefined || use === undefined ? undefined : s.source.code.loopAround(use, moved);
  if (loop !== undefined && (checked === undefined || checked < loop)) return placeOfLine(s, loop);
  if (checked !== undefined && check) {
    const macro = property(s.flow.before(check.position, check.pointer), 'off') === property(s.flow.before(s.at, register), 'off') ? s.source.comparingMacro(checked) : undefined;
    if (macro !== undefined) return placeOfLine(s, macro);
    const seen = made === undefined || check === undefined ? checked : seenFrom(s, check.position, checked, made.line);
    const later = made !== undefined && variable !== undefined && made.line !== use && (made.line > seen && use !== undefined && made.line < use);
    if (!later) return placeOfLine(s, checked);
    const changed = made === undefined || !s.source.code.sameFunction(checked, made.line) ? undefined : operandChanged(s, checked, made.line);
    if (changed !== undefined) return placeOfLine(s, changed);
  }
  const compared = check === undefined ? undefined : (checked ?? comparingLine(s, lineAt(s, check.position), use, variable));
  if (compared !== undefined && made !== undefined && made.line > compared && meantFor(s, compared, made.line, variable)) return placeOfLine(s, operandChanged(s, compared, made.line) ?? compared);
  if (compared !== undefined && check?.same === false && namesUnchecked(s, compared, made?.line, use, variable)) return placeOfLine(s, compared);
  const guard = use === undefined ? undefined : indexGuard(s, use);
  if (guard !== undefined) return placeOfLine(s, guard);
  const length = check === undefined && use !== undefined ? lengthCheck(s, use) : undefined;
  if (length !== undefined) return placeOfLine(s, length);
  const start = check === undefined ? neverCompared(s, register) : undefined;
  if (start !== undefined) return placeOfLine(s, start);
  return made === undefined ? undefined : placeOfLine(s, made.line);
}

/** The line of a check as the function sees it in which the pointer was made: lines of two functions have no order. */
function seenFrom(s: Situation, position: number, checked: number, made: number): number {
  if (s.source.code.sameFunction(checked, made)) return checked;
  const site = siteFor(s, position, made) ?? checked;
  // Two functions that are called one after the other: the check was made in another one, and all the same before the use.
  return s.source.code.sameFunction(site, made) ? site : Number.MAX_SAFE_INTEGER;
}

/** `if (q + 1 > end) return; memcpy(to, q + 1, n)`: what was compared is where the copy begins, and nothing of it was checked. */
function copiesFromChecked(s: Situation, checked: number | undefined): boolean {
  const from = callArguments(statementAt(s, s.at), /\b(?:__builtin_)?mem(?:cpy|move)\b/.exec(statementAt(s, s.at))?.[0] ?? '')?.[1]?.text ?? '';
  const plain = (text: string): string => text.replaceAll(/\(\s*(?:const\s+)?(?:struct\s+)?\w+\s*\*+\s*\)|[\s()]/g, '');
  const side = /(?:if)?([^<>]*)[<>]/.exec(plain(checked === undefined ? '' : s.source.code.statement(checked).replaceAll('->', '.')))?.[1];
  return s.instruction.kind === 'load' && /[+]/.test(from) && side === plain(from.replaceAll('->', '.'));
}

/** A function of the program that compares with the packet's end, called without a look at what it says. */
function ignoredCheck(s: Situation, use: number): number | undefined {
  const { code } = s.source;
  const compare = (name: string): boolean => code.statements(code.named(name)).some((each) => each.kind === 'return' && compares(each.text));
  return code.statements(code.functionAt(use)).findLast((each) => each.line < use && each.kind === 'simple' && compare(/^(?:\(void\)\s*)?(\w+)\s*\(/.exec(each.text)?.[1] ?? ''))?.line;
}

/** Whether a check made before the pointer was is about the same place: it compares another name of it. */
function meantFor(s: Situation, checked: number, made: number, variable: string | undefined): boolean {
  const { code } = s.source;
  if (variable === undefined || !code.sameFunction(checked, made)) return false;
  const condition = code.statement(checked);
  const plain = (text: string): string => text.replaceAll(/\((?:const\s+)?(?:struct\s+)?\w+\s*\*+\)|[\s()]/g, '');
  const own = plain(rightSide(code.statement(made), variable));
  return own !== '' && identifiers(condition).some((name) => name !== variable && code.assignments(name, checked).some((line) => line <= checked && plain(rightSide(code.statement(line), name)) === own));
}

/** `udp = ip + ip->ihl * 4; if (ip + sizeof(*ip) + sizeof(*udp) > end)`: made for the pointer that it names, and of another address. */
function namesUnchecked(s: Situation, compared: number, made: number | undefined, use: number | undefined, variable: string | undefined): boolean {
  const { code } = s.source;
  if (made === undefined || use === undefined || variable === undefined || !code.sameFunction(compared, made)) return false;
  return made < compared && compared < use && code.statementAt(compared)?.kind === 'if' && identifiers(code.statement(compared)).includes(variable);
}

/** Between a check and the making of the pointer, the line that changes what the pointer is made of: `off += 4; ip = data + off`. */
function operandChanged(s: Situation, checked: number, made: number): number | undefined {
  const operands = identifiers(s.source.code.statement(made).replace(/^[^=]*=/, ''));
  const lines = operands.flatMap((name) => s.source.code.assignments(name, made)).filter((line) => line > checked && line < made && s.source.code.loopAround(line, line) === undefined);
  return lines.length === 0 ? undefined : Math.max(...lines);
}

/** In a loop that a condition on the index ends: what is compared there is not the packet's end. */
function indexGuard(s: Situation, use: number): number | undefined {
  const names = dereferences(statementAt(s, s.at)).flatMap((d) => identifiers(d.index ?? ''));
  const loop = s.source.code.loopAround(use, use);
  if (names.length === 0 || loop === undefined || s.source.code.statementAt(use)?.line === loop) return undefined;
  return s.source.code.statements(s.source.code.functionAt(use)).find((each) => each.kind === 'if' && each.line > loop && each.line < use && compares(each.text) && identifiers(each.text).some((name) => names.includes(name)))?.line;
}

/** In a program that never asks where its packet ends, the line that takes the packet's beginning. */
function neverCompared(s: Situation, register: Register): number | undefined {
  if (!s.source.whole || s.source.code.functions.some((f) => s.source.code.statements(f).some((each) => /->\s*(?:data_end|optval_end)\b/.test(each.text)))) return undefined;
  const origin = s.flow.origin(s.at, register);
  return origin.how === 'load' ? siteFor(s, origin.position, lineAt(s, s.at)) : undefined;
}

/** Socket options lie in memory that the verifier treats as a packet. */
function isSocketOption(s: Situation, position: number): boolean {
  return position >= 0 && /\boptval\b/.test(s.flow.source(position)?.text ?? '');
}

export const packetRules: readonly Rule[] = [
  // invalid access to packet, off=23 size=1, R1(id=0,off=23,r=14)
  {
    pattern: /invalid access to packet, off=(-?\d+) size=(\d+), R(\d+)\(id=\d+,off=(-?\d+),r=(\d+)\)/,
    explain: (s, m) => packetDraft(s, { offset: Number(m[1]), size: Number(m[2]), register: Number(m[3]), range: Number(m[5]) }),
  },
  {
    pattern: /R(\d+) offset is outside of the packet/,
    explain: (s, m) => packetDraft(s, { offset: 0, size: 1, register: Number(m[1]), range: 0 }),
  },
];
