import { nearest } from '../../../base/near.ts';
import type { Span } from '../../../base/span.ts';
import { fault, replacement } from '../../../language/bpftrace/analysis/check/state.ts';
import { typeOfRef } from '../../../language/bpftrace/analysis/check/type-refs.ts';
import { int64, uint64, unknown, type BtType } from '../../../language/bpftrace/analysis/types.ts';
import type { Identifier } from '../../../language/bpftrace/syntax/ast.ts';
import type { CAnalysis } from '../../../language/bpfc/analysis/analyze.ts';
import { numberOf } from '../../../language/bpfc/analysis/sizes.ts';
import { helperNamed } from '../../../language/bpfc/catalogue/helpers.ts';
import { inC } from '../../../language/bpfc/syntax/document.ts';
import { bare, type Call, type Expr } from '../ast.ts';
import { contractFunctions } from '../functions.ts';
import { readType } from '../parse/parse.ts';
import type { COwner } from '../place/c.ts';
import type { Global } from './c-globals.ts';
import { type CLocal } from './c-locals.ts';
import type { Checker, Host, Named } from './checker.ts';
import { constantNamed } from './constants.ts';

/** What names mean at one place of a C program. */
export interface CScope {
  readonly analysis: CAnalysis;
  readonly globals: ReadonlyMap<string, Global>;
  readonly owner: COwner | undefined;
  /** Variables of the function that live where the clause stands. */
  readonly locals: readonly CLocal[];
  readonly invariant: boolean;
  /** What variables of the function were called in an earlier version, and are called now. */
  readonly renamed: ReadonlyMap<string, string>;
}

export function cHost(scope: CScope): Host {
  return {
    language: 'c',
    word: (checker, node) => word(checker, node, scope),
    variable: () => ({ type: unknown, meaning: { kind: 'unknown' } }),
    map: () => ({ type: unknown, meaning: { kind: 'unknown' } }),
    call,
    entry: (checker, node) => entry(checker, node, scope),
  };
}

/** `map[key]`: the value that the map's definition says it has. */
function entry(checker: Checker, node: Expr, { globals }: CScope): BtType | undefined {
  const at = bare(node);
  if (at.kind !== 'index') return undefined;
  const object = bare(at.object);
  const global = object.kind === 'identifier' && checker.meanings.get(object)?.kind === 'map' ? globals.get(object.name) : undefined;
  return global && typeWritten(checker, global.value);
}

/** The type a declaration writes; unknown where that cannot be told without the compiler. */
export function typeWritten({ state }: Pick<Checker, 'state'>, text: string | undefined): BtType {
  const ref = text === undefined ? undefined : readType(text);
  return ref ? typeOfRef(state, ref) : unknown;
}

function word(checker: Checker, node: Identifier, scope: CScope): Named {
  const { name } = node;
  const { owner, invariant } = scope;
  const known = invariant ? undefined : ofFunction(checker, name, scope);
  if (known) return known;
  const global = scope.globals.get(name);
  const value = constantNamed(checker, name) ?? (global?.kind === 'constant' ? constantWritten(global, scope) : undefined);
  if (global && global.kind !== 'constant') return { type: global.kind === 'global' ? typeWritten(checker, global.value) : unknown, meaning: { kind: global.kind, name, declaration: global.span } };
  const of = checker.state.types.enumerator(name)?.of;
  if (value !== undefined) return { type: of ? { kind: 'integer', bits: 32, signed: false, of } : constantType(value), meaning: { kind: 'constant', value, ...(of && { of }), ...(global && { declaration: global.span }) } };
  // A macro whose value is not plain, or one of a header; a name that the function uses in a way not seen here.
  if (!global && (scope.renamed.has(name) || !mayBeDeclared(name, scope))) unknownWord(checker, node, scope, owner);
  return { type: unknown, meaning: { kind: 'unknown' } };
}

const constantType = (value: bigint): BtType => (value >= -0x8000_0000n && value < 0x8000_0000n ? { kind: 'integer', bits: 32, signed: true } : value < 0x8000_0000_0000_0000n ? int64 : uint64);

