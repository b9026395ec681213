import type { Inventory, TracepointField } from '../../src/kernel/inventory.ts';

/** More than any kernel has of anything. */
export const MANY = 1_000_000;

function declaration({ name, typeText }: TracepointField): string {
  const bracket = /^__(?:data|rel)_loc /.test(typeText) ? -1 : typeText.indexOf('[');
  return bracket < 0 ? `${typeText} ${name}` : `${typeText.slice(0, bracket)} ${name}${typeText.slice(bracket)}`;
}

/** What `bpftrace -lv` prints of an inventory's tracepoints: each with its fields as one text, sorted. */
export function withFields(inventory: Inventory): string[] {
  const points = inventory.probes.matches('tracepoint', ['*'], MANY).map((point) => {
    const [, category = '', event = ''] = point.split(':');
    const fields = inventory.tracepoint(category, event)?.fields ?? [];
    return [point, ...fields.map((field) => `    ${declaration(field)}`)].join('\n');
  });
  return points.sort();
}

/** The same of what bpftrace printed: equal when the lists are, line for line. */
export function printedWithFields(lines: readonly string[]): string[] {
  return lines.join('\n').split(/\n(?=\S)/).sort();
}
