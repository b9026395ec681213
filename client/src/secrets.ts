/** Passwords and passphrases: asked once, kept in the editor's secret store when they proved right. No `vscode` here: tested in plain Node. */

/** The editor's secret store, as far as it is needed. */
export interface SecretStore {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
}

/** What remembers the names of kept secrets: the store itself does not list them. */
export interface NameStore {
  get<T>(key: string, fallback: T): T;
  update(key: string, value: unknown): PromiseLike<void>;
}

/** As the server asks; `key` is the name to keep the answer under. */
export interface SecretQuestion {
  readonly what: string;
  readonly key?: string;
  readonly again?: boolean;
  readonly echo?: boolean;
}

const PREFIX = 'kgent.secret.';
const NAMES = 'kgent.secrets';

export class KeptSecrets {
  readonly #store: SecretStore;
  readonly #names: NameStore;
  readonly #ask: (question: SecretQuestion) => PromiseLike<string | undefined>;
  /** Typed, and not yet proved right. */
  readonly #typed = new Map<string, string>();
  /** One change of the names at a time, or one of two would be lost. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(store: SecretStore, names: NameStore, ask: (question: SecretQuestion) => PromiseLike<string | undefined>) {
    this.#store = store;
    this.#names = names;
    this.#ask = ask;
  }

  /** The names of what is kept: `password dev@web:22`. */
  names(): readonly string[] {
    return this.#names.get<readonly string[]>(NAMES, []);
  }

  async answer(question: SecretQuestion): Promise<string | null> {
    const { key, again } = question;
    if (key !== undefined && again !== true) {
      const kept = await this.#store.get(PREFIX + key);
      if (kept !== undefined) return kept;
    }
    const typed = await this.#ask(question);
    if (key !== undefined && typed !== undefined && typed !== '') this.#typed.set(key, typed);
    return typed ?? null;
  }

  async judged(key: string, verdict: 'right' | 'wrong'): Promise<void> {
    const typed = this.#typed.get(key);
    this.#typed.delete(key);
    if (verdict === 'wrong') return this.forget([key]);
    if (typed === undefined) return;
    await this.#store.store(PREFIX + key, typed);
    await this.#change((names) => [...names.filter((name) => name !== key), key]);
  }

  async forget(keys: readonly string[]): Promise<void> {
    await Promise.all(keys.map((key) => this.#store.delete(PREFIX + key)));
    await this.#change((names) => names.filter((name) => !keys.includes(name)));
  }

  #change(change: (names: readonly string[]) => readonly string[]): Promise<void> {
    const mine = this.#turn.then(() => this.#names.update(NAMES, change(this.names())));
    this.#turn = mine.catch(() => undefined);
    return mine;
  }
}
