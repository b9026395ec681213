import { similarRows } from '../probes/similar.ts';
import type { Listing } from '../probes/listing.ts';
import { NameTable } from '../probes/name-table.ts';
import { compilePattern, matchesPattern } from '../probes/pattern.ts';
import { runInTurns, type Steps } from '../turns.ts';
import { buildIds } from './notes.ts';
import { readMarkers, type Marker } from './markers.ts';
import { readClass, readSections, SECTION, type ElfClass, type Section } from './sections.ts';
import { sorted } from './sorted.ts';
import { addFunctionNames } from './symbols.ts';

/** What of a binary was read. */
export interface BinaryParts {
  /** The first bytes of the file. */
  readonly header: Uint8Array;
  /** The section headers. */
  readonly sections: Uint8Array;
  /** Contents by the number of the section; those that are not asked for, or too large, are not among them. */
  readonly contents: ReadonlyMap<number, Uint8Array>;
}

/** Functions and markers of one program or library: what uprobes and USDT probes can attach to. */
export class Binary {
  /** In hexadecimal; empty when it has none. */
  readonly buildId: string;
  /** Each once, sorted. */
  readonly markers: readonly Marker[];
  readonly #functions: Listing;

  private constructor({ buildId, markers }: Notes, functions: NameTable) {
    this.buildId = buildId;
    const named = markers.map((marker) => [`${marker.provider}:${marker.name}`, marker] as const);
    this.markers = [...new Map(named.toReversed())].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, marker]) => marker);
    this.#functions = { provider: 'kprobe', table: functions, group: 'none', print: 'name' };
  }

  /**
   * In turns: a browser has a million functions. `debug`: the file with the symbols that were taken out of it. Rejects with a
   * UserError when either is no ELF file.
   */
  static open(parts: BinaryParts, debug?: BinaryParts): Promise<Binary> {
    return runInTurns(Binary.#open(parts, debug));
  }

  static *#open(parts: BinaryParts, debug: BinaryParts | undefined): Steps<Binary> {
    const names = new Set<string>();
    yield* addFunctions(names, parts);
    if (debug) yield* addFunctions(names, debug);
    const lines = yield* sorted([...names]);
    yield;
    const text = lines.length === 0 ? '' : `${lines.join('\n')}\n`;
    yield;
    return new Binary(notesOf(parts), yield* NameTable.of(Buffer.from(text, 'latin1'), ''));
  }

  get functionCount(): number {
    return this.#functions.table.count;
  }

  hasFunction(name: string): boolean {
    let has = false;
    this.#functions.table.scan(compilePattern(name), () => true, () => !(has = true));
    return has;
  }

  /** Functions matching a pattern with `*`, sorted, at most `limit`. As bpftrace does it leaves out parts that the compiler split off. */
  functions(pattern: string, limit: number): readonly string[] {
    const { table } = this.#functions;
    const found: string[] = [];
    const take = (row: number): boolean => !table.name(row).includes('.part.');
    if (limit > 0) table.scan(compilePattern(pattern), take, (row) => found.push(table.name(row)) < limit);
    return found;
  }

  /** Functions whose names are near a misspelt one, best first, at most `limit`. */
  similarFunctions(name: string, limit: number): readonly string[] {
    return similarRows(this.#functions, [name]).map((row) => this.#functions.table.name(row)).slice(0, limit);
  }

  /** Markers matching patterns with `*`, of any provider when that is not given. */
  markersLike(name: string, provider = '*'): readonly Marker[] {
    return this.markers.filter((marker) => fits(name, marker.name) && fits(provider, marker.provider));
  }
}

/** The build id of a file of which parts were read; empty when it has none. Throws UserError when it is no ELF file. */
export function buildIdOf(parts: BinaryParts): string {
  return notesOf(parts).buildId;
}

interface Notes {
  readonly buildId: string;
  readonly markers: readonly Marker[];
}

function notesOf(parts: BinaryParts): Notes {
  const { elf, listed } = sectionsOf(parts);
  const notes = listed.filter(({ type }) => type === SECTION.note).map(({ bytes }) => bytes);
  return { buildId: notes.flatMap((bytes) => buildIds(bytes, elf.littleEndian))[0] ?? '', markers: notes.flatMap((bytes) => readMarkers(bytes, elf)) };
}

function* addFunctions(to: Set<string>, parts: BinaryParts): Steps<undefined> {
  const { elf, listed } = sectionsOf(parts);
  for (const { type, bytes, link } of listed) {
    if (type === SECTION.symbols || type === SECTION.dynamicSymbols) yield* addFunctionNames(to, bytes, parts.contents.get(link) ?? EMPTY, elf);
  }
  return undefined;
}

function sectionsOf({ header, sections, contents }: BinaryParts): { readonly elf: ElfClass; readonly listed: readonly (Section & { readonly bytes: Uint8Array })[] } {
  const elf = readClass(header);
  return { elf, listed: readSections(sections, elf).map((section, number) => ({ ...section, bytes: contents.get(number) ?? EMPTY })) };
}

const EMPTY = new Uint8Array();
const encoder = new TextEncoder();

function fits(pattern: string, text: string): boolean {
  const bytes = encoder.encode(text);
  return matchesPattern(compilePattern(pattern), bytes, 0, bytes.length);
}
