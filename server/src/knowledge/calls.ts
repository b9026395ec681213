import type { Embedder } from './embed.ts';
import type { Word } from './words.ts';

/**
 * How rarely records say a word that is taken for the name of a system call: `mprotect` is one wherever it stands, `open` and `time` are words of
 * the language first. Logarithm of the share of records, as the embedder counts it.
 */
const MIN_IDF = 5.8;
/** How surely a question that says the name is about the call: surer than what most topics tell, for nothing else is called so. */
const SURE = 0.8;
/** The way back is worth less than the way in. */
const SURE_OF_EXIT = 0.7;
/** Calls that programs know under a shorter name than the kernel. */
const KERNEL_NAMES = [(name: string) => name, (name: string) => `${name}64`, (name: string) => `new${name}`] as const;

/** Ids of the system calls that a question names in passing, and how surely each answers it, 0 to 1. `has`: whether there is a record of that id. */
export function callsNamed(words: readonly Word[], embedder: Pick<Embedder, 'idf'>, has: (id: string) => boolean): readonly (readonly [id: string, hint: number])[] {
  const rare = new Set(words.filter(({ raw, stem, stop }) => !stop && raw.length > 2 && embedder.idf(`w:${stem}`) >= MIN_IDF).map(({ raw }) => raw));
  return [...rare].flatMap((raw) => {
    const call = KERNEL_NAMES.map((named) => named(raw)).find((name) => has(`tracepoint:syscalls:sys_enter_${name}`));
    return call === undefined ? [] : [[`tracepoint:syscalls:sys_enter_${call}`, SURE], [`tracepoint:syscalls:sys_exit_${call}`, SURE_OF_EXIT]] as const;
  });
}
