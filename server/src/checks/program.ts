export type Language = 'bpftrace' | 'c';

/** Immutable snapshot of a program; never a live document. */
export interface Program {
  readonly uri: string;
  readonly version: number;
  readonly text: string;
  readonly language: Language;
}

/** The language a file name stands for: `.bt` is bpftrace, `.bpf.c` is BPF C. */
export function languageOfFile(name: string): Language | undefined {
  if (name.endsWith('.bt')) return 'bpftrace';
  if (name.endsWith('.bpf.c')) return 'c';
  return undefined;
}

export const extensionOf: Readonly<Record<Language, string>> = { bpftrace: '.bt', c: '.bpf.c' };

/** Bytes above which a program is refused: nobody writes such a file by hand, and tools choke on it. */
export const MAX_PROGRAM_BYTES = 1_000_000;
