import { hexOf } from './bytes.ts';
import type { Input } from './input.ts';

/** An entry that a map is given before. */
export interface Preset {
  readonly map: string;
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** One object that is loaded, its programs that run one after the other, and whose maps are read then. */
export interface Job {
  readonly object: Uint8Array;
  readonly presets: readonly Preset[];
  readonly runs: readonly { readonly program: string; readonly input: Input }[];
}

export interface RealEntry {
  readonly key: Uint8Array;
  /** One; in a map for each processor, one for each. */
  readonly values: readonly Uint8Array[];
}

/** What came of a job. */
export interface JobResult {
  /** Of each run; cut short where one did not come to its end. */
  readonly returned: readonly bigint[];
  /** By the names they are pinned under: `.` is `_` there. */
  readonly maps: ReadonlyMap<string, readonly RealEntry[]>;
  /** What was said where something went wrong. */
  readonly failed?: string;
  /** The runs may have been on several processors: a map for each processor says little then. */
  readonly scattered?: true;
}

/** The name that the loader calls an object's own maps by, with `_bss` and the like behind it. */
export const OBJECT_NAME = 'kgent';

export interface Plan {
  /** Read line by line by the script: what to do, and with what. */
  readonly text: string;
  readonly files: readonly { readonly name: string; readonly content: Uint8Array }[];
}

/** Objects and inputs that several jobs share are sent once. */
export function planOf(jobs: readonly Job[]): Plan {
  const files = new Map<string, { readonly name: string; readonly content: Uint8Array }>();
  const file = (content: Uint8Array, kind: string): string => {
    const key = Buffer.from(content).toString('latin1');
    const known = files.get(key) ?? { name: `${files.size}.${kind}`, content };
    files.set(key, known);
    return known.name;
  };
  const lines = jobs.flatMap(({ object, presets, runs }) => [
    `load ${file(object, 'o')}`,
    ...presets.map(({ map, key, value }) => `map ${map} key hex ${hexOf(key)} value hex ${hexOf(value)}`),
    ...runs.map(({ program, input: { data, context } }) => `run ${program}${data ? ` data_in ${file(data, 'bin')}` : ''}${context ? ` ctx_in ${file(context, 'bin')}` : ''}`),
    'dump',
  ]);
  return { text: `${lines.join('\n')}\n`, files: [...files.values()] };
}

/** What the script printed: behind each `MARK` what was done, its exit status, and what was said. */
export function readResults(stdout: string, mark: string, jobs: number): readonly JobResult[] {
  const results = Array.from({ length: jobs }, () => ({ returned: [] as bigint[], maps: new Map<string, readonly RealEntry[]>(), failed: undefined as string | undefined }));
  let at = -1;
  let scattered = false;
  for (const part of stdout.split(`\n${mark} `).slice(1)) {
    const [, what = '', status = '', name = '', said = ''] = /^(\w+) (\d+) ?(\S*)\n([^]*)$/.exec(part) ?? [];
    if (what === 'load') at++;
    if (what === 'pin') scattered = status !== '0';
    const result = results[at];
    if (!result) continue;
    if (status !== '0') result.failed ??= said.trim() || `bpftool ended with status ${status}`;
    else if (what === 'run') result.returned.push(returnedIn(said));
    else if (what === 'dump') setRead(result.maps, name, entriesIn(said));
  }
  return results.map(({ failed, ...rest }, i) => (i > at ? { ...rest, failed: 'it was not loaded' } : { ...rest, ...(failed !== undefined && { failed }), ...(scattered && { scattered }) }));
}

function returnedIn(said: string): bigint {
  return BigInt(/"retval":\s*(-?\d+)/.exec(said)?.[1] ?? -1);
}

function setRead(maps: Map<string, readonly RealEntry[]>, name: string, entries: readonly RealEntry[] | undefined): void {
  if (entries) maps.set(name, entries);
}

/** `[{"key":["0x00",…],"value":["0x01",…],"formatted":…}]`, or `"values":[{"cpu":0,"value":[…]},…]`; undefined for what was cut off. */
function entriesIn(said: string): readonly RealEntry[] | undefined {
  let read: unknown;
  try {
    read = JSON.parse(said);
  } catch {
    return undefined;
  }
  return Array.isArray(read) ? read.flatMap(entryOf) : undefined;
}

function entryOf(entry: unknown): readonly RealEntry[] {
  const { key, value, values } = entry as { readonly key?: unknown; readonly value?: unknown; readonly values?: unknown };
  const each: readonly unknown[] = Array.isArray(values) ? values.map((one: unknown) => (one as { readonly value?: unknown }).value) : [value];
  return Array.isArray(key) && each.every(Array.isArray) ? [{ key: fromHex(key), values: each.map(fromHex) }] : [];
}

function fromHex(bytes: readonly unknown[]): Uint8Array {
  return Uint8Array.from(bytes.map(Number));
}
