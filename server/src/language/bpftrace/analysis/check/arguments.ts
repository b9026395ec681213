import { has, words, type Accepts, type Overload, type Param, type Versions } from '../../catalogue.ts';
import type { Call, Expr } from '../../syntax/ast.ts';
import { none, unknown, type BtType } from '../types.ts';
import { bare } from '../../syntax/walk.ts';
import { literalOf, isLiteral } from './literals.ts';
import { readMap, useKey } from './maps.ts';
import { isInteger, isPointer, isUnknown } from './relations.ts';
import { paramAt, type Signature } from './signatures.ts';
import { fault, textOf, type State } from './state.ts';
import { typeOfMeta } from './fields.ts';
import { assignVariable } from './variables.ts';
import { either, plural, say } from './words.ts';

/** Types of a call's arguments. A bare map name is a whole map where the function takes one, and not read as a value. */
export function visitArguments(state: State, call: Call, { slots }: Signature): readonly BtType[] {
  const whole = call.args[0] ? bare(call.args[0]) : undefined;
  return call.args.map((arg, i) => {
    const slot = slots[i];
    const at = bare(arg);
    if (slot?.key && whole?.kind === 'map') return useKey(state, whole, arg);
    if (slot) {
      if (at.kind === 'map' && slot.map && !at.keys) return readMap(state, at, false);
      if (at.kind === 'map' && slot.element) return readMap(state, at, !(at.keys === undefined && slot.map), true);
      if (slot.type || slot.field) return slot.field && at.kind === 'identifier' ? none : typeOfMeta(state, arg);
      if (at.kind === 'identifier' && slot.words.includes(at.name)) return none;
      if (at.kind === 'variable' && slot.variable) return receive(state, at, whole);
    }
    if (i === 0 && /^(?:print|warn|error)f$/.test(call.callee.text)) state.format = at;
    return state.visit(arg);
  });
}

/** The value of a map's element is put into a variable. */
function receive(state: State, variable: Extract<Expr, { kind: 'variable' }>, map: Expr | undefined): BtType {
  const value = map?.kind === 'map' ? readMap(state, map, false) : unknown;
  assignVariable(state, variable, value, variable);
  return value;
}

/** The words an argument may be in this version. */
function wordsFor(kind: keyof typeof words, state: State): readonly string[] {
  const list: readonly ({ readonly name: string } & Versions)[] = words[kind];
  return list.filter((w) => has(w, state.rules.version)).map((w) => w.name);
}

/** The overload that takes these arguments; reports what is wrong with the best of them when none does. */
export function chooseOverload(state: State, call: Call, { overloads, counted }: Signature, types: readonly BtType[]): Overload | undefined {
  if (counted.length === 0) {
    wrongCount(state, call, overloads);
    return undefined;
  }
  const judged: { overload: Overload; wrong: number }[] = [];
  for (const overload of counted) {
    const wrong = call.args.findIndex((arg, i) => !accepted(state, call.callee.text, paramAt(overload, i), arg, types[i] ?? unknown));
    if (wrong < 0) return overload;
    judged.push({ overload, wrong });
  }
  // The one that goes furthest is the one that was meant.
  const best = judged.reduce((a, b) => (b.wrong > a.wrong ? b : a));
  const same = judged.filter((j) => j.wrong === best.wrong).map((j) => paramAt(j.overload, j.wrong));
  wrongArgument(state, call, best.wrong, same, types[best.wrong] ?? unknown);
  return undefined;
}

function wrongCount(state: State, call: Call, overloads: readonly Overload[]): void {
  const least = Math.min(...overloads.map((o) => o.params.filter((p) => !p.optional).length));
  const most = overloads.some((o) => o.variadic) ? Infinity : Math.max(...overloads.map((o) => o.params.length));
  const wants = least === most ? (most === 0 ? 'no arguments' : plural(most, 'argument')) : most === Infinity ? `at least ${plural(least, 'argument')}` : `${least} to ${plural(most, 'argument')}`;
  const form = overloads.map((o) => `${call.callee.text}(${o.params.map((p) => (p.optional ? `[${p.name}]` : p.name)).join(', ')}${o.variadic ? ', …' : ''})`).join(' or ');
  fault(state, 'wrong-arguments', call, `${call.callee.text}() takes ${wants}, not ${call.args.length}: ${form}.`);
}

