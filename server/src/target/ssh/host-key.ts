import { appendFile, mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ServerHostKeyAlgorithm } from 'ssh2';
import type { Log } from '../../base/log.ts';
import { describeError } from '../../base/error.ts';
import type { OpenError } from '../supervise.ts';
import type { Ask } from '../target.ts';
import type { SshSettings } from './config.ts';
import { failure, said, where } from './failures.ts';
import { certificateAlgorithms, objection, parseCertificate } from './host-certificate.ts';
import { authoritiesFor, fingerprint, judgeHostKey, knownHostLine, knownKeyTypes, parseKnownHosts, typeOfKey, type KnownHost, type Verdict } from './known-hosts.ts';

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

export interface HostKeyWorld {
  readonly trust: Trust;
  /** The certificate the host shows for one of these algorithms. */
  readonly certificate: (algorithms: readonly string[]) => Promise<Buffer>;
  readonly log: Log;
}

/** What is known of one host's keys, and the decision about the key it shows. */
export class HostKeys {
  readonly #settings: SshSettings;
  readonly #entries: readonly KnownHost[];
  readonly #world: HostKeyWorld;

  constructor(settings: SshSettings, entries: readonly KnownHost[], world: HostKeyWorld) {
    this.#settings = settings;
    this.#entries = entries;
    this.#world = world;
  }

  static async read(settings: SshSettings, world: HostKeyWorld): Promise<HostKeys> {
    const texts = await Promise.all([...settings.userKnownHosts, ...settings.globalKnownHosts].map(readKnownHosts));
    return new HostKeys(settings, texts.flat(), world);
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
    const doubt = await this.#certificateDoubt(key);
    if (doubt === 'none') return undefined;
    if (verdict.kind === 'changed') return this.#changed(verdict.entry, key);
    if (hostKeyChecking === 'no') return undefined;
    const trusted =
      hostKeyChecking === 'accept-new' ||
      (hostKeyChecking === 'ask' && (await this.#world.trust(where(this.#settings), typeOfKey(key), fingerprint(key))));
    if (!trusted) return this.#unknown(doubt, key);
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

  /**
   * `none` when a certificate authority of known_hosts vouches for the key; else why none does, as a sentence in brackets. The
   * certificate comes over a connection of its own, and is worth what its signature says about the key proved here.
   */
  async #certificateDoubt(key: Buffer): Promise<string> {
    const { hostKeyName: name, hostKeyFallback } = this.#settings;
    const authorities = authoritiesFor(this.#entries, hostKeyFallback === undefined ? [name] : [name, hostKeyFallback]);
    const [first] = authorities;
    const algorithms = certificateAlgorithms(typeOfKey(key));
    if (!first || algorithms.length === 0) return '';
    const read = await this.#world.certificate(algorithms).then(parseCertificate, (error: unknown) => describeError(error));
    const expected = { key, host: hostKeyFallback ?? name, now: Date.now() / 1000, authorities: authorities.map((entry) => entry.key) };
    const why = typeof read === 'object' ? objection(read, expected) : (read ?? 'it cannot be read');
    return why === undefined ? 'none' : ` (${first.file}:${first.line} names a certificate authority for it, but the host's certificate does not help: ${said(why)}.)`;
  }

  async #record(key: Buffer): Promise<void> {
    const [file] = this.#settings.userKnownHosts;
    if (file === undefined) return;
    try {
      await appendKnownHost(file, knownHostLine(this.#settings.hostKeyName, key, this.#settings.hashKnownHosts));
      this.#world.log.info(`The host key of ${where(this.#settings)}, ${fingerprint(key)}, was added to ${file}.`);
    } catch (error) {
      this.#world.log.warn(`The host key of ${where(this.#settings)} could not be written to ${file}: ${describeError(error)}`);
    }
  }

  #unknown(doubt: string, key: Buffer): OpenError {
    const { label, port } = this.#settings;
    const login = port === 22 ? label : `-p ${port} ${label.replace(/:\d+$/, '').replace(/[[\]]/g, '')}`;
    return failure(
      'host-key',
      `The host key of ${where(this.#settings)} is not known: ${typeOfKey(key)} ${fingerprint(key)}.${doubt} ` +
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
        `Only if the host's owner confirms the change, remove the old key: ssh-keygen -f ${quoted(entry.file)} -R ${quoted(hostKeyName)}`,
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

/** For a command that a person copies. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
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
