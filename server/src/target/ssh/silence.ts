import type { Log } from '../../base/log.ts';
import { PATIENCE_MS, waiting } from './failures.ts';

const LOOK_MS = 1_000;

/**
 * Watches a connection on which something runs: a host that answers keepalives sends some bytes at least every `keepaliveMs`. Tells
 * once when it does not, and once when it does again; the keepalive itself gives the connection up in the end.
 */
export class Silence {
  readonly #label: string;
  readonly #limitMs: number;
  readonly #received: () => number;
  readonly #log: Log;
  #timer: NodeJS.Timeout | undefined;
  #bytes = 0;
  #since = 0;
  #told = false;

  /** `received`: bytes that came so far. */
  constructor(label: string, keepaliveMs: number, received: () => number, log: Log) {
    this.#label = label;
    this.#limitMs = keepaliveMs + PATIENCE_MS;
    this.#received = received;
    this.#log = log;
  }

  /** Watches as long as something is open. */
  watch(open: boolean): void {
    if (!open) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    } else if (this.#timer === undefined) {
      this.#heard();
      this.#timer = setInterval(() => this.#look(), LOOK_MS);
    }
  }

  #look(): void {
    const silentMs = Date.now() - this.#since;
    if (this.#received() !== this.#bytes) {
      if (this.#told) this.#log.warn(`${this.#label} answers again.`);
      this.#heard();
    } else if (!this.#told && silentMs >= this.#limitMs) {
      this.#told = true;
      this.#log.warn(waiting(this.#label, `nothing has come from it for ${Math.round(silentMs / 1000)} s`));
    }
  }

  #heard(): void {
    this.#told = false;
    this.#bytes = this.#received();
    this.#since = Date.now();
  }
}
