import { resolve, type CType } from '../../kernel/ctype.ts';
import type { ValueFacts } from './facts.ts';
import { HOST, NOTHING, type Order, type Quality } from './quality.ts';
import { readUnit } from './units.ts';

/** Of what its C type and the knowledge base say; only whole numbers have a quality. */
export function qualityOf(type: CType | undefined, facts: ValueFacts | undefined): Quality {
  const at = type && resolve(type);
  if (at?.kind !== 'int' || at.encoding !== undefined) return NOTHING;
  const order = orderOfType(type) ?? orderOfFacts(at.size * 8, facts);
  const unit = facts?.unit === undefined ? undefined : readUnit(facts.unit);
  return { ...(order && { order }), ...(unit && { unit }) };
}

/** `__be16` and typedefs of it; `__le16` is what a little-endian machine reads. */
function orderOfType(type: CType | undefined): Order | undefined {
  for (let at = type, depth = 0; at?.kind === 'typedef' && depth < 8; at = at.to(), depth++) {
    const [, end, bits] = /^__(be|le)(16|32|64)$/.exec(at.name) ?? [];
    if (end === 'le') return HOST;
    if (end === 'be') return { kind: 'network', bits: Number(bits) as 16 | 32 | 64 };
  }
  return undefined;
}

function orderOfFacts(bits: number, facts: ValueFacts | undefined): Order | undefined {
  if (facts?.byteOrder === 'host' || facts?.byteOrder === 'little') return HOST;
  return facts?.byteOrder !== undefined && (bits === 16 || bits === 32 || bits === 64) ? { kind: 'network', bits } : undefined;
}
