import { readFile } from 'node:fs/promises';
import ssh2, { type BaseAgent as Agent, type ParsedKey, type SigningRequestOptions } from 'ssh2';
import { printable } from '../../base/text.ts';
import type { Question, Secrets } from '../secrets.ts';
import { shellQuote } from '../supervisor.ts';
import type { SshSettings } from './config.ts';
import { asErrorLike, said } from './failures.ts';
import { fingerprint } from './known-hosts.ts';
import { unlock, type PrivateKey } from './unlock.ts';

/** One key that can be offered to a host. */
export interface Identity {
  /** For messages: the file, or the agent's key by its comment. */
  readonly name: string;
  readonly publicKey: ParsedKey;
  /** Signs with the private key; `hash` is what ssh2 asks for with RSA keys. Rejects when it cannot. */
  sign(data: Buffer, hash: string | undefined): Promise<Buffer>;
}

export interface Identities {
  readonly list: readonly Identity[];
  /** What could not be used, and why, as half sentences. */
  readonly problems: readonly string[];
}

/** Where passphrases and passwords come from. */
export interface SecretSource extends Pick<Secrets, 'judge' | 'unlocked'> {
  /** Undefined when there is none to give. */
  answer(question: Question): Promise<string | undefined>;
}

const AGENT_TIMEOUT_MS = 5_000;
const PASSPHRASE_TRIES = 3;

/**
 * The keys to offer, in order: the agent's that are named in the configuration, key files that
 * were named and need no passphrase, the agent's others, the other key files. ssh puts all the
 * agent's keys before the files; then a full agent uses up the attempts that sshd allows
 * (MaxAuthTries, 6) before the named key has its turn.
 */
export async function gatherIdentities(settings: SshSettings, secrets: SecretSource): Promise<Identities> {
  const problems: string[] = [];
  const files = await Promise.all(settings.identityFiles.map((file) => readKeyFile(file, settings.identitiesGiven, problems)));
  const named = files.filter((file) => file !== undefined);
  const agent = settings.agent === undefined ? [] : await agentIdentities(settings.agent, problems);
  const isNamed = (identity: Identity): boolean => named.some((file) => sameKey(file.publicKey, identity.publicKey));
  const usable = named.filter((file) => file.text !== undefined && !agent.some((identity) => sameKey(identity.publicKey, file.publicKey)));
  const identities = (wanted: boolean): Identity[] =>
    usable.filter((file) => wanted === (settings.identitiesGiven && !file.encrypted)).map((file) => fileIdentity(file, secrets));
  const others = settings.identitiesOnly ? [] : agent.filter((identity) => !isNamed(identity));
  return { list: [...agent.filter(isNamed), ...identities(true), ...others, ...identities(false)], problems };
}

interface KeyFile {
  readonly file: string;
  readonly publicKey: ParsedKey;
  /** The private key; undefined when only the public half is there (the agent has the other). */
  readonly text: string | undefined;
  readonly encrypted: boolean;
}

async function readKeyFile(file: string, given: boolean, problems: string[]): Promise<KeyFile | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const { code, message } = asErrorLike(error);
    if (code !== 'ENOENT') problems.push(`${file} cannot be read: ${message}`);
    return undefined;
  });
  const key = text === undefined ? undefined : ssh2.utils.parseKey(text);
  if (key !== undefined && !(key instanceof Error)) return { file, publicKey: key, text: key.isPrivateKey() ? text : undefined, encrypted: false };
  const encrypted = key !== undefined && /passphrase/i.test(key.message);
  if (key !== undefined && !encrypted) problems.push(`${file} holds no usable private key (${said(key.message)})`);
  const publicKey = (await publicHalf(`${file}.pub`)) ?? embeddedPublicKey(text ?? '');
  if (publicKey !== undefined) return { file, publicKey, text: encrypted ? text : undefined, encrypted };
  if (encrypted) problems.push(`${file} is encrypted and in an old format: make its public half with ssh-keygen -y -f '${file}' > '${file}.pub'`);
  else if (given && text === undefined && !problems.some((problem) => problem.startsWith(file))) problems.push(`${file} does not exist`);
  return undefined;
}

async function publicHalf(file: string): Promise<ParsedKey | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : parsed(text);
}

