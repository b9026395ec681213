import type { Span } from '../../../base/span.ts';
import { Brackets } from './brackets.ts';
import { danglingAtLineEnd, danglingBefore, type Dangling } from './dangling.ts';
import { foreignAt } from './foreign.ts';
import { isSpace, isWordChar, lineEnd, looksLikeHeader, missingQuote, nextHeader, stringEnd, wordAt } from './lex.ts';

/** Why the scanner stopped: at a character it was told to stop at, before the header of another item, or at the end. */
export type Stop = 'stop' | 'header' | 'end';

/** Words whose parenthesis ends before a block. */
const BEFORE_BLOCK = new Set(['if', 'while', 'for', 'unroll']);

/** Moves through the tokens of one item, up to `limit`. Knows brackets, strings and comments, and nothing of the grammar. */
export class ItemScanner {
  readonly text: string;
  readonly limit: number;
  readonly brackets: Brackets;
  readonly comments: Span[] = [];
  readonly attachPoints: Span[] = [];
  /** The first place inside an open bracket where another item seems to begin. */
  candidate: number | undefined;
  pos: number;
  /** End of the last token that is no comment. */
  significant: number;
  /** End of the token before that one. */
  previous: number;
  /** Where a new item's header ends the item even inside brackets. */
  readonly #eager: boolean;
  readonly #c: boolean;
  readonly #lastCommentEnd: number;
  #lineStart = false;

  /** `lastCommentEnd`: where the text's last end of a block comment stands, so that it is searched for once. */
  constructor(text: string, start: number, limit: number, options: { eager: boolean; c: boolean; lastCommentEnd: number }) {
    this.text = text;
    this.limit = limit;
    this.pos = start;
    this.significant = start;
    this.previous = start;
    this.brackets = new Brackets(text);
    this.#eager = options.eager;
    this.#c = options.c;
    this.#lastCommentEnd = options.lastCommentEnd;
  }

  /** A brace at `pos` and everything up to the one that closes it. */
  block(): Stop {
    this.token(1, () => this.brackets.open('{', this.pos));
    return this.rest();
  }

  /** Up to where all brackets are closed. */
  rest(): Stop {
    while (this.brackets.depth > 0) {
      const stop = this.next();
      if (stop) return stop;
    }
    return 'stop';
  }

