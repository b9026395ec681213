import { readTables, releases } from '../server/test/support/kernel-tables.ts';
import { derivedFunction, derivedTracepoint } from '../server/src/knowledge/derived.ts';
import type { Item } from '../server/src/knowledge/items.ts';
import { loadSource } from '../server/src/knowledge/load.ts';

/**
 * Records of what nobody described, so many that they are `records` with the described ones: tracepoints and functions of a full Debian kernel and all its
 * modules, then what only an older one has, then functions of modules that share their name, then fields of structs.
 */
export async function fullKernelItems(records: number): Promise<Item[]> {
  const { specs, examples } = await loadSource('knowledge');
  const known = new Set(specs.map(({ id }) => id));
  const items = new Map<string, Item>();
  const add = (item: Item): void => {
    if (!known.has(item.id) && !items.has(item.id)) items.set(item.id, item);
  };
  const kernels = releases.map(readTables);
  for (const { functions, tracepoints } of kernels) {
    for (const [id, { fields }] of tracepoints) {
      const [category = '', event = ''] = id.split(':');
      add(derivedTracepoint(category, event, fields.map(({ name }) => name)));
    }
    for (const [name, [first]] of functions) add(derivedFunction(name, first));
  }
  for (const { functions } of kernels) {
    for (const [name, [, ...others]] of functions) for (const other of others) add({ ...derivedFunction(name, other), id: `fentry:${other.module}:${name}` });
  }
  for (const { structs } of kernels) {
    for (const [type, members] of structs) for (const [name, declaration] of members) add(fieldItem(`${type}.${name}`, declaration));
  }
  return [...items.values()].slice(0, records - specs.length - examples.length);
}

function fieldItem(id: string, declaration: string): Item {
  return { kind: 'field', id, summary: declaration, fields: [{ text: id, weight: 2 }, { text: declaration, weight: 0.3 }], about: id };
}
