import type { Analysis, ProbeInfo } from '../../language/bpftrace/analysis/analysis.ts';
import type { Assign, Block, Expr, For, If, IfExpr, MapAccess, Stmt } from '../../language/bpftrace/syntax/ast.ts';
import { bare, operands } from '../../language/bpftrace/syntax/walk.ts';
import type { Facts } from './facts.ts';
import { computed, HOST, joined, NOTHING, sameQuality, swapped, type Quality } from './quality.ts';
import { keeps, promiseOfName, unitOfConstant } from './promises.ts';
import { qualityOfField, qualityOfWord, sourcesOf, type Sources } from './sources.ts';
import { unit, type Unit } from './units.ts';

/** What is known of the numbers of a program, flowing through variables, maps and all probes. */
export interface Flow {
  /** Of an expression where it stands; NOTHING for what was not reached. */
  of(expr: Expr): Quality;
  /** All that is put into a map with `=` or an aggregation, in the order of the source. */
  readonly writes: readonly MapWrite[];
}

export interface MapWrite {
  readonly info: ProbeInfo;
  readonly target: MapAccess;
  /** What is put there; for an aggregation its number. */
  readonly value: Expr;
  /** `hist`, `sum`, …; undefined for a plain assignment. */
  readonly fold: string | undefined;
  readonly quality: Quality;
}

export const FOLDS: ReadonlySet<string> = new Set(['hist', 'lhist', 'sum', 'avg', 'min', 'max', 'stats', 'tseries']);

/** Qualities of maps change at most a few times; a program of a hundred maps settles within this many rounds. */
const MAX_ROUNDS = 12;
const LOOP_ROUNDS = 3;

/** A map that nothing was put into yet: it takes what comes first. */
const EMPTY: Quality = {};

type Env = Map<string, Quality>;

interface Run {
  readonly sources: Sources;
  readonly info: ProbeInfo;
  readonly maps: Map<string, Quality>;
  readonly found: Map<Expr, Quality>;
  /** Of words and fields, which are the same in every round. */
  readonly sourced: Map<Expr, Quality>;
  readonly writes: MapWrite[];
}

export function flowOf(analysis: Analysis, facts: Facts): Flow {
  const sources = sourcesOf(analysis, facts);
  const found = new Map<Expr, Quality>();
  const sourced = new Map<Expr, Quality>();
  let maps = new Map<string, Quality>();
  let writes: MapWrite[] = [];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    writes = [];
    for (const info of analysis.probes) runProbe({ sources, info, maps, found, sourced, writes });
    const next = mapsAfter(writes);
    const settled = next.size === maps.size && [...next].every(([name, quality]) => sameQuality(quality, maps.get(name) ?? EMPTY));
    maps = next;
    if (settled) break;
  }
  return { of: (expr) => found.get(expr) ?? NOTHING, writes };
}

function mapsAfter(writes: readonly MapWrite[]): Map<string, Quality> {
  const next = new Map<string, Quality>();
  for (const { target: { name }, value: written, quality } of writes) next.set(name, either(next.get(name) ?? EMPTY, quality === EMPTY ? EMPTY : named(name, quality, written)));
  return next;
}

/** The name of the field that a value is read from. */
export function fieldOf(value: Expr): string | undefined {
  const at = bare(value);
  return at.kind === 'field' ? at.name.text : undefined;
}

/** A name that promises another unit is told once; from there on it is taken at its word. */
function named(name: string, quality: Quality, written: Expr): Quality {
  if (quality.constant !== undefined && !quality.unit) return withUnit(quality, unitOfConstant(name, quality.constant));
  const promise = quality.unit && promiseOfName(name.slice(1), fieldOf(written));
  const [first] = promise?.units ?? [];
  return promise && first && quality.unit && !keeps(promise, quality.unit) ? { ...quality, unit: first } : quality;
}

const withUnit = (quality: Quality, of: Unit | undefined): Quality => (of ? { ...quality, unit: of } : quality);

function runProbe(run: Run): void {
  const env: Env = new Map();
  const { probe } = run.info;
  if (probe.predicate) value(run, env, probe.predicate);
  block(run, env, probe.body);
}

/** Whether what follows can be reached. */
function block(run: Run, env: Env, { statements }: Block): boolean {
  for (const one of statements) if (!statement(run, env, one)) return false;
  return true;
}

function statement(run: Run, env: Env, at: Stmt): boolean {
  switch (at.kind) {
    case 'expr-stmt':
      value(run, env, at.expr);
      return true;
    case 'assign':
      assign(run, env, at);
      return true;
    case 'let':
      if (at.value && at.target.kind === 'variable') env.set(at.target.name, named(at.target.name, value(run, env, at.value), at.value));
      return true;
    case 'if':
      return branches(run, env, at);
    case 'while':
      return loop(env, () => { value(run, env, at.condition); block(run, env, at.body); });
    case 'unroll':
      return loop(env, () => { block(run, env, at.body); });
    case 'for':
      return forEach(run, env, at);
    case 'jump':
      if (at.value) value(run, env, at.value);
      return false;
    case 'block':
      return block(run, env, at);
    case 'bad':
      for (const expr of at.exprs) value(run, env, expr);
      return true;
  }
}