function accepted(state: State, call: string, param: Param | undefined, arg: Expr, type: BtType): boolean {
  if (!param) return false;
  const at = bare(arg);
  if (at.kind === 'missing') return true;
  if (param.literal && !literalFits(state, param, at)) return false;
  return param.accepts.some((kind) => fits(state, call, kind, at, type));
}

function literalFits(state: State, param: Param, at: Expr): boolean {
  if (at.kind === 'positional' || !isLiteral(state, at)) return at.kind === 'positional' ? param.accepts.includes('integer') : isLiteral(state, at);
  const value = literalOf(state, at);
  if (value === undefined) return true;
  return param.accepts.includes('any') || (typeof value === 'string' ? param.accepts.includes('string') : typeof value === 'boolean' ? param.accepts.includes('bool') : param.accepts.includes('integer'));
}

function fits(state: State, call: string, kind: Accepts, at: Expr, type: BtType): boolean {
  switch (kind) {
    case 'map':
      return at.kind === 'map' && (at.keys === undefined || state.names.of.get(at)?.kind === 'macro-parameter');
    case 'element':
      return at.kind === 'map';
    case 'variable':
      return at.kind === 'variable';
    case 'any':
    case 'key':
    case 'type':
    case 'field':
      return true;
    case 'clock':
    case 'stack-mode':
    case 'namespace':
      return at.kind === 'identifier' && wordsFor(kind, state).includes(at.name);
    default:
      return isUnknown(type) || fitsType(state, call, kind, type);
  }
}

/** These read the bytes of a text as those of any array. */
const READS_BYTES = new Set(['buf', 'ntop', 'macaddr', 'strncmp', 'strcontains']);

function fitsType(state: State, call: string, kind: 'integer' | 'bool' | 'string' | 'pointer' | 'array' | 'record' | 'stack', type: BtType): boolean {
  switch (kind) {
    case 'integer':
      return isInteger(type);
    case 'pointer':
      // An address that is stored somewhere is read with *.
      return isPointer(type) && call !== 'ntop';
    case 'stack':
      return type.kind === 'kstack' || type.kind === 'ustack';
    // A `char[16]` of a struct is a string for bpftrace.
    case 'array':
      return (type.kind === 'array' && (call !== 'str' || state.rules.modern)) || (type.kind === 'string' && READS_BYTES.has(call));
    default:
      return type.kind === kind;
  }
}

const PHRASES: Readonly<Record<Accepts, string>> = {
  integer: 'an integer', bool: 'a bool', string: 'a string', pointer: 'a pointer', array: 'an array', record: 'a struct', stack: 'a stack', map: 'a map', element: 'an element of a map',
  key: 'a key', variable: 'a variable', type: 'a type', field: 'a field', any: 'a value', clock: 'a clock', 'stack-mode': 'a stack mode', namespace: 'a PID namespace',
};

function wrongArgument(state: State, call: Call, index: number, params: readonly (Param | undefined)[], type: BtType): void {
  const arg = call.args[index];
  if (!arg) return;
  const kinds = [...new Set(params.flatMap((p) => p?.accepts ?? []))];
  const literal = params.every((p) => p?.literal);
  const names = kinds.flatMap((k) => (k === 'clock' || k === 'stack-mode' || k === 'namespace' ? wordsFor(k, state) : []));
  const wants = literal ? (kinds.includes('string') ? 'text in double quotes' : 'a number written out') : either([...kinds.filter((k) => !(k in words)).map((k) => PHRASES[k]), ...names]);
  const found = type.kind === 'none' || type.kind === 'unknown' ? textOf(state, arg) : say(type);
  const name = params[0]?.name;
  fault(state, 'wrong-arguments', arg, `${call.callee.text}() wants ${wants}${name === undefined ? '' : ` as ${name}`}, not ${literal && isInteger(type) ? textOf(state, arg) : found}.`);
}
