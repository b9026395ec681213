import { parentPort, workerData } from 'node:worker_threads';
import ssh2 from 'ssh2';
import type { Locked, Unlocked } from './unlock.ts';

const { text, passphrase } = workerData as Locked;
const key = ssh2.utils.parseKey(text, passphrase);
const answer: Unlocked = key instanceof Error ? { error: key.message } : { type: key.type, pem: key.getPrivatePEM() };
parentPort?.postMessage(answer);
