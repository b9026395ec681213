import { compareVersions, type Version } from '../../../base/version.ts';
import type { Inventory } from '../../../kernel/inventory.ts';
import { programType, type ProgramType } from '../catalogue/program-types.ts';
import { readSection, isDataSection, type Section } from '../catalogue/sections.ts';
import { functionsOf, type CDocument, type PlacedCItem } from '../syntax/document.ts';
import type { CFunctionItem } from '../syntax/item.ts';
import { mentionsOf, sharedOfC, type CShared } from './shared.ts';

/** What a BPF C program is judged against. */
export interface Against {
  readonly inventory: Inventory;
}

/** A function that libbpf loads as a program. */
export interface CProgram {
  readonly placed: PlacedCItem;
  readonly fn: CFunctionItem;
  /** The name of its section as it is written. */
  readonly sectionName: string;
  /** Undefined when libbpf does not know the section. */
  readonly section: Section | undefined;
  readonly type: ProgramType | undefined;
}

export interface CAnalysis extends Pick<CShared, 'inventory' | 'version' | 'declared' | 'closed' | 'maps'> {
  readonly document: CDocument;
  readonly shared: CShared;
  readonly programs: readonly CProgram[];
  /** The programs whose code a function is part of. */
  reachedBy(name: string): readonly CProgram[];
}

/**
 * Puts together what a document says with what is known of the kernel. Cheap: nothing is looked up yet. What was found of
 * an earlier version goes on to hold where nothing changed.
 */
export function analyzeC(document: CDocument, { inventory }: Against, before?: CAnalysis): CAnalysis {
  const functions = functionsOf(document);
  const programs = functions.flatMap(({ placed, fn }) => programOf(placed, fn) ?? []);
  const shared = sharedOfC(document, inventory, before?.shared);
  const { version, declared, closed, maps } = shared;
  let reached: Map<string, CProgram[]> | undefined;
  return { document, inventory, shared, version, declared, closed, maps, programs, reachedBy: (name) => (reached ??= reach(functions, programs, shared)).get(name) ?? [] };
}

/** The function of an item as a program; undefined when libbpf takes it for none. */
export function programOf(placed: PlacedCItem, fn: CFunctionItem): CProgram | undefined {
  const sectionName = fn.section?.name;
  if (sectionName === undefined || isDataSection(sectionName) || !fn.body) return undefined;
  const section = readSection(sectionName);
  return { placed, fn, sectionName, section, type: section && programType(section.kind.type) };
}

function reach(functions: readonly { readonly placed: PlacedCItem; readonly fn: CFunctionItem }[], programs: readonly CProgram[], shared: CShared): Map<string, CProgram[]> {
  const mentions = new Map(functions.filter(({ fn }) => fn.body).map(({ placed, fn }) => [fn.name, mentionsOf(shared, placed.item)]));
  const reached = new Map<string, CProgram[]>();
  for (const program of programs) {
    const seen = new Set<string>();
    const open = [program.fn.name];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (seen.has(name)) continue;
      seen.add(name);
      reached.set(name, [...(reached.get(name) ?? []), program]);
      open.push(...(mentions.get(name) ?? []));
    }
  }
  return reached;
}

/** Whether a kernel is older than a version; false when nothing is known. */
export function olderThan(version: Version, since: Version): boolean {
  return version.length > 0 && compareVersions(version, since) < 0;
}