/** The public key that OpenSSH's own format holds in the clear beside the encrypted one (PROTOCOL.key). */
function embeddedPublicKey(text: string): ParsedKey | undefined {
  const base64 = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+?)-----END/.exec(text)?.[1];
  const data = Buffer.from(base64 ?? '', 'base64');
  let at = 'openssh-key-v1\0'.length;
  const next = (): Buffer => {
    const length = at + 4 <= data.length ? data.readUInt32BE(at) : 0;
    at += 4 + length;
    return data.subarray(at - length, at);
  };
  next(); // cipher
  next(); // key derivation
  next(); // its options
  at += 4; // number of keys, always 1
  const blob = next();
  return blob.length === 0 ? undefined : parsed(blob);
}

function parsed(key: string | Buffer | ParsedKey): ParsedKey | undefined {
  const result = ssh2.utils.parseKey(key);
  return result instanceof Error ? undefined : result;
}

/** ssh2's own `equals` compares the private halves too. */
function sameKey(a: ParsedKey, b: ParsedKey): boolean {
  return a.getPublicSSH().equals(b.getPublicSSH());
}

function fileIdentity(file: KeyFile, secrets: SecretSource): Identity {
  const plain = (): ParsedKey => {
    const key = ssh2.utils.parseKey(file.text ?? '');
    if (key instanceof Error) throw key;
    return key;
  };
  const key = async (): Promise<PrivateKey> => (file.encrypted ? decrypted(file, secrets) : plain());
  return { name: file.file, publicKey: file.publicKey, sign: async (data, hash) => (await key()).sign(data, hash) };
}

/** The private key of an encrypted file. Rejects when no right passphrase was given. */
async function decrypted({ file, publicKey, text = '' }: KeyFile, secrets: SecretSource): Promise<PrivateKey> {
  const print = fingerprint(publicKey.getPublicSSH());
  const known = secrets.unlocked.get(print);
  if (known) return known;
  const key = `passphrase ${print}`;
  let refused: string | undefined;
  for (let attempt = 0; attempt < PASSPHRASE_TRIES; attempt++) {
    const again = refused === undefined ? '' : ' (the last one was wrong)';
    const passphrase = await secrets.answer({ what: `Passphrase of the key ${printable(file)}${again}`, key, refused });
    if (!passphrase && refused === undefined) throw new Error(`no passphrase was given for ${file}`);
    // A program that answers always gives the same.
    if (!passphrase || passphrase === refused) break;
    const privateKey = secrets.unlocked.get(print) ?? (await unlock({ text, passphrase }));
    secrets.judge(key, passphrase, privateKey ? 'right' : 'wrong');
    if (privateKey) {
      secrets.unlocked.set(print, privateKey);
      return privateKey;
    }
    refused = passphrase;
  }
  throw new Error(`the passphrase for ${file} is wrong: try again, or give the key to your agent (ssh-add ${shellQuote(file)})`);
}

async function agentIdentities(socket: string, problems: string[]): Promise<Identity[]> {
  try {
    const agent = ssh2.createAgent(socket);
    const keys = await agentKeys(agent);
    return keys.map((publicKey) => ({
      name: `agent key ${said(publicKey.comment) || fingerprint(publicKey.getPublicSSH())}`,
      publicKey,
      sign: (data, hash) => agentSign(agent, publicKey, data, hash),
    }));
  } catch (error) {
    problems.push(`the SSH agent at ${socket} gave no keys (${said(asErrorLike(error).message)})`);
    return [];
  }
}

function agentKeys(agent: Agent): Promise<ParsedKey[]> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${AGENT_TIMEOUT_MS / 1000} s`)), AGENT_TIMEOUT_MS);
    agent.getIdentities((error, keys) => {
      clearTimeout(timer);
      if (error) return reject(error);
      const blobs = (keys ?? []).map((key) => (typeof key === 'object' && 'pubKey' in key ? key.pubKey : key));
      const flat = blobs.map((key) => (typeof key === 'object' && 'pubKey' in key ? key.pubKey : key));
      resolve(flat.flatMap((key) => parsed(key) ?? []));
    });
  });
}

function agentSign(agent: Agent, key: ParsedKey, data: Buffer, hash: string | undefined): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options: SigningRequestOptions = hash === 'sha256' || hash === 'sha512' ? { hash } : {};
    agent.sign(key, data, options, (error, signature) => {
      if (error || !signature) reject(error ?? new Error('the SSH agent did not sign'));
      else resolve(signature);
    });
  });
}
