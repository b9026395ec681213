import { nearest } from '../../../base/near.ts';
import type { Analysis, Sym } from '../../../language/bpftrace/analysis/analysis.ts';
import { typeOfIdentifier } from '../../../language/bpftrace/analysis/check/builtins.ts';
import { typeOfCall } from '../../../language/bpftrace/analysis/check/calls.ts';
import { readMap } from '../../../language/bpftrace/analysis/check/maps.ts';
import { fault, replacement } from '../../../language/bpftrace/analysis/check/state.ts';
import type { Rules } from '../../../language/bpftrace/analysis/rules.ts';
import { int64, unknown, type BtType } from '../../../language/bpftrace/analysis/types.ts';
import { builtin, func } from '../../../language/bpftrace/catalogue.ts';
import type { Identifier, Variable } from '../../../language/bpftrace/syntax/ast.ts';
import { bare, type Call, type MapAccess } from '../ast.ts';
import { contractFunctions } from '../functions.ts';
import { asHost, type Checker, type Host, type Named } from './checker.ts';
import { constantNamed } from './constants.ts';

/** What names mean at one place of a program. */
export interface Scope {
  readonly analysis: Analysis;
  readonly maps: ReadonlyMap<string, Sym>;
  /** `#define`s, enumerators, macros and functions of the program. */
  readonly words: ReadonlyMap<string, Sym>;
  /** Of the target's bpftrace, which decides what builtins are. */
  readonly own: Rules;
  readonly visible: readonly Sym[];
  readonly invariant: boolean;
}

/** Functions of bpftrace that give a value and do nothing else. */
export const PURE = new Set(['str', 'strncmp', 'strcontains', 'strlen', 'strcap', 'strstr', 'memcmp', 'bswap', 'kptr', 'uptr', 'len', 'has_key', 'kaddr', 'uaddr', 'reg', 'cgroupid', 'ntop', 'pton', 'macaddr', 'ksym', 'usym', 'signal_name', 'syscall_name', 'strerror', 'ppid', 'is_err', 'is_ptr', 'is_integer', 'is_array', 'is_str', 'nsecs', 'buf', 'socket_cookie', 'default_str_length', 'getopt']);

export function bpftraceHost(scope: Scope): Host {
  return {
    language: 'bpftrace',
    word: (checker, node) => word(checker, node, scope),
    variable: (checker, node) => variable(checker, node, scope),
    map: (checker, node) => map(checker, node, scope),
    call,
    entry: (checker, node) => (bare(node).kind === 'map' ? (checker.types.get(node) ?? unknown) : undefined),
  };
}

function word(checker: Checker, node: Identifier, { words, own, invariant }: Scope): Named {
  const { state } = checker;
  const { name } = node;
  const found = words.get(name);
  const sym = found?.kind === 'define' || found?.kind === 'enum-member' ? found : undefined;
  const value = constantNamed(checker, name);
  const there = sym !== undefined || state.types.enumerator(name) !== undefined || builtin(name) !== undefined;
  if (!there && value !== undefined) return { type: int64, meaning: { kind: 'constant', value } };
  if (found && !sym) {
    fault(state, 'impure-call', node, `${name} cannot be called in a contract: write what it stands for.`);
    return { type: unknown, meaning: { kind: 'unknown' } };
  }
  if (builtin(name) && invariant) fault(state, 'misplaced', node, `${name} belongs to a probe; an invariant holds between them. It can speak of maps, keys and constants.`);
  const type = there && builtin(name) ? typeOfIdentifier({ ...state, rules: own }, node) : typeOfIdentifier(state, node);
  const of = state.types.enumerator(name)?.of;
  if (value !== undefined) return { type, meaning: { kind: 'constant', value, ...(of && { of }), ...(sym && { sym }) } };
  return { type, meaning: sym ? { kind: 'symbol', sym } : { kind: builtin(name) ? 'builtin' : 'unknown' } };
}

function variable({ state, keyword, old }: Checker, node: Variable, { analysis, visible }: Scope): Named {
  const sym = visible.findLast(({ name }) => name === node.name);
  if (sym) {
    if (old > 0 && keyword === 'ensures' && sym.kind === 'variable') fault(state, 'misplaced', node, `${node.name} has no value yet when the probe is entered: old() is for maps, arguments and memory.`);
    return { type: sym.type ?? unknown, meaning: { kind: 'symbol', sym } };
  }
  const near = nearest(node.name, visible.map(({ name }) => name))[0];
  const later = analysis.symbols.all.some(({ kind, name }) => kind === 'variable' && name === node.name);
  const why = keyword === 'invariant' ? 'an invariant holds between probes, where there are no variables' : keyword === 'requires' ? 'no variable has one when the probe is entered' : later ? 'it gets one elsewhere, or below' : 'nothing is assigned to it';
  const message = near === undefined ? `${node.name} has no value here: ${why}.` : `There is no ${node.name} here. Did you mean ${near}?`;
  fault(state, 'undefined-variable', node, message, near === undefined ? {} : { repairs: [replacement(state, node, near)] });
  return { type: unknown, meaning: { kind: 'unknown' } };
}

function map({ state }: Checker, node: MapAccess, { maps }: Scope): Named {
  const type = readMap(state, asHost<'map'>(node), true, true);
  const sym = maps.get(node.name);
  return { type: type.kind === 'none' ? unknown : type, meaning: sym ? { kind: 'symbol', sym } : { kind: 'unknown' } };
}

function call({ state, visit }: Checker, node: Call): BtType {
  const name = node.callee.text;
  if (PURE.has(name) || (node.args.length === 0 && builtin(name)?.call)) return typeOfCall(state, asHost<'call'>(node));
  for (const arg of node.args) visit(arg);
  if (func(name) || state.names.globals.get(name)) {
    fault(state, 'impure-call', node.callee, `${name}() cannot stand in a contract: it does something, and a contract only says what holds.`);
    return unknown;
  }
  const near = nearest(name, [...contractFunctions.filter((f) => f.language !== 'c').map((f) => f.name), ...PURE])[0];
  fault(state, 'unknown-function', node.callee, `There is no function ${name}.${near === undefined ? '' : ` Did you mean ${near}?`}`, near === undefined ? {} : { repairs: [replacement(state, node.callee, near)] });
  return unknown;
}

