import type { Sort } from '../terms/term.ts';
import type { ArrayValue, Value } from '../terms/evaluate.ts';

/** What a solver said to one question. */
export type Answer =
  | { readonly kind: 'sat'; readonly model: ReadonlyMap<string, Value> }
  | { readonly kind: 'unsat' }
  /** With the solver's reason: `timeout`, `canceled`, `incomplete …`. */
  | { readonly kind: 'unknown'; readonly reason: string }
  | { readonly kind: 'failed'; readonly message: string };

/** An S-expression: an atom, or a list. */
type Sexp = string | readonly Sexp[];

/**
 * Reads the output of `(check-sat)` with `(get-value (…))` or `(get-info :reason-unknown)` behind it. The names are those asked for, in
 * order: what solvers print for them (bars, `let`) is not looked at. Never throws.
 */
export function readAnswer(output: string, asked: readonly (readonly [string, Sort])[]): Answer {
  const [verdict = '', ...rest] = parse(output);
  const error = [verdict, ...rest].find((one) => typeof one === 'object' && one[0] === 'error');
  if (verdict === 'unsat') return { kind: 'unsat' };
  if (verdict === 'unknown') return { kind: 'unknown', reason: textOf(rest.find((one): one is readonly Sexp[] => typeof one === 'object' && one[0] === ':reason-unknown')?.[1]) };
  if (error !== undefined || verdict !== 'sat') return { kind: 'failed', message: error === undefined ? output.trim().slice(0, 500) : textOf(error[1]) };
  const pairs = typeof rest[0] === 'object' ? rest[0] : [];
  const model = new Map<string, Value>();
  for (const [n, [name]] of asked.entries()) {
    const pair = pairs[n];
    const value = typeof pair === 'object' && pair[1] !== undefined ? valueOf(pair[1]) : undefined;
    if (value === undefined) return { kind: 'failed', message: `the solver gave no value of ${name}` };
    model.set(name, value);
  }
  return { kind: 'sat', model };
}

function textOf(sexp: Sexp | undefined): string {
  if (sexp === undefined) return '';
  return typeof sexp === 'string' ? sexp.replace(/^"|"$/g, '').replaceAll('""', '"') : `(${sexp.map(textOf).join(' ')})`;
}

/** `#x0f`, `#b01`, `true`, `(_ bv15 8)`, `((as const …) v)`, `(store a k v)`. */
function valueOf(sexp: Sexp): Value | undefined {
  if (typeof sexp === 'string') return sexp === 'true' ? 1n : sexp === 'false' ? 0n : /^#[xb][0-9a-f]+$/i.test(sexp) ? BigInt(`0${sexp.slice(1)}`) : undefined;
  const [head, ...args] = sexp;
  if (head === '_' && typeof args[0] === 'string' && /^bv\d+$/.test(args[0])) return BigInt(args[0].slice(2));
  if (typeof head === 'object' && head[0] === 'as') return filled(args[0]);
  return head === 'store' ? stored(sexp) : undefined;
}

function filled(sexp: Sexp | undefined): ArrayValue | undefined {
  const rest = sexp === undefined ? undefined : valueOf(sexp);
  return typeof rest === 'bigint' ? { rest, at: new Map() } : undefined;
}

/** From the innermost on: later ones win. */
function stored(sexp: Sexp): ArrayValue | undefined {
  const writes: (readonly [bigint, bigint])[] = [];
  let inner: Sexp | undefined = sexp;
  while (typeof inner === 'object' && inner[0] === 'store') {
    const [, array, key, value]: readonly Sexp[] = inner;
    const [at, to] = [key, value].map((one) => (one === undefined ? undefined : valueOf(one)));
    if (typeof at !== 'bigint' || typeof to !== 'bigint') return undefined;
    writes.push([at, to]);
    inner = array;
  }
  const base = inner === undefined ? undefined : valueOf(inner);
  if (base === undefined || typeof base === 'bigint') return undefined;
  return { rest: base.rest, at: new Map(writes.reverse()) };
}

/** Every S-expression of a text; what is not closed ends with the text. */
function parse(text: string): readonly Sexp[] {
  const top: Sexp[] = [];
  const open: Sexp[][] = [];
  for (const [token] of text.matchAll(/[()]|"(?:[^"]|"")*"|\|[^|]*\||[^\s()"|]+/g)) {
    const inner = open.at(-1) ?? top;
    if (token === '(') open.push([]);
    else if (token === ')') {
      const list = open.pop();
      if (list) (open.at(-1) ?? top).push(list);
    } else inner.push(token);
  }
  return [...top, ...open];
}
