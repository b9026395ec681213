import type { ParsedKey } from 'ssh2';

/** Decrypted keys and accepted passwords of this process, so that a reconnect asks nothing again. */
export class Remembered {
  /** By file. */
  readonly keys = new Map<string, ParsedKey>();
  /** By `user@host:port`. */
  readonly passwords = new Map<string, string>();
}