function branches(run: Run, env: Env, at: If | IfExpr): boolean {
  value(run, env, at.condition);
  const otherwise: Env = new Map(env);
  const left = block(run, env, at.then);
  let right = true;
  if (at.otherwise?.kind === 'block') right = block(run, otherwise, at.otherwise);
  else if (at.otherwise) right = branches(run, otherwise, at.otherwise);
  if (!left) replace(env, otherwise);
  else if (right) merge(env, otherwise);
  return left || right;
}

function replace(env: Env, by: Env): void {
  env.clear();
  for (const [name, quality] of by) env.set(name, quality);
}

/** A variable that only one branch has set is used only where that one was taken. */
function merge(env: Env, other: Env): void {
  for (const [name, quality] of other) {
    const mine = env.get(name);
    env.set(name, mine ? joined(mine, quality) : quality);
  }
}

function loop(env: Env, body: () => void): true {
  for (let round = 0; round < LOOP_ROUNDS; round++) {
    const before: Env = new Map(env);
    body();
    merge(env, before);
  }
  return true;
}

function forEach(run: Run, env: Env, at: For): boolean {
  value(run, env, at.over);
  if (at.to) {
    value(run, env, at.to);
    env.set(at.variable.name, { order: HOST });
  }
  return loop(env, () => { block(run, env, at.body); });
}

function assign(run: Run, env: Env, at: Assign): void {
  const target = bare(at.target);
  const given = value(run, env, at.value);
  if (target.kind !== 'variable' && target.kind !== 'map') return;
  const before = value(run, env, target);
  const quality = at.op === '=' ? given : operation(at.op.slice(0, -1), before, given);
  if (target.kind === 'variable') env.set(target.name, named(target.name, quality, at.value));
  else put(run, target, at.value, quality);
}

function put(run: Run, target: MapAccess, written: Expr, quality: Quality): void {
  const at = bare(written);
  const fold = at.kind === 'call' && FOLDS.has(at.callee.text) ? at : undefined;
  run.writes.push({ info: run.info, target, value: fold?.args[0] ?? written, fold: fold?.callee.text, quality });
}

function operation(op: string, a: Quality, b: Quality): Quality {
  return a === EMPTY || b === EMPTY ? EMPTY : computed(op, a, b);
}

/** What is known of an expression, which is noted for it and for all inside. */
function value(run: Run, env: Env, expr: Expr): Quality {
  const quality = compute(run, env, expr);
  run.found.set(expr, quality);
  return quality;
}

function sourcedAt({ sourced }: Run, expr: Expr, find: () => Quality): Quality {
  const quality = sourced.get(expr) ?? find();
  sourced.set(expr, quality);
  return quality;
}

const COMPARES = /^(?:[<>]=?|[=!]=|&&|\|\|)$/;

function compute(run: Run, env: Env, expr: Expr): Quality {
  const inner = (of: Expr): Quality => value(run, env, of);
  switch (expr.kind) {
    case 'integer':
      return { constant: expr.value, ...(expr.duration && { unit: unit('ns') }) };
    case 'identifier':
      return sourcedAt(run, expr, () => qualityOfWord(run.sources, run.info, expr.name));
    case 'positional':
      return { order: HOST };
    case 'variable':
      return env.get(expr.name) ?? NOTHING;
    case 'map':
      for (const key of expr.keys ?? []) inner(key);
      return run.maps.get(expr.name) ?? EMPTY;
    case 'paren':
      return inner(expr.inner);
    case 'cast':
    case 'comptime':
      return inner(expr.operand);
    case 'binary': {
      const [left, right] = [inner(expr.left), inner(expr.right)];
      return COMPARES.test(expr.op) ? NOTHING : operation(expr.op, left, right);
    }
    case 'ternary': {
      const condition = inner(expr.condition);
      return either(expr.then ? inner(expr.then) : condition, inner(expr.otherwise));
    }
    case 'update':
      return updated(run, env, expr.op, expr.operand);
    case 'field':
      inner(expr.object);
      return sourcedAt(run, expr, () => qualityOfField(run.sources, run.info, expr));
    case 'call':
      return called(expr.callee.text, expr.args.map(inner), (of) => run.sources.analysis.typeOf(of), expr.args[0]);
    case 'block-expr':
      block(run, env, expr.body);
      return NOTHING;
    case 'if-expr':
      branches(run, env, expr);
      return NOTHING;
    default:
      for (const part of operands(expr)) inner(part);
      return NOTHING;
  }
}

function either(a: Quality, b: Quality): Quality {
  return a === EMPTY ? b : b === EMPTY ? a : joined(a, b);
}

function updated(run: Run, env: Env, op: string, operand: Expr): Quality {
  const before = value(run, env, operand);
  const target = bare(operand);
  const after = operation(op.charAt(0), before, { constant: 1n });
  if (target.kind === 'variable') env.set(target.name, after);
  return after;
}

/** `typeOf` gives the width in which `bswap` turns its argument round. */
function called(name: string, args: readonly Quality[], typeOf: Analysis['typeOf'], first: Expr | undefined): Quality {
  const [of = NOTHING] = args;
  if (name === 'nsecs' || name === 'elapsed') return { order: HOST, unit: unit('ns') };
  if (name === 'jiffies') return { order: HOST, unit: unit('jiffies') };
  if (name === 'bswap' && first) {
    const type = typeOf(first);
    return of === EMPTY ? EMPTY : swapped(of, type?.kind === 'integer' && type.bits !== 8 ? type.bits : 64);
  }
  return FOLDS.has(name) ? of : NOTHING;
}
