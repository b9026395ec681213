import { ARITHMETIC, ORDER } from '../terms/term.ts';
import { readName, type IrEvent } from './interpret.ts';
import { apply, bits, not, type IrExpr, type IrInvariant, type IrProgram, type IrStmt } from './ir.ts';

const KEYS = 4;
const ADDRESSES = 4;

/** Random programs over values of 8 bits, so that they meet, and events for them; the same for the same seed. */
export class IrGenerator {
  #state: number;
  #place = 0;

  constructor(seed: number) {
    this.#state = seed;
  }

  program(): IrProgram {
    this.#place = 0;
    const maps = [{ name: '@a', key: 8, value: 8 }, { name: '@b', key: 8, value: 8 }];
    const clocked: IrInvariant = { map: '@a', condition: apply('ule', 'bool', apply('zext', 64, { kind: 'variable', name: 'value', width: 8 }), { kind: 'read', name: 'now', width: 64 }), property: 'contract', span: this.#span() };
    const together: IrInvariant = { map: '@b', condition: { kind: 'present', map: '@a', key: { kind: 'variable', name: 'key', width: 8 } }, property: 'contract', span: this.#span() };
    return { maps, clocks: ['now'], invariants: [clocked, together], handlers: ['one', 'two'].map((name) => ({ name, span: this.#span(), body: this.#block(3) })) };
  }

  events({ handlers }: IrProgram): IrEvent[] {
    let now = BigInt(this.#random(20));
    return Array.from({ length: 3 }, () => {
      const reads = new Map<string, bigint>([['now', now]]);
      now += BigInt(this.#random(3));
      for (const name of ['x', 'y']) reads.set(name, BigInt(this.#random(6)));
      for (let address = 0; address < 256; address++) reads.set(readName('f', BigInt(address)), BigInt((address * 7 + this.#random(2)) % 256));
      return { handler: this.#pick(handlers).name, reads };
    });
  }

  #random(below: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * below);
  }

  #pick<T>(from: readonly T[]): T {
    const one = from[this.#random(from.length)];
    if (one === undefined) throw new Error('nothing to pick from');
    return one;
  }

  #span(): { start: number; end: number } {
    const start = this.#place++;
    return { start, end: start + 1 };
  }

  #block(depth: number): IrStmt[] {
    return Array.from({ length: 1 + this.#random(4) }, () => this.#statement(depth));
  }

  #statement(depth: number): IrStmt {
    const span = this.#span();
    const map = this.#pick(['@a', '@b']);
    switch (this.#random(depth > 0 ? 9 : 6)) {
      case 0:
      case 1:
        return { kind: 'set', name: this.#pick(['$v', '$w']), value: this.#bits(2), span };
      case 2:
        return { kind: 'put', map, key: this.#key(), value: this.#bits(2), span };
      case 3:
        return this.#random(4) === 0 ? { kind: 'clear', map, span } : { kind: 'remove', map, key: this.#key(), span };
      case 4:
        return { kind: 'assert', condition: this.#truth(2), property: 'contract', span };
      case 5:
        return this.#random(3) === 0 ? { kind: 'assume', condition: this.#truth(1), span } : { kind: 'set', name: '$v', value: this.#bits(1), span };
      case 6:
        return { kind: 'if', condition: this.#truth(2), then: this.#random(5) === 0 ? [{ kind: 'leave', span }] : this.#block(depth - 1), otherwise: this.#random(2) === 0 ? [] : this.#block(depth - 1), span };
      case 7:
        return this.#counting(depth, span);
      default:
        return { kind: 'if', condition: this.#truth(1), then: this.#block(depth - 1), otherwise: [], span };
    }
  }

  /** A loop that ends within its limit, with a counter of its own. */
  #counting(depth: number, span: { start: number; end: number }): IrStmt {
    const name = `$i${span.start}`;
    const count: IrExpr = { kind: 'variable', name, width: 8 };
    const rounds = 1 + this.#random(3);
    const step: IrStmt = { kind: 'set', name, value: apply('add', 8, count, bits(1, 8)), span };
    return { kind: 'loop', condition: apply('ult', 'bool', count, bits(rounds, 8)), body: [step, ...this.#block(Math.min(depth - 1, 1))], limit: rounds, span };
  }

  #key(): IrExpr {
    return apply('and', 8, this.#bits(1), bits(KEYS - 1, 8));
  }

  #bits(depth: number): IrExpr {
    const leaf = depth <= 0;
    switch (this.#random(leaf ? 5 : 9)) {
      case 0:
        return bits(this.#random(6), 8);
      case 1:
        return { kind: 'variable', name: this.#pick(['$v', '$w']), width: 8 };
      case 2:
        return { kind: 'read', name: this.#pick(['x', 'y']), width: 8 };
      case 3:
        return { kind: 'read', name: 'f', width: 8, of: leaf ? bits(this.#random(ADDRESSES), 8) : this.#bits(depth - 1) };
      case 4:
        return { kind: 'entry', map: this.#pick(['@a', '@b']), key: this.#key() };
      case 5:
        return { kind: 'apply', op: 'extract', width: 8, low: 0, args: [{ kind: 'read', name: 'now', width: 64 }] };
      case 6:
        return { kind: 'apply', op: 'ite', width: 8, args: [this.#truth(depth - 1), this.#bits(depth - 1), this.#bits(depth - 1)] };
      default:
        return apply(this.#pick(ARITHMETIC), 8, this.#bits(depth - 1), this.#bits(depth - 1));
    }
  }

  #truth(depth: number): IrExpr {
    switch (this.#random(depth > 0 ? 5 : 2)) {
      case 0:
        return apply(this.#pick(['eq', ...ORDER] as const), 'bool', this.#bits(1), this.#bits(1));
      case 1:
        return { kind: 'present', map: this.#pick(['@a', '@b']), key: this.#key() };
      case 2:
        return not(this.#truth(depth - 1));
      default:
        return apply(this.#pick(['conj', 'disj'] as const), 'bool', this.#truth(depth - 1), this.#truth(depth - 1));
    }
  }
}
