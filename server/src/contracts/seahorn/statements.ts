import type { IrExpr, IrProgram, IrStmt } from '../ir/ir.ts';
import { argumentsOf, condition, named, readsThroughAddress, words, type ExpressionContext } from './expression.ts';
import type { Helpers } from './helpers.ts';
import type { Names } from './names.ts';
import type { Asserted, Through } from './scope.ts';
import { Unprintable } from './unprintable.ts';
import { typeOf, WORD } from './words.ts';

/** What statements are printed with. */
export interface PrintContext {
  readonly program: IrProgram;
  readonly names: Names;
  readonly helpers: Helpers;
  /** The assertions of this file; others are left out. */
  readonly asserted: ReadonlySet<Asserted>;
  /** What is read through addresses. */
  readonly through: ReadonlyMap<string, Through>;
  /** The directive for a place in the source. */
  line(start: number): string;
}

/** Prints the statements of one handler. Counts the places that write to a map or read through an address: each has its own slot. */
export class StatementPrinter implements ExpressionContext {
  readonly program: IrProgram;
  readonly names: Names;
  readonly helpers: Helpers;
  /** How many slots each map and each read takes in one event. */
  readonly slots = new Map<string, number>();
  leaves = false;
  readonly #context: PrintContext;
  readonly #lines: string[] = [];
  readonly #frames: { readonly next: Map<string, number>; before(of: string): readonly string[] }[] = [];
  #rounds = 0;

  constructor(context: PrintContext) {
    this.#context = context;
    this.program = context.program;
    this.names = context.names;
    this.helpers = context.helpers;
  }

  print(body: readonly IrStmt[]): readonly string[] {
    this.#block(body, 3);
    return this.#lines;
  }

  site(read: string): string {
    return this.#slot(`read ${read}`);
  }

  address(read: string): number {
    return this.#context.through.get(read)?.address ?? WORD;
  }

