/** Deepest nesting that is followed; the kernel's own has some ten. */
const MAX_DEPTH = 64;

/** Longer ones are not looked at; the kernel's own have some 300 characters. */
const MAX_LENGTH = 4_000;

/** Binary operators by how tightly they bind, the loosest first. */
const LEVELS: readonly (readonly string[])[] = [['|'], ['^'], ['&'], ['<<', '>>'], ['+', '-'], ['*', '/', '%']];

const TOKEN = /\s*(0[xX][\da-fA-F]+|\d+|'(?:\\.|[^'\\])'|[A-Za-z_]\w*|<<|>>|[()|^&+\-*/%~!])(?:(?<=\d|[a-fA-F])[uUlL]+\b)?/y;

const TYPE_WORD = /^(?:unsigned|signed|long|int|short|char|const|enum|__force|bool|_Bool|[su](?:8|16|32|64)|__[usbl]e?\d+|\w+_t)$/;

/**
 * The value of a constant expression of C with integers, as print formats hold them: `(1UL << 3) | 0x10`. Names are
 * looked up; casts are passed over, so nothing is cut to a narrower type. Undefined for what is no such expression.
 */
export function evaluateConstant(text: string, valueOf: (name: string) => bigint | undefined): bigint | undefined {
  const tokens = text.length > MAX_LENGTH ? undefined : tokenize(text);
  if (!tokens) return undefined;
  const reader = new Reader(tokens, valueOf);
  const value = reader.binary(0, 0);
  return reader.atEnd() ? value : undefined;
}

function tokenize(text: string): string[] | undefined {
  const tokens: string[] = [];
  const pattern = new RegExp(TOKEN);
  for (const end = text.trimEnd().length; pattern.lastIndex < end; ) {
    const token = pattern.exec(text)?.[1];
    if (token === undefined) return undefined;
    tokens.push(token);
  }
  return tokens;
}

class Reader {
  #at = 0;
  readonly #tokens: readonly string[];
  readonly #valueOf: (name: string) => bigint | undefined;

  constructor(tokens: readonly string[], valueOf: (name: string) => bigint | undefined) {
    this.#tokens = tokens;
    this.#valueOf = valueOf;
  }

  atEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  binary(level: number, depth: number): bigint | undefined {
    const operators = LEVELS[level];
    if (!operators) return this.#unary(depth);
    let left = this.binary(level + 1, depth);
    for (let operator = this.#tokens[this.#at]; left !== undefined && operators.includes(operator ?? ''); operator = this.#tokens[this.#at]) {
      this.#at++;
      const right = this.binary(level + 1, depth);
      left = right === undefined ? undefined : apply(operator ?? '', left, right);
    }
    return left;
  }

  #unary(depth: number): bigint | undefined {
    if (depth > MAX_DEPTH) return undefined;
    const token = this.#tokens[this.#at++];
    if (token === undefined) return undefined;
    if (token === '(') return this.#castOrGroup(depth + 1);
    if (token === '-' || token === '~' || token === '+' || token === '!') {
      const of = this.#unary(depth + 1);
      if (of === undefined || token === '+') return of;
      if (token === '!') return of === 0n ? 1n : 0n;
      return token === '-' ? -of : ~of;
    }
    if (token.startsWith("'")) return BigInt(token.charCodeAt(1));
    if (/^0[0-7]+$/.test(token)) return BigInt(`0o${token.slice(1)}`);
    return /^\d/.test(token) ? BigInt(token) : this.#valueOf(token);
  }

  #castOrGroup(depth: number): bigint | undefined {
    const end = this.#tokens.indexOf(')', this.#at);
    const inside = this.#tokens.slice(this.#at, end);
    if (end > this.#at && inside.every((word) => /^[A-Za-z_]/.test(word)) && (inside.length > 1 || TYPE_WORD.test(inside[0] ?? ''))) {
      this.#at = end + 1;
      return this.#unary(depth);
    }
    const value = this.binary(0, depth);
    return this.#tokens[this.#at++] === ')' ? value : undefined;
  }
}

function apply(operator: string, left: bigint, right: bigint): bigint | undefined {
  switch (operator) {
    case '|':
      return left | right;
    case '^':
      return left ^ right;
    case '&':
      return left & right;
    case '<<':
      return right >= 0n && right < 64n ? left << right : undefined;
    case '>>':
      return right >= 0n && right < 64n ? left >> right : undefined;
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0n ? undefined : left / right;
    default:
      return right === 0n ? undefined : left % right;
  }
}
