import { parseVersion, type Version } from '../../../base/version.ts';
import type { Inventory } from '../../../kernel/inventory.ts';
import type { Problem } from '../../bpftrace/problem.ts';
import { includesOf, type CDocument } from '../syntax/document.ts';
import type { CDeclaration, CItem } from '../syntax/item.ts';
import type { Operation } from './prototype.ts';

/** What was found of an item, in offsets of its own text. */
export interface CPiece {
  /** The programs its code was part of. */
  readonly reachedBy: string;
  readonly problems: readonly Problem[];
  /** The first call in it of what only programs under the GPL may call. */
  readonly gplOnly: { readonly name: string; readonly start: number; readonly end: number } | undefined;
}

/**
 * What the functions of a program have in common: directives, types, the names and kinds of all else at top level, and the
 * kernel it is judged by. As long as only bodies are edited it stays the same object, and what was found of the others holds.
 */
export interface CShared {
  readonly inventory: Inventory;
  /** Of the kernel it is judged by; empty when its release cannot be read. */
  readonly version: Version;
  /** Names that the document itself declares: functions, macros, variables. */
  readonly declared: ReadonlySet<string>;
  /** Functions with a body. */
  readonly functions: ReadonlySet<string>;
  /** Functions that are declared `__weak`: they may be missing. */
  readonly weak: ReadonlySet<string>;
  /** The type of each map, as it is written: `BPF_MAP_TYPE_HASH`; empty where its definition does not say. */
  readonly maps: ReadonlyMap<string, string>;
  /** Only headers are included whose names are known: what is not known is not there. */
  readonly closed: boolean;
  /** The functions that implement an interface of the kernel, by the variable in `.struct_ops` that holds it. */
  readonly operations: ReadonlyMap<string, Operation>;
  /** Directives, types and such variables, in their order. */
  readonly items: readonly CItem[];
  /** What was found of each item under these circumstances. */
  readonly pieces: WeakMap<CItem, CPiece>;
  /** Functions of the document that an item names. */
  readonly mentions: WeakMap<CItem, readonly string[]>;
  /** What functions, maps and variables are called and are, to tell whether it is the same. */
  readonly names: readonly string[];
}

/** Headers whose names are known, or that declare nothing named `bpf_…`. */
const KNOWN_HEADER = /^(?:vmlinux\.h|bpf\/(?:bpf_helpers|bpf_tracing|bpf_core_read|bpf_endian|usdt\.bpf)\.h|(?:linux|asm|net|uapi|sys)\/.*|std\w+\.h)$/;

export function sharedOfC(document: CDocument, inventory: Inventory, before: CShared | undefined): CShared {
  const items: CItem[] = [];
  const names: string[] = [];
  for (const { item } of document.items) {
    const { declaration } = item;
    if (declaration.kind === 'directive' || declaration.kind === 'other' || isInterface(declaration)) items.push(item);
    else names.push(nameOf(declaration, item.text));
  }
  if (before?.inventory === inventory && same(before.items, items) && same(before.names, names)) return before;
  return {
    inventory, items, names,
    version: parseVersion(inventory.release) ?? [],
    declared: declaredIn(document),
    functions: new Set(document.items.flatMap(({ item: { declaration: d } }) => (d.kind === 'function' && d.body ? [d.name] : []))),
    weak: new Set(document.items.flatMap(({ item: { declaration: d, text } }) => (d.kind === 'function' && isWeak(text) ? [d.name] : []))),
    maps: new Map(document.items.flatMap(({ item: { declaration: d } }) => (d.kind === 'map' ? [[d.name, mapTypeOf(d)] as const] : []))),
    operations: new Map(document.items.flatMap(({ item }) => (isInterface(item.declaration) ? operationsOf(item) : []))),
    closed: includesOf(document).every((name) => KNOWN_HEADER.test(name)),
    pieces: new WeakMap(),
    mentions: new WeakMap(),
  };
}

function same<T>(before: readonly T[], now: readonly T[]): boolean {
  return before.length === now.length && before.every((one, i) => one === now[i]);
}

/** `SEC(".struct_ops") struct tcp_congestion_ops mine = { … }`. */
function isInterface(declaration: CDeclaration): boolean {
  return declaration.kind === 'variable' && declaration.section?.name.startsWith('.struct_ops') === true;
}

function operationsOf({ text }: CItem): (readonly [string, Operation])[] {
  const struct = /\bstruct\s+(\w+)\s+\w+\s*(?:SEC\b[^=]*)?=/.exec(text)?.[1]?.replace(/___.*$/, '');
  if (struct === undefined) return [];
  return [...text.matchAll(/\.(\w+)\s*=\s*(?:\(\s*void\s*\*\s*\)\s*)?&?(\w+)\s*[,}]/g)].map(([, member = '', fn = '']) => [fn, { struct, member }] as const);
}

function mapTypeOf(map: Extract<CDeclaration, { kind: 'map' }>): string {
  return map.entries.find(({ key }) => key === 'type')?.value ?? '';
}

function isWeak(text: string): boolean {
  return /\b__weak\b/.test(text);
}

function nameOf(declaration: CDeclaration, text: string): string {
  if (declaration.kind === 'directive' || declaration.kind === 'other') return '';
  const { kind, name } = declaration;
  return kind === 'map' ? `map ${name} ${mapTypeOf(declaration)}` : kind === 'function' ? `${declaration.body ? 'function' : isWeak(text) ? 'weak' : 'declaration'} ${name}` : `variable ${name}`;
}

function declaredIn({ items }: CDocument): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { item: { declaration } } of items) {
    if (declaration.kind === 'other') declaration.names.forEach((name) => names.add(name));
    else if (declaration.kind !== 'directive' || declaration.word === 'define') names.add(declaration.name);
  }
  return names;
}

/** Functions of the document that an item names: whoever names one may call it, for callbacks are passed by name. */
export function mentionsOf(shared: CShared, item: CItem): readonly string[] {
  const known = shared.mentions.get(item);
  if (known) return known;
  const found = [...item.words].filter((word) => shared.functions.has(word));
  shared.mentions.set(item, found);
  return found;
}
