import { isAbsolute, resolve } from 'node:path';

/** What a project says of how its BPF C is compiled, as far as it is followed. */
export interface CompileFlags {
  /** Definitions, warnings, the language's standard: `-DX=1`, `-Wno-unused`. They name no files. */
  readonly plain: readonly string[];
  /** Folders of headers, with absolute paths. */
  readonly folders: readonly IncludeFolder[];
  /** Headers that are read before the program (`-include`), with absolute paths. */
  readonly first: readonly string[];
}

export interface IncludeFolder {
  readonly option: (typeof FOLDER_OPTIONS)[number];
  readonly path: string;
}

export const NO_FLAGS: CompileFlags = { plain: [], folders: [], first: [] };

const FOLDER_OPTIONS = ['-isystem', '-iquote', '-idirafter', '-I'] as const;
/** The target's machine and the kind of code are not the project's to choose here; whatever loads code into clang is not followed. */
const PLAIN = /^-(?:D(?!__TARGET_ARCH_)\w|U\w|W(?!l,|a,|p,)[\w=+-]|std=|mcpu=|fms-extensions$|fno-(?:builtin|strict-aliasing|jump-tables|unroll-loops|vectorize|slp-vectorize)$|O[1-3s]$)/;

/** Keeps of clang's arguments what may be followed; relative paths are from `folder`. */
export function readFlags(args: readonly string[], folder: string): CompileFlags {
  const plain: string[] = [];
  const folders: IncludeFolder[] = [];
  const first: string[] = [];
  const absolute = (path: string): string => (isAbsolute(path) ? path : resolve(folder, path));
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    const option = FOLDER_OPTIONS.find((name) => arg.startsWith(name));
    if (option !== undefined) {
      const path = arg === option ? args[++i] : arg.slice(option.length);
      if (path !== undefined && path !== '') folders.push({ option, path: absolute(path) });
    } else if (arg === '-include') {
      const path = args[++i];
      if (path !== undefined) first.push(absolute(path));
    } else if (arg === '-D' || arg === '-U') {
      const joined = `${arg}${args[++i] ?? ''}`;
      if (PLAIN.test(joined)) plain.push(joined);
    } else if (PLAIN.test(arg)) plain.push(arg);
  }
  return { plain, folders, first };
}

export function mergeFlags(all: readonly CompileFlags[]): CompileFlags {
  return { plain: all.flatMap(({ plain }) => plain), folders: all.flatMap(({ folders }) => folders), first: all.flatMap(({ first }) => first) };
}
