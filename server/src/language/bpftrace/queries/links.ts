import type { Span } from '../../../base/span.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { attachPointDocs, type DocLink } from './docs.ts';
import { inDocument } from './walk.ts';

/** Attach points with the pages that explain them; the last part of each is the link. */
export function linksOf({ probes }: Analysis): (DocLink & { readonly span: Span })[] {
  return probes.flatMap(({ placed, attachPoints }) =>
    attachPoints.flatMap(({ node, provider, parts }) => {
      const docs = provider === undefined ? undefined : attachPointDocs(provider, parts);
      return docs ? [{ ...docs, span: inDocument(placed, node.parts.at(-1) ?? node.provider) }] : [];
    }),
  );
}
