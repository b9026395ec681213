import type { SearchHit } from './knowledge.ts';

/** How near in score, as a share, what is better has to be. */
const NEAR = 0.8;

/**
 * Where the record of a hit says that another one is better, and that one is found too and nearly as good, the better one comes first: a stable
 * tracepoint before the function it stands in. `preferOf`: what the record says, in words and names.
 */
export function preferring(hits: readonly SearchHit[], preferOf: (id: string) => string | undefined): SearchHit[] {
  const ordered: SearchHit[] = [];
  const left = new Map(hits.map((hit) => [hit.id, hit]));
  const take = (hit: SearchHit): void => {
    if (!left.delete(hit.id)) return;
    for (const better of namesIn(preferOf(hit.id))) {
      const other = left.get(better);
      if (other && other.kind === hit.kind && other.score >= hit.score * NEAR) take({ ...other, score: hit.score });
    }
    ordered.push(hit);
  };
  for (const hit of hits) {
    const still = left.get(hit.id);
    if (still) take(still);
  }
  return ordered;
}

function namesIn(text: string | undefined): string[] {
  return text === undefined ? [] : [...text.matchAll(/[a-z_]+:[\w:.*]*\w/g)].map(([name]) => name);
}
