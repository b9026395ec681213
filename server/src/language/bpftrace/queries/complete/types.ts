import type { Span } from '../../../../base/span.ts';
import type { Analysis } from '../../analysis/analysis.ts';
import { RANK, type Completion, type Completions } from './completion.ts';

const LIMIT = 200;

/** Types bpftrace itself has. */
const NAMES = ['uint8', 'uint16', 'uint32', 'uint64', 'int8', 'int16', 'int32', 'int64', 'bool', 'string', 'struct', 'union', 'enum'];

/** Where a type is written, or a cast may begin. */
export function typeNames(span: Span): Completion[] {
  return NAMES.map((label) => ({ label, kind: 'type', span, newText: label, rank: RANK.type }));
}

/** Behind `struct`, `union` or `enum`: the program's own, then the kernel's. */
export function completeTag(tag: 'struct' | 'union' | 'enum', span: Span, analysis: Analysis): Completions {
  const typed = analysis.document.text.slice(span.start, span.end);
  const own = analysis.document.items.flatMap(({ item }) => (item.kind === 'c-type' && item.tag === tag && item.name ? [item.name.text] : []));
  const kernel = analysis.options.inventory.types.namesWith(tag, typed, LIMIT);
  const items = [...new Set([...own, ...kernel])].map((label): Completion => ({ label, kind: tag === 'enum' ? 'enum' : 'struct', span, newText: label, rank: own.includes(label) ? RANK.own : RANK.type }));
  return { items, incomplete: kernel.length >= LIMIT };
}

/** A declared type: bpftrace's, and the kernel's typedefs. */
export function completeType(span: Span, analysis: Analysis): Completions {
  const typed = analysis.document.text.slice(span.start, span.end);
  const typedefs = typed.length > 1 ? analysis.options.inventory.types.namesWith('typedef', typed, LIMIT) : [];
  return { items: [...typeNames(span), ...typedefs.map((label): Completion => ({ label, kind: 'type', span, newText: label, rank: RANK.constant }))], incomplete: true };
}
