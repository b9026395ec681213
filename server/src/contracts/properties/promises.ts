import { sameUnit, unit, type Unit } from './units.ts';

/** Words for units in format strings and names; people say KB for 1000 and for 1024 bytes. */
const SPELLINGS: ReadonlyMap<string, readonly string[]> = new Map(Object.entries({
  ns: ['ns'], nsec: ['ns'], nsecs: ['ns'], nanoseconds: ['ns'], us: ['us'], usec: ['us'], usecs: ['us'], microseconds: ['us'], ms: ['ms'], msec: ['ms'], msecs: ['ms'], milliseconds: ['ms'],
  s: ['s'], sec: ['s'], secs: ['s'], seconds: ['s'], jiffies: ['jiffies'],
  bytes: ['bytes'], sectors: ['sectors'], pages: ['pages'], kb: ['KiB', 'kB'], kib: ['KiB'], kbytes: ['KiB', 'kB'], mb: ['MiB', 'MB'], mib: ['MiB'], gb: ['GiB', 'GB'], gib: ['GiB'], tib: ['TiB'],
  hz: ['Hz'], khz: ['kHz'], mhz: ['MHz'], ghz: ['GHz'],
}));

/** What a word promises of a number. */
export interface Promised {
  readonly word: string;
  readonly units: readonly Unit[];
}

function promised(word: string): Promised | undefined {
  const names = SPELLINGS.get(word.toLowerCase());
  return names && { word, units: names.map(unit) };
}

/** Whether a number in a unit is what was promised. */
export function keeps({ units }: Promised, value: Unit): boolean {
  return units.some((one) => sameUnit(one, value));
}

/** What the text around a directive of a format string promises: `%d ms`, `lat_us=%d`. A rate (`%d bytes/s`) promises nothing. */
export function promiseOfText(before: string, after: string): Promised | undefined {
  const behind = /^ ?[([]?([a-z]+)(?![a-z0-9_/]| ?[=:/]| per )/i.exec(after)?.[1];
  const ahead = /(?:^|[^a-z])([a-z]{2,})[)\]]? ?[=:] ?$/i.exec(before)?.[1];
  return (behind === undefined ? undefined : promised(behind)) ?? (ahead === undefined ? undefined : promised(ahead));
}

/**
 * What the end of a name promises: `@latency_us`, `@usecs`, `$delta_ms`, `@totalBytes`. A letter alone does only behind `_`. A name that was taken over from the field
 * which is kept under it (`$srtt_us = $tp->srtt_us`) says what the field does. `name` stands without its sign.
 */
export function promiseOfName(name: string, field: string | undefined): Promised | undefined {
  if (name === field) return undefined;
  const words = name.split(/_|(?<=[a-z])(?=[A-Z])/);
  const last = words.at(-1) ?? '';
  return words.includes('per') || words.includes('Per') || (last.length === 1 && words.length === 1) ? undefined : promised(last);
}

/** What the name of a constant says: `$limit_ms = 10`, `#define SLOW_US 500`. One word (`MS`) is as a rule a factor, and 0 is 0 in every unit. */
export function unitOfConstant(name: string, value: bigint): Unit | undefined {
  const [first, ...others] = value === 0n || !/^[@$]?[A-Za-z\d]+_/.test(name) ? [] : (promiseOfName(name.replace(/^[@$]/, '').toLowerCase(), undefined)?.units ?? []);
  return others.length === 0 ? first : undefined;
}
