import type { PrivateKey } from './ssh/unlock.ts';
import type { Ask, SecretUse } from './target.ts';

/** A question for a secret. */
export interface Question extends Pick<SecretUse, 'key' | 'echo'> {
  /** In words, for a person. */
  readonly what: string;
  /** An answer that was wrong: it is not given again. */
  readonly refused?: string | undefined;
}

/**
 * What a person is asked and has answered, for all targets of a process: nothing is asked twice, and one thing at a time, because an
 * editor shows one question only and a second would take its place.
 */
export class Secrets {
  /** Private keys that were decrypted, by fingerprint: deriving a key takes a tenth of a second each time. */
  readonly unlocked = new Map<string, PrivateKey>();
  readonly #ask: Ask;
  readonly #known = new Map<string, string>();
  readonly #asking = new Map<string, Promise<string | undefined>>();
  readonly #right = new Map<string, string>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  trustHostKey(host: string, keyType: string, fingerprint: string): Promise<boolean> {
    return this.#inTurn(() => this.#ask.trustHostKey(host, keyType, fingerprint));
  }

  /** The answer: the known one, that of somebody who is asking the same just now, or a person's. */
  answer(question: Question): Promise<string | undefined> {
    const { key, refused } = question;
    if (key === undefined) return this.#inTurn(() => this.#question(question));
    const known = this.#known.get(key);
    if (known !== undefined && known !== refused) return Promise.resolve(known);
    const before = this.#asking.get(key);
    if (before) return before;
    const asking = this.#inTurn(() => this.#question(question)).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return asking;
  }

  /** An answer proved right or wrong. */
  judge(key: string, answer: string, verdict: 'right' | 'wrong'): void {
    if (verdict === 'wrong' && this.#known.get(key) === answer) this.#known.delete(key);
    if (verdict === 'right' && this.#right.get(key) === answer) return;
    if (verdict === 'right') this.#right.set(key, answer);
    this.#ask.judged?.(key, verdict);
  }

  /** What was answered under these keys is asked for again when it is needed. */
  forget(keys: readonly string[]): void {
    for (const key of keys) {
      this.#known.delete(key);
      this.#right.delete(key);
      this.unlocked.delete(key.replace(/^passphrase /, ''));
    }
  }

  async #question({ what, key, refused, echo }: Question): Promise<string | undefined> {
    const again = refused !== undefined;
    const use: SecretUse = { ...(key === undefined ? {} : { key }), ...(again ? { again } : {}), ...(echo === true ? { echo } : {}) };
    const answer = await this.#ask.secret(what, use);
    if (key !== undefined && answer !== undefined && answer !== '') this.#known.set(key, answer);
    return answer;
  }

  #inTurn<T>(question: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(question, question);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }
}
