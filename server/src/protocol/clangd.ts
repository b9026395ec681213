/** The message about setting up clangd for BPF C. */
import { RequestType } from 'vscode-languageserver-protocol';

/** What a folder needs so that clangd understands the BPF C in it. */
export interface ClangdSetup {
  /** Whose kernel it is for: `debian-vm (6.12.117)`. */
  readonly label: string;
  /** The text of `.clangd`, or of what to add to one. */
  readonly clangd: string;
  /** The text of `vmlinux.h`; null when the kernel carries no type information. */
  readonly header: string | null;
}

/** `folder` is its path on the machine clangd runs on. Waits for the target's kernel to be read. */
export const clangdSetupRequest = new RequestType<{ readonly folder: string }, ClangdSetup, void>('kgent/clangdSetup');
