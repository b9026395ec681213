import { atLeast, type Version } from '../../../base/version.ts';

/** The name the program has in the tool's directory, and so in its messages. */
export const PROGRAM_FILE = 'program.bt';

/**
 * Arguments that make bpftrace parse, analyse and generate code, but neither load nor attach.
 * `--test codegen` from 0.17 to 0.24; from 0.25 on `--test` runs the probes and `--mode codegen`
 * is the way (measured, see docs/architecture.md). `--dry-run` attaches since 0.22.
 */
export function codegenArguments(version: Version, options: { unsafe: boolean }): string[] {
  const mode = atLeast(version, 0, 25) ? ['--mode', 'codegen'] : ['--test', 'codegen'];
  return [...mode, ...(options.unsafe ? ['--unsafe'] : []), PROGRAM_FILE];
}

/** Since 0.25 `--fmt` parses without needing root; older versions have no such mode. */
export function syntaxOnlyArguments(version: Version): string[] | undefined {
  return atLeast(version, 0, 25) ? ['--fmt', PROGRAM_FILE] : undefined;
}
