/**
 * Work cut into small steps: each `yield` is a place where others may have a turn. Written once, it runs at once or
 * in turns.
 */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Does work piece by piece. The piece is a plain function, because the engine runs loops in generators slowly. */
export function* inPieces(count: number, piece: number, work: (from: number, to: number) => void): Steps<undefined> {
  for (let from = 0; from < count; from += piece) {
    work(from, Math.min(count, from + piece));
    yield;
  }
  return undefined;
}

/** How long one turn lasts, in milliseconds; a step that is longer makes it longer. */
const TURN_MS = 4;

export function runAtOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Never keeps the event loop for much longer than a turn. */
export async function runInTurns<T>(steps: Steps<T>): Promise<T> {
  return takeTurns(steps, () => new Promise((resolve) => void setImmediate(resolve)));
}

/** Others are left to themselves for so long after a turn, in milliseconds, and so long when they were busy then: somebody types. */
const REST_MS = 8;
const BUSY_REST_MS = 50;
/** The share of a rest in which others did something, above which they are busy. */
const BUSY = 0.3;

/** Only while nothing else is done, and it does not keep the process from ending: for what is made ahead. */
export async function runWhenIdle<T>(steps: Steps<T>): Promise<T> {
  return takeTurns(steps, async () => {
    for (let rest = REST_MS; ; rest = BUSY_REST_MS) {
      const before = performance.eventLoopUtilization();
      await new Promise<void>((resolve) => void setTimeout(resolve, rest).unref());
      if (performance.eventLoopUtilization(before).utilization <= BUSY) return;
    }
  });
}

async function takeTurns<T>(steps: Steps<T>, wait: () => Promise<void>): Promise<T> {
  for (;;) {
    await wait();
    const began = performance.now();
    do {
      const step = steps.next();
      if (step.done) return step.value;
    } while (performance.now() - began < TURN_MS);
  }
}

/** Something that takes steps to make: some ahead, in turns, and what is left of them at once when it is asked for. */
export class Later<T> {
  readonly #steps: Steps<T>;
  #made: { readonly value: T } | { readonly error: unknown } | undefined;

  constructor(steps: Steps<T>) {
    this.#steps = steps;
  }

  get isMade(): boolean {
    return this.#made !== undefined;
  }

  /** Throws what making it throws, each time. */
  get(): T {
    while (!this.#made) this.#step();
    if ('error' in this.#made) throw this.#made.error;
    return this.#made.value;
  }

  /** Makes it ahead. Throws nothing: that is for who asks for it. */
  *ahead(): Steps<undefined> {
    while (!this.#made) {
      this.#step();
      yield;
    }
    return undefined;
  }

  #step(): void {
    try {
      const step = this.#steps.next();
      if (step.done) this.#made = { value: step.value };
    } catch (error) {
      this.#made = { error };
    }
  }
}
