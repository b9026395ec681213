import { shift } from '../../../../base/span.ts';
import type { Document, PlacedItem } from '../../syntax/document.ts';
import type { AttachPointInfo, ProbeInfo } from '../analysis.ts';
import type { Shared } from '../shared.ts';
import type { BtType } from '../types.ts';
import { argsOf } from './args.ts';
import { attachPointInfo } from './attach-points.ts';

/** What a probe is attached to; places count from the start of its item. */
export interface Attached {
  readonly points: readonly AttachPointInfo[];
  readonly args: BtType | undefined;
}

/** The probes of a program with what the target's kernel says of them. */
export function probesOf(document: Document, shared: Shared): readonly ProbeInfo[] {
  return document.items.flatMap((placed): ProbeInfo[] => {
    const { item, start } = placed;
    if (item.kind !== 'probe') return [];
    const { points, args } = attachedOf(placed, shared);
    return [{ placed, probe: item, attachPoints: points.map((point) => ({ ...point, span: shift(point.node, start) })), ...(args ? { args } : {}) }];
  });
}

function attachedOf({ item }: PlacedItem, { attached, options: { inventory } }: Shared): Attached {
  const known = attached.get(item);
  if (known) return known;
  const points = item.kind === 'probe' ? item.attachPoints.map((point) => attachPointInfo(point, inventory)) : [];
  const found = { points, args: argsOf(points, inventory) };
  attached.set(item, found);
  return found;
}
