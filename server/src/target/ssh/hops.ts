import type { SshSettings } from './config.ts';
import type { SshConnection } from './connection.ts';

/** A jump host in use; give it back once. */
export interface Hop {
  readonly connection: SshConnection;
  release(): void;
}

/** The connections to jump hosts: one to each, however many hosts are reached through it. */
export class Hops {
  readonly #open = new Map<string, { readonly connection: SshConnection; users: number }>();

  /** The connection to a jump host, made by `make` where there is none; it is closed when the last one gives it back. */
  take(settings: SshSettings, make: () => SshConnection): Hop {
    const key = JSON.stringify(settings);
    const entry = this.#open.get(key) ?? { connection: make(), users: 0 };
    this.#open.set(key, entry);
    entry.users++;
    let released = false;
    const release = (): void => {
      if (released) return;
      released = true;
      if (--entry.users > 0) return;
      this.#open.delete(key);
      void entry.connection.dispose();
    };
    return { connection: entry.connection, release };
  }
}
