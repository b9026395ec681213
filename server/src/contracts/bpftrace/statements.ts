import type { Assign, Block, Expr, For, If, Jump, Let, Stmt, Update, While } from '../../language/bpftrace/syntax/ast.ts';
import { bare } from '../../language/bpftrace/syntax/walk.ts';
import { apply, bits, not, type IrExpr, type IrStmt } from '../ir/ir.ts';
import { aggregate, isAggregation } from './aggregations.ts';
import { clausesAt } from './clauses.ts';
import { collect, no, read, spanOf, temporary, textOf, variable, yes, type Cx, type LoopState } from './context.ts';
import { evaluate, freeze, keepable, keyOf, layoutFor } from './expressions.ts';
import { entryOf, keyWidth, presentIn } from './maps.ts';
import { shownRead, whole } from './memory.ts';
import { NoMeaning } from './no-meaning.ts';
import { binary } from './operators.ts';
import { staysInRange } from './range.ts';
import { assertSites, remember } from './sites.ts';
import { decode, encode, literal, toBits, toTruth, widthOfType, type Value } from './values.ts';

/** Rounds of a loop that are looked at. */
const ROUNDS = 32;

/** The statements of a block, with the clauses between them. */
export function block(cx: Cx, node: Block, until = node.statements.length): void {
  rest(cx, node, 0, until);
}

function rest(cx: Cx, node: Block, from: number, until: number): void {
  for (let i = from; i < until; i++) {
    clausesAt(cx, node, i);
    const each = node.statements[i];
    if (!each) continue;
    cx.jumped = false;
    statement(cx, each);
    if (!cx.jumped || !cx.loop) continue;
    // What follows counts only where the round goes on.
    const { left, next } = cx.loop;
    const then = collect(cx, () => { rest(cx, node, i + 1, until); });
    cx.jumped = true;
    if (then.length > 0) cx.out.push({ kind: 'if', condition: not(apply('disj', 'bool', variable(left, 'bool'), variable(next, 'bool'))), then, otherwise: [], span: spanOf(cx, each) });
    return;
  }
  clausesAt(cx, node, until);
}

function statement(cx: Cx, node: Stmt): void {
  try {
    translate(cx, node);
  } catch (error) {
    if (error instanceof NoMeaning) error.span ??= spanOf(cx, node);
    throw error;
  }
}

function translate(cx: Cx, node: Stmt): void {
  switch (node.kind) {
    case 'expr-stmt':
      return void evaluate(cx, node.expr);
    case 'assign':
      return assign(cx, node);
    case 'let':
      return declare(cx, node);
    case 'if':
      return branch(cx, node);
    case 'while':
      return whileLoop(cx, node);
    case 'unroll':
      return counted(cx, node.body, evaluate(cx, node.count), (round, count) => apply('ult', 'bool', round, toBits(count, 64)));
    case 'for':
      return node.to ? rangeLoop(cx, node, node.to) : mapLoop(cx, node);
    case 'jump':
      return jump(cx, node);
    case 'block':
      return block(cx, node);
    case 'bad':
      throw new NoMeaning('this could not be read');
  }
}

function branch(cx: Cx, node: If): void {
  const condition = toTruth(evaluate(cx, node.condition));
  let jumped = false;
  const within = (build: () => void): IrStmt[] => {
    cx.jumped = false;
    const statements = collect(cx, build);
    jumped ||= cx.jumped;
    return statements;
  };
  const then = within(() => { block(cx, node.then); });
  const { otherwise } = node;
  const other = otherwise ? within(() => { statement(cx, otherwise); }) : [];
  cx.jumped = jumped;
  cx.out.push({ kind: 'if', condition, then, otherwise: other, span: spanOf(cx, node.condition) });
}

function assign(cx: Cx, node: Assign): void {
  const target = bare(node.target);
  const value = bare(node.value);
  if (target.kind === 'identifier' && target.name === '_') return void evaluate(cx, value);
  if (target.kind === 'map' && value.kind === 'call' && isAggregation(value.callee.text)) {
    remember(cx, node);
    assertSites(cx, node);
    return aggregate(cx, target, value, node);
  }
  const result = assigned(cx, node);
  remember(cx, node);
  assertSites(cx, node);
  store(cx, target, result, node);
}

/** The value that is assigned; `a += b` reads the target first. */
function assigned(cx: Cx, node: Assign): Value {
  if (node.op === '=') {
    added(cx, node);
    return evaluate(cx, node.value);
  }
  const right = freeze(cx, evaluate(cx, node.value));
  const { quiet } = cx;
  // The target is asked for as the target, not as a value of its own.
  const left = evaluate(cx, node.target);
  cx.quiet = quiet;
  if (node.op === '+=') totalInRange(cx, node.target, left, right, node);
  return binary(node.op.slice(0, -1) as '+', left, right, cx.words.rules);
}

