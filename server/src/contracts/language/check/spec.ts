import type { CFunction } from '../../../kernel/ctype.ts';
import type { Inventory, TracepointFormat } from '../../../kernel/inventory.ts';
import { newState } from '../../../language/bpftrace/analysis/analyze.ts';
import { fault, type State } from '../../../language/bpftrace/analysis/check/state.ts';
import { fromC } from '../../../language/bpftrace/analysis/ctypes/convert.ts';
import { sharedOf } from '../../../language/bpftrace/analysis/shared.ts';
import { unknown, type BtType } from '../../../language/bpftrace/analysis/types.ts';
import type { Identifier } from '../../../language/bpftrace/syntax/ast.ts';
import type { Expr } from '../ast.ts';
import { readExpression } from '../parse/parse.ts';
import type { Checker, Host, Named } from './checker.ts';
import { understand, type Understood } from './clause.ts';
import { constantNamed } from './constants.ts';

/** What the conditions of a spec can name: arguments or fields, and `retval`. */
export interface SpecNames {
  readonly params: readonly { readonly name: string; readonly type: BtType }[];
  readonly result?: BtType;
}

export function namesOfFunction(proto: CFunction): SpecNames {
  return { params: proto.params.map((param) => ({ name: param.name, type: fromC(param.type(), 'kernel') })), result: fromC(proto.returns(), 'kernel') };
}

export function namesOfTracepoint({ fields }: TracepointFormat): SpecNames {
  return { params: fields.map(({ name, type }) => ({ name, type: fromC(type, 'kernel') })) };
}

/** A condition before or after an event, as a spec of the knowledge base has it. */
export interface SpecCondition extends Understood {
  readonly expr: Expr;
}

const states = new WeakMap<Inventory, State>();

/** Reads and checks one; its problems count from the start of its text. Names in capitals may be macros of the kernel: of them nothing is said. */
export function specCondition(text: string, names: SpecNames, inventory: Inventory): SpecCondition {
  const { expr, problems } = readExpression(text, 'c');
  const basis = states.get(inventory) ?? stateFor(inventory);
  states.set(inventory, basis);
  const understood = understand(expr, hostOf(names), { ...basis, document: { text, items: [], comments: [] }, suggestions: { left: 5 } }, { keyword: 'ensures', bound: [] });
  return { ...understood, expr, problems: problems.length > 0 ? problems : understood.problems };
}

function stateFor(inventory: Inventory): State {
  const document = { text: '', items: [], comments: [] };
  const shared = sharedOf(document, { version: [0, 27], inventory, unsafe: false, targetName: inventory.label }, undefined);
  return newState(document, { ...shared, types: { ...shared.types, includes: true } });
}

function hostOf(names: SpecNames): Host {
  const nothing = (): Named => ({ type: unknown, meaning: { kind: 'unknown' } });
  return { language: 'c', word: (checker, node) => word(checker, node, names), variable: nothing, map: nothing, call: (checker, { args }) => (args.forEach(checker.visit), unknown), entry: () => undefined };
}

function word(checker: Checker, node: Identifier, { params, result }: SpecNames): Named {
  const { name } = node;
  const param = params.find((one) => one.name === name);
  if (param) return { type: param.type, meaning: { kind: 'parameter', name } };
  if (name === 'retval') return { type: result ?? unknown, meaning: { kind: 'result' } };
  const value = constantNamed(checker, name);
  const of = checker.state.types.enumerator(name)?.of;
  if (value !== undefined) return { type: { kind: 'integer', bits: 64, signed: true, ...(of && { of }) }, meaning: { kind: 'constant', value, ...(of && { of }) } };
  if (!/^[A-Z_][A-Z\d_]*$/.test(name)) fault(checker.state, 'unknown-identifier', node, `${name} is none of the names here: ${[...params.map((p) => p.name), 'retval'].join(', ')}.`);
  return { type: unknown, meaning: { kind: 'unknown' } };
}
