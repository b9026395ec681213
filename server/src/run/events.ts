/** A map's content: a single value, or values by key as bpftrace's JSON output gives them. */
export type MapValue = unknown;

/** What a run tells. The terminal prints one JSON document a line. */
export type RunEvent =
  | { readonly event: 'starting'; readonly target: string; readonly attachPoints: readonly string[] }
  | { readonly event: 'attached'; readonly probes: number }
  | { readonly event: 'line'; readonly text: string }
  | { readonly event: 'map'; readonly name: string; readonly value: MapValue }
  | { readonly event: 'warning'; readonly text: string }
  | RunEnded;

export type RunEnded = {
  readonly event: 'ended';
  /** `finished`: the program ended by itself or at its `--for`; `stopped`: by the user; the rest as for any external call. */
  readonly outcome: 'finished' | 'stopped' | 'timed-out' | 'missing' | 'failed';
  readonly message?: string;
  readonly exitCode?: number;
  /** The last content of every map. */
  readonly maps: Readonly<Record<string, MapValue>>;
  /** Lines printed, including the dropped ones. */
  readonly lines: number;
  readonly dropped: number;
};