  /** Up to one of these characters outside of brackets, or to where a new item begins. */
  until(stops: string): Stop {
    for (;;) {
      this.#skipSpace();
      const char = this.text[this.pos];
      if (this.pos >= this.limit || char === undefined) return 'end';
      if (this.brackets.depth === 0) {
        if (this.#lineStart && looksLikeHeader(this.text, this.pos)) return 'header';
        if (stops.includes(char)) return 'stop';
      }
      const stop = this.next();
      if (stop) return stop;
    }
  }

  /** Skips white space and comments. True when a line ended between. */
  gap(): boolean {
    const from = this.pos;
    for (;;) {
      this.#skipSpace();
      if (this.text[this.pos] !== '/' || !this.#comment()) break;
    }
    return this.text.slice(from, this.pos).includes('\n');
  }

  /** One token. Answers when the item cannot go on. */
  next(): Stop | undefined {
    this.#skipSpace();
    if (this.brackets.hopeless) {
      this.token((nextHeader(this.text, this.pos, this.limit) ?? this.limit) - this.pos);
      return 'header';
    }
    if (this.pos >= this.limit) return 'end';
    const char = this.text[this.pos] ?? '';
    if (this.#lineStart) {
      this.#lineStart = false;
      if (this.#newLine(char)) return 'header';
    }
    if (char === '/' && this.#comment()) return undefined;
    if (char === '"') this.#string();
    else if (char === '{' || char === '(' || char === '[') this.#open(char);
    else if (char === '}' || char === ')' || char === ']') return this.#close(char);
    else if (char === ';') this.#semicolon();
    else if (isWordChar(char) || char === '$' || char === '@') this.#word(char);
    else this.#other(char);
    return undefined;
  }

  token(length: number, before?: () => void): void {
    before?.();
    this.pos += length;
    this.previous = this.significant;
    this.significant = this.pos;
  }

  #skipSpace(): void {
    while (this.pos < this.limit && isSpace(this.text[this.pos])) {
      if (this.text[this.pos] === '\n') this.#lineStart = true;
      this.pos++;
    }
  }

  /** The first token of a line: does a statement or even an item begin here? */
  #newLine(char: string): boolean {
    const { text, pos, brackets } = this;
    if (text[pos - 1] === '\n' && brackets.depth > 0 && looksLikeHeader(text, pos)) {
      this.candidate ??= pos;
      if (this.#eager) return true;
    }
    const inner = brackets.innermost;
    if (inner !== undefined && !this.#c) {
      const dangling = danglingAtLineEnd(text, this.significant, pos);
      if (dangling) this.#standIn(dangling, inner === '{' ? ';' : '');
      if (dangling && inner !== '{') brackets.lineBreak(this.significant);
    }
    if (inner !== undefined && inner !== '{') {
      const operandBefore = /[\w"\])]/.test(text[this.significant - 1] ?? '');
      if (operandBefore && /[A-Za-z_$@]/.test(char)) brackets.lineBreak(this.significant);
    }
    return false;
  }

  #word(char: string): void {
    const { text, pos } = this;
    this.token(text.startsWith('$#', pos) ? 2 : 1 + wordAt(text, pos + 1).length);
    if (char === '$' && this.pos === pos + 1) this.#standIn({ start: pos, end: pos + 1, insert: 'm', message: 'Expected a name after $' });
  }

  #open(char: string): void {
    if (char === '{' && this.brackets.innermost === '(' && this.#endsCondition()) this.brackets.closeHere(this.significant);
    this.token(1, () => this.brackets.open(char, this.pos));
  }

  /** `if (x {`: an operand and a brace never stand side by side. */
  #endsCondition(): boolean {
    if (!/[\w"\])]/.test(this.text[this.significant - 1] ?? '')) return false;
    return this.#wordBefore(this.brackets.innermostAt);
  }

  /** What is missing behind an operator is made up, so that the rest can be read. */
  #standIn({ start, end, insert, message }: Dangling, semicolon = ''): void {
    this.brackets.patches.push({ at: end, blank: 0, insert: insert + semicolon });
    this.brackets.add({ code: 'syntax-error', message, span: { start, end } });
  }

  /** Looks for a dangling operator before a token that begins no operand; empty at the end of the item. */
  operandExpected(next: string, significant = this.significant): void {
    const { text, brackets } = this;
    if (this.#c || (brackets.depth === 0 && next !== '/')) return;
    const opener = brackets.innermostAt;
    const inCall = brackets.innermost === '[' || isWordChar(text[opener - 1]);
    const dangling = danglingBefore(text, significant, next, inCall);
    if (dangling) this.#standIn(dangling);
    else if (next === ')' && significant === opener + 1 && this.#wordBefore(opener)) this.#standIn({ start: opener, end: significant, insert: 'm', message: 'Expected a condition here.' });
  }

  #semicolon(): void {
    this.operandExpected(';');
    if (this.#inLoopHead()) return this.token(1);
    this.token(1, () => this.brackets.semicolon(this.significant));
  }

  /** `for (let $i = 0; …)` is C. */
  #inLoopHead(): boolean {
    const { text, pos, limit, brackets } = this;
    const opener = brackets.innermostAt;
    if (brackets.innermost !== '(' || !/\bfor\s*$/.test(text.slice(Math.max(0, opener - 12), opener))) return false;
    if (brackets.faults.at(-1)?.quiet.start !== opener) {
      const span = { start: opener, end: pos + 1 };
      brackets.add({ code: 'syntax-error', message: 'bpftrace has no such loop. Write for ($i : 0..10) { … }.', span, quiet: { start: opener, end: lineEnd(text, pos, limit) } });
    }
    return true;
  }

  /** Does a word stand before this parenthesis that needs something inside, and a block behind? */
  #wordBefore(parenthesis: number): boolean {
    const before = this.text.slice(Math.max(0, parenthesis - 12), parenthesis).trimEnd();
    return BEFORE_BLOCK.has(/[a-z]+$/.exec(before)?.[0] ?? '');
  }

  /** `struct a { int b }`: in C a member ends with a semicolon. */
  #memberEnds(): void {
    const { text, significant, brackets } = this;
    const opener = brackets.innermostAt;
    if (brackets.innermost !== '{' || /[;{}]/.test(text[significant - 1] ?? '') || /\benum\b[\s\w]*$/.test(text.slice(Math.max(0, opener - 80), opener))) return;
    const span = { start: significant, end: significant };
    brackets.patches.push({ at: significant, blank: 0, insert: ';' });
    brackets.add({ code: 'syntax-error', message: 'Expected ; here.', span, repair: { title: 'Add ;', newText: ';' } });
  }

  #close(char: string): Stop | undefined {
    this.operandExpected(char);
    if (this.#c && char === '}') this.#memberEnds();
    const columnZero = char === '}' && this.text[this.pos - 1] === '\n';
    this.token(1, () => this.brackets.close(char, this.pos, this.significant));
    if (!columnZero || this.brackets.depth === 0) return undefined;
    let next = this.pos;
    while (this.text[next] === ' ' || this.text[next] === '\t') next++;
    if (!looksLikeHeader(this.text, next)) return undefined;
    this.candidate ??= next;
    return this.#eager ? 'header' : undefined;
  }

  #other(char: string): void {
    const { text, pos } = this;
    if (this.#c && char === "'") {
      const literal = /'(?:\\[^\r\n]|[^\\'\r\n])'/y;
      literal.lastIndex = pos;
      if (literal.test(text)) return this.token(literal.lastIndex - pos);
    }
    if (char === ',') this.operandExpected(',');
    if (!this.#c && this.#foreign()) return;
    // `@x[1 = 2`: no assignment stands inside of brackets.
    const assigns = char === '=' && text[pos + 1] !== '=' && !/[=!<>]/.test(text[pos - 1] ?? '');
    if (assigns && this.brackets.innermost === '[') this.brackets.closeHere(this.significant);
    this.token(1);
  }

