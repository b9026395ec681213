/** The messages about the search index of a target. */
import { NotificationType, RequestType } from 'vscode-languageserver-protocol';
import type { DescribedPoint } from '../agent/describe-once.ts';

export type { DescribedPoint } from '../agent/describe-once.ts';

export interface IndexTargetParams {
  /** Made by the client; progress carries it. */
  readonly id: string;
  /** That of the setting when absent. */
  readonly target?: string;
}

export interface IndexedTarget {
  readonly target: string;
  /** False: it was up to date. */
  readonly built: boolean;
  /** Attach points that only this kernel has. */
  readonly items: number;
  /** The kernel: `debian-vm (6.12.117)`. */
  readonly inventory: string;
  /** What a person should know: it is for this session only. */
  readonly messages: readonly string[];
}

/** Builds the index of what only a target's kernel has, unless it is there. LSP cancellation ends it at once and leaves nothing. */
export const indexTargetRequest = new RequestType<IndexTargetParams, IndexedTarget, void>('kgent/indexTarget');
/** Server to client: how far that is; `percent` is of this step, absent where nobody can tell. */
export const indexProgressNotification = new NotificationType<{ readonly id: string; readonly step: string; readonly percent?: number }>('kgent/indexProgress');

/** Has the model describe attach points that nobody described; each is kept with the model's name. */
export const describeAttachPointsRequest = new RequestType<{ readonly target?: string; readonly ids: readonly string[] }, readonly DescribedPoint[], void>('kgent/describeAttachPoints');
