import { assigns, bare, declares, literal } from './text.ts';
import { outlineOf, type FunctionOutline, type Statement, type StatementKind } from './outline.ts';

/** Questions about the functions and statements of a source, by lines. Of a log without its source the cited lines are the statements. */
export class Code {
  readonly #functions: readonly FunctionOutline[];
  readonly #lines: ReadonlyMap<number, string>;
  readonly #flat = new Map<FunctionOutline, readonly Statement[]>();

  constructor(lines: ReadonlyMap<number, string>, whole: string | undefined) {
    this.#lines = lines;
    this.#functions = whole === undefined ? [cited(lines)] : outlineOf(whole);
  }

  get functions(): readonly FunctionOutline[] {
    return this.#functions;
  }

  functionAt(line: number): FunctionOutline | undefined {
    return this.#functions.find((f) => f.first <= line && line <= f.end);
  }

  named(name: string): FunctionOutline | undefined {
    return this.#functions.find((f) => f.name === name);
  }

  /** All statements of a function in the order of the text, those with a body before it. */
  statements(of: FunctionOutline | undefined): readonly Statement[] {
    if (!of) return [];
    let known = this.#flat.get(of);
    if (!known) {
      known = flat(of.body);
      this.#flat.set(of, known);
    }
    return known;
  }

  /** The statements that have the line in their own words, in their order. */
  statementsOn(line: number): readonly Statement[] {
    return this.statements(this.functionAt(line)).filter((s) => (s.line <= line && line <= s.headEnd && s.kind !== 'block') || (s.kind === 'do' && s.end === line));
  }

  /** The statement a line is: of `if (p) return;` the condition. */
  statementAt(line: number): Statement | undefined {
    const all = this.statementsOn(line);
    return all.find((s) => s.body.length > 0) ?? all.at(-1);
  }

  /** Statements around a line, the innermost first. */
  around(line: number): readonly Statement[] {
    return this.statements(this.functionAt(line)).filter((s) => s.body.length > 0 && s.line <= line && line <= s.end).reverse();
  }

