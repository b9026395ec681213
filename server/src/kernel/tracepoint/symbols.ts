import { evaluateConstant } from './constant.ts';

/** The names a tracepoint's print format has for the values of one of its fields. */
export interface FieldSymbols {
  readonly field: string;
  /** The names are of bits, which may be set together. */
  readonly flags: boolean;
  /** What is looked up, where it is not the field alone: `REC->flags & 7`. */
  readonly expression?: string;
  /** In the order of the format. A value may have only one name. */
  readonly values: ReadonlyMap<bigint, string>;
}

/** More names than any table of the kernel has; damaged text may go on without end. */
const MAX_NAMES = 2_000;

const CALL = /__print_(symbolic|flags)(?:64|_u64)?\s*\(/g;

/**
 * The tables of a `print fmt` line of a tracepoint's format: `__print_symbolic(REC->state, { 1, "ESTABLISHED" }, …)` and
 * `__print_flags(REC->flags, "|", { 1, "SYNC" }, …)`. `valueOf` tells the values of enumerators, which some formats
 * name. Entries whose value cannot be told are left out, and tables without any.
 */
export function symbolsOf(printFormat: string, valueOf: (name: string) => bigint | undefined): readonly FieldSymbols[] {
  const found = new Map<string, FieldSymbols>();
  for (const call of printFormat.matchAll(CALL)) {
    const [looked = '', ...rest] = splitArguments(printFormat, call.index + call[0].length);
    const field = /REC->([A-Za-z_]\w*)/.exec(looked)?.[1];
    if (field === undefined) continue;
    const values = readValues(rest, valueOf);
    if (values.size === 0) continue;
    const expression = withoutParentheses(looked);
    const key = `${call[1] ?? ''} ${expression}`;
    if (found.has(key)) continue;
    found.set(key, { field, flags: call[1] === 'flags', ...(expression === `REC->${field}` ? {} : { expression }), values });
  }
  return [...found.values()];
}

/** The arguments of a call, from behind its parenthesis on. */
function splitArguments(text: string, from: number): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = from;
  for (let at = from; at < text.length && parts.length <= MAX_NAMES; at++) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at);
    else if (character === '(' || character === '{') depth++;
    else if (depth === 0 && (character === ',' || character === ')')) {
      parts.push(text.slice(start, at).trim());
      if (character === ')') return parts;
      start = at + 1;
    } else if (character === ')' || character === '}') depth--;
  }
  return parts;
}

function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

function readValues(entries: readonly string[], valueOf: (name: string) => bigint | undefined): Map<bigint, string> {
  const values = new Map<bigint, string>();
  for (const entry of entries) {
    const [, expression, name] = /^\{([^"]*),\s*"((?:[^"\\]|\\.)*)"\s*\}$/.exec(entry) ?? [];
    const value = expression === undefined ? undefined : evaluateConstant(expression, valueOf);
    if (value !== undefined && name !== undefined && !values.has(value)) values.set(value, name);
  }
  return values;
}

/** Without those around the whole. */
function withoutParentheses(text: string): string {
  const inner = /^\(([^()]*)\)$/.exec(text)?.[1];
  return inner === undefined ? text : inner.trim();
}
