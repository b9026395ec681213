import { unknown } from '../../language/bpftrace/analysis/types.ts';
import type { Block, Call } from '../../language/bpftrace/syntax/ast.ts';
import { apply, bits, not, type IrExpr, type IrStmt } from '../ir/ir.ts';
import { bare, type Expr, type Quantifier } from '../language/ast.ts';
import type { BtClause } from '../language/check/bpftrace.ts';
import type { Understood } from '../language/check/clause.ts';
import { contractFunction } from '../language/functions.ts';
import { conditionText } from '../language/parse/parse.ts';
import { collect, read, textOf, variable, type AnyExpr, type Cx, type Words } from './context.ts';
import { evaluate, freeze, keyOf, layoutFor } from './expressions.ts';
import { keyWidth, presentIn, valueWidth, type MapLayout } from './maps.ts';
import { socketIn } from './memory.ts';
import { variableNamed } from './names.ts';
import { NoMeaning } from './no-meaning.ts';
import { swapped } from './operators.ts';
import { decode, int, literal, toBits, toTruth, widthOfType, type Value } from './values.ts';

/** Whether a clause can be asked at all; what is wrong with it is told elsewhere. */
export const isRight = ({ problems }: BtClause): boolean => problems.every(({ severity }) => severity !== 'error');

/** The clauses between the statements of a block. */
export function clausesAt(cx: Cx, node: Block, index: number): void {
  for (const clause of cx.program.clauses) {
    const { place } = clause;
    if (place.kind === 'statement' && place.at.block === node && place.at.index === index && isRight(clause)) cx.out.push(...clauseStatement(cx, clause));
  }
}

/** `assume` and `requires` narrow what is looked at, `assert` and `ensures` are asked. */
export function clauseStatement(cx: Cx, checked: BtClause): IrStmt[] {
  const { clause } = checked;
  const says = conditionText(clause, cx.program.analysis.document.text);
  const span = { start: clause.start, end: clause.end };
  if (clause.keyword === 'assume' || clause.keyword === 'requires') return [{ kind: 'assume', condition: conditionOf(cx, checked), span }];
  try {
    return [{ kind: 'assert', condition: conditionOf(cx, checked), property: 'contract', span, says }];
  } catch (error) {
    if (!(error instanceof NoMeaning)) throw error;
    cx.program.unsupported.push({ span: error.span ?? span, handler: cx.handler, what: error.message, only: { property: 'contract', says } });
    return [];
  }
}

function conditionOf(cx: Cx, checked: BtClause): IrExpr {
  return truthIn(cx, checked.clause.expr, wordsOfClause(cx, checked));
}

/** A condition with the words of its own. */
export function truthIn(cx: Cx, expr: Expr, words: Words): IrExpr {
  const { words: before, quiet } = cx;
  cx.words = words;
  cx.quiet = true;
  try {
    return toTruth(evaluate(cx, expr));
  } finally {
    cx.words = before;
    cx.quiet = quiet;
  }
}

/** Contracts compute as the newest bpftrace does. */
export const NEWEST = { modern: true };

function wordsOfClause(cx: Cx, { meaningOf, typeOf }: Understood): Words {
  const bound = new Map<Quantifier, bigint>();
  const words: Words = {
    base: 0,
    text: cx.program.analysis.document.text,
    rules: NEWEST,
    typeOf: (node) => typeOf(node as Expr) ?? unknown,
    word: (node) => wordOf(meaningOf(node), bound),
    variable: (node) => {
      const meaning = meaningOf(node);
      return variableNamed(cx, node, meaning?.kind === 'symbol' ? meaning.sym : undefined);
    },
    special: (inner, node) => special(inner, node as Expr, bound),
  };
  return words;
}

/** Undefined for builtins. */
export function wordOf(meaning: ReturnType<Understood['meaningOf']>, bound: ReadonlyMap<Quantifier, bigint>): Value | undefined {
  if (meaning?.kind === 'constant') return literal(meaning.value);
  if (meaning?.kind === 'builtin') return undefined;
  const value = meaning?.kind === 'bound' ? bound.get(meaning.quantifier) : undefined;
  if (value === undefined) throw new NoMeaning('it is not known what this name stands for');
  return literal(value);
}

/** What only contracts have. */
export function special(cx: Cx, node: Expr, bound: Map<Quantifier, bigint>): Value | undefined {
  if (node.kind === 'binary' && node.op === '==>') return { kind: 'truth', ir: apply('disj', 'bool', apply('negate', 'bool', toTruth(evaluate(cx, node.left))), toTruth(evaluate(cx, node.right))) };
  if (node.kind === 'quantifier') return quantified(cx, node, bound);
  if (node.kind !== 'call' || !contractFunction(node.callee.text, 'bpftrace')) return undefined;
  return contractCall(cx, node as Call);
}

function quantified(cx: Cx, node: Quantifier, bound: Map<Quantifier, bigint>): Value {
  const cases = valuesOf(cx, node).map((value) => {
    bound.set(node, value);
    return toTruth(evaluate(cx, node.body));
  });
  bound.delete(node);
  return { kind: 'truth', ir: apply(node.quantifier === 'forall' ? 'conj' : 'disj', 'bool', ...cases) };
}

