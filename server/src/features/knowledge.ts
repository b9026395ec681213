import type { Connection } from 'vscode-languageserver/node';
import type { Engine } from '../engine.ts';
import type { Inventory } from '../kernel/inventory.ts';
import { searchOn, type HitThere } from '../knowledge/available.ts';
import { cardOf, type Card } from '../knowledge/card.ts';
import type { Described } from '../knowledge/described.ts';
import type { Example } from '../knowledge/knowledge.ts';
import { specSchema } from '../knowledge/schema.ts';
import { describeAttachPoint } from '../language/bpftrace/queries/hover/attach-point.ts';
import { examplesRequest, searchRequest, type ExampleRow, type FoundItem } from '../protocol.ts';
import { forUser } from './request.ts';

export interface KnowledgeOptions {
  readonly connection: Connection;
  readonly engine: Engine;
  /** Resolves when the settings are known. */
  readonly configured: () => Promise<void>;
  readonly described: Promise<Described>;
}

/** Answers `kgent/search` and `kgent/examples`. */
export function registerKnowledge({ connection, engine, configured, described }: KnowledgeOptions): void {
  connection.onRequest(searchRequest, ({ text, k, kinds }, token) =>
    forUser(async () => {
      await configured();
      const [knowledge, { inventory }, texts] = await Promise.all([engine.knowledge(engine.target().name), engine.known(), described]);
      if (token.isCancellationRequested) return [];
      const hits = await searchOn(knowledge, inventory, text, { k, ...(kinds && { kinds }) });
      return hits.map((hit) => found(hit, inventory, texts.card(hit.id) ?? writtenCard(knowledge.spec(hit.id))));
    }),
  );
  connection.onRequest(examplesRequest, () => forUser(async () => (await described).examples().map(row).sort((a, b) => a.area.localeCompare(b.area) || a.title.localeCompare(b.title))));
}

/** What a model wrote of it, and which. */
function writtenCard(spec: Readonly<Record<string, unknown>> | undefined): Card | undefined {
  const { writtenBy, ...rest } = spec ?? {};
  const read = specSchema.safeParse(rest);
  if (typeof writtenBy !== 'string' || !read.success) return undefined;
  const { meaning, details } = cardOf(read.data);
  return { meaning, details: [...details, `Written by the model ${writtenBy}; not reviewed.`] };
}

function found({ id, kind, summary, available, wants }: HitThere, inventory: Inventory, card: Card | undefined): FoundItem {
  const [provider = '', ...parts] = kind === 'attach-point' ? id.split(':') : [];
  const { code, notes } = kind === 'attach-point' ? describeAttachPoint(inventory, provider, parts, available === false ? 0 : undefined) : { code: undefined, notes: [] };
  const paragraphs = [`### ${id}`, ...(code === undefined ? [] : [`\`\`\`c\n${code}\n\`\`\``]), ...(card ? [card.meaning, ...card.details] : [summary]), ...notes];
  return { id, kind, summary, available, ...(wants !== undefined && { wants }), described: card !== undefined, card: paragraphs.join('\n\n') };
}

function row({ id, title, area, description, language, text, kernelMin, needs, bpftraceMin, notes }: Example): ExampleRow {
  const wanted = [`Linux ${kernelMin}`, ...(bpftraceMin === undefined ? [] : [`bpftrace ${bpftraceMin}`]), ...needs];
  return { id, title: title ?? id, area: area ?? '', description, language, text, needs: wanted.join(', '), notes };
}
