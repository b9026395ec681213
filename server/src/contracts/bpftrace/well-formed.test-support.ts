import type { IrExpr, IrProgram, IrStmt, Width } from '../ir/ir.ts';

/** What is wrong with the widths of a program: what a solver would refuse. */
export function malformed(program: IrProgram): string[] {
  const check = new Check(program);
  for (const { body } of program.handlers) check.handler(body);
  for (const { condition, map } of program.invariants ?? []) check.invariant(condition, map);
  return [...new Set(check.faults)];
}

const COMPARING = new Set(['eq', 'ult', 'ule', 'slt', 'sle']);

class Check {
  readonly faults: string[] = [];
  readonly #program: IrProgram;
  #variables = new Map<string, Width>();

  constructor(program: IrProgram) {
    this.#program = program;
  }

  handler(body: readonly IrStmt[]): void {
    this.#variables = new Map();
    body.forEach((one) => { this.#statement(one); });
  }

  invariant(condition: IrExpr, map: string): void {
    const { key, value } = this.#map(map);
    this.#variables = new Map([['key', key], ['value', value]]);
    this.#expect('an invariant', this.#width(condition), 'bool');
  }

  #map(name: string): { readonly key: number; readonly value: number } {
    const found = this.#program.maps.find((one) => one.name === name);
    if (!found) this.faults.push(`there is no map ${name}`);
    return found ?? { key: 0, value: 0 };
  }

  #expect(what: string, is: Width | undefined, should: Width | undefined): void {
    if (is !== should) this.faults.push(`${what} has ${String(is)} bits, not ${String(should)}`);
  }

  #statement(one: IrStmt): void {
    switch (one.kind) {
      case 'set':
        this.#width({ kind: 'variable', name: one.name, width: this.#width(one.value) });
        return;
      case 'put':
        this.#expect(`value of ${one.map}`, this.#width(one.value), this.#map(one.map).value);
        return this.#expect(`key of ${one.map}`, this.#width(one.key), this.#map(one.map).key);
      case 'remove':
        return this.#expect(`key of ${one.map}`, this.#width(one.key), this.#map(one.map).key);
      case 'if':
        this.#expect('a condition', this.#width(one.condition), 'bool');
        return [...one.then, ...one.otherwise].forEach((each) => { this.#statement(each); });
      case 'loop':
        this.#expect('a condition', this.#width(one.condition), 'bool');
        return one.body.forEach((each) => { this.#statement(each); });
      case 'assume':
      case 'assert':
        return this.#expect('a condition', this.#width(one.condition), 'bool');
      case 'clear':
      case 'leave':
        return;
    }
  }

  #width(expr: IrExpr): Width {
    switch (expr.kind) {
      case 'const':
        if (expr.value < 0n || expr.value >> BigInt(expr.width === 'bool' ? 1 : expr.width) !== 0n) this.faults.push(`${expr.value} is no number of ${expr.width} bits`);
        return expr.width;
      case 'variable':
        this.#expect(expr.name, expr.width, this.#variables.get(expr.name) ?? expr.width);
        this.#variables.set(expr.name, expr.width);
        return expr.width;
      case 'read':
        if (expr.of) this.#width(expr.of);
        return expr.width;
      case 'entry':
      case 'present':
        this.#expect(`key of ${expr.map}`, this.#width(expr.key), this.#map(expr.map).key);
        return expr.kind === 'present' ? 'bool' : this.#map(expr.map).value;
      case 'apply':
        this.#apply(expr, expr.args.map((arg) => this.#width(arg)));
        return expr.width;
    }
  }

  #apply({ op, width, low = 0 }: Extract<IrExpr, { kind: 'apply' }>, args: readonly Width[]): void {
    const [a, b, c] = args;
    switch (op) {
      case 'conj':
      case 'disj':
      case 'negate':
        return args.forEach((arg) => { this.#expect(op, arg, 'bool'); });
      case 'ite':
        this.#expect('a condition', a, 'bool');
        this.#expect('a choice', b, width);
        return this.#expect('a choice', c, width);
      case 'concat':
        return this.#expect(op, args.reduce<number>((sum, arg) => sum + Number(arg), 0), width);
      case 'extract':
        return this.#expect(op, low + Number(width) <= Number(a) ? width : undefined, width);
      case 'zext':
      case 'sext':
        return this.#expect(op, Number(a) < Number(width) ? width : undefined, width);
      case 'not':
      case 'neg':
        return this.#expect(op, a, width);
      default:
        this.#expect(op, b, a);
        if (a === 'bool' && op !== 'eq') this.faults.push(`${op} of truth values`);
        return this.#expect(op, width, COMPARING.has(op) ? 'bool' : a);
    }
  }
}