/** All values a bound name takes. */
function valuesOf(cx: Cx, { over }: Quantifier): bigint[] {
  if (over.kind === 'enum-domain') {
    const of = cx.program.analysis.shared.types.enum(over.enum.name.text);
    if (!of) throw new NoMeaning(`the members of ${over.enum.name.text} are not known`);
    return [...new Set(of.values().map(({ value }) => value))];
  }
  const [from, to] = [over.from, over.to].map((end) => {
    const value = evaluate(cx, end);
    return value.kind === 'bits' ? value.literal : undefined;
  });
  if (from === undefined || to === undefined || to - from > 4_096n) throw new NoMeaning('the bounds are no constants');
  return Array.from({ length: Math.max(0, Number(to - from)) }, (_, i) => from + BigInt(i));
}

function contractCall(cx: Cx, node: Call): Value | undefined {
  const [arg] = node.args;
  if (!arg) throw new NoMeaning(`${node.callee.text}() has no argument`);
  switch (node.callee.text) {
    case 'old':
      return before(cx, arg);
    case 'ntohs':
    case 'htons':
      return int(swapped(toBits(evaluate(cx, arg), 16), 16), 16, false);
    case 'ntohl':
    case 'htonl':
      return int(swapped(toBits(evaluate(cx, arg), 32), 32), 32, false);
    case 'bswap': {
      const width = widthOfType(cx.words.typeOf(arg));
      return int(swapped(toBits(evaluate(cx, arg), width), width), width, false);
    }
    case 'present':
      return present(cx, arg);
    case 'family':
      return socketIn(cx, evaluate(cx, arg), arg);
    default:
      return decided(cx, node);
  }
}

function present(cx: Cx, arg: AnyExpr): Value {
  const at = bare(arg as Expr);
  if (at.kind !== 'map') throw new NoMeaning('present() is asked of what is no entry of a map');
  const layout = layoutFor(cx, at.name);
  return { kind: 'truth', ir: presentIn(layout, keyOf(cx, layout, at.keys ?? [])) };
}

/** What something was when the probe was entered. */
function before(cx: Cx, arg: AnyExpr): Value {
  let value: Value = { kind: 'nothing' };
  const statements = collect(cx, () => (value = freeze(cx, evaluate(cx, arg))));
  cx.entry.push(...statements);
  return value;
}

/** `readable(p, n)`, `writable(p, n)`, `held(l)`: whatever it is, the same for the same arguments, and not of what is nowhere. */
function decided(cx: Cx, node: Call): Value {
  const args = node.args.map((arg) => toBits(evaluate(cx, arg), 64));
  const [first = bits(0, 64)] = args;
  const of = args.length === 1 ? first : apply('concat', args.length * 64, ...args);
  return { kind: 'truth', ir: apply('conj', 'bool', not(apply('eq', 'bool', first, bits(0, 64))), read(cx, `${node.callee.text}:${args.length}`, textOf(cx, node), 'bool', of)) };
}

/** What a value was before the event: its maps as they were then. The subject's entry is among them. */
function earlier(value: Value, subject: MapLayout): Value {
  const back = (expr: IrExpr): IrExpr => {
    if (expr.kind === 'variable' && expr.name === 'value') return { kind: 'entry', map: subject.name, key: variable('key', keyWidth(subject)), before: true };
    if (expr.kind === 'entry' || expr.kind === 'present') return { ...expr, key: back(expr.key), before: true };
    if (expr.kind === 'read') throw new NoMeaning('old() in an invariant is understood of maps only');
    return expr.kind === 'apply' ? { ...expr, args: expr.args.map(back) } : expr;
  };
  if (value.kind === 'tuple') return { ...value, elements: value.elements.map((element) => earlier(element, subject)) };
  if (value.kind === 'place' || value.kind === 'nothing') throw new NoMeaning('old() is asked of what is no value');
  return { ...value, ir: back(value.ir) };
}

/** An invariant, over the variables `key` and `value`. */
export function invariantOf(cx: Cx, checked: BtClause): IrExpr {
  const { subject, expr } = checked.clause;
  if (!subject) throw new NoMeaning('the map is missing');
  const layout = layoutFor(cx, subject.name);
  const key = variable('key', keyWidth(layout));
  const whole = decode(key, layout.key.kind === 'none' ? { kind: 'bool' } : layout.key);
  const parts = whole.kind === 'tuple' && subject.keys?.length !== 1 ? whole.elements : [whole];
  const words = wordsOfClause(cx, checked);
  const names = subject.keys?.map(({ text }) => text) ?? [];
  // The entry itself: the map under exactly the names of its keys.
  const isSubject = (node: AnyExpr): boolean => node.kind === 'map' && node.name === subject.name && (node.keys ?? []).length === names.length && (node.keys ?? []).every((each, i) => each.kind === 'identifier' && each.name === names[i] && checked.meaningOf(each as Expr)?.kind === 'key');
  return truthIn(cx, expr, {
    ...words,
    word: (node) => {
      const meaning = checked.meaningOf(node);
      return meaning?.kind === 'key' ? parts[meaning.index] : words.word(node);
    },
    special: (inner, node) => {
      if (isSubject(node)) return decode(variable('value', valueWidth(layout)), layout.value);
      if (node.kind === 'call' && node.callee.text === 'old') return earlier(evaluate(inner, node.args[0] ?? node), layout);
      return words.special?.(inner, node);
    },
  });
}
