import { expect } from 'vitest';
import { silentLog } from '../../src/base/log.ts';
import type { Facts } from '../../src/kernel/facts.ts';
import type { Target } from '../../src/target/target.ts';

export { silentLog };

/** The facts of a target a test stands on; a target that cannot be asked fails the test. */
export async function factsOf(target: Target): Promise<Facts> {
  const known = await target.facts({ refresh: true });
  if (known.kind !== 'known') throw new Error(`nothing is known of ${target.name}: ${JSON.stringify(known)}`);
  return known.facts;
}

/** The value of an environment variable the test driver sets; a test without it fails. */
export function required(name: string): string {
  const value = process.env[name];
  expect(value, `${name} is set by \`npm test\``).toBeTruthy();
  return value ?? '';
}
