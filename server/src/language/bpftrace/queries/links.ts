import type { Span } from '../../../base/span.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { attachPointDocs, type DocLink } from './docs.ts';
import { inDocument } from '../syntax/walk.ts';

/**
 * Attach points with the pages that explain them. A page about one event is linked from that event, one about a kind of
 * probe from the first probe of the kind: an editor underlines each link.
 */
export function linksOf({ probes }: Analysis): (DocLink & { readonly span: Span })[] {
  const told = new Set<string>();
  return probes.flatMap(({ placed, attachPoints }) =>
    attachPoints.flatMap(({ node, provider, parts }) => {
      const docs = provider === undefined ? undefined : attachPointDocs(provider, parts);
      const ofKind = provider === undefined ? undefined : attachPointDocs(provider, []);
      if (!docs) return [];
      const special = docs.url !== ofKind?.url;
      if (!special && told.has(docs.url)) return [];
      told.add(docs.url);
      return [{ ...docs, span: inDocument(placed, special ? (node.parts.at(-1) ?? node.provider) : node.provider) }];
    }),
  );
}