/** `@n[k] = @n[k] + 1` is as good as `@n[k] += 1`. */
function added(cx: Cx, node: Assign): void {
  const [target, value] = [bare(node.target), bare(node.value)];
  if (target.kind !== 'map' || value.kind !== 'binary' || value.op !== '+') return;
  const [left, right] = [bare(value.left), bare(value.right)];
  if (left.kind !== 'map' || right.kind !== 'integer' || textOf(cx, left) !== textOf(cx, target)) return;
  const { quiet } = cx;
  cx.quiet = true;
  totalInRange(cx, target, evaluate(cx, left), literal(right.value), node);
  cx.quiet = quiet;
}

function store(cx: Cx, target: Expr, value: Value, at: Expr | Assign | Let): void {
  const span = spanOf(cx, at);
  if (target.kind === 'map') {
    const layout = layoutFor(cx, target.name);
    const kept = freeze(cx, whole(cx, value, target));
    const key = keyOf(cx, layout, target.keys ?? []);
    if (layout.value.kind === 'aggregation') return put(cx, layout.name, key, toBits(value, widthOfType(layout.value)), span);
    return put(cx, layout.name, key, encode(kept, layout.value), span);
  }
  if (target.kind !== 'variable') throw new NoMeaning('only maps and variables are assigned to');
  const { name, type } = cx.words.variable(target);
  const shown = shownRead(cx, type);
  if (shown) cx.program.shown.set(name, shown);
  cx.out.push({ kind: 'set', name, value: keepable(cx, value, type, target), span });
}

function put(cx: Cx, map: string, key: IrExpr, value: IrExpr, span: IrStmt['span']): void {
  cx.out.push({ kind: 'put', map, key, value, span });
}

function declare(cx: Cx, node: Let): void {
  const { target, value } = node;
  if (value) {
    const result = evaluate(cx, value);
    remember(cx, node);
    return store(cx, target, result, node);
  }
  if (target.kind !== 'variable') return;
  const { name, type } = cx.words.variable(target);
  if (type.kind !== 'none' && type.kind !== 'unknown') cx.out.push({ kind: 'set', name, value: bits(0, widthOfType(type)), span: spanOf(cx, node) });
}

function totalInRange(cx: Cx, target: Expr, before: Value, by: Value, at: Assign | Update): void {
  if (bare(target).kind !== 'map' || before.kind !== 'bits' || before.bits !== 64 || before.type.kind !== 'integer' || by.kind !== 'bits') return;
  cx.out.push(staysInRange(before.ir, toBits(by, 64), before.signed, spanOf(cx, at)));
}

/** `x++`; the value is that before, of `++x` that behind. */
export function update(cx: Cx, node: Update): Value {
  const target = bare(node.operand);
  const before = freeze(cx, evaluate(cx, target));
  assertSites(cx, node);
  if (node.op === '++') totalInRange(cx, target, before, literal(1n), node);
  const after = freeze(cx, binary(node.op === '++' ? '+' : '-', before, literal(1n), cx.words.rules));
  store(cx, target, after, node);
  return node.prefix ? after : before;
}

function whileLoop(cx: Cx, node: While): void {
  const name = temporary(cx, 'goes');
  const span = spanOf(cx, node.condition);
  let condition: IrExpr = no;
  const ask = (): void => {
    condition = toTruth(evaluate(cx, node.condition));
  };
  const before = collect(cx, ask);
  // A condition that does something is asked before the first round and at the end of each.
  const again = (): void => {
    if (before.length === 0) return;
    ask();
    cx.out.push({ kind: 'set', name, value: condition, span });
  };
  cx.out.push(...before);
  if (before.length > 0) cx.out.push({ kind: 'set', name, value: condition, span });
  loop(cx, node.body, before.length > 0 ? variable(name, 'bool') : condition, ROUNDS, span, again);
}

function loop(cx: Cx, body: Block, condition: IrExpr, limit: number, span: IrStmt['span'], after: () => void): void {
  const outer = cx.loop;
  const own: LoopState = { left: temporary(cx, 'left'), next: temporary(cx, 'next'), used: false };
  cx.loop = own;
  const statements = collect(cx, () => {
    cx.jumped = false;
    block(cx, body);
    after();
  });
  const uses = own.used;
  cx.loop = outer;
  cx.jumped = false;
  const set = (name: string): IrStmt => ({ kind: 'set', name, value: no, span });
  if (uses) cx.out.push(set(own.left));
  cx.out.push({ kind: 'loop', condition: uses ? apply('conj', 'bool', not(variable(own.left, 'bool')), condition) : condition, body: uses ? [set(own.next), ...statements] : statements, limit, span });
}