  /** The words of the statements a line belongs to. */
  statement(line: number): string {
    const all = this.statementsOn(line);
    return all.length > 0 ? all.map((s) => s.text).join(' ') : bare(this.#lines.get(line) ?? '');
  }

  /** The first line of a statement without a body that goes over several; lines of others and of initializers in braces are their own. */
  startOf(line: number): number {
    const statement = this.statementAt(line);
    return statement && (statement.kind === 'simple' || statement.kind === 'return') && !statement.text.includes('{') ? statement.line : line;
  }

  functionHead(line: number): number | undefined {
    const of = this.functionAt(line);
    return of && of.line > 0 ? of.line : undefined;
  }

  functionStart(line: number): number {
    return this.functionAt(line)?.first ?? line;
  }

  /** Of a log without its source it is the last line that is cited. */
  functionEnd(line: number): number {
    const end = this.functionAt(line)?.end ?? line;
    return end < Number.MAX_SAFE_INTEGER ? end : [...this.#lines.keys()].reduce((a, b) => Math.max(a, b), line);
  }

  /** Whether the line is part of a function's head with its arguments. */
  isHead(line: number): boolean {
    const of = this.functionAt(line);
    return of !== undefined && of.line > 0 && of.first <= line && line <= of.open && this.statementAt(line) === undefined;
  }

  /** Whether a line is on every way to one below it, `goto` and `case` left aside: it stands in the same list of statements as one that has the other. */
  leadsTo(line: number, other: number): boolean {
    const inList = (list: readonly Statement[]): boolean => {
      const at = list.findIndex((s) => s.line <= line && line <= s.end);
      const s = list[at];
      if (!s) return false;
      if (s.kind !== 'block' && line <= s.headEnd) return list.slice(at).some((each) => each.line <= other && other <= each.end);
      return inList(s.body) || inList(s.otherwise);
    };
    return line < other && inList(this.functionAt(line)?.body ?? []);
  }

  sameFunction(a: number, b: number): boolean {
    return this.functionAt(a) === this.functionAt(b);
  }

  /** Lines of the function that give the variable a value, in the order of the text. */
  assignments(name: string, line: number): number[] {
    return this.statements(this.functionAt(line)).filter((s) => assigns(s.text, name)).map((s) => lineWithin(s, name));
  }

  /** Where a variable of the function is declared: its line, or the head's for a parameter. */
  declaration(name: string, line: number): number | undefined {
    const of = this.functionAt(line);
    const own = this.statements(of).filter((s) => s.line <= line && declares(s.text, name)).at(-1);
    if (own) return lineWithin(own, name);
    return of?.parameters.some((p) => p.name === name) === true ? of.line : undefined;
  }

  isParameter(name: string, line: number): boolean {
    const of = this.functionAt(line);
    return of?.parameters.some((p) => p.name === name) === true && !this.statements(of).some((s) => declares(s.text, name));
  }

  /** Whether a statement of the function a line stands in matches. */
  functionHolds(line: number, pattern: RegExp): boolean {
    return this.statements(this.functionAt(line)).some((s) => pattern.test(s.text));
  }

  returns(line: number): readonly Statement[] {
    return this.statements(this.functionAt(line)).filter((s) => s.kind === 'return');
  }

  /** The last `return` of the function with a value. */
  lastReturn(line: number): number | undefined {
    return this.returns(line).filter((s) => /^return\b\s*[^;\s]/.test(s.text)).at(-1)?.line;
  }

  /** Lines that hold a call of the function a line stands in, or hand it on as a callback. */
  callersOf(line: number): number[] {
    const of = this.functionAt(line);
    if (!of || of.name === '') return [];
    const word = new RegExp(`\\b${literal(of.name)}\\b`);
    return this.#functions.filter((f) => f !== of).flatMap((f) => this.statements(f).filter((s) => word.test(s.text)).map((s) => lineWithin(s, of.name)));
  }

  /** The nearest loop around both lines. */
  loopAround(first: number, second: number): number | undefined {
    const inside = new Set(this.around(second));
    return this.around(first).find((s) => (s.kind === 'loop' || s.kind === 'do') && inside.has(s))?.line;
  }

  /** The `do` a line's `} while (…);` belongs to. */
  doOf(line: number): number | undefined {
    return this.statements(this.functionAt(line)).find((s) => s.kind === 'do' && s.end === line)?.line;
  }

  /** The program's first loop, where nothing tells which one is meant. */
  firstLoop(): number | undefined {
    return this.#functions.flatMap((f) => this.statements(f)).find((s) => s.kind === 'loop' || s.kind === 'do')?.line;
  }

  /** Inline assembly in the function a line stands in. */
  assemblyIn(line: number): number | undefined {
    return this.statements(this.functionAt(line)).find((s) => /\b(?:asm|__asm__)\b/.test(s.text))?.line;
  }
}

/** The line of a statement on which a word stands first. */
export function lineWithin(statement: Statement, word: string): number {
  const at = new RegExp(`\\b${literal(word)}\\b`).exec(statement.text)?.index ?? 0;
  return statement.line + statement.text.slice(0, at).split('\n').length - 1;
}

function flat(statements: readonly Statement[]): readonly Statement[] {
  return statements.flatMap((s) => [s, ...flat(s.body), ...flat(s.otherwise)]);
}

const KIND: Readonly<Record<string, StatementKind>> = { if: 'if', for: 'loop', while: 'loop', bpf_for: 'loop', switch: 'switch', return: 'return', goto: 'goto', break: 'break', continue: 'continue' };

/** The lines a log cites, taken for one function. */
function cited(lines: ReadonlyMap<number, string>): FunctionOutline {
  const body = [...lines].sort(([a], [b]) => a - b).map(([line, text]): Statement => ({ kind: KIND[/^\s*[}\s]*(\w+)/.exec(text)?.[1] ?? ''] ?? 'simple', line, headEnd: line, end: line, text: bare(text).trim(), body: [], otherwise: [] }));
  return { name: '', line: 0, first: 0, open: 0, end: Number.MAX_SAFE_INTEGER, parameters: [], body };
}
