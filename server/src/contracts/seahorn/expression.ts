import { isArithmetic, isOrder } from '../terms/evaluate.ts';
import { mapOf, widthOf, type IrExpr, type IrProgram } from '../ir/ir.ts';
import { arithmetic, comparison } from './arithmetic.ts';
import type { Helpers } from './helpers.ts';
import type { Names } from './names.ts';
import { Unprintable } from './unprintable.ts';
import { atom, bitsOf, literal, wordWidths, type Piece } from './words.ts';




/** What an expression is printed with. */
export interface ExpressionContext {
  readonly program: IrProgram;
  readonly names: Names;
  readonly helpers: Helpers;
  /** The place where what is read through an address is kept; each place in the text has its own. */
  site(read: string): string;
  /** Bits of the widest address that something is read through. */
  address(read: string): number;
  /** A name that stands for something else than a variable: in invariants. */
  variable?(name: string): string | undefined;
}

type Apply = Extract<IrExpr, { kind: 'apply' }>;

/** A truth value as C text. */
export function condition(expr: IrExpr, context: ExpressionContext): string {
  if (expr.kind === 'const') return expr.value === 0n ? 'false' : 'true';
  if (expr.kind === 'variable') return context.variable?.(expr.name) ?? context.names.of('variable', expr.name);
  if (expr.kind === 'read') return words(expr, context).map(({ text }) => text).join('');
  if ((expr.kind === 'present' || expr.kind === 'entry') && expr.before) throw new Unprintable('old() in an invariant');
  if (expr.kind === 'present') return `${context.names.of('map', expr.map)}__present(${argumentsOf(expr.key, context)})`;
  if (expr.kind === 'entry') throw new Unprintable('an entry of a map is no truth value');
  const { op, args } = expr;
  const [first] = args;
  if (!first) throw new Unprintable(`${op} of nothing`);
  if (op === 'negate') return `!${atom(condition(first, context))}`;
  if (op === 'conj' || op === 'disj') return junction(expr, context);
  if (op === 'ite') {
    const [test = '', then = '', otherwise = ''] = args.map((arg) => atom(condition(arg, context)));
    return `${test} ? ${then} : ${otherwise}`;
  }
  if (op === 'eq') return equality(expr, context);
  if (isOrder(op)) return comparison(op, widthOf(context.program, first) as number, operands(expr, context), context.helpers);
  throw new Unprintable(`${op} is no truth value`);
}

/** The words of a bit-vector, the lowest first. */
export function words(expr: IrExpr, context: ExpressionContext): readonly Piece[] {
  const { program, names } = context;
  const width = widthOf(program, expr);
  if (width === 'bool' && expr.kind !== 'read') return [{ text: condition(expr, context), width: 1 }];
  const bits = width === 'bool' ? 1 : width;
  switch (expr.kind) {
    case 'const':
      return wordWidths(bits).map((word, n) => ({ text: literal(BigInt.asUintN(word, expr.value >> BigInt(n * 64)), word), width: word }));
    case 'variable':
      return named(context.variable?.(expr.name) ?? names.of('variable', expr.name), bits);
    case 'read':
      return expr.of ? throughAddress(expr.name, expr.of, bits, context) : named(names.of('read', expr.name), bits);
    case 'entry': {
      if (expr.before) throw new Unprintable('old() in an invariant');
      const key = argumentsOf(expr.key, context);
      return called(`${names.of('map', expr.map)}__value`, mapOf(program, expr.map).value, key);
    }
    case 'apply':
      return applied(expr, bits, context);
    case 'present':
      return [];
  }
}

/** The words of a key or address, as arguments. */
export function argumentsOf(expr: IrExpr, context: ExpressionContext): string {
  return words(expr, context).map(({ text }) => text).join(', ');
}

/** Names of the words of what has one name. */
export function named(name: string, width: number): readonly Piece[] {
  const widths = wordWidths(width);
  return widths.map((word, n) => ({ text: widths.length === 1 ? name : `${name}_${n}`, width: word }));
}

function called(name: string, width: number, args: string): readonly Piece[] {
  return named(name, width).map((word) => ({ ...word, text: `${word.text}(${args})` }));
}

function throughAddress(name: string, of: IrExpr, width: number, context: ExpressionContext): readonly Piece[] {
  const address = words(of, context);
  const all = wordWidths(context.address(name)).map((_, n) => address[n]?.text ?? '0');
  return called(`${context.names.of('read through', name)}__of`, width, [context.site(name), ...all].join(', '));
}

function operands(expr: Apply, context: ExpressionContext): readonly (readonly Piece[])[] {
  return expr.args.map((arg) => words(arg, context));
}

/** Reads through addresses take values in their order: all of them are made, as the interpreter makes them. */
function junction(expr: Apply, context: ExpressionContext): string {
  const eager = expr.args.slice(1).some(readsThroughAddress);
  const sign = expr.op === 'conj' ? '&' : '|';
  const parts = expr.args.map((arg) => atom(condition(arg, context)));
  return eager ? parts.map((part) => `(int)${part}`).join(` ${sign} `) : parts.join(` ${sign}${sign} `);
}

function equality(expr: Apply, context: ExpressionContext): string {
  const [a, b] = expr.args;
  if (a && b && widthOf(context.program, a) === 'bool') return `${atom(condition(a, context))} == ${atom(condition(b, context))}`;
  const [left = [], right = []] = operands(expr, context);
  return left.map((word, n) => `${atom(word.text)} == ${atom(right[n]?.text ?? '0')}`).map((text) => (left.length > 1 ? `(${text})` : text)).join(' && ');
}

function applied(expr: Apply, width: number, context: ExpressionContext): readonly Piece[] {
  const { op, low = 0 } = expr;
  const parts = operands(expr, context);
  const [first = []] = parts;
  const bits = (pieces: readonly Piece[]): number => pieces.reduce((sum, piece) => sum + piece.width, 0);
  switch (op) {
    case 'concat':
      return bitsOf([...parts].reverse().flat(), 0, width);
    case 'extract':
      return bitsOf(first, low, width);
    case 'zext':
      return bitsOf([...first, { text: '0', width: width - bits(first) }], 0, width);
    case 'ite': {
      const [[test] = [], then = [], otherwise = []] = parts;
      return then.map((word, n) => ({ text: `${atom(test?.text ?? 'false')} ? ${atom(word.text)} : ${atom(otherwise[n]?.text ?? '0')}`, width: word.width }));
    }
    default:
      if (isArithmetic(op) || op === 'not' || op === 'neg' || op === 'sext') return arithmetic(op, width, parts, context.helpers);
      throw new Unprintable(`${op} of ${width} bits`);
  }
}

export function readsThroughAddress(expr: IrExpr): boolean {
  if (expr.kind === 'read') return expr.of !== undefined;
  if (expr.kind === 'entry' || expr.kind === 'present') return readsThroughAddress(expr.key);
  return expr.kind === 'apply' && expr.args.some(readsThroughAddress);
}