/** A loop whose rounds are counted. */
function counted(cx: Cx, body: Block, count: Value, goes: (round: IrExpr, count: Value) => IrExpr, start: IrExpr = bits(0, 64), each: (round: IrExpr) => void = () => undefined): void {
  const name = temporary(cx, 'round');
  const span = spanOf(cx, body);
  const round = variable(name, 64);
  const until = freeze(cx, count);
  cx.out.push({ kind: 'set', name, value: start, span });
  const limit = until.kind === 'bits' && until.literal !== undefined && start.kind === 'const' ? Math.min(ROUNDS, Math.max(1, Number(until.literal - BigInt.asIntN(64, start.value)))) : ROUNDS;
  const begin = collect(cx, () => { each(round); });
  loop(cx, body, goes(round, until), limit, span, () => cx.out.push({ kind: 'set', name, value: apply('add', 64, round, bits(1, 64)), span }));
  const made = cx.out.pop();
  if (made?.kind === 'loop') cx.out.push({ ...made, body: [...begin, ...made.body] });
}

/** The end does not count. */
function rangeLoop(cx: Cx, node: For, to: Expr): void {
  const from = freeze(cx, evaluate(cx, node.over));
  const until = freeze(cx, evaluate(cx, to));
  const { name, type } = cx.words.variable(node.variable);
  counted(cx, node.body, until, (round, end) => apply('slt', 'bool', round, toBits(end, 64)), toBits(from, 64), (round) => {
    cx.out.push({ kind: 'set', name, value: encode({ kind: 'bits', ir: round, bits: 64, signed: true, type: { kind: 'integer', bits: 64, signed: true } }, type), span: spanOf(cx, node.variable) });
  });
}

/** Stands for any of the entries, or none: only a body that changes nothing can be looked at so. */
function mapLoop(cx: Cx, node: For): void {
  const over = bare(node.over);
  if (over.kind !== 'map') throw new NoMeaning('for goes over what is no map');
  const layout = layoutFor(cx, over.name);
  const key = read(cx, `key of ${over.name}`, `a key of ${over.name}`, keyWidth(layout));
  const { name } = cx.words.variable(node.variable);
  const type = { kind: 'tuple', elements: [layout.key, layout.value] } as const;
  const outer = cx.loop;
  cx.loop = { left: temporary(cx, 'left'), next: temporary(cx, 'next'), used: false };
  const body = collect(cx, () => {
    cx.out.push({ kind: 'set', name, value: encode({ kind: 'tuple', elements: [decode(key, layout.key), decodeWhole(entryOf(layout, key), layout.value)] }, type), span: spanOf(cx, node.variable) });
    block(cx, node.body);
  });
  cx.loop = outer;
  cx.jumped = false;
  if (body.slice(1).some(writes)) throw new NoMeaning(`what a loop over all entries of ${over.name} changes is not understood`);
  cx.program.assumptions.push({ span: spanOf(cx, node.over), text: `the body is looked at for one entry of ${over.name}, whichever it is` });
  cx.out.push({ kind: 'if', condition: presentIn(layout, key), then: body, otherwise: [], span: spanOf(cx, node.over) });
}

const decodeWhole = (ir: IrExpr, type: Parameters<typeof decode>[1]): Value => (type.kind === 'aggregation' ? { kind: 'bits', ir, bits: widthOfType(type), signed: false, type } : decode(ir, type));

/** Changes what is seen behind the loop. */
function writes(statement: IrStmt): boolean {
  if (statement.kind === 'if') return statement.then.some(writes) || statement.otherwise.some(writes);
  if (statement.kind === 'loop') return statement.body.some(writes);
  return statement.kind === 'put' || statement.kind === 'remove' || statement.kind === 'clear' || statement.kind === 'leave' || (statement.kind === 'set' && !statement.name.startsWith('%'));
}

function jump(cx: Cx, node: Jump): void {
  const span = spanOf(cx, node);
  if (node.value) evaluate(cx, node.value);
  if (node.what === 'return') return leave(cx, span);
  if (!cx.loop) throw new NoMeaning(`${node.what} stands outside of a loop`);
  cx.jumped = true;
  cx.loop.used = true;
  cx.out.push({ kind: 'set', name: node.what === 'break' ? cx.loop.left : cx.loop.next, value: yes, span });
}

/** Leaves the probe; what holds on leaving is looked at here. */
export function leave(cx: Cx, span: IrStmt['span']): void {
  cx.out.push(...cx.leaving, { kind: 'leave', span });
}

