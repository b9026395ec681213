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
  for (;;) {
    await new Promise<void>((resolve) => void setImmediate(resolve));
    const began = performance.now();
    do {
      const step = steps.next();
      if (step.done) return step.value;
    } while (performance.now() - began < TURN_MS);
  }
}
