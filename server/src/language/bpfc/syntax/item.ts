import type { Span } from '../../../base/span.ts';
import type { Cst } from '../../bpftrace/syntax/cst.ts';
import type { EntryMark, SectionMark } from './marks.ts';

/** A parameter as it was written. */
export interface CParam extends Span {
  /** Empty when it has none. */
  readonly name: string;
  /** Without the name, in single spaces: `struct xdp_md *`. */
  readonly type: string;
}

/** A function, with or without a section. */
export interface CFunctionItem {
  readonly kind: 'function';
  readonly name: string;
  readonly nameSpan: Span;
  /** `BPF_PROG` and its kind, when the function is declared by one; `params` then are those behind the name. */
  readonly macro: string | undefined;
  readonly params: readonly CParam[];
  /** The parameters with their brackets. */
  readonly paramsSpan: Span;
  readonly section: SectionMark | undefined;
  /** Absent for a declaration. */
  readonly body: Span | undefined;
  readonly returns: string;
}

/** A map as libbpf reads it from `.maps`. */
export interface CMapItem {
  readonly kind: 'map';
  readonly name: string;
  readonly nameSpan: Span;
  readonly section: SectionMark;
  /** Entries of the map itself; those of inner maps are not among them. Empty when its struct is declared elsewhere. */
  readonly entries: readonly EntryMark[];
}

/** A variable in a section: the licence, a constant. */
export interface CVariableItem {
  readonly kind: 'variable';
  readonly name: string;
  readonly nameSpan: Span;
  readonly section: SectionMark | undefined;
  /** Text it is set to. */
  readonly text: string | undefined;
}

export interface CDirectiveItem {
  readonly kind: 'directive';
  /** `include`, `define`. */
  readonly word: string;
  /** What is included (`bpf/bpf_helpers.h`), the macro that is defined. */
  readonly name: string;
}

/** A struct, a typedef, what is not understood. */
export interface COtherItem {
  readonly kind: 'other';
  readonly section: SectionMark | undefined;
  /** Names it declares, as far as they are seen. */
  readonly names: readonly string[];
}

export type CDeclaration = CFunctionItem | CMapItem | CVariableItem | CDirectiveItem | COtherItem;

export interface CCall extends Span {
  readonly name: string;
  readonly nameSpan: Span;
  readonly args: readonly Span[];
}

/** A top-level piece, in offsets of its own text. The same object as long as its text stays the same. */
export interface CItem {
  readonly text: string;
  readonly declaration: CDeclaration;
  /** Undefined for directives, and for what took too long to parse. */
  readonly tree: Cst | undefined;
  readonly calls: readonly CCall[];
  /** Every name that is used in it. */
  readonly words: ReadonlySet<string>;
}
