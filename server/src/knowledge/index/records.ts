import type { Example } from '../knowledge.ts';
import type { Spec } from '../schema.ts';

/** Specs and examples as they were loaded, each read when it is asked for: all of them at once would hold everything up. */
export interface Records {
  /** How many specs there are: they stand before the examples. */
  readonly specs: number;
  readonly examples: number;
  spec(id: string): Spec | undefined;
  example(id: string): Example | undefined;
  /** The number of an example's item. */
  labelOf(exampleId: string): number | undefined;
  /** Ids of all specs, or of all examples. */
  ids(of: 'specs' | 'examples'): Iterable<string>;
  specAt(index: number): Spec | undefined;
  exampleAt(index: number): Example | undefined;
}

/** As they are stored: JSON one after the other, the specs first. */
export interface PackedRecords {
  readonly specs: number;
  readonly text: Uint8Array;
  /** Where each begins; one more for the end. */
  readonly offsets: Uint32Array;
  /** The ids, a line each. */
  readonly ids: string;
}

export function packRecords(specs: readonly Spec[], examples: readonly Example[]): PackedRecords {
  const all = [...specs, ...examples].map((record) => Buffer.from(JSON.stringify(record)));
  const offsets = new Uint32Array(all.length + 1);
  for (const [i, { length }] of all.entries()) offsets[i + 1] = (offsets[i] ?? 0) + length;
  return { specs: specs.length, text: Buffer.concat(all), offsets, ids: [...specs, ...examples].map(({ id }) => id).join('\n') };
}

/** Only what was validated when it was packed gets here. Throws when the parts do not fit together. */
export function openRecords({ specs, text, offsets, ids: idText }: PackedRecords): Records {
  const ids = idText === '' ? [] : idText.split('\n');
  if (ids.length + 1 !== offsets.length || specs > ids.length || offsets.at(-1) !== text.length) throw new Error(`${ids.length} records do not fit their text`);
  const bytes = Buffer.from(text.buffer, text.byteOffset, text.byteLength);
  const at = (label: number): unknown => JSON.parse(bytes.toString('utf8', offsets[label], offsets[label + 1]));
  const examples = new Map(ids.slice(specs).map((id, i) => [id, specs + i]));
  const described = new Map(ids.slice(0, specs).map((id, i) => [id, i]));
  const specAt = (index: number): Spec | undefined => (index >= 0 && index < specs ? (at(index) as Spec) : undefined);
  const exampleAt = (index: number): Example | undefined => (index >= 0 && specs + index < ids.length ? (at(specs + index) as Example) : undefined);
  return {
    specs,
    examples: ids.length - specs,
    spec: (id) => specAt(described.get(id) ?? -1),
    example: (id) => exampleAt((examples.get(id) ?? specs - 1) - specs),
    labelOf: (exampleId) => examples.get(exampleId),
    ids: (of) => (of === 'specs' ? described.keys() : examples.keys()),
    specAt,
    exampleAt,
  };
}

/** Records that are there. */
export function recordsOf(specs: readonly Spec[], examples: readonly Example[]): Records {
  return openRecords(packRecords(specs, examples));
}
