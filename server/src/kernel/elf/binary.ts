import { similarRows } from '../probes/similar.ts';
import type { Listing } from '../probes/listing.ts';
import { NameTable } from '../probes/name-table.ts';
import { compilePattern, matchesPattern } from '../probes/pattern.ts';
import { runAtOnce } from '../turns.ts';
import { buildIds } from './notes.ts';
import { readMarkers, type Marker } from './markers.ts';
import { readClass, readSections, SECTION } from './sections.ts';
import { functionNames } from './symbols.ts';

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

  /** `debug`: the file with the symbols that were taken out of it. Throws UserError when either is no ELF file. */
  constructor(parts: BinaryParts, debug?: BinaryParts) {
    const own = read(parts);
    const names = new Set([...own.functions, ...(debug ? read(debug).functions : [])]);
    this.buildId = own.buildId;
    const markers = own.markers.map((marker) => [`${marker.provider}:${marker.name}`, marker] as const);
    this.markers = [...new Map(markers.toReversed())].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, marker]) => marker);
    this.#functions = { provider: 'kprobe', table: tableOf(names), group: 'none', print: 'name' };
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
  return read(parts).buildId;
}

function read({ header, sections, contents }: BinaryParts): { readonly functions: readonly string[]; readonly markers: readonly Marker[]; readonly buildId: string } {
  const elf = readClass(header);
  const listed = readSections(sections, elf).map((section, number) => ({ ...section, bytes: contents.get(number) ?? EMPTY }));
  const notes = listed.filter(({ type }) => type === SECTION.note).map(({ bytes }) => bytes);
  const tables = listed.filter(({ type }) => type === SECTION.symbols || type === SECTION.dynamicSymbols);
  return {
    functions: tables.flatMap(({ bytes, link }) => functionNames(bytes, contents.get(link) ?? EMPTY, elf)),
    markers: notes.flatMap((bytes) => readMarkers(bytes, elf)),
    buildId: notes.flatMap((bytes) => buildIds(bytes, elf.littleEndian))[0] ?? '',
  };
}

const EMPTY = new Uint8Array();
const encoder = new TextEncoder();

function fits(pattern: string, text: string): boolean {
  const bytes = encoder.encode(text);
  return matchesPattern(compilePattern(pattern), bytes, 0, bytes.length);
}

function tableOf(names: ReadonlySet<string>): NameTable {
  const text = [...names].sort().map((name) => `${name}\n`).join('');
  return runAtOnce(NameTable.of(Buffer.from(text, 'latin1'), ''));
}
