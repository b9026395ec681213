#!/usr/bin/env node
// up.mjs [SUITE] [NAME]: builds the virtual machine's image if need be, boots it, and prints how to
// reach it, as JSON on stdout. SUITE is trixie (the default, Linux 6.12), bookworm (6.1),
// bullseye (5.10), or sid with VM_ALLOW_STALE=1 (7.2).
import { say, seconds } from '../lib/log.mjs';
import { boot, buildImage, sshArguments } from './vm.mjs';

const [suite = 'trixie', name = suite] = process.argv.slice(2);
const started = Date.now();
say('vm', `image of Debian ${suite} (the first time about 90 s)`);
await buildImage(suite);
const vm = await boot({ suite, name });
say('vm', `${name} is up after ${seconds(started)} (${vm.accel}, kernel ${vm.kernel}): ssh ${sshArguments(vm).join(' ')}`);
process.stdout.write(`${JSON.stringify(vm)}\n`);
