import { atLeast, type Version } from '../../../base/version.ts';

/**
 * How one version of bpftrace reads a program, where versions differ. Measured with 0.17.0, 0.23.2 and 0.27.1 by
 * programs that only one of them accepts; what lies between follows bpftrace's changelog.
 */
export interface Rules {
  readonly version: Version;
  /** A variable lives in the block that introduces it; before, everywhere behind its first assignment in the probe. */
  readonly blockScope: boolean;
  /**
   * Types are resolved in a pass of their own: literals are as narrow as their value, comparisons are bool, tuples
   * are keys and branches, `.` also goes through pointers.
   */
  readonly modern: boolean;
  /** A tuple may be a map's key, and `@a[1, 2]` is the same as `@a[(1, 2)]`. */
  readonly tupleKeys: boolean;
  /** `args` is a struct; before it is a pointer to one, so that only `args->x` is right. */
  readonly argsIsStruct: boolean;
  /** A single value of a map can be printed. */
  readonly printsMapValues: boolean;
  /** Several `begin` probes are allowed. */
  readonly severalBegin: boolean;
  /** A variable keeps the sign and width of what it was first given; newer versions let it grow, older ones never looked. */
  readonly strictIntegers: boolean;
  /** `print` takes pointers. */
  readonly printsPointers: boolean;
  /** Integers in tuples must be of the very same type; later, narrower ones fit. */
  readonly exactTuples: boolean;
  /** Pointers can be tested for 0 by standing as a condition. */
  readonly pointerConditions: boolean;
  /** Aggregations can be read as numbers in expressions. */
  readonly readsAggregations: boolean;
  /** Bytes that `str()` reads when nothing else is said, the closing NUL included. */
  readonly maxStrlen: number;
  /** A missing attach point beside others is an error; before only a warning, and the probe never fires. */
  readonly strictAttachPoints: boolean;
}

const cache = new Map<string, Rules>();

export function rulesOf(version: Version): Rules {
  const key = version.join('.');
  const known = cache.get(key) ?? makeRules(version);
  cache.set(key, known);
  return known;
}

function makeRules(version: Version): Rules {
  return {
    version,
    blockScope: atLeast(version, 0, 22),
    modern: atLeast(version, 0, 25),
    tupleKeys: atLeast(version, 0, 22),
    argsIsStruct: atLeast(version, 0, 19),
    printsMapValues: atLeast(version, 0, 21),
    strictIntegers: atLeast(version, 0, 22) && !atLeast(version, 0, 25),
    printsPointers: atLeast(version, 0, 22),
    exactTuples: !atLeast(version, 0, 20),
    pointerConditions: atLeast(version, 0, 23),
    readsAggregations: atLeast(version, 0, 21),
    maxStrlen: atLeast(version, 0, 23) ? 1024 : 64,
    severalBegin: atLeast(version, 0, 25),
    strictAttachPoints: atLeast(version, 0, 25),
  };
}

/** `0.21`, as people write a version of bpftrace. */
export function printVersion(version: Version): string {
  return version.slice(0, 2).join('.');
}
