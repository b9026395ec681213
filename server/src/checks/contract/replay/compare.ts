import type { Execution } from '../../../contracts/ir/interpret.ts';
import { bytesOf, numberOf } from './bytes.ts';
import type { Kind } from './kinds.ts';
import type { RealObject } from './object.ts';
import { OBJECT_NAME, type JobResult, type RealEntry } from './plan.ts';
import { returnedBy, type Possible, type Setting } from './possible.ts';

/** What the real program did otherwise than what was computed: a clause for people; undefined where it did the same. */
export function differenceOf({ program, object, handlers }: Setting, { events, from, expected }: Possible, { returned, maps }: JobResult): string | undefined {
  for (const [n, value] of returned.entries()) {
    const wanted = same(expected.map((run) => returnedBy(run, from + n)));
    const kind = handlers.get(events[from + n]?.handler ?? '')?.kind;
    if (wanted !== undefined && wanted !== BigInt.asUintN(32, value)) return `it returned ${resultText(value, kind)}, and ${resultText(wanted, kind)} was computed`;
  }
  const wrong = program.maps.find(({ name }) => !holdsTheSame(name, expected, object, maps));
  return wrong && `${wrong.name} holds something else than what was computed`;
}

/** `XDP_DROP`, `3`. */
export function resultText(value: bigint, kind: Kind | undefined): string {
  const unsigned = BigInt.asUintN(32, value);
  return kind?.results.get(unsigned) ?? BigInt.asIntN(32, unsigned).toString();
}

/** What all are; undefined where they are not the same. */
function same<T>(values: readonly T[]): T | undefined {
  const [first] = values;
  return values.every((value) => value === first) ? first : undefined;
}

/** Whether a map, or a variable, really is what it must be. What depends on more than the input, or could not be read, is taken as it is. */
function holdsTheSame(name: string, expected: readonly Execution[], { maps, variables }: RealObject, real: JobResult['maps']): boolean {
  const texts = expected.map((run) => [...(run.maps.get(name) ?? [])].map(([key, value]) => `${key}=${value}`).sort().join());
  const wanted = same(texts) === undefined ? undefined : expected[0]?.maps.get(name);
  if (!wanted) return true;
  const variable = variables.get(name);
  const entries = real.get(variable ? pinnedName(variable.section) : name);
  if (!entries) return true;
  if (variable) return entries.some(({ values: [bytes] }) => bytes !== undefined && numberOf(bytes.subarray(variable.offset, variable.offset + variable.initial.length)) === (numberOf(variable.initial) ^ (wanted.get(0n) ?? 0n)));
  const info = maps.get(name);
  if (!info) return true;
  const isThere = ([key, value]: readonly [bigint, bigint]): boolean => entries.some((entry) => numberOf(entry.key) === key && hasValue(entry, bytesOf(value, info.valueBytes)));
  // Slots of an array are all there, and 0 before they are written.
  const others = entries.filter(({ key, values }) => !wanted.has(numberOf(key)) && !(info.kind === 'array' && values.every((value) => numberOf(value) === 0n)));
  return [...wanted].every(isThere) && others.length === 0;
}

/** In a map for each processor the program wrote that of the one it ran on. */
function hasValue({ values }: RealEntry, wanted: Uint8Array): boolean {
  return values.some((value) => value.length >= wanted.length && wanted.every((byte, i) => value[i] === byte));
}

/** The name that the loader pins a section's map under. */
export function pinnedName(section: string): string {
  const own = section === '.bss' || section === '.data';
  return `${own ? OBJECT_NAME : ''}${section.replaceAll('.', '_')}`;
}
