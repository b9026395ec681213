import type { BtFunction } from '../catalogue.ts';
import { addressFunctions } from './functions/addresses.ts';
import { aggregations } from './functions/aggregations.ts';
import { compileTimeFunctions } from './functions/compile-time.ts';
import { mapFunctions } from './functions/maps.ts';
import { networkFunctions } from './functions/network.ts';
import { outputFunctions } from './functions/output.ts';
import { processFunctions } from './functions/processes.ts';
import { stringFunctions } from './functions/strings.ts';

/** Every function of bpftrace, with the macros of its library that take arguments. */
export const functions: readonly BtFunction[] = [
  ...outputFunctions, ...aggregations, ...mapFunctions, ...stringFunctions, ...addressFunctions, ...networkFunctions, ...processFunctions, ...compileTimeFunctions,
];
