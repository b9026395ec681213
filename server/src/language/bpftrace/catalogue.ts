import type { Version } from '../../base/version.ts';

/**
 * What bpftrace itself offers: probe kinds, builtins, functions, config keys and statements, each with the versions
 * that have it. The tables are in `catalogue/`; every `since` and every difference was measured with real bpftrace
 * 0.17, 0.23 and 0.27 or is taken from its changelog, as the entry says.
 */
export interface Versions {
  /** First version that has it: `[0, 21]`. Absent: all versions Kgent knows (0.17 and newer). */
  readonly since?: Version;
  /** First version that no longer has it. */
  readonly until?: Version;
  /** What to write instead where it does not exist, or since it is deprecated: `fentry`. */
  readonly instead?: string;
}

export interface ProbeKind extends Versions {
  /** Canonical name: `kprobe`, `fentry`, `begin`. */
  readonly name: string;
  /** Other spellings with their versions: `k`, `kfunc`, `BEGIN`. */
  readonly aliases: readonly ({ readonly name: string } & Versions)[];
  /** How it is written: `tracepoint:CATEGORY:EVENT`. */
  readonly form: string;
  /** Numbers of parts behind the provider that are allowed: `[1, 2]`. */
  readonly parts: readonly number[];
  readonly summary: string;
  /** Builtins that make sense here beyond the general ones: `args`, `arg0`, `retval`, … */
  readonly builtins: readonly string[];
}

export interface Builtin extends Versions {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly type: string;
  readonly summary: string;
  readonly caveat?: string;
}

export interface BtFunction extends Versions {
  readonly name: string;
  readonly overloads: readonly Overload[];
  readonly summary: string;
  readonly caveat?: string;
  /** Needs `--unsafe`. */
  readonly unsafe?: boolean;
  /** May only stand alone or as the value assigned to a map. */
  readonly use: 'value' | 'statement' | 'map-value' | 'any';
}

export interface Overload extends Versions {
  readonly params: readonly Param[];
  /** Further arguments of the last parameter's kind are allowed. */
  readonly variadic?: boolean;
  /** As `describeType` prints, or `same` for the type of the first argument. */
  readonly returns: string;
}

export interface Param {
  readonly name: string;
  /** What is accepted: see `catalogue/` for the words used. */
  readonly accepts: readonly string[];
  readonly optional?: boolean;
  /** Only a literal (or, in newer versions, a constant expression) is accepted. */
  readonly literal?: boolean;
}