  /**
   * The next slot. In a loop each round has its own, behind those of the round before: the slots of a map are in the order in which they are written.
   */
  #slot(of: string): string {
    const frame = this.#frames.at(-1);
    if (!frame) return `${this.#take(this.slots, of, 1)}`;
    return [...frame.before(of), `${this.#take(frame.next, of, 1)}`].join(' + ');
  }

  #take(counts: Map<string, number>, of: string, count: number): number {
    const at = counts.get(of) ?? 0;
    counts.set(of, at + count);
    return at;
  }

  /** Makes room for the slots of a loop's rounds. */
  #enter(round: string, { body, limit, condition: test }: Extract<IrStmt, { kind: 'loop' }>): void {
    const needed = slotsOf([{ kind: 'assume', condition: test, span: { start: 0, end: 0 } }, ...body]);
    const outer = this.#frames.at(-1);
    const starts = new Map([...needed].map(([of, count]): [string, readonly string[]] => {
      const base = this.#take(outer ? outer.next : this.slots, of, count * limit);
      return [of, [...(outer?.before(of) ?? []), `${base}`, `${round} * ${count}`]];
    }));
    this.#frames.push({ next: new Map(), before: (of) => starts.get(of) ?? [] });
  }

  #block(body: readonly IrStmt[], depth: number): void {
    for (const statement of body) this.#statement(statement, depth);
  }

  #add(depth: number, ...lines: readonly string[]): void {
    this.#lines.push(...lines.map((line) => `${'  '.repeat(depth)}${line}`));
  }

  #statement(statement: IrStmt, depth: number): void {
    if (statement.kind === 'assert' && !this.#context.asserted.has(statement)) return;
    this.#lines.push(this.#context.line(statement.span.start));
    switch (statement.kind) {
      case 'set':
        return this.#set(statement, depth);
      case 'put':
        return this.#add(depth, `${this.#map(statement.map)}__put(${this.#slot(statement.map)}, ${argumentsOf(statement.key, this)}, ${argumentsOf(statement.value, this)});`);
      case 'remove':
        return this.#add(depth, `${this.#map(statement.map)}__remove(${this.#slot(statement.map)}, ${argumentsOf(statement.key, this)});`);
      case 'clear':
        if (statement.keys === 'stay') throw new Unprintable('zero()');
        return this.#add(depth, `${this.#map(statement.map)}__clear(${this.#slot(statement.map)});`);
      case 'if':
        return this.#if(statement, depth);
      case 'loop':
        return this.#loop(statement, depth);
      case 'assume':
        return this.#add(depth, `assume(${condition(statement.condition, this)});`);
      case 'assert':
        return this.#assert(statement, depth);
      case 'leave':
        this.leaves = true;
        this.#add(depth, 'goto event_done;');
    }
  }

  #map(name: string): string {
    return this.names.of('map', name);
  }

  #set({ name, value }: Extract<IrStmt, { kind: 'set' }>, depth: number): void {
    const parts = words(value, this);
    const to = named(this.names.of('variable', name), parts.reduce((sum, { width }) => sum + width, 0));
    if (parts.length === 1) return this.#add(depth, `${to[0]?.text ?? ''} = ${parts[0]?.text ?? ''};`);
    // Its words may be made of its words.
    const fresh = parts.map(({ text, width }, n) => `const ${typeOf(width)} word__${n} = ${text};`);
    this.#add(depth, `{ ${[...fresh, ...to.map(({ text }, n) => `${text} = word__${n};`)].join(' ')} }`);
  }

  #if({ condition: test, then, otherwise }: Extract<IrStmt, { kind: 'if' }>, depth: number): void {
    this.#add(depth, `if (${condition(test, this)}) {`);
    this.#block(then, depth + 1);
    if (otherwise.length > 0) {
      this.#add(depth, '} else {');
      this.#block(otherwise, depth + 1);
    }
    this.#add(depth, '}');
  }

  /** Each round looks again, so that the number of rounds is a constant and the loop can be unrolled: once it is over nothing changes any more. */
  #loop(loop: Extract<IrStmt, { kind: 'loop' }>, depth: number): void {
    const round = `round__${++this.#rounds}`;
    this.#add(depth, 'UNROLL', `for (unsigned ${round} = 0; ${round} < ${loop.limit}; ${round}++) {`);
    this.#enter(round, loop);
    this.#add(depth + 1, `if (${condition(loop.condition, this)}) {`);
    this.#block(loop.body, depth + 2);
    this.#frames.pop();
    this.#add(depth + 1, '}');
    this.#add(depth, '}', this.#context.line(loop.span.start).trimStart());
    const over = `!(${condition(loop.condition, this)})`;
    this.#add(depth, `{ const bool over = ${over};${this.#context.asserted.has(loop) ? ' if (last) sassert(over);' : ''} assume(over); }`);
  }

  #assert(statement: Extract<IrStmt, { kind: 'assert' }>, depth: number): void {
    const text = condition(statement.condition, this);
    // The macro may make its condition twice: what takes inputs is made before.
    this.#add(depth, readsThroughAddress(statement.condition) ? `{ const bool holds = ${text}; if (last) sassert(holds); }` : `if (last) sassert(${text});`);
  }
}

/** How many slots statements take for each map and each read through an address, as they are printed. */
function slotsOf(body: readonly IrStmt[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const add = (of: string, count: number): void => void counts.set(of, (counts.get(of) ?? 0) + count);
  const expression = (expr: IrExpr): void => {
    if (expr.kind === 'read' && expr.of) {
      add(`read ${expr.name}`, 1);
      expression(expr.of);
    } else if (expr.kind === 'entry' || expr.kind === 'present') expression(expr.key);
    else if (expr.kind === 'apply') expr.args.forEach(expression);
  };
  for (const statement of body) {
    if (statement.kind === 'put' || statement.kind === 'remove' || statement.kind === 'clear') add(statement.map, 1);
    if ('condition' in statement) expression(statement.condition);
    if ('value' in statement) expression(statement.value);
    if ('key' in statement) expression(statement.key);
    const inner = statement.kind === 'if' ? [slotsOf([...statement.then, ...statement.otherwise])] : statement.kind === 'loop' ? [slotsOf(statement.body)] : [];
    for (const each of inner) for (const [of, count] of each) add(of, statement.kind === 'loop' ? count * statement.limit : count);
    // The condition of a loop is printed once more in its body, and once behind it.
    if (statement.kind === 'loop') {
      const test = slotsOf([{ kind: 'assume', condition: statement.condition, span: statement.span }]);
      for (const [of, count] of test) add(of, count * statement.limit);
    }
  }
  return counts;
}
