#!/usr/bin/env node
// down.mjs [NAME…]: ends the named virtual machines, or all that up.mjs started.
import { say } from '../lib/log.mjs';
import { names, stop } from './vm.mjs';

const chosen = process.argv.slice(2);
for (const name of chosen.length > 0 ? chosen : names().filter((name) => !name.startsWith('test-'))) {
  say('vm', (await stop(name)) ? `stopped ${name}` : `${name} was not running`);
}
