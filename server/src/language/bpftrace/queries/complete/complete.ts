import type { Analysis } from '../../analysis/analysis.ts';
import { configKey, configKeys, has } from '../../catalogue.ts';
import { completeHeader } from './attach-points.ts';
import { nothing, RANK, type Completion, type Completions } from './completion.ts';
import { completeMember } from './members.ts';
import { completeExpression, completeSigil } from './names.ts';
import { placeAt, type Place } from './place.ts';
import { completeTag, completeType } from './types.ts';

/** What can be written at an offset. Only what the target's bpftrace has is proposed. */
export function complete(analysis: Analysis, offset: number): Completions {
  const place = placeAt(analysis.document, offset);
  switch (place.kind) {
    case 'nowhere':
      return nothing;
    case 'header':
      return completeHeader(place, analysis.options);
    case 'member':
      return completeMember(place, analysis);
    case 'tag':
      return completeTag(place.tag, place.span, analysis);
    case 'type':
      return completeType(place.span, analysis);
    case 'config':
      return completeConfig(place, analysis);
    case 'directive':
      return { items: ['include', 'define', 'ifdef', 'ifndef', 'else', 'endif'].map((label) => ({ label, kind: 'keyword', span: place.span, newText: label, rank: RANK.keyword })), incomplete: false };
    case 'variable':
    case 'map':
      return completeSigil(place.kind, place.span, analysis);
    case 'expression':
      return completeExpression(place, analysis);
  }
}

function completeConfig({ key, span }: Extract<Place, { kind: 'config' }>, { options }: Analysis): Completions {
  if (key === undefined) {
    const keys = configKeys.filter((k) => has(k, options.version));
    return { items: keys.map((k): Completion => ({ label: k.name, kind: 'config', detail: k.default, span, newText: k.name, snippet: `${k.name} = $0`, rank: RANK.own, documentation: () => k.summary })), incomplete: false };
  }
  const known = configKey(key);
  const values = known?.type === 'bool' ? ['true', 'false'] : (known?.values ?? []);
  return { items: values.map((value): Completion => ({ label: value, kind: 'value', span, newText: known?.type === 'string' ? `"${value}"` : value, rank: RANK.own })), incomplete: false };
}
