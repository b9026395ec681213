import type { Call, Expr } from '../../syntax/ast.ts';
import type { BtType } from '../types.ts';
import { bare } from '../../syntax/walk.ts';
import { literalOf } from './literals.ts';
import { isCountable, isInteger, isPointer, isUnknown } from './relations.ts';
import { fault, type State } from './state.ts';
import { plural, say } from './words.ts';

/** Functions whose first argument is a format. */
export const FORMATTED = new Set(['printf', 'errorf', 'warnf', 'debugf', 'cat', 'system', 'fail']);

export interface Directive {
  /** Offset in the format. */
  readonly start: number;
  readonly end: number;
  /** `d`, `llu`, `s`, `rx`. */
  readonly conversion: string;
}

// bpftrace reads only these; anything else behind a % is text.
const DIRECTIVE = /%[-+ #]*\d*(?:\.\d+)?(hh|h|ll|l|j|z|t|L)?([cdiouxXps]|rx|rh|r)|%%/g;
/** Before types had a pass of their own: fewer flags, and no `%i`. */
const OLDER_DIRECTIVE = /%-?\d*(?:\.\d+)?(?:(hh|h|ll|l|j|z|t)?([cdouxXps])|(rx|rh|r))|%%/g;

/** The directives of a format, `%%` left out. */
export function directives(format: string, modern: boolean): readonly Directive[] {
  return [...format.matchAll(modern ? DIRECTIVE : OLDER_DIRECTIVE)].filter((m) => m[0] !== '%%').map((m) => ({ start: m.index, end: m.index + m[0].length, conversion: `${m[1] ?? ''}${m[2] ?? m[3] ?? ''}` }));
}

const read = { older: new WeakMap<Expr, readonly Directive[]>(), newer: new WeakMap<Expr, readonly Directive[]>() };

/** A format is read once as long as its literal stays. */
function directivesOf(format: Expr, text: string, modern: boolean): readonly Directive[] {
  if (format.kind !== 'string') return directives(text, modern);
  const cache = modern ? read.newer : read.older;
  const known = cache.get(format) ?? directives(text, modern);
  cache.set(format, known);
  return known;
}

export function checkFormat(state: State, call: Call, types: readonly BtType[]): void {
  const format = call.args[0] ? bare(call.args[0]) : undefined;
  const text = format ? literalOf(state, format) : undefined;
  if (format === undefined || typeof text !== 'string') return;
  const wanted = directivesOf(format, text, state.rules.modern);
  const given = call.args.slice(1);
  if (wanted.length !== given.length) return wrongCount(state, call, wanted.length, given.length);
  for (const [i, directive] of wanted.entries()) {
    const arg = given[i];
    const type = types[i + 1];
    if (arg && type && !isUnknown(type) && !prints(state, directive.conversion, type)) wrongType(state, directive, format, arg, type);
  }
}

function wrongCount(state: State, call: Call, wanted: number, given: number): void {
  const at = given > wanted ? (call.args[wanted + 1] ?? call) : call;
  fault(state, 'printf-arguments', at, `The format has ${plural(wanted, 'directive')} but ${given === 0 ? 'no value' : plural(given, 'value')} ${given === 1 ? 'is' : given === 0 ? 'is' : 'are'} given.`);
}

function wrongType(state: State, directive: Directive, format: Expr, arg: Expr, type: BtType): void {
  const right = conversionFor(type);
  const span = directiveSpan(state, directive, format);
  const hint = right === undefined ? '' : ` Use %${right}.`;
  fault(state, 'printf-arguments', arg, `%${directive.conversion} cannot print ${say(type)}.${hint}`, {
    evidence: span ? [{ span, message: 'the directive' }] : [],
    repairs: right !== undefined && span ? [{ title: `Replace with %${right}`, sure: false, edits: [{ span, newText: `%${right}` }] }] : [],
  });
}

/** Where a directive stands in the document; undefined when the format has escapes, whose places are not known. */
function directiveSpan(state: State, directive: Directive, format: Expr): { start: number; end: number } | undefined {
  if (format.kind !== 'string') return undefined;
  const text = literalOf(state, format);
  if (typeof text !== 'string') return undefined;
  const at = positionInRaw(format.raw, directive.start);
  return { start: state.base + format.start + at, end: state.base + format.start + at + directive.end - directive.start };
}

/** Offset in the text as written for one in its value: escapes are longer there. */
function positionInRaw(raw: string, offset: number): number {
  let at = 1;
  for (let i = 0; i < offset && at < raw.length; i++) {
    const escape = /^\\(?:x[\da-fA-F]{1,2}|[0-7]{1,3}|.)/.exec(raw.slice(at));
    at += escape ? escape[0].length : 1;
  }
  return at;
}

function conversionFor(type: BtType): string | undefined {
  if (isInteger(type) || isCountable(type) || type.kind === 'bool') return 'd';
  if (isPointer(type)) return 'p';
  if (type.kind === 'buffer') return 'r';
  return isText(type) ? 's' : undefined;
}

const TEXT = new Set<BtType['kind']>(['string', 'kstack', 'ustack', 'ksym', 'usym', 'inet', 'username', 'probe', 'mac', 'timestamp', 'strerror', 'cgroup-path']);

function isText(type: BtType): boolean {
  return TEXT.has(type.kind);
}

function prints(state: State, conversion: string, type: BtType): boolean {
  const letter = conversion.replace(/^(?:hh|h|ll|l|j|z|t|L)(?=.)/, '');
  if (letter === 'r' || letter === 'rx' || letter === 'rh') return type.kind === 'buffer';
  if (letter === 's') return printsAsText(state, type);
  if (letter === 'p') return isInteger(type) || isPointer(type);
  if (isInteger(type)) return true;
  if (type.kind === 'bool') return state.rules.modern;
  if (isPointer(type)) return true;
  return false;
}

/** Newer versions print anything as text; before only what is text, and enums since 0.22. */
function printsAsText(state: State, type: BtType): boolean {
  if (state.rules.modern) return type.kind !== 'void';
  if (isInteger(type)) return type.of !== undefined && !state.rules.argsIsStruct ? false : type.of !== undefined;
  return isText(type);
}
