// zfs.mjs: writes the prototypes of ZFS, as zfs.sh built it, beside those of Debian 13's kernel. `npx tsx scripts/kernel-data/zfs.mjs`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Btf } from '../../server/src/kernel/btf/btf.ts';
import { BtfKernelTypes } from '../../server/src/kernel/btf/kernel-types.ts';
import { say } from '../lib/log.mjs';
import { cache, inRoot } from '../lib/paths.mjs';
import { writeFunctions } from './fixtures.mjs';
import { scanModules } from './modules.mjs';
import { prototypesOf } from './tables.mjs';

const home = join(cache, 'kernel-data');
const built = join(home, 'zfs/built');
const types = new Map(['spl', 'zfs'].map((name) => [name, new BtfKernelTypes(new Btf(new Uint8Array(readFileSync(join(built, `${name}.btf`)))))]));
const modules = scanModules(built);
const functions = prototypesOf([...modules.values()].flatMap(({ name: module, functions: names }) => names.map((name) => ({ name, module }))), types);
const release = readFileSync(join(home, 'trixie/release'), 'utf8').trim();
writeFunctions(inRoot('test-fixtures/kernels', release, 'functions-zfs.br'), functions);
say('kernel-data', `${functions.length} functions of ZFS`);
