/** What the knowledge base says by id (`tracepoint:sched:sched_switch`), as far as it is in memory. */
export interface Described {
  card(id: string): { readonly meaning: string; readonly details: readonly string[] } | undefined;
  /** What an argument, a field of `args` or, as `retval`, the result means. */
  argument(id: string, name: string): string | undefined;
}

export const NOTHING_DESCRIBED: Described = { card: () => undefined, argument: () => undefined };

/** What is said of the first of these ids that is described. */
export function notesOf(ids: readonly string[], described: Described): readonly string[] {
  const card = ids.map((id) => described.card(id)).find((found) => found !== undefined);
  return card ? [card.meaning, ...card.details] : [];
}

/** What the knowledge base may call an attach point. Functions are described once, for entry and return. */
export function specsOf(provider: string, parts: readonly string[]): string[] {
  const functions = /^(?:kprobe|kretprobe|fentry|fexit)$/.test(provider);
  return functions ? [`kprobe:${parts.at(-1) ?? ''}`] : [[provider, ...parts].join(':')];
}
