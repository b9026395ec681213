import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Ask } from '../target/target.ts';
import { clearing } from './progress-bar.ts';

/** Asks on the terminal when there is one; `KGENT_SSH_PASSWORD` answers for scripts. */
export function terminalAsk(env: Readonly<Record<string, string | undefined>>): Ask {
  const interactive = process.stdin.isTTY && process.stderr.isTTY;
  return {
    async trustHostKey(host, keyType, fingerprint) {
      if (!interactive) return false;
      const answer = await question(`${clearing(process.stderr)}The host key of ${host} is unknown (${keyType} ${fingerprint}).\nTrust it from now on? [yes/no] `, process.stderr);
      return answer.trim().toLowerCase() === 'yes';
    },
    async secret(what, use) {
      if (env['KGENT_SSH_PASSWORD']) return env['KGENT_SSH_PASSWORD'];
      if (!interactive) return undefined;
      if (use?.echo === true) return question(`${clearing(process.stderr)}${what} `, process.stderr);
      process.stderr.write(`${clearing(process.stderr)}${what}: `);
      // readline echoes what is typed into its output: into nothing, for a secret.
      const secret = await question('', new Writable({ write: (_chunk, _encoding, done) => done() }));
      process.stderr.write('\n');
      return secret;
    },
  };
}

async function question(text: string, output: NodeJS.WritableStream): Promise<string> {
  const reader = createInterface({ input: process.stdin, output, terminal: true });
  try {
    return await reader.question(text);
  } finally {
    reader.close();
  }
}
