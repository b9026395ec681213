/** Messages about what Kgent knows: searching it, and its examples. */
import { RequestType, RequestType0 } from 'vscode-languageserver-protocol';
import type { Language } from '../checks/program.ts';
import type { ItemKind } from '../knowledge/knowledge.ts';

export interface SearchParams {
  readonly text: string;
  /** 1 to 1,000. */
  readonly k: number;
  /** All kinds when absent. */
  readonly kinds?: readonly ItemKind[];
}

export interface FoundItem {
  /** As one would type it in a program. */
  readonly id: string;
  readonly kind: ItemKind;
  readonly summary: string;
  /** Whether the target has it; null when that is not known, or makes no sense. */
  readonly available: boolean | null;
  /** What it would take where it is not: `module xfs`, `Linux 6.8`. */
  readonly wants?: string;
  /** Whether somebody, or a model, described it; else it is told by its name and types. */
  readonly described: boolean;
  /** What is known of it, in Markdown. */
  readonly card: string;
}

/** Best first; what the target lacks comes last, and says so. */
export const searchRequest = new RequestType<SearchParams, readonly FoundItem[], void>('kgent/search');

export interface ExampleRow {
  readonly id: string;
  readonly title: string;
  readonly area: string;
  readonly description: string;
  readonly language: Language;
  readonly text: string;
  /** `Linux 5.8, kprobe`. */
  readonly needs: string;
  readonly notes: string;
}

/** All examples, area by area. */
export const examplesRequest = new RequestType0<readonly ExampleRow[], void>('kgent/examples');
