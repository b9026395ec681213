import { compareVersions, parseVersion, type Version } from '../../../base/version.ts';
import type { Inventory } from '../../../kernel/inventory.ts';
import { programType, type ProgramType } from '../catalogue/program-types.ts';
import { readSection, isDataSection, type Section } from '../catalogue/sections.ts';
import { functionsOf, includesOf, type CDocument, type PlacedCItem } from '../syntax/document.ts';
import type { CFunctionItem } from '../syntax/item.ts';

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

export interface CAnalysis {
  readonly document: CDocument;
  readonly inventory: Inventory;
  /** Of the kernel it is judged by; empty when its release cannot be read. */
  readonly version: Version;
  readonly programs: readonly CProgram[];
  /** Names that the document itself declares: functions, macros, variables. */
  readonly declared: ReadonlySet<string>;
  /** Only headers are included whose names are known: what is not known is not there. */
  readonly closed: boolean;
  /** The programs whose code a function is part of. */
  reachedBy(name: string): readonly CProgram[];
}

/** Headers whose names are known, or that declare nothing named `bpf_…`. */
const KNOWN_HEADER = /^(?:vmlinux\.h|bpf\/(?:bpf_helpers|bpf_tracing|bpf_core_read|bpf_endian|usdt\.bpf)\.h|(?:linux|asm|net|uapi|sys)\/.*|std\w+\.h)$/;

/** Puts together what a document says with what is known of the kernel. Cheap: nothing is looked up yet. */
export function analyzeC(document: CDocument, { inventory }: Against): CAnalysis {
  const functions = functionsOf(document);
  const programs = functions.flatMap(({ placed, fn }): CProgram[] => {
    const sectionName = fn.section?.name;
    if (sectionName === undefined || isDataSection(sectionName) || !fn.body) return [];
    const section = readSection(sectionName);
    return [{ placed, fn, sectionName, section, type: section && programType(section.kind.type) }];
  });
  let reached: Map<string, CProgram[]> | undefined;
  return {
    document,
    inventory,
    version: parseVersion(inventory.release) ?? [],
    programs,
    declared: declaredIn(document),
    closed: includesOf(document).every((name) => KNOWN_HEADER.test(name)),
    reachedBy: (name) => (reached ??= reach(functions, programs)).get(name) ?? [],
  };
}

/** Whoever names a function may call it: callbacks are passed by name. */
function reach(functions: readonly { readonly placed: PlacedCItem; readonly fn: CFunctionItem }[], programs: readonly CProgram[]): Map<string, CProgram[]> {
  const words = new Map(functions.filter(({ fn }) => fn.body).map(({ placed, fn }) => [fn.name, placed.item.words]));
  const reached = new Map<string, CProgram[]>();
  for (const program of programs) {
    const seen = new Set<string>();
    const open = [program.fn.name];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (seen.has(name)) continue;
      seen.add(name);
      reached.set(name, [...(reached.get(name) ?? []), program]);
      for (const word of words.get(name) ?? []) if (words.has(word)) open.push(word);
    }
  }
  return reached;
}

function declaredIn({ items }: CDocument): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { item: { declaration } } of items) {
    if (declaration.kind === 'other') declaration.names.forEach((name) => names.add(name));
    else if (declaration.kind !== 'directive' || declaration.word === 'define') names.add(declaration.name);
  }
  return names;
}

/** Whether a kernel is older than a version; false when nothing is known. */
export function olderThan(version: Version, since: Version): boolean {
  return version.length > 0 && compareVersions(version, since) < 0;
}
