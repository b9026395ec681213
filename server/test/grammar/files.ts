import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inRoot } from './native.ts';

export interface File {
  readonly path: string;
  readonly text: string;
}

const required = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run the tests with npm test -- tools`);
  return value;
};

function files(folder: string): File[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.bt'));
  return names.sort().map((name) => ({ path: join(folder, name), text: readFileSync(join(folder, name), 'utf8') }));
}

/** The tools of the two bpftrace packages that the tests use: Debian's own and the newest. */
export const stock = (): File[] => [...files('/usr/sbin'), ...files(join(dirname(required('KGENT_TEST_BPFTRACE_NEW')), '../root/usr/sbin'))];

/** Programs of the checkout that bpftrace reads. */
export const examples = (): File[] => files(inRoot('knowledge/examples'));
