import { tokens, withoutComments, type Token } from './tokens.ts';

/** What a statement does with the way the program goes. `loop` counts libbpf's bpf_for() and other macros with a body too. */
export type StatementKind = 'if' | 'loop' | 'do' | 'switch' | 'case' | 'label' | 'block' | 'return' | 'goto' | 'break' | 'continue' | 'simple';

export interface Statement {
  readonly kind: StatementKind;
  /** One-based lines: the first one, the last one of its own head (all of it, where it has no body), the last one. */
  readonly line: number;
  readonly headEnd: number;
  readonly end: number;
  /** Its own words without its body, comments blanked: `if (p + 1 > end)`. */
  readonly text: string;
  readonly body: readonly Statement[];
  readonly otherwise: readonly Statement[];
}

export interface Parameter {
  readonly name: string;
  readonly text: string;
}

export interface FunctionOutline {
  readonly name: string;
  /** The line with its name. */
  readonly line: number;
  /** The first line of its head, and the one of its opening brace. */
  readonly first: number;
  readonly open: number;
  readonly end: number;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
}

/** Deeper than this nobody nests; damaged sources do. */
const MAX_DEPTH = 100;
const NOT_NAMES = /^(?:SEC|__attribute__|__attribute|__section|__hidden|__weak|__arg_\w+|__declspec|typeof|__typeof__|if|for|while|switch|return|sizeof)$/;
const MAKES_FUNCTION = /^(?:BPF_\w+|SCX_\w+)$/;

/** The functions of a file and their statements. Reads what is no C as far as it goes; never throws. */
export function outlineOf(source: string): readonly FunctionOutline[] {
  const code = withoutComments(source);
  return new Reader(code, tokens(code)).functions();
}

class Reader {
  readonly #code: string;
  readonly #tokens: readonly Token[];
  /** For each opening bracket the token that closes it. */
  readonly #closes: ReadonlyMap<number, number>;
  #next = 0;
  #depth = 0;

  constructor(code: string, all: readonly Token[]) {
    this.#code = code;
    this.#tokens = all;
    this.#closes = pairs(all);
  }

  functions(): readonly FunctionOutline[] {
    const found: FunctionOutline[] = [];
    let from = 0;
    while (this.#next < this.#tokens.length) {
      const text = this.#text();
      if (text === '(' || text === '[') this.#skipGroup();
      else if (text === '{') {
        const made = this.#function(from);
        if (made) {
          found.push(made);
          from = this.#next;
        }
      } else {
        this.#next++;
        if (text === ';' || text === '}') from = this.#next;
      }
    }
    return found;
  }

  /** At a `{` on the outermost level: a function's body, or what a type or an initializer has in braces. */
  #function(from: number): FunctionOutline | undefined {
    const open = this.#next;
    const name = this.#nameOf(from, open);
    if (name === undefined) {
      this.#skipGroup();
      return undefined;
    }
    const body = this.#body();
    const first = this.#tokens[from];
    return { name: name.token.text, line: name.token.line, first: first?.line ?? name.token.line, open: this.#tokens[open]?.line ?? name.token.line, end: this.#lastLine(), parameters: this.#parameters(name.list, open).slice(name.skip), body };
  }

  /** The name before the parameters; of `BPF_PROG(name, …)` the first word in the brackets. */
  #nameOf(from: number, open: number): { token: Token; list: number; skip: number } | undefined {
    for (let i = from; i < open; i++) {
      const token = this.#tokens[i];
      if (token?.text === '=' || token === undefined) return undefined;
      if (this.#tokens[i + 1]?.text !== '(' || !/^[A-Za-z_]/.test(token.text)) continue;
      if (!NOT_NAMES.test(token.text)) {
        const inner = this.#tokens[i + 2];
        return MAKES_FUNCTION.test(token.text) && inner !== undefined && /^\w/.test(inner.text) ? { token: inner, list: i + 1, skip: 1 } : { token, list: i + 1, skip: 0 };
      }
      i = this.#groupEnd(i + 1);
    }
    return undefined;
  }

  #parameters(list: number, open: number): Parameter[] {
    const end = Math.min(this.#groupEnd(list), open);
    const found: Parameter[] = [];
    let from = list + 1;
    for (let i = from; i <= end; i++) {
      const text = this.#tokens[i]?.text;
      if (i < end && (text === '(' || text === '[')) i = this.#groupEnd(i);
      else if (i === end || text === ',') {
        const words = this.#tokens.slice(from, i).map((t) => t.text);
        const name = words.filter((word) => /^[A-Za-z_]\w*$/.test(word) && !/^__arg_/.test(word)).at(-1);
        if (name !== undefined && name !== 'void') found.push({ name, text: words.join(' ') });
        from = i + 1;
      }
    }
    return found;
  }

