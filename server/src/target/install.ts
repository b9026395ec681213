import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { describeError, UserError } from '../base/error.ts';
import { printable, shorten } from '../base/text.ts';
import { KGENT_BIN, type Facts } from '../kernel/facts.ts';
import { isFor, machineName, readElf } from './elf.ts';
import type { Outcome, Ran, Target } from './target.ts';

/** A bpftrace with all of LLVM inside is about 60 MB, its AppImage 40 MB; this is the limit in bytes. */
const MAX_BYTES = 256 * 1024 * 1024;
/** A slow line: 100 kB a second, and the time an emulated machine needs to start a large program. */
const BYTES_PER_MS = 100;
const START_MS = 60_000;

/** Exit statuses of SCRIPT, beside those of a shell. */
const EXIT = { cutOff: 3, notWritten: 4, doesNotRun: 5, isAnother: 6 } as const;

/**
 * `$1` is the size in bytes, `$2` the name while it is not whole. The file lies in the directory the command runs in, which is
 * private; it becomes visible under its own name only when it is whole and runs.
 */
const SCRIPT = `
umask 077
d="$HOME/${KGENT_BIN}"; new="$d/$2"
[ "$(wc -c <bpftrace)" -eq "$1" ] || exit ${EXIT.cutOff}
mkdir -p "$d" && chmod 700 "$d" && cp bpftrace "$new" && chmod 700 "$new" || exit ${EXIT.notWritten}
said=$("$new" --version </dev/null) || { echo "exit status $?" >&2; exit ${EXIT.doesNotRun}; }
case $said in *bpftrace*[0-9]*) echo "$said";; *) echo "$said" >&2; exit ${EXIT.isAnother};; esac
mv -f "$new" "$d/bpftrace" || exit ${EXIT.notWritten}
`;

export interface Copied {
  /** As the copied one says of itself: `bpftrace v0.23.2`. */
  readonly version: string;
  /** The one that is found there now: one on the PATH goes before. */
  readonly used: string;
}

/**
 * Copies a file of this machine to a target as its bpftrace, into a place in the user's home, for that user alone; an older copy is
 * replaced. Throws a UserError that says why not; then nothing is changed there.
 */
export async function copyBpftrace(target: Target, path: string, { signal }: { signal?: AbortSignal | undefined } = {}): Promise<Copied> {
  const { arch } = await factsOf(target, { signal });
  const bytes = await readLimited(path);
  const refusal = whyNot(bytes, arch);
  if (refusal !== undefined) throw new UserError('bad-binary', `${path} cannot be copied: ${refusal}`);
  const version = await install(target, bytes, signal);
  const { tools } = await factsOf(target, { signal, refresh: true });
  return { version, used: tools.bpftrace?.text ?? version };
}

async function factsOf(target: Target, options: { signal: AbortSignal | undefined; refresh?: boolean }): Promise<Facts> {
  const known = await target.facts(options);
  if (known.kind === 'known') return known.facts;
  throw new UserError('target', problemOf(known, target.name));
}

/** Why a file would not run there as bpftrace; undefined when nothing speaks against it. */
export function whyNot(bytes: Uint8Array, arch: string): string | undefined {
  const elf = readElf(bytes);
  if (!elf) return 'it is no ELF program. Choose the statically linked bpftrace itself, unpacked.';
  if (!isFor(elf, arch)) return `it is made for ${machineName(elf)}, and the target is ${arch}.`;
  if (elf.interpreter !== undefined || elf.libraries > 0) return `it is linked dynamically (it needs ${printable(elf.interpreter ?? 'shared libraries')}), so it may not start on the target. Choose a statically linked bpftrace.`;
  if (elf.type === 'other') return 'it is an ELF file, but no program.';
  return undefined;
}

async function readLimited(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path);
    try {
      const stat = await file.stat();
      if (!stat.isFile()) throw new UserError('bad-binary', `${path} is no file.`);
      if (stat.size > MAX_BYTES) throw new UserError('bad-binary', `${path} is larger than ${MAX_BYTES / 1024 / 1024} MB: no bpftrace is.`);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError('bad-binary', `${path} cannot be read: ${describeError(error)}`, { cause: error });
  }
}

/** Returns what the copied program says of itself. */
async function install(target: Target, bytes: Uint8Array, signal: AbortSignal | undefined): Promise<string> {
  const temporary = `.bpftrace.${randomBytes(6).toString('hex')}`;
  const outcome = await target.exec({
    argv: ['sh', '-c', SCRIPT, 'sh', String(bytes.length), temporary],
    files: [{ name: 'bpftrace', content: bytes }],
    cleanup: `rm -f "$HOME/${KGENT_BIN}/${temporary}"`,
    timeoutMs: START_MS + bytes.length / BYTES_PER_MS,
    signal,
  });
  if (outcome.kind !== 'ran') throw new UserError('not-installed', problemOf(outcome, target.name));
  if (outcome.exitCode !== 0) throw new UserError('not-installed', whyNotInstalled(outcome.exitCode, shorten(printable(outcome.stderr.trim()), 300), target.name));
  return printable(shorten(outcome.stdout.trim().split('\n')[0] ?? '', 100));
}

function problemOf(outcome: Exclude<Outcome, Ran>, where: string): string {
  switch (outcome.kind) {
    case 'failed':
      return outcome.message;
    case 'missing':
      return `There is no ${outcome.tool} on ${where}.`;
    case 'cancelled':
      return 'Copying was cancelled; nothing was changed.';
    case 'timed-out':
      return `${where} did not answer within ${Math.round(outcome.afterMs / 1000)} s; nothing was changed.`;
  }
}

function whyNotInstalled(exitCode: number, said: string, where: string): string {
  if (exitCode === EXIT.cutOff) return `The file did not arrive whole on ${where}: is /tmp there full?`;
  if (exitCode === EXIT.notWritten) return `~/${KGENT_BIN} on ${where} cannot be written: ${said}`;
  if (exitCode === EXIT.isAnother) return `The copied program is no bpftrace, so it was removed again. It says of itself: ${said}`;
  return `The copied program does not start on ${where}, so it was removed again: ${said}`;
}
