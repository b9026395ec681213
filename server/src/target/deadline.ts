/** A time limit that stands still while a person is asked something. */
export class Deadline {
  #leftMs: number;
  #startedAt = 0;
  #asking = 0;
  #timer: NodeJS.Timeout | undefined;
  #over = false;
  readonly #expired: () => void;

  constructor(ms: number, expired: () => void) {
    this.#leftMs = ms;
    this.#expired = expired;
    this.#run();
  }

  /** Waits for an answer, however long that takes. */
  async pausedDuring<T>(answer: () => Promise<T>): Promise<T> {
    if (this.#asking++ === 0) this.#halt();
    try {
      return await answer();
    } finally {
      if (--this.#asking === 0 && !this.#over) this.#run();
    }
  }

  clear(): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }

  #run(): void {
    this.#startedAt = Date.now();
    this.#timer = setTimeout(this.#expired, this.#leftMs);
  }

  #halt(): void {
    clearTimeout(this.#timer);
    this.#leftMs -= Date.now() - this.#startedAt;
  }
}
