import { appendFile, mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ServerHostKeyAlgorithm } from 'ssh2';
import type { Log } from '../../base/log.ts';
import { describeError } from '../../base/error.ts';
import type { OpenError } from '../supervise.ts';
import type { Ask } from '../target.ts';
import type { SshSettings } from './config.ts';
import { failure, where } from './failures.ts';
import { fingerprint, judgeHostKey, knownHostLine, knownKeyTypes, parseKnownHosts, typeOfKey, type KnownHost, type Verdict } from './known-hosts.ts';

/** Host key types ssh2 can check, best first. RSA keys come with three ways to sign. */
const ALGORITHMS: Readonly<Record<string, readonly ServerHostKeyAlgorithm[]>> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'],
};

/** Asks a person whether a key is the host's. */
export type Trust = Ask['trustHostKey'];

/** What is known of one host's keys, and the decision about the key it shows. */
export class HostKeys {
  readonly #settings: SshSettings;
  readonly #entries: readonly KnownHost[];
  readonly #trust: Trust;
  readonly #log: Log;

  constructor(settings: SshSettings, entries: readonly KnownHost[], trust: Trust, log: Log) {
    this.#settings = settings;
    this.#entries = entries;
    this.#trust = trust;
    this.#log = log;
  }

  static async read(settings: SshSettings, trust: Trust, log: Log): Promise<HostKeys> {
    const texts = await Promise.all([...settings.userKnownHosts, ...settings.globalKnownHosts].map(readKnownHosts));
    return new HostKeys(settings, texts.flat(), trust, log);
  }

  /** Signature algorithms for the handshake, those of known keys first. */
  algorithms(): ServerHostKeyAlgorithm[] {
    const { hostKeyName: name, hostKeyFallback } = this.#settings;
    const own = knownKeyTypes(this.#entries, name);
    const known = own.length === 0 && hostKeyFallback !== undefined ? knownKeyTypes(this.#entries, hostKeyFallback) : own;
    const types = [...known.filter((type) => type in ALGORITHMS), ...Object.keys(ALGORITHMS).filter((type) => !known.includes(type))];
    return types.flatMap((type) => ALGORITHMS[type] ?? []);
  }

  /** Undefined when the key is accepted. Asks the person when the rules say so; records what it accepts. */
  async check(key: Buffer): Promise<OpenError | undefined> {
    const { pinnedHostKey, hostKeyChecking } = this.#settings;
    const verdict = this.#judge(key);
    // A revocation holds even against the fingerprint a target was saved with.
    if (verdict.kind === 'revoked') return this.#revoked(verdict.entry, key);
    if (pinnedHostKey !== undefined) return fingerprint(key) === pinnedHostKey ? undefined : this.#notPinned(key, pinnedHostKey);
    if (verdict.kind === 'known') return undefined;
    if (verdict.kind === 'changed') return this.#changed(verdict.entry, key);
    if (hostKeyChecking === 'no') return undefined;
    const trusted =
      hostKeyChecking === 'accept-new' ||
      (hostKeyChecking === 'ask' && (await this.#trust(where(this.#settings), typeOfKey(key), fingerprint(key))));
    if (!trusted) return this.#unknown(verdict, key);
    await this.#record(key);
    return undefined;
  }

  #judge(key: Buffer): Verdict {
    const { hostKeyName: name, hostKeyFallback } = this.#settings;
    const verdict = judgeHostKey(this.#entries, name, key);
    if (verdict.kind !== 'unknown' || hostKeyFallback === undefined) return verdict;
    const fallback = judgeHostKey(this.#entries, hostKeyFallback, key);
    return fallback.kind === 'known' || fallback.kind === 'revoked' ? fallback : verdict;
  }

  async #record(key: Buffer): Promise<void> {
    const [file] = this.#settings.userKnownHosts;
    if (file === undefined) return;
    try {
      await appendKnownHost(file, knownHostLine(this.#settings.hostKeyName, key, this.#settings.hashKnownHosts));
      this.#log.info(`The host key of ${where(this.#settings)}, ${fingerprint(key)}, was added to ${file}.`);
    } catch (error) {
      this.#log.warn(`The host key of ${where(this.#settings)} could not be written to ${file}: ${describeError(error)}`);
    }
  }

  #unknown(verdict: Verdict & { kind: 'unknown' }, key: Buffer): OpenError {
    const { label, port } = this.#settings;
    const authority = verdict.authority
      ? ` (${verdict.authority.file}:${verdict.authority.line} names a certificate authority for it; Kgent does not read host certificates.)`
      : '';
    const login = port === 22 ? label : `-p ${port} ${label.replace(/:\d+$/, '').replace(/[[\]]/g, '')}`;
    return failure(
      'host-key',
      `The host key of ${where(this.#settings)} is not known: ${typeOfKey(key)} ${fingerprint(key)}.${authority} ` +
        `If the host's owner confirms it, accept it in one of these ways: connect once with 'ssh ${login}', answer yes when Kgent asks, ` +
        `or save the target with it: kgent target add NAME ${label} --host-key ${fingerprint(key)}`,
    );
  }

  #changed(entry: KnownHost, key: Buffer): OpenError {
    const { hostKeyName } = this.#settings;
    const kind = entry.keyType === typeOfKey(key) ? '' : ` (there it is of type ${entry.keyType})`;
    return failure(
      'host-key',
      `The host key of ${where(this.#settings)} CHANGED, so Kgent does not connect: somebody may be between you and the host, or it was reinstalled. ` +
        `It shows ${typeOfKey(key)} ${fingerprint(key)}, which is not the key in ${entry.file}:${entry.line}${kind}. ` +
        `Only if the host's owner confirms the change, remove the old key: ssh-keygen -f '${entry.file}' -R '${hostKeyName}'`,
    );
  }

  #revoked(entry: KnownHost, key: Buffer): OpenError {
    return failure(
      'host-key',
      `The host key of ${where(this.#settings)}, ${typeOfKey(key)} ${fingerprint(key)}, is marked @revoked in ${entry.file}:${entry.line}: it was stolen or withdrawn. Kgent does not connect; ask the host's owner for its new key.`,
    );
  }

  #notPinned(key: Buffer, pinned: string): OpenError {
    return failure(
      'host-key',
      `${where(this.#settings)} shows the host key ${typeOfKey(key)} ${fingerprint(key)}, but this target accepts only ${pinned}. Kgent does not connect. If the host's owner confirms the new key, save the target again with it.`,
    );
  }
}

async function readKnownHosts(file: string): Promise<KnownHost[]> {
  try {
    return parseKnownHosts(await readFile(file, 'utf8'), file);
  } catch {
    // Absent or unreadable: then nothing is known, which asks; it never lets a key pass.
    return [];
  }
}

/** Adds a line to a known_hosts file. A new file gets mode 0600 and a new directory 0700. Rejects with the system's error. */
export async function appendKnownHost(file: string, line: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const separator = (await endsWithNewline(file)) ? '' : '\n';
  await appendFile(file, separator + line, { mode: 0o600 });
}

async function endsWithNewline(file: string): Promise<boolean> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (!handle) return true;
  try {
    const { size } = await handle.stat();
    if (size === 0) return true;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
    return bytesRead === 0 || buffer[0] === 0x0a;
  } finally {
    await handle.close();
  }
}