  #foreign(): boolean {
    const { text, pos, limit, brackets } = this;
    const found = brackets.depth > 0 ? foreignAt(text, pos, limit) : undefined;
    if (!found) return false;
    const { end, message, repair, patches, isComment } = found;
    brackets.patches.push(...patches);
    brackets.add({ code: 'syntax-error', message, span: { start: pos, end }, ...(repair && { repair }) });
    if (isComment) this.comments.push({ start: pos, end });
    if (isComment) this.pos = end;
    else this.token(end - pos);
    return true;
  }

  #string(): void {
    const start = this.pos;
    const { end, closed } = stringEnd(this.text, start, this.limit);
    if (closed) return this.token(end - start);
    const place = missingQuote(this.text, start, end);
    this.brackets.patches.push({ at: place, blank: 0, insert: '"' });
    this.brackets.add({
      code: 'unclosed-string',
      message: 'This string is never closed.',
      span: { start, end: Math.max(place, start + 1) },
      quiet: { start, end },
      repair: { title: 'Add "', span: { start: place, end: place }, newText: '"' },
    });
    this.token(place - start);
  }

  #comment(): boolean {
    const { text, pos, limit } = this;
    if (text[pos + 1] === '/') this.pos = lineEnd(text, pos, limit);
    else if (text[pos + 1] === '*') this.#blockComment();
    else return false;
    this.comments.push({ start: pos, end: this.pos });
    return true;
  }

  #blockComment(): void {
    const start = this.pos;
    const end = start + 2 <= this.#lastCommentEnd ? this.text.indexOf('*/', start + 2) : -1;
    if (end >= 0 && end + 2 <= this.limit) {
      this.pos = end + 2;
      return;
    }
    this.pos = nextHeader(this.text, start, this.limit) ?? this.limit;
    this.#lineStart = this.pos < this.limit;
    this.brackets.patches.push({ at: this.pos, blank: 0, insert: '*/' });
    this.brackets.add({
      code: 'unclosed-comment',
      message: 'This comment is never closed.',
      span: { start, end: start + 2 },
      quiet: { start, end: this.pos },
      repair: { title: 'Add */', span: { start: this.pos, end: this.pos }, newText: '*/' },
    });
  }
}
