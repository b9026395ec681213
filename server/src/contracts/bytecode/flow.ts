import { isCall, isJump, successors, type Instruction } from './instruction.ts';

/** A loop, or a block: blocks in an order in which each comes behind those that lead to it, but for the heads of loops. */
export type Element = number | Component;

export interface Component {
  /** The block where the loop begins. */
  readonly head: number;
  readonly body: readonly Element[];
}

export interface Flow {
  /** First place of each block to the place behind its last. */
  readonly ends: ReadonlyMap<number, number>;
  readonly order: readonly Element[];
}

/** The blocks of a function that begins at a place, in weak topological order (Bourdoncle, 1993). */
export function flowOf(code: readonly (Instruction | undefined)[], entry: number): Flow {
  const ends = blocksOf(code, entry);
  return { ends, order: new Ordering((block) => successors(code, lastOf(code, block, ends))).of(entry) };
}

function lastOf(code: readonly (Instruction | undefined)[], block: number, ends: ReadonlyMap<number, number>): number {
  const last = (ends.get(block) ?? block + 1) - 1;
  return code[last] ? last : last - 1;
}

const sizeOf = (one: Instruction | undefined): number => (one?.next === undefined ? 1 : 2);

function blocksOf(code: readonly (Instruction | undefined)[], entry: number): ReadonlyMap<number, number> {
  const reached = new Set<number>();
  const starts = new Set([entry]);
  const waiting = [entry];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const one = code[at];
    if (reached.has(at) || !one) continue;
    reached.add(at);
    const next = successors(code, at);
    if (endsBlock(one)) for (const start of next) starts.add(start);
    waiting.push(...next);
  }
  return new Map([...starts].map((start) => [start, endOf(code, start, starts)]));
}

const endsBlock = (one: Instruction): boolean => isJump(one) && !isCall(one);

function endOf(code: readonly (Instruction | undefined)[], start: number, starts: ReadonlySet<number>): number {
  for (let at = start; ; ) {
    const one = code[at];
    if (!one) return at;
    at += sizeOf(one);
    if (endsBlock(one) || starts.has(at)) return at;
  }
}

class Ordering {
  readonly #next: (block: number) => readonly number[];
  readonly #number = new Map<number, number>();
  readonly #stack: number[] = [];
  #count = 0;

  constructor(next: (block: number) => readonly number[]) {
    this.#next = next;
  }

  of(entry: number): readonly Element[] {
    const order: Element[] = [];
    this.#visit(entry, order);
    return order;
  }

  #visit(block: number, order: Element[]): number {
    this.#stack.push(block);
    let head = ++this.#count;
    this.#number.set(block, head);
    let loop = false;
    for (const next of this.#next(block)) {
      const seen = this.#number.get(next);
      const low = seen ?? this.#visit(next, order);
      if (low <= head) {
        head = low;
        loop = true;
      }
    }
    if (head === this.#number.get(block)) this.#close(block, loop, order);
    return head;
  }

  #close(block: number, loop: boolean, order: Element[]): void {
    this.#number.set(block, Infinity);
    let top = this.#stack.pop();
    if (!loop) {
      order.unshift(block);
      return;
    }
    while (top !== undefined && top !== block) {
      this.#number.delete(top);
      top = this.#stack.pop();
    }
    const body: Element[] = [];
    for (const next of this.#next(block)) if (!this.#number.has(next)) this.#visit(next, body);
    order.unshift({ head: block, body });
  }
}
