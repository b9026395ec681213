import { problem, type Problem } from '../../../bpftrace/problem.ts';
import { mapType } from '../../catalogue/map-types.ts';
import { insteadOf, typesFor } from '../../catalogue/map-uses.ts';
import { inC, type PlacedCItem } from '../../syntax/document.ts';
import type { CCall } from '../../syntax/item.ts';
import type { CAnalysis } from '../analyze.ts';

/** A map that is passed to a helper which does not work on its type. Calls are in offsets of their item. */
export function checkMapUses(placed: PlacedCItem, { maps, declared }: CAnalysis): Problem[] {
  const { calls, text, words } = placed.item;
  if (![...maps.keys()].some((name) => words.has(name))) return [];
  return calls.flatMap((call): Problem[] => {
    const found = declared.has(call.name) ? undefined : wrongMap(call, text, maps);
    return found ? [problem('helper-argument', 'error', found.message, inC(placed, found.span))] : [];
  });
}

function wrongMap({ name, args }: CCall, text: string, maps: ReadonlyMap<string, string>): { readonly message: string; readonly span: CCall['nameSpan'] } | undefined {
  for (const span of args) {
    const map = /^&\s*(\w+)$/.exec(text.slice(span.start, span.end))?.[1];
    const written = map === undefined ? undefined : maps.get(map);
    const type = written === undefined || !mapType(written) ? undefined : written.replace('BPF_MAP_TYPE_', '');
    if (map === undefined || type === undefined) continue;
    const wanted = typesFor(name);
    if (wanted && !wanted.includes(type)) return { span, message: `${name} works on maps of the type ${wanted.map((one) => `BPF_MAP_TYPE_${one}`).join(', ')}; ${map} is BPF_MAP_TYPE_${type}.` };
    const instead = insteadOf(name, type);
    if (instead !== undefined) return { span, message: `${name} does not work on ${map}, a BPF_MAP_TYPE_${type}: ${instead}.` };
  }
  return undefined;
}
