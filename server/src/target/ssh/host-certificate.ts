import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { matchesPatterns } from './wildcard.ts';
import { WireReader, wireString } from './wire.ts';

/** A certificate of a host key, OpenSSH's PROTOCOL.certkeys. */
export interface HostCertificate {
  /** The key it is for, as the host shows it without a certificate. */
  readonly key: Buffer;
  readonly type: number;
  readonly id: string;
  readonly principals: readonly string[];
  /** Seconds since 1970. */
  readonly validAfter: bigint;
  readonly validBefore: bigint;
  readonly criticalOptions: Buffer;
  /** The key of the authority. */
  readonly authority: Buffer;
  readonly signed: Buffer;
  readonly signature: Buffer;
}

const HOST_CERTIFICATE = 2;
const SUFFIX = '-cert-v01@openssh.com';
/** How many fields of its own each type of key has, and in a certificate stand behind the nonce. */
const KEY_FIELDS: Readonly<Record<string, number>> = { 'ssh-ed25519': 1, 'ecdsa-sha2-nistp256': 2, 'ecdsa-sha2-nistp384': 2, 'ecdsa-sha2-nistp521': 2, 'ssh-rsa': 2 };

/** The algorithms that ask for a certificate of a key of this type; none where we cannot read such. */
export function certificateAlgorithms(keyType: string): string[] {
  if (keyType === 'ssh-rsa') return ['rsa-sha2-512', 'rsa-sha2-256'].map((name) => name + SUFFIX);
  return keyType in KEY_FIELDS ? [keyType + SUFFIX] : [];
}

/** Undefined when the bytes are no certificate. */
export function parseCertificate(blob: Buffer): HostCertificate | undefined {
  try {
    const reader = new WireReader(blob);
    const type = reader.text();
    const keyType = type.endsWith(SUFFIX) ? type.slice(0, -SUFFIX.length) : '';
    const fields = KEY_FIELDS[keyType];
    if (fields === undefined) return undefined;
    reader.string(); // nonce
    const own = Array.from({ length: fields }, () => reader.string());
    reader.uint64(); // serial number
    const rest = {
      type: reader.uint32(),
      id: reader.text(),
      principals: new WireReader(reader.string()).rest().map(String),
      validAfter: reader.uint64(),
      validBefore: reader.uint64(),
      criticalOptions: reader.string(),
    };
    reader.string(); // extensions
    reader.string(); // reserved
    const authority = reader.string();
    const signed = blob.subarray(0, reader.at);
    return { ...rest, key: Buffer.concat([wireString(keyType), ...own.map(wireString)]), authority, signed, signature: reader.string() };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Why a certificate does not vouch for a host's key, as half a sentence; undefined when it does. `now` in seconds since 1970. */
export function objection(certificate: HostCertificate, expected: { key: Buffer; host: string; now: number; authorities: readonly string[] }): string | undefined {
  const { type, principals, validAfter, validBefore, criticalOptions, authority, id } = certificate;
  const now = BigInt(Math.floor(expected.now));
  if (!certificate.key.equals(expected.key)) return 'it is for another key';
  if (!expected.authorities.includes(authority.toString('base64'))) return 'another authority signed it';
  if (type !== HOST_CERTIFICATE) return 'it is no certificate of a host';
  if (now < validAfter) return 'it is not valid yet';
  if (now >= validBefore) return 'it is no longer valid';
  if (criticalOptions.length > 0) return 'it holds options that are not known here';
  // An empty list means any host (sshkey.c, sshkey_cert_check_authority).
  if (principals.length > 0 && !principals.some((principal) => matchesPatterns(expected.host, [principal]))) return `it is for other names (${id}: ${principals.join(', ')})`;
  return isSigned(certificate) ? undefined : 'its signature is wrong';
}

function isSigned({ authority, signed, signature }: HostCertificate): boolean {
  try {
    const reader = new WireReader(signature);
    const algorithm = reader.text();
    const bytes = reader.string();
    const { type, key } = publicKey(authority);
    if (type === 'ssh-ed25519') return algorithm === type && verify(null, signed, key, bytes);
    // SHA-1 (`ssh-rsa`) is refused, as ssh does.
    const hash = { 'rsa-sha2-256': 'sha256', 'rsa-sha2-512': 'sha512', 'ecdsa-sha2-nistp256': 'sha256', 'ecdsa-sha2-nistp384': 'sha384', 'ecdsa-sha2-nistp521': 'sha512' }[algorithm];
    if (hash === undefined || (type === 'ssh-rsa') !== algorithm.startsWith('rsa-')) return false;
    if (type === 'ssh-rsa') return verify(hash, signed, key, bytes);
    const numbers = new WireReader(bytes);
    const size = CURVES[type]?.size ?? 0;
    return algorithm === type && verify(hash, signed, { key, dsaEncoding: 'ieee-p1363' }, Buffer.concat([padded(numbers.string(), size), padded(numbers.string(), size)]));
  } catch {
    return false;
  }
}

const CURVES: Readonly<Record<string, { readonly name: string; readonly size: number }>> = {
  'ecdsa-sha2-nistp256': { name: 'P-256', size: 32 },
  'ecdsa-sha2-nistp384': { name: 'P-384', size: 48 },
  'ecdsa-sha2-nistp521': { name: 'P-521', size: 66 },
};

/** Throws for what is no key. */
function publicKey(blob: Buffer): { type: string; key: KeyObject } {
  const reader = new WireReader(blob);
  const type = reader.text();
  const url = (bytes: Buffer): string => bytes.toString('base64url');
  const make = (jwk: Record<string, string>): { type: string; key: KeyObject } => ({ type, key: createPublicKey({ key: jwk, format: 'jwk' }) });
  if (type === 'ssh-ed25519') return make({ kty: 'OKP', crv: 'Ed25519', x: url(reader.string()) });
  if (type === 'ssh-rsa') {
    const e = reader.string();
    return make({ kty: 'RSA', e: url(unsigned(e)), n: url(unsigned(reader.string())) });
  }
  const curve = CURVES[type];
  if (!curve) throw new RangeError(`no key of a known type: ${type}`);
  reader.string(); // the curve once more
  const point = reader.string(); // 4, x, y
  return make({ kty: 'EC', crv: curve.name, x: url(point.subarray(1, 1 + curve.size)), y: url(point.subarray(1 + curve.size)) });
}

/** A number without the zero byte that keeps it positive. */
function unsigned(bytes: Buffer): Buffer {
  return bytes[0] === 0 ? bytes.subarray(1) : bytes;
}

function padded(bytes: Buffer, size: number): Buffer {
  const number = unsigned(bytes);
  return Buffer.concat([Buffer.alloc(Math.max(0, size - number.length)), number]);
}
