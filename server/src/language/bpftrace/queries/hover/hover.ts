import type { Span } from '../../../../base/span.ts';
import type { Analysis } from '../../analysis/analysis.ts';
import type { Node } from '../../syntax/ast.ts';
import { configKey } from '../../catalogue.ts';
import { inDocument, locate, type Located } from '../../syntax/walk.ts';
import { NOTHING_DESCRIBED, type Described } from '../described.ts';
import type { DocLink } from '../docs.ts';
import { hoverAttachPoint } from './attach-point.ts';
import { hoverBuiltin, hoverFunction } from './catalogue.ts';
import { hoverField, hoverKernelEnumerator, hoverTypeName } from './kernel.ts';
import { hoverSymbol } from './symbols.ts';
import { versionsText } from './versions.ts';

/** What is known of the thing at a place. */
export interface Hover {
  readonly span: Span;
  /** A declaration; `c` where it is one of the kernel's. */
  readonly code: string;
  readonly language: 'bpftrace' | 'c';
  /** Paragraphs, in Markdown without headings. */
  readonly notes: readonly string[];
  readonly links: readonly DocLink[];
}

/** Without the span, which the caller knows. */
export type HoverBody = Omit<Hover, 'span'>;

export function hoverAt(analysis: Analysis, offset: number, described: Described = NOTHING_DESCRIBED): Hover | undefined {
  const { document, symbols } = analysis;
  if (document.comments.some((c) => c.start < offset && offset < c.end)) return undefined;
  const located = locate(document, offset);
  if (!located) return undefined;
  const sym = symbols.at(offset);
  const reference = sym?.references.find((r) => r.span.start <= offset && offset <= r.span.end);
  if (sym && reference) return { span: reference.span, ...hoverSymbol(analysis, sym) };
  for (let depth = located.path.length - 1; depth >= 0; depth--) {
    const found = hoverNode(analysis, located, depth, offset, described);
    if (found) return found;
  }
  return undefined;
}

function hoverNode(analysis: Analysis, { placed, path }: Located, depth: number, offset: number, described: Described): Hover | undefined {
  const node = path[depth];
  const parent = path[depth - 1];
  if (!node) return undefined;
  const at = (body: HoverBody | undefined, span: Span = node): Hover | undefined => body && { span: inDocument(placed, span), ...body };
  const touches = (span: Span): boolean => placed.start + span.start <= offset && offset <= placed.start + span.end;
  switch (node.kind) {
    case 'attach-point': {
      const found = hoverAttachPoint(analysis, node, inDocument(placed, node), touches(node.provider), described);
      return found && at(found, touches(node.provider) ? node.provider : node);
    }
    case 'identifier':
      return at(hoverBuiltin(analysis, node, placed, described) ?? hoverKernelEnumerator(analysis, node.name));
    case 'positional':
      return at({ code: node.index === 'count' ? '$#' : `$${node.index}`, language: 'bpftrace', notes: [node.index === 'count' ? 'How many arguments the program was started with.' : `Argument ${node.index} the program was started with; 0 or an empty string when there is none.`], links: [] });
    case 'call':
      return touches(node.callee) ? at(hoverFunction(analysis, node.callee.text), node.callee) : undefined;
    case 'field':
      return touches(node.name) ? at(hoverField(analysis, node, placed, described), node.name) : undefined;
    case 'type':
      return at(hoverTypeName(analysis, node), node);
    case 'name':
      return parent?.kind === 'config' ? at(hoverConfigKey(node, analysis)) : undefined;
    default:
      return undefined;
  }
}

function hoverConfigKey({ text }: Extract<Node, { kind: 'name' }>, { options }: Analysis): HoverBody | undefined {
  const key = configKey(text);
  if (!key) return undefined;
  const values = key.values ? [`One of ${key.values.map((v) => `\`${v}\``).join(', ')}.`] : [];
  return { code: `${key.name} = ${key.default}`, language: 'bpftrace', notes: [key.summary, ...values, ...versionsText(key, options)], links: [] };
}
