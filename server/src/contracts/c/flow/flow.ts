import type { CAnalysis } from '../../../language/bpfc/analysis/analyze.ts';
import { child, type Cst } from '../../../language/bpftrace/syntax/cst.ts';
import type { Facts } from '../../properties/facts.ts';
import { initialised, store, value, type Env, type Frame } from './evaluate.ts';
import { isExpression, textOf, type Piece, type ReadC } from './piece.ts';
import { copied, either, NO_VALUE, type CValue, type Origin } from './value.ts';
import { World } from './world.ts';

/** What is known of the values of a program, flowing through variables, members of structs, maps, functions and macros. */
export interface CFlow {
  readonly world: World;
  readonly pieces: readonly Piece[];
  of(node: Cst | undefined): CValue;
  /** What the members are that a call like `BPF_CORE_READ(p, a.b, c)` goes through. */
  reads(call: Cst): readonly CValue[];
  /** All fields of the kernel's that the program reads. */
  readonly fieldsRead: readonly Extract<Origin, { kind: 'field' }>[];
}

/** What is known of places changes at most a few times. */
const MAX_ROUNDS = 8;
const LOOP_ROUNDS = 2;

export function flowOfC(analysis: CAnalysis, facts: Facts, read: ReadC): CFlow {
  const world = new World(analysis, facts, read);
  const { pieces } = world;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    // What a macro is given belongs to the round it was found in.
    world.found.clear();
    for (const piece of pieces) if (piece.kind === 'function') new Walk({ world, piece, env: new Map(), bound: undefined, depth: 0, statements: inside }).run();
    if (world.settle()) break;
  }
  return {
    world, pieces,
    of: (node) => (node && world.found.get(node)) ?? NO_VALUE,
    reads: (call) => world.reads.get(call) ?? [],
    fieldsRead: [...world.found.values(), ...[...world.reads.values()].flat()].flatMap(({ origin }) => (origin?.kind === 'field' ? [origin] : [])),
  };
}

/** `({ … })` and macros: the value of the last statement. */
function inside(frame: Frame, block: Cst): CValue {
  const walk = new Walk(frame);
  walk.statement(block);
  return walk.last;
}

class Walk {
  last: CValue = NO_VALUE;
  readonly #frame: Frame;
  /** What is known where `break`, `continue` and `goto` leave. */
  readonly #left: Env[][] = [];
  readonly #jumps = new Map<string, Env[]>();

  constructor(frame: Frame) {
    this.#frame = frame;
  }

  run(): void {
    this.statement(this.#frame.piece.body);
  }

  /** Whether what follows can be reached. */
  statement(node: Cst): boolean {
    switch (node.type) {
      case 'compound_statement':
      case 'else_clause':
        return this.#block(node);
      case 'declaration':
        this.#declaration(node);
        return true;
      case 'if_statement':
        return this.#if(node);
      case 'while_statement':
      case 'do_statement':
      case 'for_statement':
        return this.#loop(node);
      case 'switch_statement':
        return this.#switch(node);
      case 'return_statement': {
        const given = node.children.find(isExpression);
        if (given) this.#frame.world.put(`result ${this.#frame.piece.name}`, value(this.#frame, given));
        return false;
      }
      case 'break_statement':
      case 'continue_statement':
        this.#left.at(-1)?.push(this.#copy());
        return false;
      case 'goto_statement':
        this.#jump(node);
        return false;
      case 'labeled_statement':
        this.#merge(this.#jumps.get(this.#label(node)) ?? []);
        return this.#block(node);
      default:
        if (isExpression(node)) this.last = value(this.#frame, node);
        else for (const part of node.children) this.statement(part);
        return true;
    }
  }

  /** Behind a `return` there may be a label. */
  #block(node: Cst): boolean {
    let reached = true;
    for (const part of node.children) {
      if (part.type === 'statement_identifier') continue;
      if (part.type === 'labeled_statement' && !reached) this.#replace([]);
      if (reached || part.type === 'labeled_statement') reached = this.statement(part);
    }
    return reached;
  }

  #declaration(node: Cst): void {
    for (const declarator of node.children) {
      if (declarator.type !== 'init_declarator') continue;
      const name = innermost(declarator);
      const given = child(declarator, 'value');
      if (!name || !given) continue;
      const target = value(this.#frame, name);
      if (given.type === 'initializer_list') initialised(this.#frame, target, given);
      else {
        const made = value(this.#frame, given);
        store(this.#frame, target, made, textOf(this.#frame.piece, name), made.origin?.kind === 'field' ? made.origin.name : undefined);
      }
    }
  }

  #if(node: Cst): boolean {
    this.#expression(node, 'condition');
    const before = this.#copy();
    const [then, otherwise] = [child(node, 'consequence'), child(node, 'alternative')];
    const left = then ? this.statement(then) : true;
    const after = this.#copy();
    this.#replace([before]);
    const right = otherwise ? this.statement(otherwise) : true;
    if (left && right) this.#merge([after]);
    else if (left) this.#replace([after]);
    return left || right;
  }

  #loop(node: Cst): boolean {
    const first = child(node, 'initializer');
    if (first) this.statement(first);
    for (let round = 0; round < LOOP_ROUNDS; round++) {
      const before = this.#copy();
      this.#left.push([]);
      this.#expression(node, 'condition');
      const body = child(node, 'body');
      if (body) this.statement(body);
      this.#expression(node, 'update');
      this.#merge([before, ...(this.#left.pop() ?? [])]);
    }
    return true;
  }

  #switch(node: Cst): boolean {
    this.#expression(node, 'condition');
    const before = this.#copy();
    this.#left.push([]);
    let reached = false;
    for (const part of child(node, 'body')?.children ?? []) {
      if (part.type !== 'case_statement') continue;
      if (reached) this.#merge([before]);
      else this.#replace([before]);
      reached = true;
      for (const inner of part.children) if (reached) reached = this.statement(inner);
    }
    this.#merge([before, ...(this.#left.pop() ?? [])]);
    return true;
  }

  #expression(node: Cst, role: string): void {
    const at = child(node, role);
    if (at) value(this.#frame, at);
  }

  #label(node: Cst): string {
    return textOf(this.#frame.piece, node.children.find(({ type }) => type === 'statement_identifier'));
  }

  #jump(node: Cst): void {
    const label = this.#label(node);
    this.#jumps.set(label, [...(this.#jumps.get(label) ?? []), this.#copy()]);
  }

  #copy(): Env {
    return new Map(this.#frame.env);
  }

  #replace(by: readonly Env[]): void {
    this.#frame.env.clear();
    this.#merge(by);
  }

  /** A variable that only one branch has set is used only where that one was taken. */
  #merge(others: readonly Env[]): void {
    const { env } = this.#frame;
    for (const other of others) for (const [place, known] of other) env.set(place, either(env.get(place), copied(known)));
  }
}

function innermost(declarator: Cst): Cst | undefined {
  const inner = child(declarator, 'declarator');
  return inner?.type === 'identifier' ? inner : inner && innermost(inner);
}
