import { shift, type Span } from '../../../../base/span.ts';
import type { CStruct } from '../../../../kernel/ctype.ts';
import type { Expr, Func, Item, Node, Probe } from '../../syntax/ast.ts';
import type { Document } from '../../syntax/document.ts';
import type { Problem, SpanRepair } from '../../problem.ts';
import type { AnalysisOptions, AttachPointInfo } from '../analysis.ts';
import type { Types } from '../ctypes/preamble.ts';
import type { Rules } from '../rules.ts';
import type { Suggestions } from '../suggest.ts';
import type { Draft, Names } from '../symbols/draft.ts';
import type { AddressSpace, BtType } from '../types.ts';

/** What is known of a map so far; joined over all probes in source order. */
export interface MapState {
  key?: BtType | undefined;
  value?: BtType | undefined;
  /** First place with that key and value, for evidence. */
  keyAt?: Span | undefined;
  valueAt?: Span | undefined;
  /** Buckets of a histogram, from its first call. */
  bounds?: { readonly text: string; readonly at: Span } | undefined;
  /** Something is assigned to it, be its type known or not. */
  assigned?: boolean | undefined;
  /** Bounds of what was assigned, as long as that was only literals: they fit into any type wide enough. */
  literals?: Bounds | undefined;
  /** An element of it is read somewhere: newer versions know the map then. */
  elementRead?: boolean | undefined;
  /** Somebody relied on it in this pass: a later change makes another pass necessary. */
  read: boolean;
}

export type Bounds = readonly [min: bigint, max: bigint];

export interface VariableState {
  type: BtType;
  literals?: Bounds | undefined;
  /** Integers and strings grow with what is assigned, unless the type was written down. */
  readonly resizable: boolean;
  read: boolean;
}

/** The probe (or function) being checked. */
export interface Place {
  readonly probe?: Probe;
  readonly func?: Func;
  readonly attachPoints: readonly AttachPointInfo[];
  /** Where addresses lead that the probe itself hands over. */
  readonly space: AddressSpace;
  /** Type of `args`, or why there is none. */
  args(): BtType | undefined;
}

/** What the program's `config` block sets that types and probes depend on. */
export interface Settings {
  /** Bytes that `str()` reads when nothing else is said, the closing NUL included. */
  readonly maxStrlen: number;
  readonly stackMode: string;
  /** Attach points that do not exist are an error. */
  readonly missingProbes: 'error' | 'warning';
}

/** What checking one item brings to light, besides what it teaches about maps. */
export interface Found {
  /** By code and place. */
  readonly problems: Map<string, Problem>;
  /** Said in the first pass; see `early`. */
  readonly kept: Map<string, Problem>;
  /** Members of the program's own structs that were used. */
  readonly members: UsedMember[];
  readonly types: Map<Expr, BtType>;
  readonly variables: Map<Draft, VariableState>;
  /** The maps it had to do with, as they were before; undefined when nothing was known of one. */
  readonly maps: Map<string, MapState | undefined>;
  /** The maps whose first places it tells. */
  readonly told: Set<string>;
  /** It asked which maps there are. */
  allMaps: boolean;
}

export interface UsedMember {
  readonly struct: CStruct;
  readonly name: string;
  readonly span: Span;
}

export function nothingFound(): Found {
  return { problems: new Map(), kept: new Map(), members: [], types: new Map(), variables: new Map(), maps: new Map(), told: new Set(), allMaps: false };
}

/** One run of the type checker over a document. */
export interface State {
  readonly document: Document;
  readonly options: AnalysisOptions;
  readonly rules: Rules;
  readonly types: Types;
  readonly settings: Settings;
  readonly names: Names;
  /** Where each item stands in the document. */
  readonly starts: ReadonlyMap<Item, number>;
  readonly maps: Map<string, MapState>;
  /** Of the item being checked, or of what is checked outside of items. */
  found: Found;
  /** Something was learnt that an earlier expression of this pass did not know. */
  changed: boolean;
  /** The same of a variable, which concerns its probe only. */
  variableChanged: boolean;
  /** Start of the item being checked. */
  base: number;
  place: Place;
  loops: number;
  /** The format being read: it stays with bpftrace, so its length does not matter. */
  format: Expr | undefined;
  /** How many of them are `for` loops. */
  forLoops: number;
  /** Nothing is known yet of what later probes assign. */
  firstPass: boolean;
  /** What was said in the first pass and not taken back; see `early`. */
  readonly kept: Map<string, Problem>;
  readonly suggestions: Suggestions;
  /** Macro calls that may still be expanded in this pass. */
  expansionsLeft: number;
  /** Macro calls around the expression, innermost last, with what stands for their parameters. */
  readonly expansions: Expansion[];
  /** Types of expressions; set by the composition, so that its parts do not import each other. */
  readonly visit: (expr: Expr) => BtType;
}

export interface Expansion {
  readonly macro: Draft;
  /** The call in the document. */
  readonly at: Span;
  readonly args: ReadonlyMap<string, { readonly expr: Expr; readonly base: number; readonly depth: number }>;
}

export interface More {
  readonly evidence?: Problem['evidence'];
  readonly repairs?: readonly SpanRepair[];
  readonly severity?: Problem['severity'];
}

/** Reports a mistake at a node; the same code at the same place is told once. */
export function fault(state: State, code: string, at: Span | Node, message: string, more: More = {}): void {
  faultAt(state, code, shift(at, state.base), message, more);
}

export function warn(state: State, code: string, at: Span | Node, message: string, more: More = {}): void {
  fault(state, code, at, message, { ...more, severity: 'warning' });
}

/**
 * Before types had a pass of their own, some checks were made while reading from top to bottom: a map that only a later
 * probe assigns has no type there, and the program is rejected although it is right.
 */
export function early(state: State, code: string, at: Span | Node): void {
  if (state.rules.modern || !state.firstPass) return;
  const span = shift(at, state.base);
  state.found.kept.set(keyOf({ code, span }), {
    code, severity: 'error', span: { start: span.start, end: span.end }, evidence: [], repairs: [],
    message: `This has no type yet: bpftrace ${state.rules.version.slice(0, 2).join('.')} reads from top to bottom here. Move the probe that assigns the map up.`,
  });
}

/** The same code at the same place is told once. */
export function keyOf({ code, span }: Pick<Problem, 'code' | 'span'>): string {
  return `${code} ${span.start} ${span.end}`;
}

/** As `fault`, for a span in the document. */
export function faultAt(state: State, code: string, span: Span, message: string, more: More = {}): void {
  const key = keyOf({ code, span });
  if (state.found.problems.has(key)) return;
  const expanded = state.expansions.length === 0 ? [] : [{ span: state.expansions[0]?.at ?? span, message: 'expanded from here' }];
  state.found.problems.set(key, { code, severity: more.severity ?? 'error', message, span: { start: span.start, end: span.end }, evidence: [...(more.evidence ?? []), ...expanded], repairs: more.repairs ?? [] });
}

/** A repair that replaces the text of a node. */
export function replacement(state: State, at: Span, newText: string, title = `Replace with ${newText}`): SpanRepair {
  return { title, sure: false, edits: [{ span: shift(at, state.base), newText }] };
}

/** Source text of a node. */
export function textOf(state: State, at: Span): string {
  return state.document.text.slice(state.base + at.start, state.base + at.end);
}

export function mapState(state: State, name: string): MapState {
  let known = state.maps.get(name);
  const { maps } = state.found;
  if (!maps.has(name)) maps.set(name, known && { ...known });
  if (!known) state.maps.set(name, (known = { read: false }));
  return known;
}
