import type { Facts } from '../../src/contracts/properties/facts.ts';
import { loadSource } from '../../src/knowledge/load.ts';
import { KNOWLEDGE } from './knowledge.ts';

const { specs } = await loadSource(KNOWLEDGE);
const byId = new Map(specs.map((spec) => [spec.id, spec]));

/** What the knowledge base that comes with Kgent says of values, without an index. */
export const valueFacts: Facts = {
  value: (id, name) => {
    const spec = byId.get(id);
    const found = name === 'retval' ? spec?.returns : name === undefined ? spec?.args[0] : spec?.args.find((arg) => arg.name === name);
    return found && { ...(found.unit !== undefined && { unit: found.unit }), ...(found.byteOrder && { byteOrder: found.byteOrder }) };
  },
};
