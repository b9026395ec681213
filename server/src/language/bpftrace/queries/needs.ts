import { mergeNeeds, type Need } from '../../../kernel/compare/need.ts';
import { recordOf } from './record.ts';
import type { Analysis, AttachPointInfo } from '../analysis/analysis.ts';
import { isListed } from '../analysis/probes/attach-points.ts';
import { withoutOffset } from '../analysis/probes/offset.ts';
import { ownType } from '../analysis/ctypes/text.ts';
import type { Field, Identifier, Node, TypeRef } from '../syntax/ast.ts';
import { walk } from '../syntax/walk.ts';

/**
 * What a program needs of a kernel. Types are those of the inventory it was analysed with: a program that is compared
 * between kernels is analysed with each and the needs are merged, since behind a field that one lacks nothing is known.
 */
export function needsOf(analysis: Analysis): readonly Need[] {
  const own = ownNames(analysis);
  const found: Need[] = [];
  for (const { item } of analysis.document.items) {
    const points = analysis.probes.find((info) => info.probe === item)?.attachPoints ?? [];
    found.push(...points.flatMap(attachPoint));
    // A predicate and a body; the header is no expression.
    const roots: readonly Node[] = item.kind === 'probe' ? [...(item.predicate ? [item.predicate] : []), item.body] : item.kind === 'c-type' ? [] : [item];
    for (const root of roots) walk(root, (node) => found.push(...nodeNeeds({ analysis, own, points }, node)));
  }
  return mergeNeeds([found]);
}

interface Scope {
  readonly analysis: Analysis;
  /** Types and constants that the program defines itself. */
  readonly own: ReadonlySet<string>;
  readonly points: readonly AttachPointInfo[];
}

function ownNames({ symbols }: Analysis): ReadonlySet<string> {
  const kinds = new Set(['struct', 'enum', 'enum-member', 'define', 'typedef', 'macro', 'macro-parameter']);
  return new Set(symbols.all.filter(({ kind }) => kinds.has(kind)).map(({ name }) => name));
}

function attachPoint({ provider, parts, matches }: AttachPointInfo): Need[] {
  // Without a count the inventory cannot tell, or it is no name: an address, a half-typed word.
  if (!isListed(provider) || matches === undefined) return [];
  const named = provider === 'software' || provider === 'hardware' || provider === 'iter' ? parts.slice(0, 1) : parts.map(withoutOffset);
  return [{ kind: 'attach-point', provider, parts: named }];
}

function nodeNeeds(scope: Scope, node: Node): Need[] {
  switch (node.kind) {
    case 'field':
      return node.object.kind === 'identifier' && node.object.name === 'args' ? argumentNamed(scope, node.name.text) : fieldNeed(scope, node);
    case 'identifier':
      return identifierNeed(scope, node);
    case 'type':
      return typeNeed(scope, node);
    default:
      return [];
  }
}

function argumentNamed({ points }: Scope, name: string): Need[] {
  return points.flatMap((point): Need[] => {
    const [category = '', event = ''] = point.parts;
    if (point.provider === 'tracepoint') return [{ kind: 'tracepoint-field', category, event, field: name }];
    return argumentNeed(point, ['fentry', 'fexit'], name);
  });
}

function argumentNeed({ provider = '', parts }: AttachPointInfo, providers: readonly string[], argument: string | number): Need[] {
  const of = withoutOffset(parts.at(-1) ?? '');
  return providers.includes(provider) && !of.includes('*') ? [{ kind: 'argument', function: of, argument }] : [];
}

/** A member of a type without a name is told by its way from the type around it that has one. */
function fieldNeed({ analysis, own }: Scope, node: Field): Need[] {
  const path: string[] = [];
  for (let at: Node = node; at.kind === 'field'; at = at.object) {
    const record = recordOf(analysis.typeOf(at.object));
    if (!record || record.args || at.name.text === '') return [];
    path.unshift(at.name.text);
    const { name, kind } = record.struct;
    if (name !== '') return own.has(name) ? [] : [{ kind: 'field', of: kind, type: name, path }];
  }
  return [];
}

function identifierNeed({ analysis, own, points }: Scope, { name }: Identifier): Need[] {
  const [, index] = /^arg(\d+)$/.exec(name) ?? [];
  if (index !== undefined) return points.flatMap((point) => argumentNeed(point, ['kprobe'], Number(index)));
  return own.has(name) || analysis.options.inventory.types.enumerator(name) === undefined ? [] : [{ kind: 'enumerator', name }];
}

function typeNeed({ analysis, own }: Scope, { tag, name: { text: name } }: TypeRef): Need[] {
  if (own.has(name) || name === '') return [];
  if (tag === 'struct' || tag === 'union' || tag === 'enum') return [{ kind: 'type', tag, name }];
  const { types } = analysis.options.inventory;
  if (tag !== 'name' || ownType(name)) return [];
  if (types.typedef(name)) return [{ kind: 'type', tag: 'typedef', name }];
  const record = types.struct(name) ?? types.union(name);
  return record ? [{ kind: 'type', tag: record.kind, name }] : [];
}
