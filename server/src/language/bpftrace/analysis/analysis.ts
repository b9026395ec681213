import type { Span } from '../../../base/span.ts';
import type { Version } from '../../../base/version.ts';
import type { Inventory } from '../../../kernel/inventory.ts';
import type { Problem } from '../problem.ts';
import type { AttachPoint, CMember, Expr, Probe } from '../syntax/ast.ts';
import type { Document, PlacedItem } from '../syntax/document.ts';
import type { Shared } from './shared.ts';
import type { BtType } from './types.ts';

/** What a program is judged against. */
export interface AnalysisOptions {
  /** bpftrace's version on the target; the newest known one when nothing is known. */
  readonly version: Version;
  readonly inventory: Inventory;
  /** `--unsafe` is given. */
  readonly unsafe: boolean;
  /** Name of the target for messages: "the target has bpftrace 0.17". */
  readonly targetName: string;
}

/** Everything that is known of a program without running anything. Made by `analyze` in one pass over the document. */
export interface Analysis {
  readonly document: Document;
  readonly options: AnalysisOptions;
  /** What bpftrace itself would say, and what it would need another version for. By place. */
  readonly problems: readonly Problem[];
  readonly symbols: SymbolTable;
  readonly probes: readonly ProbeInfo[];
  /** The type of an expression; undefined when it was not reached. */
  typeOf(node: Expr): BtType | undefined;
  /** What can be taken over by the analysis of a later version. */
  readonly shared: Shared;
  /** The same object as long as the types in a probe are the same, also in another version of the program. */
  pieceOf(probe: Probe): object | undefined;
}

export interface ProbeInfo {
  readonly placed: PlacedItem;
  readonly probe: Probe;
  readonly attachPoints: readonly AttachPointInfo[];
  /** Type of `args`, when the probe has one and all its attach points agree. */
  readonly args?: BtType;
}

export interface AttachPointInfo {
  readonly node: AttachPoint;
  /** Span in the document. */
  readonly span: Span;
  /** Canonical provider: `kprobe` for `k`, `fentry` for `kfunc`, `begin` for `BEGIN`; undefined when unknown. */
  readonly provider: string | undefined;
  /** Parts behind the provider without quotes, and without an omitted module. */
  readonly parts: readonly string[];
  /** How many attach points of the inventory it stands for; undefined when the inventory cannot tell (uprobe, usdt). */
  readonly matches: number | undefined;
}

export type SymbolKind = 'map' | 'variable' | 'macro' | 'macro-parameter' | 'function' | 'parameter' | 'struct' | 'member' | 'enum' | 'enum-member' | 'define' | 'typedef';

export interface Sym {
  readonly kind: SymbolKind;
  /** With its sigil: `@start`, `$x`. */
  readonly name: string;
  /** Where it can be seen: the whole document for maps, a block for `$variables`. */
  readonly scope: Span;
  /** The place that introduces it: `let`, the first assignment, the declaration. */
  readonly definition: Span;
  /** Every occurrence in order, the definition included; spans of the bare name (with its sigil). */
  readonly references: readonly Reference[];
  /** Value type of maps, type of variables, members and parameters. */
  readonly type?: BtType;
  /** Key type of a map: `none` for scalar maps. */
  readonly keyType?: BtType;
  /** For members: the declaration. */
  readonly member?: CMember;
  /** For members and enum members: name of the type they belong to. */
  readonly container?: string;
}

export interface Reference {
  readonly span: Span;
  readonly access: 'read' | 'write' | 'declare';
}

export interface SymbolTable {
  readonly all: readonly Sym[];
  /** The symbol whose name stands at an offset (its end included). */
  at(offset: number): Sym | undefined;
  /** Symbols that can be used at an offset: maps, macros, functions and types everywhere; variables in scope and already introduced. */
  visibleAt(offset: number): readonly Sym[];
}
