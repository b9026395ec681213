import { createPrivateKey, sign } from 'node:crypto';
import { Worker } from 'node:worker_threads';

/** What the worker is given. */
export interface Locked {
  readonly text: string;
  readonly passphrase: string;
}

/** What the worker answers. */
export type Unlocked = { readonly type: string; readonly pem: string } | { readonly error: string };

/** A decrypted private key. */
export interface PrivateKey {
  /** `hash` is what ssh2 asks for with RSA keys. */
  sign(data: Buffer, hash: string | undefined): Buffer;
}

/** Some keys are made to be slow (ssh-keygen -a); none takes this long. */
const TIMEOUT_MS = 60_000;

/**
 * Decrypts a private key; undefined when the passphrase is wrong. In a worker: deriving the key takes 0.3 s and, where it was made
 * slow on purpose, seconds, during which an editor would stand still. Rejects when the worker fails.
 */
export async function unlock(locked: Locked): Promise<PrivateKey | undefined> {
  const worker = startWorker(locked);
  let timer: NodeJS.Timeout | undefined;
  try {
    const answer = await new Promise<Unlocked>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`it could not be decrypted within ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS);
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('it could not be decrypted')));
    });
    return 'error' in answer ? undefined : privateKey(answer.type, answer.pem);
  } finally {
    clearTimeout(timer);
    void worker.terminate();
  }
}

/** The worker is a bundle of its own; where this is a source file, so is the worker, which needs a loader then. */
function startWorker(workerData: Locked): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./unlock-worker.js', import.meta.url), { workerData });
  const source = new URL('./unlock-worker.ts', import.meta.url).href;
  return new Worker(`import('tsx/esm/api').then(({ tsImport }) => tsImport(${JSON.stringify(source)}, ${JSON.stringify(source)}))`, { workerData, eval: true });
}

/** The hash each type of key signs with unless another is asked for, RFC 5656 and RFC 8709. */
const HASHES: Readonly<Record<string, string | null>> = { 'ssh-ed25519': null, 'ecdsa-sha2-nistp256': 'sha256', 'ecdsa-sha2-nistp384': 'sha384', 'ecdsa-sha2-nistp521': 'sha512' };

function privateKey(type: string, pem: string): PrivateKey {
  const key = createPrivateKey(pem);
  return { sign: (data, hash) => sign(hash ?? (type in HASHES ? HASHES[type] : 'sha1'), data, key) };
}
