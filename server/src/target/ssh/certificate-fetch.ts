import { createECDH, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { WireReader, wireString } from './wire.ts';

const TIMEOUT_MS = 10_000;
const KEXINIT = 20;
const KEX_ECDH_INIT = 30;
const KEX_ECDH_REPLY = 31;
/** More than any server sends before it shows its key. */
const MAX_BYTES = 256 * 1024;

/**
 * The certificate a host shows when it is asked for one: the first half of a key exchange (RFC 4253, RFC 8731), after which we hang
 * up. ssh2 cannot ask for certificates. Nothing is believed here: a certificate proves itself, and it is compared with the key that
 * the real connection proved. Rejects when the host shows none of these types.
 */
export async function fetchCertificate(stream: Duplex, algorithms: readonly string[]): Promise<Buffer> {
  const timer = setTimeout(() => stream.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS);
  try {
    stream.write('SSH-2.0-Kgent\r\n');
    const packets = read(stream);
    stream.write(packet(Buffer.concat([Buffer.of(KEXINIT), randomBytes(16), ...offer(algorithms).map((list) => wireString(list.join(','))), Buffer.alloc(5)])));
    const theirs = new WireReader(await nextOf(packets, KEXINIT));
    theirs.at = 1 + 16;
    const [kex = [], hostKeys = []] = [theirs.text().split(','), theirs.text().split(',')];
    const exchange = EXCHANGES.find(({ name }) => kex.includes(name));
    if (!exchange || !algorithms.some((name) => hostKeys.includes(name))) throw new Error('it has no certificate');
    stream.write(packet(Buffer.concat([Buffer.of(KEX_ECDH_INIT), wireString(exchange.publicKey())])));
    const reply = new WireReader(await nextOf(packets, KEX_ECDH_REPLY));
    reply.byte();
    return Buffer.from(reply.string());
  } finally {
    clearTimeout(timer);
    stream.destroy();
  }
}

/** We never derive the secret: any point will do. */
const EXCHANGES: readonly { readonly name: string; readonly publicKey: () => Buffer }[] = [
  { name: 'curve25519-sha256', publicKey: x25519 },
  { name: 'curve25519-sha256@libssh.org', publicKey: x25519 },
  { name: 'ecdh-sha2-nistp256', publicKey: () => createECDH('prime256v1').generateKeys() },
];

function x25519(): Buffer {
  // The raw key is the end of its DER form.
  return generateKeyPairSync('x25519').publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
}

/** The lists of KEXINIT. What comes after the key exchange is never used; it must only have something in common. */
function offer(algorithms: readonly string[]): readonly (readonly string[])[] {
  const ciphers = ['aes128-ctr', 'aes256-ctr', 'aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'chacha20-poly1305@openssh.com'];
  const macs = ['hmac-sha2-256', 'hmac-sha2-512', 'hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha1'];
  const compression = ['none', 'zlib@openssh.com'];
  return [EXCHANGES.map(({ name }) => name), algorithms, ciphers, ciphers, macs, macs, compression, compression, [], []];
}

function packet(payload: Buffer): Buffer {
  const padding = 16 - ((payload.length + 5) % 8);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(payload.length + padding + 1);
  head.writeUInt8(padding, 4);
  return Buffer.concat([head, payload, randomBytes(padding)]);
}

async function nextOf(packets: AsyncGenerator<Buffer, undefined>, type: number): Promise<Buffer> {
  for (;;) {
    const { value, done } = await packets.next();
    if (done || value === undefined) throw new Error('it hung up');
    if (value[0] === type) return value;
  }
}

/** The payloads of unencrypted packets, behind the greeting. */
async function* read(stream: Duplex): AsyncGenerator<Buffer, undefined> {
  let bytes = Buffer.alloc(0);
  let greeted = false;
  for await (const chunk of stream) {
    bytes = Buffer.concat([bytes, chunk as Buffer]);
    if (bytes.length > MAX_BYTES) throw new Error('it does not speak SSH');
    for (let end = greeted ? -1 : bytes.indexOf('\n'); !greeted && end >= 0; end = bytes.indexOf('\n')) {
      greeted = bytes.subarray(0, 4).toString() === 'SSH-';
      bytes = bytes.subarray(end + 1);
    }
    while (greeted && bytes.length >= 5 && bytes.length >= 4 + bytes.readUInt32BE(0)) {
      const length = bytes.readUInt32BE(0);
      yield bytes.subarray(5, 4 + length - bytes.readUInt8(4));
      bytes = bytes.subarray(4 + length);
    }
  }
  return undefined;
}
