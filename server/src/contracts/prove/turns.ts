/** Milliseconds after which others have a turn. */
const TURN_MS = 8;

/** Lets others have a turn now and then: what is proved does not have the event loop for itself. */
export class Turns {
  #began = performance.now();

  async next(): Promise<void> {
    if (performance.now() - this.#began < TURN_MS) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#began = performance.now();
  }
}
