import type { Analysis } from '../analysis/analysis.ts';
import type { PlacedItem } from '../syntax/document.ts';
import { listedProvider } from './complete/attach-points.ts';
import { probeAt } from './complete/names.ts';
import { specsOf, type Described } from './described.ts';

/** What an argument of the probe around means; `retval` is its result. */
export function meaningOfArgument(analysis: Analysis, { start }: Pick<PlacedItem, 'start'>, name: string, described: Described): readonly string[] {
  const points = probeAt(analysis, start)?.attachPoints ?? [];
  const ids = points.flatMap(({ provider, parts }) => (provider === undefined ? [] : specsOf(provider, oneOf(analysis, provider, parts))));
  const meaning = ids.map((id) => described.argument(id, name)).find((text) => text !== undefined);
  return meaning === undefined ? [] : [`${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}.`];
}

/** Where a wildcard stands for several, they have the arguments that a program may use. */
function oneOf({ options }: Analysis, provider: string, parts: readonly string[]): readonly string[] {
  const listed = listedProvider(provider);
  if (!listed || !parts.some((part) => part.includes('*'))) return parts;
  const [first] = options.inventory.probes.matches(listed, parts, 1);
  return first?.split(':').slice(1) ?? parts;
}
