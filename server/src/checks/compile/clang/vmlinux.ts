import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../../base/error.ts';
import type { Facts } from '../../../kernel/facts.ts';
import type { Inventory } from '../../../kernel/inventory.ts';
import { runInTurns } from '../../../kernel/turns.ts';
import type { Target } from '../../../target/target.ts';
import { missingTool, skipReason } from '../../skip.ts';

/** An emulated machine needs 5 to 12 s for the dump, and the header has 3 MB. */
const DUMP_TIMEOUT_MS = 120_000;
const MAX_HEADER_BYTES = 32 * 1024 * 1024;

/**
 * `vmlinux.h` of each target's kernel: out of its inventory; where that could not be read (without root, say, while
 * anyone may read BTF), dumped once by its bpftool and kept on this machine.
 */
export class VmlinuxHeaders {
  readonly #directory: string;
  #last: { readonly inventory: Inventory; readonly text: Promise<string> } | undefined;
  readonly #pending = new Map<string, Promise<{ text: string } | { reason: string }>>();

  constructor(cacheDirectory: string) {
    this.#directory = join(cacheDirectory, 'vmlinux');
  }

  /** The header's text, or why it cannot be had. */
  async get(target: Target, facts: Facts, inventory: Inventory): Promise<{ text: string } | { reason: string }> {
    const own = inventory.source === 'target' && inventory.release === facts.release ? await this.of(inventory) : undefined;
    return own ?? this.#dumped(target, facts);
  }

  /** The header of the kernel an inventory is of. Undefined when its types are not known. */
  async of(inventory: Inventory): Promise<{ text: string } | { reason: string } | undefined> {
    const text = this.#ofInventory(inventory);
    return text?.then((known) => ({ text: known }), (error: unknown) => {
      if (error instanceof UserError) return { reason: error.message };
      throw error;
    });
  }

  /** Made once for the inventory asked for last. Undefined without BTF. */
  #ofInventory(inventory: Inventory): Promise<string> | undefined {
    if (this.#last?.inventory === inventory) return this.#last.text;
    const steps = inventory.vmlinuxHeader();
    if (!steps) return undefined;
    this.#last = { inventory, text: runInTurns(steps) };
    return this.#last.text;
  }

  async #dumped(target: Target, facts: Facts): Promise<{ text: string } | { reason: string }> {
    // The release names the build of a distribution's kernel; the version line of self-built ones differs too.
    const key = `${facts.release}-${facts.arch}`;
    const pending = this.#pending.get(key);
    if (pending) return pending;
    // Not cancelled with the check that asked first: others may wait for it, and it is kept.
    const made = this.#make(join(this.#directory, `${createHash('sha256').update(key).digest('hex').slice(0, 16)}.h`), target, facts);
    this.#pending.set(key, made);
    const result = await made.catch((error: unknown) => {
      this.#pending.delete(key);
      throw error;
    });
    if ('reason' in result) this.#pending.delete(key);
    return result;
  }

  async #make(file: string, target: Target, facts: Facts): Promise<{ text: string } | { reason: string }> {
    const cached = await readFile(file, 'utf8').catch(() => undefined);
    if (cached !== undefined) return { text: cached };
    if (!facts.btf) return { reason: `The kernel of ${target.name} carries no BTF, so there is no vmlinux.h for it.` };
    const outcome = await target.exec({
      argv: ['bpftool', 'btf', 'dump', 'file', '/sys/kernel/btf/vmlinux', 'format', 'c'],
      timeoutMs: DUMP_TIMEOUT_MS,
      maxOutputBytes: MAX_HEADER_BYTES,
    });
    if (outcome.kind === 'missing') return { reason: `${missingTool('bpftool', target.name, facts)} It makes the kernel's vmlinux.h.` };
    const reason = skipReason(outcome, 'bpftool', target.name, facts);
    if (reason !== undefined || outcome.kind !== 'ran') return { reason: reason ?? '' };
    if (outcome.exitCode !== 0 || outcome.truncated) return { reason: `bpftool on ${target.name} could not dump the kernel's types: ${outcome.stderr.trim()}` };
    await mkdir(this.#directory, { recursive: true });
    // Written aside and renamed: another process never reads half a header.
    const aside = `${file}.${process.pid}`;
    await writeFile(aside, outcome.stdout);
    await rename(aside, file);
    return { text: outcome.stdout };
  }
}