function constantWritten({ value = '' }: Global, { analysis }: CScope): bigint | undefined {
  const number = numberOf(value, analysis.shared);
  return number === undefined || !Number.isSafeInteger(number) ? undefined : BigInt(number);
}

function ofFunction(checker: Checker, name: string, { owner, locals }: CScope): Named | undefined {
  const local = locals.findLast((one) => one.name === name);
  if (local) return { type: typeWritten(checker, local.type), meaning: { kind: 'local', name, declaration: local.span } };
  const param = owner?.fn.params.find((one) => one.name === name);
  if (owner && param) return { type: typeWritten(checker, param.type), meaning: { kind: 'parameter', name, declaration: parameterName(owner.placed, param) } };
  if (owner && name === 'retval' && checker.keyword === 'ensures') return { type: typeWritten(checker, returned(owner)), meaning: { kind: 'result' } };
  // The macros that declare programs make it.
  return owner?.fn.macro !== undefined && name === 'ctx' ? { type: unknown, meaning: { kind: 'parameter', name } } : undefined;
}

/** Without what only says how the function is linked. */
function returned({ fn }: COwner): string {
  return fn.returns.replace(/\b(?:static|inline|extern|__\w+)\b/g, ' ').trim();
}

/** Where a parameter's name stands. */
export function parameterName(placed: COwner['placed'], param: Span & { readonly name: string }): Span {
  const at = param.start + Math.max(0, placed.item.text.slice(param.start, param.end).lastIndexOf(param.name));
  return inC(placed, { start: at, end: at + param.name.length });
}

/** Whether a header or a macro may bring a name: then nothing is said of it. */
function mayBeDeclared(name: string, { analysis, owner }: CScope): boolean {
  if (!analysis.closed || owner?.placed.item.words.has(name) === true) return true;
  const others = analysis.document.items.some(({ item: { declaration: d } }) => d.kind === 'directive' && d.word === 'include' && !/^(?:vmlinux\.h|bpf\/\w+\.h)$/.test(d.name));
  return others && /^[A-Z_][A-Z\d_]*$/.test(name);
}

function unknownWord({ state, keyword }: Checker, node: Identifier, { globals, locals, renamed }: CScope, owner: COwner | undefined): void {
  const names = [...locals.map(({ name }) => name), ...(owner?.fn.params.map(({ name }) => name) ?? []), ...globals.keys()];
  const near = renamed.get(node.name) ?? nearest(node.name, names)[0];
  const result = node.name === 'retval' && keyword !== 'ensures' ? ' retval is what a function gives back: it is known in ensures.' : '';
  const hint = near === undefined ? result : ` Did you mean ${near}?`;
  fault(state, 'unknown-identifier', node, `${node.name} is neither a variable here nor a constant.${hint}`, near === undefined ? {} : { repairs: [replacement(state, node, near)] });
}

/** Helpers that read something and change nothing. */
const PURE = /^bpf_(?:ktime_get_\w+|get_current_(?:pid_tgid|uid_gid|cgroup_id|task|task_btf)|get_smp_processor_id|get_numa_node_id|jiffies64)$/;

function call({ state, visit }: Checker, node: Call): BtType {
  const name = node.callee.text;
  for (const arg of node.args) visit(arg);
  const returns = PURE.test(name) ? helperNamed(name)?.returns : undefined;
  if (returns !== undefined) return returns === 'u64' || returns === '__u64' ? uint64 : unknown;
  if (helperNamed(name)) {
    fault(state, 'impure-call', node.callee, `${name}() cannot stand in a contract: put what it gives into a variable before.`);
    return unknown;
  }
  const near = nearest(name, contractFunctions.map((f) => f.name))[0];
  if (near !== undefined) fault(state, 'unknown-function', node.callee, `Contracts have no function ${name}. Did you mean ${near}?`, { repairs: [replacement(state, node.callee, near)] });
  else fault(state, 'impure-call', node.callee, `${name}() cannot stand in a contract: put what it gives into a variable before.`);
  return unknown;
}
