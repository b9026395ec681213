import type { Version } from '../../base/version.ts';
import { compareVersions } from '../../base/version.ts';
import { builtins } from './catalogue/builtins.ts';
import { configKeys } from './catalogue/config.ts';
import { functions } from './catalogue/functions.ts';
import { probeKinds } from './catalogue/probes.ts';

/**
 * What bpftrace itself offers: probe kinds, builtins, functions, config keys and constructs of the language, each with
 * the versions that have it. The tables are in `catalogue/`. Versions 0.17, 0.23 and 0.27 were measured with the real
 * programs (`server/test/tools/catalogue.test.ts` does so again); what lies between them is from bpftrace's changelog.
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
  /** Versions of the canonical spelling itself, where they are not those of the kind: `fentry` is `kfunc` before 0.20. */
  readonly spelled?: Versions;
  /** How it is written: `tracepoint:CATEGORY:EVENT`. */
  readonly form: string;
  /** Numbers of parts behind the provider that are allowed, with their versions. */
  readonly parts: readonly ({ readonly count: number } & Versions)[];
  readonly summary: string;
  /** Builtins that make sense here beyond the general ones: `args`, `arg0`, `retval`, … */
  readonly builtins: readonly string[];
  /** Whether `*` may stand in its parts. */
  readonly wildcards: boolean;
  /** What may stand in the part with that number (0 is the first behind the provider): units, events. */
  readonly values?: { readonly part: number; readonly of: readonly string[] };
}

export interface Builtin extends Versions {
  /** `pid`; `argN` and `sargN` stand for the numbered ones. */
  readonly name: string;
  /** As `describeType` prints; `unknown` when the probe decides. */
  readonly type: string;
  /** The type in versions before `until`, where it was another. */
  readonly older?: { readonly type: string; readonly until: Version };
  /** Canonical probe kinds it can be used in; absent: all. */
  readonly probes?: readonly string[];
  /** Can also be written as a call without arguments: `pid()`. Absent: never. */
  readonly call?: Versions;
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
  /** `statement`: gives no value. `map-value`: only directly assigned to a map. `value`: gives one. */
  readonly use: 'value' | 'statement' | 'map-value';
  /** Canonical probe kinds it may be called in; absent: all. */
  readonly probes?: readonly string[];
  /** Canonical probe kinds it may not be called in. */
  readonly notProbes?: readonly string[];
  /** Part of bpftrace's library of macros: a program may define its own of that name. */
  readonly macro?: boolean;
  /** A statement that is accepted where the function is known. */
  readonly example: string;
}

export interface Overload extends Versions {
  readonly params: readonly Param[];
  /** Further arguments of the last parameter's kind are allowed. */
  readonly variadic?: boolean;
  /** As `describeType` prints, or `same` for the type of the first argument, `unknown` where it depends on values. */
  readonly returns: string;
}

/**
 * What an argument may be. `map` is a bare map name, `element` an indexed or scalar map, `key` a key of the map that
 * is the first argument, `variable` a `$variable` that is assigned, `type` a type name; `clock`, `stack-mode` and
 * `namespace` are words (see `words`). A literal `string` is one in double quotes.
 */
export type Accepts = 'integer' | 'bool' | 'string' | 'pointer' | 'array' | 'record' | 'stack' | 'map' | 'element' | 'key' | 'variable' | 'type' | 'field' | 'any' | keyof typeof words;

export interface Param {
  readonly name: string;
  readonly accepts: readonly Accepts[];
  readonly optional?: boolean;
  /** Only a literal (or, in newer versions, a constant expression) is accepted. */
  readonly literal?: boolean;
}

/** Words that are arguments of some functions, with their versions. */
export const words = {
  clock: [{ name: 'boot' }, { name: 'monotonic' }, { name: 'tai' }, { name: 'sw_tai' }],
  'stack-mode': [{ name: 'bpftrace' }, { name: 'perf' }, { name: 'raw', since: [0, 18] }, { name: 'build_id', since: [0, 25] }],
  namespace: [{ name: 'curr_ns' }, { name: 'init' }],
} as const satisfies Record<string, readonly ({ readonly name: string } & Versions)[]>;

export interface ConfigKey extends Versions {
  readonly name: string;
  readonly type: 'integer' | 'bool' | 'string' | 'word';
  /** What a `word` may be. */
  readonly values?: readonly string[];
  readonly default: string;
  readonly summary: string;
  /** Accepted without effect from this version on. */
  readonly ignoredSince?: Version;
}

/** A construct of the language that not every version has. */
export interface Construct extends Versions {
  /** `for-map`, `let`, `block-expression`, … */
  readonly name: string;
  /** As a message calls it: "`for` over a map". */
  readonly title: string;
  /** One sentence: how to write it for older versions. */
  readonly older: string;
  /** A program that needs it and is otherwise accepted by every version, on a machine without kprobes. */
  readonly example?: string;
}

export function has(entry: Versions, version: Version): boolean {
  return (entry.since === undefined || compareVersions(version, entry.since) >= 0) && (entry.until === undefined || compareVersions(version, entry.until) < 0);
}

const builtinsByName = new Map(builtins.map((b) => [b.name, b]));
const functionsByName = new Map(functions.map((f) => [f.name, f]));
const configByName = new Map(configKeys.map((k) => [k.name, k]));

/** `arg3` and `sarg0` give the entries of `argN` and `sargN`. Entries of other versions are given too: ask `has`. */
export function builtin(name: string): Builtin | undefined {
  const numbered = /^(s?arg)\d+$/.exec(name);
  return builtinsByName.get(numbered ? `${numbered[1]}N` : name);
}

export function func(name: string): BtFunction | undefined {
  return functionsByName.get(name);
}

/** `STACK_MODE` and `BPFTRACE_STACK_MODE` are `stack_mode` too. */
export function configKey(name: string): ConfigKey | undefined {
  return configByName.get(name.toLowerCase().replace(/^bpftrace_/, ''));
}

export interface SpelledKind {
  readonly kind: ProbeKind;
  /** Versions in which that spelling is understood (those of the kind included). */
  readonly spelling: Versions;
}

/** The kind behind a provider's name or short name. From 0.24 on, case does not matter. */
export function probeKind(spelled: string): SpelledKind | undefined {
  const exact = find(spelled);
  if (exact) return exact;
  const lower = find(spelled.toLowerCase());
  return lower && { kind: lower.kind, spelling: { ...lower.spelling, since: later(lower.spelling.since, [0, 24]) } };
}

function find(name: string): SpelledKind | undefined {
  for (const kind of probeKinds) {
    const as = kind.name === name ? (kind.spelled ?? {}) : kind.aliases.find((a) => a.name === name);
    if (as) return { kind, spelling: { ...kind, ...as } };
  }
  return undefined;
}

function later(a: Version | undefined, b: Version): Version {
  return a && compareVersions(a, b) > 0 ? a : b;
}

export { builtins } from './catalogue/builtins.ts';
export { configKeys } from './catalogue/config.ts';
export { functions } from './catalogue/functions.ts';
export { probeKinds } from './catalogue/probes.ts';
export { constructs } from './catalogue/syntax.ts';
