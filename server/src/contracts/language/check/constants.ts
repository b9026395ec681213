import type { Types } from '../../../language/bpftrace/analysis/ctypes/preamble.ts';
import { bare, type Expr } from '../ast.ts';
import { CONSTANTS } from '../functions.ts';
import type { Checker } from './checker.ts';

/** Deepest constant expression that is worked out. */
const MAX_DEPTH = 64;

/** The value of what is known before anything runs: numbers, enumerators, `#define`s and what is computed of them. */
export function constantOf(checker: Checker, expr: Expr, depth = 0): bigint | undefined {
  const at = bare(expr);
  if (depth > MAX_DEPTH) return undefined;
  switch (at.kind) {
    case 'integer':
      return at.value;
    case 'bool':
      return at.value ? 1n : 0n;
    case 'identifier': {
      const meaning = checker.meanings.get(at);
      if (meaning?.kind === 'constant') return meaning.value;
      return constantNamed(checker, at.name);
    }
    case 'unary': {
      const value = constantOf(checker, at.operand, depth + 1);
      if (value === undefined) return undefined;
      return at.op === '-' ? -value : at.op === '+' ? value : at.op === '~' ? ~value : at.op === '!' ? BigInt(value === 0n) : undefined;
    }
    case 'binary': {
      const left = constantOf(checker, at.left, depth + 1);
      const right = left === undefined ? undefined : constantOf(checker, at.right, depth + 1);
      return left === undefined || right === undefined ? undefined : fold(at.op, left, right);
    }
    default:
      return undefined;
  }
}

/** The number a name stands for in the program, on the kernel, or in the kernel's headers. */
export function constantNamed({ state }: Checker, name: string): bigint | undefined {
  return constantIn(state.types, name);
}

export function constantIn(types: Types, name: string): bigint | undefined {
  const text = types.define(name)?.replace(/\/\*.*?\*\/|\/\/.*$/gs, '').trim().replace(/^\((.*)\)$/, '$1');
  if (text !== undefined) return /^-?(?:0[xX][\da-fA-F]+|\d+)[uUlL]*$/.test(text) ? signed(text.replace(/[uUlL]+$/, '')) : undefined;
  return types.enumerator(name)?.value ?? (Object.hasOwn(CONSTANTS, name) ? CONSTANTS[name] : undefined);
}

const signed = (digits: string): bigint => (digits.startsWith('-') ? -BigInt(digits.slice(1)) : BigInt(digits));

function fold(op: string, left: bigint, right: bigint): bigint | undefined {
  switch (op) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0n ? undefined : left / right;
    case '%':
      return right === 0n ? undefined : left % right;
    case '<<':
      return right >= 0n && right < 64n ? left << right : undefined;
    case '>>':
      return right >= 0n && right < 64n ? left >> right : undefined;
    case '&':
      return left & right;
    case '|':
      return left | right;
    case '^':
      return left ^ right;
    default:
      return undefined;
  }
}
