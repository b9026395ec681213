import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** A file of dist and every other one that is read with it; what `import()` names comes later. */
function readWith(name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  const text = readFileSync(join('dist', name), 'utf8');
  for (const [, other = ''] of text.matchAll(/^(?:import|export|\}) ?(?:.* from )?"\.\/([\w-]+\.js)";$/gm)) readWith(other, found);
  return found;
}

/** ssh2 greets every server with this word. */
const hasSshClient = (name: string): boolean => readFileSync(join('dist', name), 'utf8').includes('ssh2js');

it.each(['server.js', 'cli.js'])('%s does not load the SSH client before a host is used', (entry) => {
  const files = [...readWith(entry)];
  expect(files.length).toBeGreaterThan(1);
  expect(files.filter(hasSshClient)).toEqual([]);
  const later = files.flatMap((name) => [...readFileSync(join('dist', name), 'utf8').matchAll(/\bimport\("\.\/([\w-]+\.js)"\)/g)].map(([, other = '']) => other));
  expect(later.filter(hasSshClient)).toHaveLength(1);
});
