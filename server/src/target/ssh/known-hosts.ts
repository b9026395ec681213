import { createHash, createHmac, randomBytes } from 'node:crypto';
import { matchesPatterns } from './wildcard.ts';

/** One line of a known_hosts file, sshd(8) "SSH_KNOWN_HOSTS FILE FORMAT". */
export interface KnownHost {
  readonly file: string;
  /** One-based, as ssh-keygen and editors count. */
  readonly line: number;
  readonly marker: 'revoked' | 'cert-authority' | undefined;
  /** Patterns, or one `|1|salt|hash`. */
  readonly names: readonly string[];
  readonly keyType: string;
  /** Base64 of the key as it goes over the wire. */
  readonly key: string;
}

export type Verdict =
  | { readonly kind: 'known' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'changed'; readonly entry: KnownHost }
  | { readonly kind: 'revoked'; readonly entry: KnownHost };

/** The entries of a known_hosts text. Lines that cannot be read are skipped, as ssh does. */
export function parseKnownHosts(text: string, file: string): KnownHost[] {
  return text.split(/\r?\n/).flatMap((line, index) => parseLine(line, file, index + 1) ?? []);
}

function parseLine(text: string, file: string, line: number): KnownHost | undefined {
  const words = text.trim().split(/[ \t]+/);
  if (words[0] === '' || words[0]?.startsWith('#')) return undefined;
  const mark = words[0]?.startsWith('@') ? words.shift() : undefined;
  if (mark !== undefined && mark !== '@revoked' && mark !== '@cert-authority') return undefined;
  const [names, keyType, key] = words;
  if (!names || !keyType || !key || typeOfKey(Buffer.from(key, 'base64')) !== keyType) return undefined;
  return {
    file,
    line,
    marker: mark === '@revoked' ? 'revoked' : mark === '@cert-authority' ? 'cert-authority' : undefined,
    names: names.startsWith('|') ? [names] : names.toLowerCase().split(','),
    keyType,
    key: Buffer.from(key, 'base64').toString('base64'),
  };
}

/** The type a key blob names itself, RFC 4253 section 6.6: a length and so many characters. */
export function typeOfKey(blob: Buffer): string {
  if (blob.length < 4) return '';
  return blob.toString('latin1', 4, 4 + blob.readUInt32BE(0));
}

/** `SHA256:…` as ssh and ssh-keygen print it. */
export function fingerprint(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** The name known_hosts holds a host under: other ports than 22 belong to the name. */
export function hostKeyName(host: string, port: number): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
}

function isFor(entry: KnownHost, name: string): boolean {
  const [first] = entry.names;
  if (!first?.startsWith('|')) return matchesPatterns(name, entry.names);
  const [, version, salt, hash] = first.split('|');
  if (version !== '1' || !salt || !hash) return false;
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
}

/**
 * What the entries say about a key that the host `name` (of `hostKeyName`) shows. The order of
 * judgement is OpenSSH's (hostfile.c, check_hostkeys_by_key_or_type): revoked beats everything, an
 * equal key is known, any other key for that name means changed. The key of a certificate authority
 * is no host's own: it never matches.
 */
export function judgeHostKey(entries: readonly KnownHost[], name: string, blob: Buffer): Verdict {
  const key = blob.toString('base64');
  const own = entries.filter((entry) => isFor(entry, name));
  const revoked = own.find((entry) => entry.marker === 'revoked' && entry.key === key);
  if (revoked) return { kind: 'revoked', entry: revoked };
  const trusted = own.filter((entry) => entry.marker === undefined);
  if (trusted.some((entry) => entry.key === key)) return { kind: 'known' };
  const changed = trusted.find((entry) => entry.keyType === typeOfKey(blob)) ?? trusted[0];
  if (changed) return { kind: 'changed', entry: changed };
  return { kind: 'unknown' };
}

/** The authorities whose certificates vouch for keys of a host; none that was revoked. */
export function authoritiesFor(entries: readonly KnownHost[], names: readonly string[]): KnownHost[] {
  const own = entries.filter((entry) => names.some((name) => isFor(entry, name)));
  const revoked = own.filter((entry) => entry.marker === 'revoked').map(({ key }) => key);
  return own.filter((entry) => entry.marker === 'cert-authority' && !revoked.includes(entry.key));
}

/** The key types known for a host. Ask it for these first: another type would look like a change. */
export function knownKeyTypes(entries: readonly KnownHost[], name: string): string[] {
  const own = entries.filter((entry) => entry.marker === undefined && isFor(entry, name));
  return [...new Set(own.map((entry) => entry.keyType))];
}

/** The line that records a key. `hashed` hides the name, as HashKnownHosts asks. */
export function knownHostLine(name: string, blob: Buffer, hashed: boolean): string {
  const salt = randomBytes(20);
  const shown = hashed ? `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}` : name;
  return `${shown} ${typeOfKey(blob)} ${blob.toString('base64')}\n`;
}
