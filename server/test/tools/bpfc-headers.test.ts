import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { HELPERS, helperPrototype } from '../../src/language/bpfc/catalogue/helpers.ts';

it('prototypes of helpers are those of libbpf', () => {
  const header = readFileSync('/usr/include/bpf/bpf_helper_defs.h', 'utf8');
  const declared = [...header.matchAll(/^static (.*?)\(\*(bpf_\w+)\)\((.*)\) = \(void \*\) (\d+);/gm)].map(([, returns = '', name = '', params = '']) => `${returns}${name}(${params})`);
  expect(declared.length).toBeGreaterThanOrEqual(211);
  expect(HELPERS.map(helperPrototype)).toEqual(declared.slice(0, HELPERS.length));
});
