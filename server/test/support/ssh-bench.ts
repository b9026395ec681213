import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type ParsedKey } from 'ssh2';
import { afterEach, beforeEach } from 'vitest';
import { silentLog } from '../../src/base/log.ts';
import { resolveSettings, type SshSpec, type SshWorld } from '../../src/target/ssh/config.ts';
import { Secrets } from '../../src/target/secrets.ts';
import { Hops } from '../../src/target/ssh/hops.ts';
import { SshTarget } from '../../src/target/ssh/target.ts';
import type { ExecRequest, Outcome } from '../../src/target/target.ts';
import { Person } from './person.ts';
import { letIn, TestSshServer, type Door, type ServerOptions } from './ssh-server.ts';

export interface Pair {
  readonly private: string;
  readonly public: string;
  readonly parsed: ParsedKey;
}
/** ssh2 drops a leading zero of an ed25519 key, one in 128, and cannot read what it wrote then: another key is made. */
function pair(type: 'ed25519' | 'ecdsa', passphrase?: string, left = 8): Pair {
  const made =
    type === 'ed25519'
      ? ssh2.utils.generateKeyPairSync('ed25519', passphrase === undefined ? {} : { passphrase, cipher: 'aes256-ctr', rounds: 1 })
      : ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 });
  const parsed = ssh2.utils.parseKey(made.private, passphrase);
  if (!(parsed instanceof Error)) return { private: made.private, public: made.public, parsed };
  if (left === 0) throw parsed;
  return pair(type, passphrase, left - 1);
}
export const HOST = pair('ed25519');
export const HOST2 = pair('ed25519');
export const HOST_EC = pair('ecdsa');
export const USER = pair('ed25519');
export const LOCKED = pair('ed25519', 'geheim');

export interface SshBench {
  /** A home directory of its own, new for each test. */
  home: string;
  person: Person;
  /** What this person told all targets of the test. */
  secrets: Secrets;
  /** Run after the test, last first. */
  closing: (() => Promise<unknown>)[];
  /** Writes a file of ~/.ssh. */
  write(name: string, text: string): void;
  config(text: string): void;
  known(port: number, ...keys: Pair[]): void;
  knownHosts(): string | undefined;
  /** A server that lets in as the door says, with HOST as its key. */
  serve(door: Door, more?: Partial<ServerOptions>): Promise<{ server: TestSshServer; port: number }>;
  target(port: number, spec?: Partial<SshSpec>, env?: SshWorld['env']): SshTarget;
}

/** Servers, a person and a home for the tests of one file; everything is closed after each test. */
export function sshBench(): SshBench {
  const hops = new Hops();
  const bench: SshBench = {
    home: '',
    person: new Person(),
    secrets: new Secrets(new Person()),
    closing: [],
    write: (name, text) => writeFileSync(join(bench.home, '.ssh', name), text, { mode: 0o600 }),
    config: (text) => bench.write('config', text),
    known: (port, ...keys) => bench.write('known_hosts', keys.map((key) => `[127.0.0.1]:${port} ${key.public}\n`).join('')),
    knownHosts: () => readFile(join(bench.home, '.ssh/known_hosts')),
    serve: async (door, more = {}) => {
      const server = new TestSshServer({ hostKeys: [HOST.private], authenticate: letIn(door), ...more });
      const port = await server.listen();
      bench.closing.push(() => server.close());
      return { server, port };
    },
    target: (port, spec = {}, env = {}) => {
      const read = (path: string): string | undefined => (path === join(bench.home, '.ssh/config') ? readFile(path) : undefined);
      const world: SshWorld = { home: bench.home, env, localUser: 'me', platform: 'linux', systemConfig: undefined, reader: { read, list: () => [] } };
      const made = new SshTarget('t', () => resolveSettings({ destination: `dev@127.0.0.1:${port}`, ...spec }, world), { secrets: bench.secrets, hops, log: silentLog });
      bench.closing.push(() => made.dispose());
      return made;
    },
  };
  beforeEach(() => {
    bench.home = mkdtempSync(join(tmpdir(), 'kgent-ssh-'));
    mkdirSync(join(bench.home, '.ssh'), { mode: 0o700 });
    bench.person = new Person();
    bench.secrets = new Secrets(bench.person);
    bench.closing = [];
  });
  afterEach(async () => {
    for (const close of bench.closing.reverse()) await close();
    rmSync(bench.home, { recursive: true });
  });
  return bench;
}

export function readFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

export const echo = (on: SshTarget, more: Partial<ExecRequest> = {}): Promise<Outcome> => on.exec({ argv: ['echo', 'hi'], timeoutMs: 10_000, ...more });
/** `ran`, or the reason and message of what went wrong. */
export const told = (outcome: Outcome): string => (outcome.kind === 'failed' ? `${outcome.reason}: ${outcome.message}` : outcome.kind);
export const hi = { kind: 'ran', exitCode: 0, stdout: 'hi\n' };
