import { shift, type Span } from '../../../base/span.ts';
import type { Item } from './ast.ts';
import type { StructuralFault } from './brackets.ts';
import type { Document, Fault, PlacedItem } from './document.ts';
import { syntaxFaults } from './faults.ts';
import { attachPoint, directive, item, probe } from './lower/item.ts';
import type { BpftraceParser } from './parser.ts';
import { applyPatches } from './patch.ts';
import { segment, type Segment } from './segments.ts';

/** No item that a person wrote is longer, in UTF-16 units. */
const MAX_ITEM_LENGTH = 100_000;
/** What stands behind this is not parsed, in UTF-16 units: ten thousand lines. */
const MAX_PARSED = 300_000;
/** Items that no person wrote can take long; all those together are parsed no longer than this. */
const SLOW_LIMIT_MS = 600;
/** An item that takes longer is one of them, also on a busy machine: a hundred lines take 3 ms. */
const SLOW_MS = 50;

/**
 * Reads a program. Items whose text `previous` has too are taken from there, the same object: an edit parses one item.
 * Never throws, and takes less than a second for any text.
 */
export function parseDocument(parser: BpftraceParser, text: string, previous?: Document): Document {
  const { segments, comments } = segment(text);
  const known = byText(previous);
  const clock = { left: SLOW_LIMIT_MS };
  const items = segments.map((part): PlacedItem => {
    const place = { start: part.start, end: part.end };
    const own = text.slice(part.start, part.end);
    const plain = part.faults.length === 0 && part.patches.length === 0;
    const same = plain ? known.get(own)?.shift() : undefined;
    if (same) return { ...same, ...place };
    return { ...place, plain, ...parseItem(parser, own, relative(part), part.end > MAX_PARSED ? { left: 0 } : clock) };
  });
  return { text, items, comments };
}

/** The items that can be taken over, in order, by their text. */
function byText(previous: Document | undefined): Map<string, PlacedItem[]> {
  const known = new Map<string, PlacedItem[]>();
  for (const placed of previous?.items ?? []) {
    if (!placed.plain) continue;
    const text = previous?.text.slice(placed.start, placed.end) ?? '';
    const same = known.get(text);
    if (same) same.push(placed);
    else known.set(text, [placed]);
  }
  return known;
}

/** The same segment, counted from its own start. */
function relative(part: Segment): Segment {
  const by = -part.start;
  const fault = (f: StructuralFault): StructuralFault => ({
    ...f,
    span: shift(f.span, by),
    quiet: shift(f.quiet, by),
    evidence: f.evidence.map((e) => ({ ...e, span: shift(e.span, by) })),
    ...(f.repair && { repair: { ...f.repair, span: shift(f.repair.span, by) } }),
  });
  return {
    ...part,
    attachPoints: part.attachPoints.map((a) => shift(a, by)),
    faults: part.faults.map(fault),
    patches: part.patches.map((p) => ({ ...p, at: p.at + by })),
  };
}

function parseItem(parser: BpftraceParser, text: string, part: Segment, clock: { left: number }): { item: Item; faults: readonly Fault[] } {
  const structural = part.faults.map(plainFault);
  const whole = { start: 0, end: text.length };
  const bad: Item = { kind: 'bad-item', ...whole, text };
  if (part.kind === 'garbage') return { item: bad, faults: structural };
  if (part.kind === 'directive') return { item: directive({ text, strays: [] }, whole), faults: structural };
  const patched = applyPatches(text, part.patches);
  const started = performance.now();
  const result = part.tooDeep || text.length > MAX_ITEM_LENGTH ? undefined : parser.parse(patched.text, patched.original, clock.left);
  const took = performance.now() - started;
  if (took > SLOW_MS) clock.left -= took;
  if (!result) return { item: part.kind === 'probe' ? headerOnly(text, part.attachPoints) : bad, faults: [...structural, tooComplex(part)] };
  const context = { text, strays: [] };
  const faults = [...structural, ...syntaxFaults(text, result.root, part.faults, part.attachPoints.at(-1)?.end ?? -1)];
  if (result.cut) faults.push(tooComplex(part));
  const read = part.kind === 'probe' ? probe(context, result.root, part.attachPoints) : item(context, result.root);
  return { item: read ?? bad, faults };
}

function plainFault({ code, message, span, evidence, repair }: StructuralFault): Fault {
  return { code, message, span, evidence, ...(repair && { repair }) };
}

function headerOnly(text: string, attachPoints: readonly Span[]): Item {
  const end = attachPoints.at(-1)?.end ?? 0;
  const context = { text, strays: [] };
  return {
    kind: 'probe',
    start: 0,
    end: text.length,
    attachPoints: attachPoints.map((place) => attachPoint(context, place)),
    header: { start: attachPoints[0]?.start ?? 0, end },
    body: { kind: 'block', start: end, end: text.length, statements: [] },
  };
}

function tooComplex({ attachPoints }: Segment): Fault {
  const span = attachPoints[0] ?? { start: 0, end: 0 };
  return { code: 'too-complex', message: 'This is too long or too deeply nested to be read.', span, evidence: [] };
}