  /** A block's statements, or the single one that stands in its place. */
  #body(): readonly Statement[] {
    if (this.#text() !== '{') return this.#next < this.#tokens.length ? [this.#statement()] : [];
    this.#next++;
    const found: Statement[] = [];
    while (this.#next < this.#tokens.length && this.#text() !== '}') found.push(this.#statement());
    this.#next++;
    return found;
  }

  #statement(): Statement {
    if (++this.#depth > MAX_DEPTH) {
      this.#next = this.#tokens.length;
      this.#depth--;
      return { kind: 'simple', line: 0, headEnd: 0, end: 0, text: '', body: [], otherwise: [] };
    }
    const made = this.#anyStatement();
    this.#depth--;
    return made;
  }

  #anyStatement(): Statement {
    const from = this.#next;
    const word = this.#text();
    if (word === '{') return this.#made('block', from, from, this.#body());
    if (word === 'if' || word === 'while' || word === 'for' || word === 'switch' || this.#isLoopMacro()) return this.#headed(word === 'if' || word === 'switch' ? word : 'loop');
    if (word === 'do') {
      this.#next++;
      const body = this.#body();
      const tail = this.#next;
      this.#toSemicolon();
      return { ...this.#made('do', from, this.#next, body), text: `do ${this.#slice(tail, this.#next)}`, headEnd: this.#tokens[from]?.line ?? 0 };
    }
    if (word === 'case' || word === 'default') {
      while (this.#next < this.#tokens.length && this.#text() !== ':' && this.#text() !== ';') this.#step();
      this.#next++;
      return this.#made('case', from, this.#next);
    }
    if (/^[A-Za-z_]/.test(word) && this.#tokens[from + 1]?.text === ':') {
      this.#next += 2;
      return this.#made('label', from, this.#next);
    }
    if (word === 'else') this.#next++;
    this.#toSemicolon();
    return this.#made(word === 'return' || word === 'goto' || word === 'break' || word === 'continue' ? word : 'simple', from, this.#next);
  }

  #headed(kind: StatementKind): Statement {
    const from = this.#next;
    this.#next++;
    if (this.#text() === '(') this.#skipGroup();
    const head = this.#next;
    if (this.#text() === ';') {
      this.#next++;
      return this.#made(kind, from, head);
    }
    const body = this.#body();
    if (kind !== 'if' || this.#text() !== 'else') return this.#made(kind, from, head, body);
    this.#next++;
    return this.#made(kind, from, head, body, this.#body());
  }

  /** `bpf_for(i, 0, n) {`: a word with arguments before a block. */
  #isLoopMacro(): boolean {
    if (!/^[A-Za-z_]/.test(this.#text()) || this.#tokens[this.#next + 1]?.text !== '(') return false;
    const behind = this.#tokens[this.#groupEnd(this.#next + 1) + 1]?.text ?? '';
    return behind === '{' || (/^(?:bpf_for|bpf_for_each|bpf_repeat)$/.test(this.#text()) && behind !== ';');
  }

  #made(kind: StatementKind, from: number, head: number, body: readonly Statement[] = [], otherwise: readonly Statement[] = []): Statement {
    const line = this.#tokens[from]?.line ?? 0;
    const last = this.#tokens[Math.max(from, head - 1)]?.line ?? line;
    return { kind, line, headEnd: kind === 'block' ? line : last, end: this.#lastLine(), text: this.#slice(from, head), body, otherwise };
  }

  #slice(from: number, to: number): string {
    const last = this.#tokens[to - 1];
    return last === undefined || to <= from ? '' : this.#code.slice(this.#tokens[from]?.at ?? 0, last.at + last.text.length);
  }

  #text(): string {
    return this.#tokens[this.#next]?.text ?? '';
  }

  #lastLine(): number {
    return this.#tokens[Math.max(0, this.#next - 1)]?.line ?? 0;
  }

  #step(): void {
    if (/^[([{]$/.test(this.#text())) this.#skipGroup();
    else this.#next++;
  }

  #toSemicolon(): void {
    while (this.#next < this.#tokens.length && this.#text() !== ';') {
      if (this.#text() === '}') return;
      this.#step();
    }
    this.#next++;
  }

  #skipGroup(): void {
    this.#next = this.#groupEnd(this.#next) + 1;
  }

  /** The token that closes the bracket at `open`; the last one when none does. */
  #groupEnd(open: number): number {
    return this.#closes.get(open) ?? this.#tokens.length - 1;
  }
}

function pairs(all: readonly Token[]): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  const open: number[] = [];
  all.forEach(({ text }, i) => {
    if (text === '(' || text === '[' || text === '{') open.push(i);
    else if (text === ')' || text === ']' || text === '}') {
      const at = open.pop();
      if (at !== undefined) found.set(at, i);
    }
  });
  return found;
}
